/// Finds the longest repetition of the latest bytes in what was learned, and what followed there.
///
/// The text that was learned is kept in a ring; a table has, for hashes of the last
/// `minimumLength` bytes, where they were last. A candidate counts only with the bytes that agree.
struct MatchModel {
  let minimumLength: Int
  /// Positions in the text, by the hash of the bytes before.
  let positions: AlignedMemory<UInt32>

  private var shift: UInt64 { UInt64(64 - positions.count.trailingZeroBitCount) }

  static let longestLength = 65535

  /// The place of the last `minimumLength` bytes.
  @inline(__always)
  private func index(_ text: TextState) -> Int {
    let low = minimumLength >= 8 ? text.bytes : text.bytes & ((1 << UInt64(minimumLength * 8)) - 1)
    let older = minimumLength - 8
    let high = older > 0 ? text.olderBytes & ((1 << UInt64(older * 8)) - 1) : 0
    let mixed = (low &* 0x9E37_79B9_7F4A_7C15) ^ (high &* 0xBF58_476D_1CE4_E5B9)
    return Int(((mixed ^ mixed >> 29) &* 0x94D0_49BB_1331_11EB) >> shift)
  }

  /// Moves `state` past `byte`, which is the latest of `text`, and of `learned` if it `learns`.
  @inline(__always)
  func advance(
    _ state: UnsafeMutablePointer<MatchState>,
    past byte: UInt8,
    _ text: UnsafePointer<TextState>,
    _ learned: LearnedText,
    learns: Bool
  ) {
    var match = state.pointee
    if match.length > 0 && match.expected == byte {
      match.length = min(match.length + 1, Self.longestLength)
      match.pointer &+= 1
    } else {
      match.misses = min(8, match.misses + (match.length > 0 ? 1 : 0))
      match.length = 0
    }
    let place = positions.base + index(text.pointee)
    if match.length == 0 && text.pointee.position >= minimumLength {
      let candidate = place.pointee
      if candidate > 0 {
        let length = learned.agreement(at: candidate, with: text.pointee)
        if length >= min(minimumLength, 16) {
          match.length = length
          match.pointer = candidate
          match.misses = 0
        }
      }
    }
    if learns { place.pointee = learned.end }
    match.expected = learned[match.pointer]
    state.pointee = match
  }
}

/// Where a ``MatchModel`` is in its text.
struct MatchState: BitwiseCopyable {
  /// The place after the bytes that agree, whose byte is expected next.
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

/// The learned text, of which the last 2^n bytes are kept.
struct LearnedText {
  let ring: AlignedMemory<UInt8>
  /// The number of bytes learned, which is the place of the next.
  let count: UnsafeMutablePointer<Int>

  /// The place of the next byte; its low bits say where it lies in the ring.
  @inline(__always)
  var end: UInt32 { UInt32(truncatingIfNeeded: count.pointee) }

  @inline(__always)
  subscript(_ place: UInt32) -> UInt8 { ring.base[Int(place) & (ring.count - 1)] }

  @inline(__always)
  func append(_ byte: UInt8) {
    ring.base[count.pointee & (ring.count - 1)] = byte
    count.pointee &+= 1
  }

  /// How many of the last 16 bytes of `text` lie before `place`.
  @inline(__always)
  func agreement(at place: UInt32, with text: TextState) -> Int {
    var length = 0
    while length < 16 {
      let byte =
        length < 8
        ? text.bytes >> UInt64(length * 8) : text.olderBytes >> UInt64((length - 8) * 8)
      guard self[place &- 1 &- UInt32(length)] == UInt8(truncatingIfNeeded: byte) else { break }
      length += 1
    }
    return length
  }
}
