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

  /// True if the vocabulary lacks the token, which was then scored as `<unk>`.
  public let isUnknown: Bool

  /// The number of its line, from 1.
  public let line: Int

  /// Appends the tokens of a scored part of a text.
  static func append(_ part: ScoredText, to surprisals: inout [TokenSurprisal]) {
    let encoded = part.encoded
    for scored in part.tokens {
      let indices = scored.indices
      let token = encoded.tokens[indices.lowerBound]
      if token == .beginSentence { continue }
      let start = encoded.ranges[indices.lowerBound].lowerBound
      let end = encoded.ranges[indices.upperBound - 1].upperBound
      surprisals.append(
        TokenSurprisal(
          text: token == .endSentence
            ? "</s>" : String(decoding: encoded.text[start..<end], as: UTF8.self),
          bits: indices.reduce(0) { $0 + part.scores[$1].surprisalBits },
          isUnknown: token.isOutOfVocabulary,
          line: encoded.firstLine + (scored.line ?? 0)
        )
      )
    }
  }
}
