/// The six rows of a gate that a situation selects.
struct GateRows {
  /// Selected by the longest known context: its length, the class of its total, that of its number
  /// of entries.
  var longest = 0
  /// Selected by its length, the class of the next shorter one, and the number of entries of the
  /// next.
  var shorter = 0
  /// Selected by its length and the last byte.
  var byte = 0
  /// Selected by a hash of the last two bytes.
  var pair = 0
  /// Selected by its length and the misses of the last three bytes.
  var misses = 0
  /// Selected by its length and the number of bytes since a word began.
  var word = 0

  /// The number of rows of pairs of bytes.
  static let pairCount = 4096

  /// The number of rows for contexts of `lengths` different lengths.
  static func count(lengths: Int) -> Int { lengths * (32 + 128 + 256 + 64 + 16) + pairCount }

  /// The class of a sum of counts: 1, 2, 3–4, 5–8, 9–16, 17–64, 65–512, and more.
  @inline(__always)
  static func totalClass(_ total: UInt32) -> Int {
    let log2 = 32 - max(1, total &- 1).leadingZeroBitCount
    if total <= 2 { return total == 2 ? 1 : 0 }
    return log2 <= 4 ? log2 : log2 <= 6 ? 5 : log2 <= 9 ? 6 : 7
  }

  /// The class of a number of entries: 1, 2, 3–5, and more.
  @inline(__always)
  static func typeClass(_ typeCount: Int) -> Int {
    typeCount <= 2 ? (typeCount == 2 ? 1 : 0) : typeCount <= 5 ? 2 : 3
  }

  /// The class of a context of `length` bytes.
  @inline(__always)
  static func `class`(_ length: Int, _ summary: ContextTree.Summary) -> Int {
    (length * 8 + totalClass(summary.total)) * 4 + typeClass(summary.typeCount)
  }
}

/// The history as a gate sees it, besides the contexts.
struct GateHistory {
  /// The last byte, and the one before it above it.
  var lastBytes: UInt16 = 0

  /// For each of the last three bytes, by how many bytes the context that knew it was shorter than
  /// the longest known: two bits each, 3 for more.
  var misses = 0

  /// The number of bytes from "A" on since the last byte below "A"; 15 for more.
  var wordLength = 0

  /// Appends `byte`; the context that knew it was `miss` bytes shorter than the longest known.
  @inline(__always)
  mutating func append(_ byte: UInt8, miss: Int) {
    lastBytes = lastBytes << 8 | UInt16(byte)
    misses = (misses << 2 | min(3, miss)) & 63
    wordLength = byte >= 65 ? min(15, wordLength + 1) : 0
  }

  /// The row for the last two bytes.
  @inline(__always) var pairIndex: Int {
    Int((UInt32(lastBytes) &* 0x9E37_79B1) >> 20)
  }
}
