/// Eight bytes in one word, tested together.
///
/// A test leaves its answer for each byte in that byte's highest bit. Sums of bytes below 0x80 stay
/// in their byte, so the tests take the highest bits out first.
struct ByteWord {
  /// 1 in each byte; times a byte it is that byte eight times.
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highBits = ones * 0x80
  static let lowBits = ones * 0x7F

  /// The bytes, the first of them lowest.
  let bytes: UInt64

  /// The eight bytes of `text` from `position` on.
  @inline(__always)
  init(_ text: Span<UInt8>, at position: Int) {
    // One bounds check, and the compiler makes one load of the rest.
    let eight = text.extracting(position..<position + 8)
    var bytes = UInt64(eight[0])
    bytes |= UInt64(eight[1]) << 8
    bytes |= UInt64(eight[2]) << 16
    bytes |= UInt64(eight[3]) << 24
    bytes |= UInt64(eight[4]) << 32
    bytes |= UInt64(eight[5]) << 40
    bytes |= UInt64(eight[6]) << 48
    bytes |= UInt64(eight[7]) << 56
    self.bytes = bytes
  }

  /// The bytes that are at most `limit`, which is below 0x80, as their highest bits.
  @inline(__always)
  func areAtMost(_ limit: UInt8) -> UInt64 {
    let above = (bytes & Self.lowBits) + UInt64(0x7F - limit) * Self.ones
    return ~(above | bytes) & Self.highBits
  }

  /// The bytes that equal `byte`, which is below 0x80, as their highest bits.
  @inline(__always)
  func are(_ byte: UInt8) -> UInt64 {
    let difference = bytes ^ UInt64(byte) * Self.ones
    return ~((difference & Self.lowBits) + Self.lowBits | difference) & Self.highBits
  }

  /// The number of leading bytes that are ASCII letters, digits or underscores.
  @inline(__always)
  var wordPrefixLength: Int {
    let low = bytes & Self.lowBits
    let small = low | 0x20 * Self.ones
    let letters = (small + 0x1F * Self.ones) & ~(small + 0x05 * Self.ones)
    let digits = (low + 0x50 * Self.ones) & ~(low + 0x46 * Self.ones)
    let lowLines = ~((low ^ 0x5F * Self.ones) + Self.lowBits)
    let others = ~((letters | digits | lowLines) & ~bytes) & Self.highBits
    return others.trailingZeroBitCount >> 3
  }

  /// The highest bits of the bytes in `answer` as a number of eight bits.
  @inline(__always)
  static func packed(_ answer: UInt64) -> UInt64 {
    ((answer >> 7) &* 0x0102_0408_1020_4080) >> 56
  }
}
