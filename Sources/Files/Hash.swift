/// A 64-bit hash of bytes: the checksum of the model file's sections, the fingerprint of texts and
/// vocabularies, and the hash of the vocabulary's table.
///
/// The construction is wyhash's (Wang Yi, 2019): 64 x 64 to 128 bit products, folded. It is not
/// cryptographic: it finds accidents, not forgeries.
@inlinable
public func hash64(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
  unsafe bytes.withUnsafeBytes { unsafe hash64($0, seed: seed) }
}

@inlinable
func hash64(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
  let count = bytes.count
  var state = seed ^ HashConstant.first
  var a: UInt64 = 0
  var b: UInt64 = 0
  guard let base = bytes.baseAddress, count > 0 else {
    return fold(HashConstant.second, fold(HashConstant.second, state))
  }
  if count <= 16 {
    if count >= 4 {
      let middle = (count >> 3) << 2
      a = unsafe UInt64(load32(base)) << 32 | UInt64(load32(base + middle))
      b =
        unsafe UInt64(load32(base + (count - 4))) << 32
        | UInt64(load32(base + (count - 4 - middle)))
    } else {
      a =
        unsafe UInt64(base.load(as: UInt8.self)) << 16
        | UInt64((base + (count >> 1)).load(as: UInt8.self)) << 8
        | UInt64((base + (count - 1)).load(as: UInt8.self))
    }
  } else {
    var offset = 0
    while offset + 16 < count {
      state = unsafe fold(
        load64(base + offset) ^ HashConstant.second,
        load64(base + (offset + 8)) ^ state
      )
      offset += 16
    }
    a = unsafe load64(base + (count - 16))
    b = unsafe load64(base + (count - 8))
  }
  return fold(
    HashConstant.second ^ UInt64(count),
    fold(a ^ HashConstant.second, b ^ state)
  )
}

/// The hash of a text that arrives in pieces; the cuts do not change it.
public struct StreamingHash: Sendable {
  private static let blockByteCount = 1 << 16
  private var state: UInt64 = 0
  private var pending: [UInt8] = []

  /// The hash of an empty text.
  public init() {
    pending.reserveCapacity(Self.blockByteCount)
  }

  /// Continues with `bytes`.
  public mutating func append(_ bytes: Span<UInt8>) {
    var start = 0
    while start < bytes.count {
      if pending.isEmpty && bytes.count - start >= Self.blockByteCount {
        let end = start + Self.blockByteCount
        state = hash64(bytes.extracting(start..<end), seed: state)
        start = end
        continue
      }
      let end = min(bytes.count, start + Self.blockByteCount - pending.count)
      pending.append(copying: bytes.extracting(start..<end))
      start = end
      if pending.count == Self.blockByteCount { flush() }
    }
  }

  /// The hash of all that was appended.
  public var value: UInt64 {
    var copy = self
    copy.flush()
    return copy.state
  }

  private mutating func flush() {
    guard !pending.isEmpty else { return }
    state = hash64(pending.span, seed: state)
    pending.removeAll(keepingCapacity: true)
  }
}

/// 128-bit product of two words, its halves combined.
@inlinable
public func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let product = a.multipliedFullWidth(by: b)
  return product.high ^ product.low
}

/// wyhash's constants.
@usableFromInline
enum HashConstant {
  @usableFromInline static var first: UInt64 { 0xa076_1d64_78bd_642f }
  @usableFromInline static var second: UInt64 { 0xe703_7ed1_a0b4_28db }
}

@inlinable
func load32(_ pointer: UnsafeRawPointer) -> UInt32 {
  unsafe UInt32(littleEndian: pointer.loadUnaligned(as: UInt32.self))
}

@inlinable
func load64(_ pointer: UnsafeRawPointer) -> UInt64 {
  unsafe UInt64(littleEndian: pointer.loadUnaligned(as: UInt64.self))
}
