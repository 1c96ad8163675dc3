import Perplexity
import Records
import Tokenization

extension EncodedText {
  /// A part of a text in whole lines, with a token at each of the ascending `ranges`.
  ///
  /// A token belongs to the line that it begins on. A line ends where a record does.
  init(
    _ text: ArraySlice<UInt8>,
    _ ranges: [Range<Int>],
    token: TokenID,
    byteOffset: Int,
    firstLine: Int,
    records: (records: [TextChunk.Record], tally: RecordTally)? = nil
  ) {
    self.init()
    self.text = Array(text)
    self.ranges = ranges
    self.firstLine = firstLine
    tokens = [TokenID](repeating: token, count: ranges.count)
    byteCount = text.count
    tally = records?.tally
    var firstToken = 0
    func appendLines(_ part: Range<Int>, byteOffset: Int, to encoded: inout EncodedText) {
      var start = part.lowerBound
      while start < part.upperBound {
        let end = text[start..<part.upperBound].firstIndex(of: 10).map { $0 + 1 } ?? part.upperBound
        while firstToken < ranges.count && ranges[firstToken].lowerBound < start { firstToken += 1 }
        encoded.appendLine(start..<end, firstToken: firstToken, byteOffset: byteOffset + start)
        start = end
      }
    }
    guard let all = records?.records else {
      appendLines(0..<text.count, byteOffset: byteOffset, to: &self)
      return
    }
    for (index, record) in all.enumerated() {
      let end = index + 1 < all.count ? all[index + 1].start : text.count
      while firstToken < ranges.count && ranges[firstToken].lowerBound < record.start {
        firstToken += 1
      }
      self.records.append(
        Record(firstLine: lines.count, firstToken: firstToken, name: record.name, row: record.row)
      )
      appendLines(record.start..<end, byteOffset: 0 - record.start, to: &self)
    }
  }

  private mutating func appendLine(_ range: Range<Int>, firstToken: Int, byteOffset: Int) {
    let counts = CharacterCounts(of: text.span.extracting(range))
    let content = text[range].prefix { $0 != 10 && $0 != 13 }
    let isBlank = content.isEmpty
    lines.append(
      Line(
        firstToken: firstToken,
        byteCount: range.count,
        isBlank: isBlank,
        byteOffset: byteOffset,
        textOffset: range.lowerBound,
        characterCount: counts.scalars,
        graphemeCount: counts.graphemes
      )
    )
    characterCount += counts.scalars
    graphemeCount += counts.graphemes
    if isBlank { blankLineCount += 1 }
  }
}
