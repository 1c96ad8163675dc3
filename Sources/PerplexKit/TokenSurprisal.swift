import LanguageModels
import Perplexity
import Tokenization

/// A token of a text with its surprisal.
///
/// ```swift
/// let tokens = try model.surprisals(of: "The old man\n")
/// tokens.max { $0.bits < $1.bits }?.text  // "</s>": the model expected more words
/// ```
public struct TokenSurprisal: Hashable, Sendable {
  /// The token: a part of the text, or `</s>` for the end of a sentence.
  public let text: String

  /// Its surprisal: −log₂ of its probability after the tokens before it.
  public let bits: Double

  /// Whether the vocabulary lacks it, so that it was scored as `<unk>`.
  public let isUnknown: Bool

  /// The number of its line, from 1.
  public let line: Int

  /// Appends the tokens of a scored part of a text.
  static func append(_ part: ScoredText, to surprisals: inout [TokenSurprisal]) {
    let encoded = part.encoded
    var line = 0
    var next = 0
    while next < encoded.tokens.count {
      let index = next
      let token = encoded.tokens[index]
      next += 1
      if token == .beginSentence { continue }
      var bits = part.scores[index].surprisalBits
      // A model of bytes may have characters for tokens.
      while part.joinsBytes, next < encoded.tokens.count,
        ByteVocabulary.continuesScalar(encoded.tokens[next])
      {
        bits += part.scores[next].surprisalBits
        next += 1
      }
      while line + 1 < encoded.lines.count, encoded.lines[line + 1].firstToken <= index {
        line += 1
      }
      let range = encoded.ranges[index].lowerBound..<encoded.ranges[next - 1].upperBound
      surprisals.append(
        TokenSurprisal(
          text: token == .endSentence
            ? "</s>" : String(decoding: encoded.text[range], as: UTF8.self),
          bits: bits,
          isUnknown: token.isOutOfVocabulary,
          line: encoded.firstLine + line
        )
      )
    }
  }
}
