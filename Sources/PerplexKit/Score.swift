import LanguageModels
import Perplexity
import Statistics

/// The figures of a model on a text.
///
/// ```swift
/// let score = try model.score([.file("corpora/stories/held-out.txt")])
/// print(score.crossEntropyBits, score.perplexity, score.bitsPerByte)
/// if let interval = score.perplexityInterval { print(interval) }  // 81.6...104.6
/// ```
///
/// A token of probability zero makes the text impossible: the cross-entropy and the perplexity are
/// then infinite, and ``impossibleTokenCount`` says how many tokens are to blame.
public struct Score: Hashable, Sendable {
  /// The number of tokens predicted: one `</s>` a sentence is among them, `<s>` is not.
  public let tokenCount: Int

  /// The number of tokens that the vocabulary lacks, scored as `<unk>`.
  public let unknownTokenCount: Int

  /// The number of tokens of probability zero.
  public let impossibleTokenCount: Int

  /// The number of bytes of the text.
  public let byteCount: Int

  /// The cross-entropy: −(1/N) Σ log₂ p over all N tokens, in bits a token.
  public let crossEntropyBits: Double

  /// The perplexity: 2 to the power of the cross-entropy.
  public let perplexity: Double

  /// The perplexity of the tokens that the vocabulary has.
  public let perplexityOfKnownTokens: Double

  /// The bits of the text over its bytes.
  ///
  /// It compares between models of different tokens, provided that none has unknown tokens or all
  /// pay for the spelling of theirs (``TrainingOptions/spellsUnknownWords``).
  public let bitsPerByte: Double

  /// The bits of the text over its Unicode scalars.
  public let bitsPerCharacter: Double

  /// The 95 % confidence interval of the perplexity, for texts of the same kind.
  ///
  /// It is nil for a text of fewer than 10 lines, for two texts or some of which one outweighs the
  /// others, and with a token of probability zero.
  public let perplexityInterval: ClosedRange<Double>?

  init(_ evaluation: Evaluation) {
    tokenCount = evaluation.measure.tokens
    unknownTokenCount = evaluation.measure.outOfVocabulary
    impossibleTokenCount = evaluation.zeroProbabilityTokens
    byteCount = evaluation.measure.bytes
    crossEntropyBits = evaluation.crossEntropyBits
    perplexity = evaluation.perplexity
    perplexityOfKnownTokens = evaluation.perplexityExcludingOutOfVocabulary
    bitsPerByte = evaluation.bitsPerByte
    bitsPerCharacter = evaluation.bitsPerCharacter
    perplexityInterval = evaluation.interval(Resampling()).map {
      $0.perplexity.low...$0.perplexity.high
    }
  }
}
