public import Tokenization

/// The lines of texts at which two models differ most.
///
/// Both breakdowns are of the same texts, and kept the cost of each line.
public struct LineDifferences: Sendable, Equatable {
  /// A line and what it costs either model.
  public struct Line: Sendable, Equatable {
    /// The text's place among the texts, from 0, and the number of the line in it, from 1.
    public var text: Int, line: Int
    /// The bits of its tokens.
    public var leftBits: Double, rightBits: Double

    /// What the right one needs more.
    public var differenceBits: Double { rightBits - leftBits }
  }

  /// The lines that cost the right model more than the left one, the largest difference first.
  public let dearer: [Line]

  /// The lines that cost it less, the largest difference first.
  public let cheaper: [Line]

  /// The lines that differ most, at most `limit` each way; a line that one of them lacks costs it
  /// nothing.
  ///
  /// - Complexity: O(lines).
  public init(_ left: Breakdown, _ right: Breakdown, limit: Int) {
    var dearer = CostliestFew<Line>(limit)
    var cheaper = CostliestFew<Line>(limit)
    var next = 0
    func compare(_ place: Breakdown.LineCost, _ leftBits: Double, _ rightBits: Double) {
      let line = Line(text: place.text, line: place.line, leftBits: leftBits, rightBits: rightBits)
      if rightBits > leftBits { dearer.insert(line, bits: line.differenceBits) }
      if rightBits < leftBits { cheaper.insert(line, bits: -line.differenceBits) }
    }
    for line in left.lines {
      while next < right.lines.count, right.lines[next].isBefore(line) {
        compare(right.lines[next], 0, right.lines[next].bits)
        next += 1
      }
      if next < right.lines.count, !line.isBefore(right.lines[next]) {
        compare(line, line.bits, right.lines[next].bits)
        next += 1
      } else {
        compare(line, line.bits, 0)
      }
    }
    for line in right.lines[next...] { compare(line, 0, line.bits) }
    self.dearer = dearer.elements.map(\.element)
    self.cheaper = cheaper.elements.map(\.element)
  }
}

/// The beginnings of some lines of a text, found by reading it once more.
public enum LineExcerpts {
  /// The beginnings of the lines of these numbers, from 1; numbers that the text does not have are
  /// left out.
  ///
  /// - Throws: `FileError`, `TextError`.
  public static func read(
    _ numbers: Set<Int>,
    of source: TextSource,
    isRaw: Bool = false,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse
  ) throws -> [Int: String] {
    var found: [Int: String] = [:]
    var reader = try TextReader(source, isRaw: isRaw, invalidUTF8: invalidUTF8)
    while found.count < numbers.count, let block = try reader.next() {
      block.bytes.withUnsafeBytes { bytes in
        var start = 0
        var line = block.firstLine
        while start < bytes.count {
          var end = start
          while end < bytes.count, bytes[end] != 10 { end += 1 }
          if numbers.contains(line) {
            var last = end
            if last > start, bytes[last - 1] == 13 { last -= 1 }
            found[line] = Excerpt.beginning(
              of: bytes,
              start..<last,
              limit: LineCosts.excerptByteCount
            )
          }
          start = end + 1
          line += 1
        }
      }
    }
    return found
  }
}
