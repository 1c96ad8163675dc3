import LanguageModels
import Tokenization

/// The end of a token in its file, and its bits.
struct TokenExtent: Sendable {
  /// The offset of the byte after its last; for a line's last token, of the byte after the line end.
  var end: Int
  /// Its surprisal; 8 for each byte of a token without a score.
  var bits: Double
  /// The offset of the byte after its last in the text as it was cut.
  var textEnd: Int
  /// The index of its line among those of its part.
  var line: Int
}

extension ScoredText {
  /// Calls `body` with each token from the first to the last.
  ///
  /// A token begins where the one before it ends, so white space that no token has belongs to the
  /// next one, or to the line end. Where the text was changed before it was cut, offsets inside of a
  /// line are those in the changed text.
  func forEachExtent(_ body: (TokenExtent) -> Void) {
    var end = 0
    for token in tokens {
      guard let line = token.line, encoded.tokens[token.indices.lowerBound] != .beginSentence
      else { continue }
      let place = encoded.lines[line]
      let textEnd = encoded.ranges[token.indices.upperBound - 1].upperBound
      end = max(end, place.byteOffset + textEnd - place.textOffset)
      if token.isLastOfLine { end = max(end, place.byteOffset + place.byteCount) }
      let bits = token.indices.reduce(0) { $0 + charge($1) }
      body(TokenExtent(end: end, bits: bits, textEnd: textEnd, line: line))
    }
  }

  /// The offset in the file after its last line, a byte-order mark counted; 0 where there is no line.
  var endInFile: Int { encoded.lines.last.map { $0.byteOffset + $0.byteCount } ?? 0 }

  private func charge(_ index: Int) -> Double {
    scores[index].isScored
      ? scores[index].surprisalBits : 8 * Double(encoded.ranges[index].count)
  }
}
