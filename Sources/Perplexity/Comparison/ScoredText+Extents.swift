import LanguageModels
import Tokenization

/// The end of a token in its file, and its bits.
struct TokenExtent: Sendable {
  /// The offset after the token's last byte; for the last token of a line, after the line end.
  var end: Int
  /// The surprisal in bits; 8 bits per byte for a token without a score.
  var bits: Double
  /// The offset after the token's last byte in the text that was cut into tokens.
  var textEnd: Int
  /// The index of its line among the lines of its part.
  var line: Int
}

extension ScoredText {
  /// Calls `body` with each token, in order.
  ///
  /// A token begins at the end of the previous one, so white space between tokens belongs to the
  /// next token or to the line end. If the text was normalized, offsets within a line are those of
  /// the normalized text.
  func forEachExtent(_ body: (TokenExtent) -> Void) {
    var end = 0
    for token in tokens {
      guard let line = token.line, encoded.tokens[token.indices.lowerBound] != .beginSentence
      else { continue }
      let extent = encoded.lines[line]
      let textEnd = encoded.ranges[token.indices.upperBound - 1].upperBound
      end = max(end, extent.byteOffset + textEnd - extent.textOffset)
      if token.isLastOfLine { end = max(end, extent.byteOffset + extent.byteCount) }
      let bits = token.indices.reduce(0) { $0 + charge($1) }
      body(TokenExtent(end: end, bits: bits, textEnd: textEnd, line: line))
    }
  }

  /// The offset in the file after the last line, including a byte-order mark; 0 without lines.
  var endInFile: Int { encoded.lines.last.map { $0.byteOffset + $0.byteCount } ?? 0 }

  private func charge(_ index: Int) -> Double {
    scores[index].isScored
      ? scores[index].surprisalBits : 8 * Double(encoded.ranges[index].count)
  }
}
