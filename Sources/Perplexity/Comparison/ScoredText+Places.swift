import LanguageModels
import Tokenization

/// Where a token ends in its file, and what it costs.
struct TokenPlace: Sendable {
  /// The byte after its last; that of a line's last token is the byte after the line end.
  var end: Int
  /// Its surprisal; 8 for each byte of a token without a score.
  var bits: Double
  /// The byte after its last in the text as it was cut.
  var textEnd: Int
  /// Its line, from 0, among those of its part.
  var line: Int
}

extension ScoredText {
  /// Calls `body` with each token from the first to the last.
  ///
  /// A token begins where the one before it ends, so white space that no token has belongs to the
  /// next one, or to the line end. Where the text was changed before it was cut, places inside of a
  /// line are those in the changed text.
  func forEachPlace(_ body: (TokenPlace) -> Void) {
    var previousEnd = 0
    for (number, line) in encoded.lines.enumerated() {
      let isLast = number + 1 == encoded.lines.count
      let lineEnd = isLast ? encoded.tokens.count : encoded.lines[number + 1].firstToken
      var index = line.firstToken
      while index < lineEnd {
        let first = index
        index += 1
        if encoded.tokens[first] == .beginSentence { continue }
        var bits = charge(first)
        while joinsBytes, index < lineEnd, ByteVocabulary.continuesScalar(encoded.tokens[index]) {
          bits += charge(index)
          index += 1
        }
        var end = line.byteOffset + encoded.ranges[index - 1].upperBound - line.textOffset
        if index == lineEnd { end = max(end, line.byteOffset + line.byteCount) }
        previousEnd = max(previousEnd, end)
        body(
          TokenPlace(
            end: previousEnd,
            bits: bits,
            textEnd: encoded.ranges[index - 1].upperBound,
            line: number
          )
        )
      }
    }
  }

  /// The byte of its file after its last line, a byte-order mark counted; 0 where there is no line.
  var endInFile: Int { encoded.lines.last.map { $0.byteOffset + $0.byteCount } ?? 0 }

  private func charge(_ index: Int) -> Double {
    scores[index].isScored
      ? scores[index].surprisalBits : 8 * Double(encoded.ranges[index].count)
  }
}
