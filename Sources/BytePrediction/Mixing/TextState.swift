/// The history of a text as the contexts see it: bytes, words and lines.
struct TextState: BitwiseCopyable {
  /// The last eight bytes, the latest in the lowest bits; then the eight before them.
  var bytes: UInt64 = 0
  var olderBytes: UInt64 = 0
  /// The last eight bytes with ASCII capitals as small letters.
  var foldedBytes: UInt64 = 0
  /// Hashes of the word so far (0 outside of words), and of the words before it.
  var word: UInt64 = 0
  var previousWords = SIMD4<UInt64>(repeating: 0)
  /// The number of letters of the word so far.
  var wordLength = 0
  /// The last byte that is not a letter, a digit or a space.
  var punctuation: UInt64 = 0
  /// The number of bytes since the last line feed.
  var column = 0
  /// The length of the line before.
  var previousColumn = 0
  /// The first two bytes of the line.
  var lineStart: UInt64 = 0
  /// The classes of the last 16 bytes, four bits each.
  var classes: UInt64 = 0
  /// The number of bytes since the start of the text.
  var position = 0

  static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 128 || (byte | 32) &- 97 < 26
  }

  /// Moves past `byte`.
  @inline(__always)
  mutating func advance(_ byte: UInt8) {
    let isLetter = Self.isLetter(byte)
    let folded = byte &- 65 < 26 ? byte | 32 : byte
    olderBytes = olderBytes << 8 | bytes >> 56
    bytes = bytes << 8 | UInt64(byte)
    foldedBytes = foldedBytes << 8 | UInt64(folded)
    if isLetter || (byte == 39 && word != 0) {
      word = (word &+ UInt64(folded) &+ 1) &* 0x2F0B_4C47_9E37_79B1
      word ^= word >> 31
      wordLength += 1
    } else {
      if word != 0 {
        previousWords = SIMD4(word, previousWords[0], previousWords[1], previousWords[2])
        word = 0
      }
      wordLength = 0
      if byte > 32 && !(byte &- 48 < 10) { punctuation = UInt64(byte) }
    }
    if byte == 10 {
      lineStart = 0
      previousColumn = column
      column = 0
    } else {
      if column < 2 { lineStart = lineStart << 8 | UInt64(byte) | 1 << 32 }
      column += 1
    }
    classes = classes << 4 | Self.byteClass(byte)
    position += 1
  }

  /// The kind of a byte: small letters by vowel, capitals, digits, space, line feed, marks, others.
  @inline(__always)
  static func byteClass(_ byte: UInt8) -> UInt64 {
    switch byte {
    case 97, 101, 105, 111, 117: 1
    case 97...122: 2
    case 65...90: 3
    case 48...57: 4
    case 32: 5
    case 10: 6
    case 46, 33, 63: 7
    case 44, 59, 58: 8
    case 39, 34: 9
    case 45: 10
    case 0..<32: 11
    case 128..<192: 12
    case 192...: 13
    default: 14
    }
  }
}

/// A kind of context: the part of the history that a prediction depends on.
enum ContextKind: UInt8, CaseIterable {
  case order2, order3, order4, order5, order6, order8
  case word, wordPair, wordTriple, wordSkipOne, wordSkipTwo
  case wordAfterByte, wordPunctuation, order2Word
  case skipOne, skipTwo, folded5, classes
  case followers2, followers2Long, followers3
  case lineStart, lineLength, column

  /// The number of bytes that the context consists of, or 0 for other kinds.
  var order: Int {
    switch self {
    case .order2: 2
    case .order3: 3
    case .order4: 4
    case .order5: 5
    case .order6: 6
    case .order8: 8
    default: 0
    }
  }
}

/// The hash of two numbers and the kind that they describe.
@inline(__always)
private func mix(_ kind: ContextKind, _ first: UInt64, _ second: UInt64 = 0) -> UInt64 {
  var hash = (first ^ UInt64(kind.rawValue &+ 1) &* 0xA24B_AED4_963E_E407) &* 0x9E37_79B9_7F4A_7C15
  hash ^= hash >> 32
  hash = (hash &+ second) &* 0xBF58_476D_1CE4_E5B9
  hash ^= hash >> 29
  hash = hash &* 0x94D0_49BB_1331_11EB
  return hash ^ hash >> 31
}

extension TextState {
  /// The hash of the context of this kind, in all of its bits.
  @inline(__always)
  func hash(_ kind: ContextKind, followers: FollowerTables) -> UInt64 {
    let lastBytes = word == 0 ? bytes & 0xFFFF : 0
    let current = word == 0 ? lastBytes &+ 1 : word
    return switch kind {
    case .order2: mix(kind, bytes & 0xFFFF)
    case .order3: mix(kind, bytes & 0xFF_FFFF)
    case .order4: mix(kind, bytes & 0xFFFF_FFFF)
    case .order5: mix(kind, bytes & 0xFF_FFFF_FFFF)
    case .order6: mix(kind, bytes & 0xFFFF_FFFF_FFFF)
    case .order8: mix(kind, bytes)
    case .word: mix(kind, current)
    case .wordPair: mix(kind, current, previousWords[0])
    case .wordTriple:
      mix(kind, current &+ previousWords[0] &* 0x3C6E_F372_FE94_F82B, previousWords[1])
    case .wordSkipOne: mix(kind, current, previousWords[1])
    case .wordSkipTwo: mix(kind, current, previousWords[2])
    case .wordAfterByte: mix(kind, previousWords[0], bytes & 0xFF)
    case .wordPunctuation: mix(kind, current, punctuation)
    case .skipOne: mix(kind, bytes & 0xFFFF_FF00)
    case .skipTwo: mix(kind, bytes & 0xFFFF_0000)
    case .folded5: mix(kind, foldedBytes & 0xFF_FFFF_FFFF)
    case .followers2: mix(kind, followers.afterTwo(self) & 0xFFFF, bytes & 0xFF)
    case .followers2Long: mix(kind, followers.afterTwo(self) & 0xFF_FFFF)
    case .followers3: mix(kind, followers.afterThree(self), bytes & 0xFF)
    case .lineStart: mix(kind, lineStart, bytes & 0xFF)
    case .column: mix(kind, UInt64(min(column, 255)), bytes & 0xFF)
    case .classes: mix(kind, classes & 0xFFFF_FFFF, bytes & 0xFF)
    case .lineLength:
      mix(kind, UInt64(min(column, 255)) << 8 | UInt64(min(previousColumn, 255)), bytes & 0xFF)
    case .order2Word: mix(kind, bytes & 0xFFFF, previousWords[0])
    }
  }
}

/// The last followers of each pair and of each three bytes.
final class FollowerTables {
  /// Four followers of each pair.
  private let pairs: UncheckedBuffer<UInt32>
  /// Two followers of each three bytes, hashed.
  private let triples: UncheckedBuffer<UInt16>

  static let pairCount = 1 << 16
  static let tripleCount = 1 << 18

  /// Tables that have seen nothing.
  init() {
    pairs = UncheckedBuffer(zeroed: Self.pairCount)
    triples = UncheckedBuffer(zeroed: Self.tripleCount)
  }

  /// The tables that ``write(_:)`` wrote.
  init(memory: inout PredictorMemory) throws(PredictorError) {
    pairs = try memory.next("pairs", count: Self.pairCount)
    triples = try memory.next("triples", count: Self.tripleCount)
  }

  /// Shows the tables to `write`.
  func write(_ write: (RawSpan) throws -> Void) rethrows {
    try pairs.withBytes(write)
    try triples.withBytes(write)
  }

  @inline(__always)
  private func tripleIndex(_ bytes: UInt64) -> Int {
    Int(((bytes & 0xFF_FFFF) &* 0x9E37_79B9_7F4A_7C15) >> 46)
  }

  /// The last four followers of the last two bytes of `text`.
  @inline(__always)
  func afterTwo(_ text: TextState) -> UInt64 { UInt64(pairs[Int(text.bytes & 0xFFFF)]) }

  /// The last two followers of the last three bytes of `text`.
  @inline(__always)
  func afterThree(_ text: TextState) -> UInt64 { UInt64(triples[tripleIndex(text.bytes)]) }

  /// Learns that `byte` followed.
  @inline(__always)
  func learn(_ text: TextState, _ byte: UInt8) {
    let pair = Int(text.bytes & 0xFFFF)
    pairs[pair] = pairs[pair] << 8 | UInt32(byte)
    let triple = tripleIndex(text.bytes)
    triples[triple] = triples[triple] << 8 | UInt16(byte)
  }
}
