public import Files

/// The tables of a predictor in a file, read in the order in which they were written.
///
/// A table of a predictor is mostly zeros, so it is written as
///
///     its number of bytes                                              8 bytes
///     for each 256 of them: a bit for each 4 that are not all zero     8 bytes
///                           those, zeros up to a multiple of 8
public struct PredictorMemory {
  private let file: Bytes
  private var position: Int
  private let end: Int

  private static let wordByteCount = 4
  private static let groupByteCount = 64 * wordByteCount

  /// The memory in `range` of `file`; the range begins at a multiple of 8.
  public init(_ file: Bytes, _ range: Range<Int>) {
    self.file = file
    position = range.lowerBound
    end = min(range.upperBound, file.count)
  }

  /// Reads the next table, which must have `count` elements.
  ///
  /// - Throws: ``PredictorError`` with `name` if the table has another size or the memory ends
  ///   before its end.
  mutating func next<Element: BitwiseCopyable>(
    _ name: String,
    count: Int
  ) throws(PredictorError) -> UncheckedBuffer<Element> {
    // Before memory is taken for it.
    let (byteCount, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflows, nextByteCount == byteCount else { throw PredictorError(name) }
    let table = UncheckedBuffer<Element>(zeroed: count)
    try fill(table, 0..<count, name)
    return table
  }

  /// Reads the next table, which must have as many elements as `range`, into that range of `table`,
  /// which must be zeros.
  ///
  /// - Throws: ``PredictorError`` as ``next(_:count:)``.
  mutating func fill<Element: BitwiseCopyable>(
    _ table: borrowing UncheckedBuffer<Element>,
    _ range: Range<Int>,
    _ name: String
  ) throws(PredictorError) {
    let stride = MemoryLayout<Element>.stride
    let first = range.lowerBound * stride
    let limit = range.upperBound * stride
    guard nextByteCount == limit - first else { throw PredictorError(name) }
    position += MemoryLayout<UInt64>.stride
    for start in Swift.stride(from: first, to: limit, by: Self.groupByteCount) {
      guard position + 8 <= end, let mask: Values<UInt64> = file.values(at: position, count: 1)
      else { throw PredictorError(name) }
      var rest = mask[0]
      position += 8
      let wordCount = rest.nonzeroBitCount
      guard position + wordCount * Self.wordByteCount <= end,
        let words: Values<UInt32> = file.values(at: position, count: wordCount)
      else { throw PredictorError(name) }
      for index in 0..<wordCount {
        let offset = start + rest.trailingZeroBitCount * Self.wordByteCount
        rest &= rest &- 1
        guard offset < limit else { throw PredictorError(name) }
        table.setWord(words[index], atByte: offset)
      }
      position += (wordCount + 1) / 2 * 8
    }
  }

  /// The size in bytes that the next table states; nil at the end, and for a size that cannot fit.
  private var nextByteCount: Int? {
    guard let header: Values<UInt64> = file.values(at: position, count: 1),
      position + MemoryLayout<UInt64>.stride <= end,
      // Zeros take a bit for each word.
      header[0] / UInt64(Self.groupByteCount / 8) <= UInt64(end - position)
    else { return nil }
    return Int(header[0])
  }

  /// All tables have been read.
  public var isAtEnd: Bool { position >= end }

  /// Gives `write` the form of `table` in a file, piece by piece.
  public static func write(
    _ table: RawSpan,
    _ write: (RawSpan) throws -> Void
  ) rethrows {
    var words: [UInt32] = []
    append(UInt64(table.byteCount), to: &words)
    for start in stride(from: 0, to: table.byteCount, by: groupByteCount) {
      let end = min(start + groupByteCount, table.byteCount)
      let header = words.count
      append(0, to: &words)
      var mask: UInt64 = 0
      var bit: UInt64 = 1
      var offset = start
      while offset < end {
        let word = table.word(at: offset)
        if word != 0 {
          mask |= bit
          words.append(word)
        }
        bit = bit << 1
        offset += wordByteCount
      }
      words[header] = UInt32(truncatingIfNeeded: mask)
      words[header + 1] = UInt32(truncatingIfNeeded: mask >> 32)
      if words.count % 2 == 1 { words.append(0) }
      if words.count >= 1 << 16 {
        try words.withBytes(write)
        words.removeAll(keepingCapacity: true)
      }
    }
    try words.withBytes(write)
  }

  private static func append(_ value: UInt64, to words: inout [UInt32]) {
    words.append(UInt32(truncatingIfNeeded: value))
    words.append(UInt32(truncatingIfNeeded: value >> 32))
  }
}
