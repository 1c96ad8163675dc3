/// Finds the longest repetition of the latest bytes in the learned text, and the byte that
/// followed.
///
/// A ring holds the learned text; a table holds, for hashes of the last `minimumLength` bytes,
/// their last position. A candidate counts only with the bytes that agree.
final class MatchModel {
  let minimumLength: Int
  /// Positions in the text, by the hash of the bytes before.
  let positions: UncheckedBuffer<UInt32>

  private let shift: UInt64

  /// A model that keeps `positions`, a power of two of them.
  init(minimumLength: Int, _ positions: consuming UncheckedBuffer<UInt32>) {
    self.minimumLength = minimumLength
    shift = UInt64(64 - positions.count.trailingZeroBitCount)
    self.positions = positions
  }

  static let longestLength = 65535

  /// The index of the last `minimumLength` bytes in the table.
  @inline(__always)
  private func index(_ text: TextState) -> Int {
    let low = minimumLength >= 8 ? text.bytes : text.bytes & ((1 << UInt64(minimumLength * 8)) - 1)
    let older = minimumLength - 8
    let high = older > 0 ? text.olderBytes & ((1 << UInt64(older * 8)) - 1) : 0
    let mixed = (low &* 0x9E37_79B9_7F4A_7C15) ^ (high &* 0xBF58_476D_1CE4_E5B9)
    return Int(((mixed ^ mixed >> 29) &* 0x94D0_49BB_1331_11EB) >> shift)
  }

  /// Moves `match` past `byte`, the latest of `text`, and of `learned` if it `learns`.
  @inline(__always)
  func advance(
    _ match: inout MatchState,
    past byte: UInt8,
    _ text: TextState,
    _ learned: LearnedText,
    learns: Bool
  ) {
    if match.length > 0 && match.expected == byte {
      match.length = min(match.length + 1, Self.longestLength)
      match.pointer &+= 1
    } else {
      match.misses = min(8, match.misses + (match.length > 0 ? 1 : 0))
      match.length = 0
    }
    let index = index(text)
    if match.length == 0 && text.position >= minimumLength {
      let candidate = positions[index]
      if candidate > 0 {
        let length = learned.agreement(at: candidate, with: text)
        if length >= min(minimumLength, 16) {
          match.length = length
          match.pointer = candidate
          match.misses = 0
        }
      }
    }
    if learns { positions[index] = learned.end }
    match.expected = learned[match.pointer]
  }
}

/// The position of a ``MatchModel`` in the learned text.
struct MatchState: BitwiseCopyable {
  /// The position after the bytes that agree; its byte is expected next.
  var pointer: UInt32 = 0
  /// The number of bytes that agree, or 0 without a match.
  var length = 0
  var misses = 0
  var expected: UInt8 = 0

  /// The length in 16 classes; 0 is no match.
  @inline(__always)
  var lengthClass: Int {
    if length < 8 { return length }
    if length < 16 { return 8 + (length - 8) / 4 }
    if length < 32 { return 10 + (length - 16) / 8 }
    return length < 64 ? 12 : length < 256 ? 13 : length < 1024 ? 14 : 15
  }
}

/// The last 2ⁿ bytes of the learned text.
final class LearnedText {
  private let ring: UncheckedBuffer<UInt8>
  private let total: UncheckedBuffer<Int>

  /// An empty text; it begins at position 1, as 0 means none.
  init(byteCount: Int) {
    ring = UncheckedBuffer(zeroed: byteCount)
    total = UncheckedBuffer(repeating: 1, count: 1)
  }

  /// The text that ``write(_:)`` wrote.
  init(byteCount: Int, memory: inout PredictorMemory) throws(PredictorError) {
    ring = try memory.next("text", count: byteCount)
    total = try memory.next("text length", count: 1)
  }

  /// Shows the text and its length to `write`.
  func write(_ write: (RawSpan) throws -> Void) rethrows {
    try ring.withBytes(write)
    try total.withBytes(write)
  }

  /// The number of bytes learned: the position of the next.
  @inline(__always) var count: Int { total[0] }

  /// The position of the next byte; its low bits are its index in the ring.
  @inline(__always)
  var end: UInt32 { UInt32(truncatingIfNeeded: count) }

  @inline(__always)
  subscript(_ position: UInt32) -> UInt8 { ring[Int(position) & (ring.count - 1)] }

  @inline(__always)
  func append(_ byte: UInt8) {
    ring[count & (ring.count - 1)] = byte
    total[0] &+= 1
  }

  /// The number of the last 16 bytes of `text` that also lie before `position`.
  @inline(__always)
  func agreement(at position: UInt32, with text: TextState) -> Int {
    var length = 0
    while length < 16 {
      let byte =
        length < 8
        ? text.bytes >> UInt64(length * 8) : text.olderBytes >> UInt64((length - 8) * 8)
      guard self[position &- 1 &- UInt32(length)] == UInt8(truncatingIfNeeded: byte) else { break }
      length += 1
    }
    return length
  }
}
