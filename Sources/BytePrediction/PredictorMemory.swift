public import Files

/// The memory of a predictor in a file, taken block by block in the order it was written in.
///
/// A table of a predictor is mostly zeros, so a block is written as
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

  /// The memory in `range` of `file`, which begins at a multiple of 8.
  public init(_ file: Bytes, _ range: Range<Int>) {
    self.file = file
    position = range.lowerBound
    end = min(range.upperBound, file.count)
  }

  /// The next block, which has `count` values.
  ///
  /// - Throws: ``PredictorError`` where the block has another size or the memory ends before; it is
  ///   called `name` there.
  public mutating func next<Element: BitwiseCopyable>(
    _ name: String,
    count: Int
  ) throws(PredictorError) -> Buffer<Element> {
    try expect(name, of: Element.self, count: count)
    let buffer = Buffer<Element>(count: count)
    var failure: PredictorError?
    buffer.withMutableBytes(0..<count) { target in
      target.initializeMemory(as: UInt8.self, repeating: 0)
      do throws(PredictorError) { try fill(target, name) } catch { failure = error }
    }
    if let failure { throw failure }
    return buffer
  }

  /// Checks that the next block has `count` values, before memory is taken for it.
  ///
  /// - Throws: ``PredictorError`` where it has another size.
  func expect<Element: BitwiseCopyable>(
    _ name: String,
    of type: Element.Type,
    count: Int
  ) throws(PredictorError) {
    let (byteCount, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflows, nextByteCount == byteCount else { throw PredictorError(name) }
  }

  /// The size of the next block as it says itself; nil at the end, and for none that could fit.
  private var nextByteCount: Int? {
    guard let header: Values<UInt64> = file.values(at: position, count: 1),
      position + MemoryLayout<UInt64>.stride <= end,
      // Zeros take a bit for each word.
      header[0] / UInt64(Self.groupByteCount / 8) <= UInt64(end - position)
    else { return nil }
    return Int(header[0])
  }

  /// Fills `target`, which is all zeros, with the next block, which has its size.
  ///
  /// - Throws: ``PredictorError`` as ``next(_:count:)``.
  mutating func fill(
    _ target: UnsafeMutableRawBufferPointer,
    _ name: String
  ) throws(PredictorError) {
    guard nextByteCount == target.count else { throw PredictorError(name) }
    position += MemoryLayout<UInt64>.stride
    for start in stride(from: 0, to: target.count, by: Self.groupByteCount) {
      guard position + 8 <= end, let mask: Values<UInt64> = file.values(at: position, count: 1)
      else { throw PredictorError(name) }
      var rest = mask[0]
      position += 8
      let wordCount = rest.nonzeroBitCount
      guard position + wordCount * Self.wordByteCount <= end,
        let words: Values<UInt32> = file.values(at: position, count: wordCount)
      else { throw PredictorError(name) }
      for index in 0..<wordCount {
        let place = start + rest.trailingZeroBitCount * Self.wordByteCount
        rest &= rest &- 1
        let room = min(Self.wordByteCount, target.count - place)
        guard room > 0 else { throw PredictorError(name) }
        if room == Self.wordByteCount {
          target.storeBytes(of: words[index], toByteOffset: place, as: UInt32.self)
        } else {
          withUnsafeBytes(of: words[index]) { word in
            for byte in 0..<room { target[place + byte] = word[byte] }
          }
        }
      }
      position += (wordCount + 1) / 2 * 8
    }
  }

  /// Whether all blocks were taken.
  public var isAtEnd: Bool { position >= end }

  /// Gives `write` the form that `block` has in a file, piece by piece.
  public static func write(
    _ block: UnsafeRawBufferPointer,
    _ write: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    var words: [UInt32] = []
    append(UInt64(block.count), to: &words)
    for start in stride(from: 0, to: block.count, by: groupByteCount) {
      let group = UnsafeRawBufferPointer(
        rebasing: block[start..<min(start + groupByteCount, block.count)]
      )
      let header = words.count
      append(0, to: &words)
      var mask: UInt64 = 0
      for index in 0..<(group.count + wordByteCount - 1) / wordByteCount {
        let word = word(index, of: group)
        if word != 0 {
          mask |= 1 << UInt64(index)
          words.append(word)
        }
      }
      words[header] = UInt32(truncatingIfNeeded: mask)
      words[header + 1] = UInt32(truncatingIfNeeded: mask >> 32)
      if words.count % 2 == 1 { words.append(0) }
      if words.count >= 1 << 16 {
        try words.withUnsafeBytes(write)
        words.removeAll(keepingCapacity: true)
      }
    }
    try words.withUnsafeBytes(write)
  }

  private static func append(_ value: UInt64, to words: inout [UInt32]) {
    words.append(UInt32(truncatingIfNeeded: value))
    words.append(UInt32(truncatingIfNeeded: value >> 32))
  }

  /// Four bytes of `group`, zeros behind its end.
  private static func word(_ index: Int, of group: UnsafeRawBufferPointer) -> UInt32 {
    let start = index * wordByteCount
    if start + wordByteCount <= group.count {
      return group.loadUnaligned(fromByteOffset: start, as: UInt32.self)
    }
    return group[start...].enumerated().reduce(0) {
      $0 | UInt32($1.element) << UInt32(8 * $1.offset)
    }
  }
}
