import Perplexity
import Tokenization

extension EncodedText {
  /// A part of a text in whole lines, with a token at each of the ascending `ranges`.
  ///
  /// A token belongs to the line that it begins on.
  init(
    _ text: ArraySlice<UInt8>,
    _ ranges: [Range<Int>],
    token: TokenID,
    byteOffset: Int,
    firstLine: Int
  ) {
    self.init()
    self.text = Array(text)
    self.ranges = ranges
    self.firstLine = firstLine
    tokens = [TokenID](repeating: token, count: ranges.count)
    byteCount = text.count
    var start = 0
    var firstToken = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: 10).map { $0 + 1 } ?? text.count
      while firstToken < ranges.count && ranges[firstToken].lowerBound < start { firstToken += 1 }
      appendLine(start..<end, firstToken: firstToken, byteOffset: byteOffset + start)
      start = end
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
