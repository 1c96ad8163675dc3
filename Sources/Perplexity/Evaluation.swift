import Files
import InformationTheory
public import LanguageModels

/// The size of a text: every denominator of a figure.
public struct TextMeasure: Sendable, Equatable {
  /// The number of sequences: sentences, or documents.
  public var sequences = 0

  /// The number of scored tokens: the text's tokens and one `</s>` per sequence, without `<s>`.
  public var tokens = 0

  /// The number of tokens outside the model's vocabulary.
  public var outOfVocabulary = 0

  /// The number of Unicode scalars, line ends included.
  public var characters = 0

  /// The number of extended grapheme clusters, including line ends.
  ///
  /// A reader takes them for characters. CR LF counts as one.
  public var graphemes = 0

  /// The number of bytes, line ends included.
  public var bytes = 0

  /// The number of empty lines.
  public var blankLines = 0

  /// The number of tokens without a score; ``tokens`` does not include them.
  ///
  /// An example is the first token of a text that another program scored.
  public var unscoredTokens = 0

  /// The number of bytes of the tokens without a score.
  public var unscoredBytes = 0

  /// An empty text.
  public init() {}

  /// The size of both texts together.
  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.sequences += right.sequences
    sum.tokens += right.tokens
    sum.outOfVocabulary += right.outOfVocabulary
    sum.characters += right.characters
    sum.graphemes += right.graphemes
    sum.bytes += right.bytes
    sum.blankLines += right.blankLines
    sum.unscoredTokens += right.unscoredTokens
    sum.unscoredBytes += right.unscoredBytes
    return sum
  }
}

/// A token with probability zero.
public struct ZeroProbability: Sendable, Equatable {
  /// The token.
  public var token: String

  /// The tokens before it that the model uses.
  public var context: [String]

  /// The number of its line, from 1.
  public var line: Int

  /// A token with probability zero after `context`.
  public init(token: String, context: [String], line: Int) {
    self.token = token
    self.context = context
    self.line = line
  }
}

/// The result of scoring a text with a model.
///
/// It stores sums, and figures are computed from them; so the evaluations of the parts of a text
/// add up to that of the whole. A token of probability zero makes the sums minus infinity and the
/// perplexity infinite. Bits are computed as `0 - x`, so that no entropy is `-0`.
public struct Evaluation: Sendable, Equatable {
  /// The size of the text.
  public var measure = TextMeasure()

  /// The log-probability of the tokens in the vocabulary.
  public var knownTotal = LogProbability.one

  /// The log-probability of the tokens outside the vocabulary.
  ///
  /// Each counts as `<unk>`, plus its spelling if the model has a speller.
  public var unknownTotal = LogProbability.one

  /// The log-probability of the spellings, a part of ``unknownTotal``.
  public var spellingTotal = LogProbability.one

  /// The overlap of the text with the model's training text.
  ///
  /// It is nil if the model has no `LanguageModel.trainingSpans`.
  public var trainingOverlap: TrainingOverlap?

  /// The number of tokens of probability zero.
  public var zeroProbabilityTokens = 0

  /// The first token of probability zero.
  public var firstZeroProbability: ZeroProbability?

  /// The number of tokens with a probability above one.
  ///
  /// A sound model has none; an ARPA file whose back-off weights are not normalized may have some.
  public var tokensAboveOne = 0

  /// The largest excess over probability one, in bits, that rounding can explain.
  static let roundingBits = 1e-5

  /// The number of tokens by the length of their longest known n-gram; index = length.
  public var tokensByMatchedLength = [Int](repeating: 0, count: NGramOrder.maximum + 1)

  /// A hash of the bytes of this text and of the texts before it; 0 for an incomplete text.
  public var textFingerprint: UInt64 = 0

  /// The sums by line, paragraph and document, used for intervals.
  public internal(set) var units = TextUnits()

  /// The evaluation of an empty text.
  public init() {}

  /// The log-probability of the text.
  public var total: LogProbability { knownTotal + unknownTotal }

  /// The evaluation with unknown tokens charged as `<unk>` only.
  public var withoutSpelling: Evaluation {
    var evaluation = self
    evaluation.unknownTotal.bits -= spellingTotal.bits
    evaluation.spellingTotal = .one
    return evaluation
  }

  /// The bits of the whole text, with 8 bits for each byte without a score.
  ///
  /// Such a byte is one of 256 equally likely ones, so 2^−bits is a probability of the text.
  public var chargedBits: Double { total.surprisalBits + 8 * Double(measure.unscoredBytes) }

  /// The cross-entropy in bits per token: the negative mean of log₂ p over all tokens.
  public var crossEntropyBits: Double { total.surprisalBits / Double(measure.tokens) }

  /// The cross-entropy in nats per token.
  public var crossEntropyNats: Double { (0 - total.nats) / Double(measure.tokens) }

  /// The perplexity over all tokens, 2 to the cross-entropy in bits.
  public var perplexity: Double { InformationTheory.perplexity(ofBits: crossEntropyBits) }

  /// The perplexity over the tokens in the vocabulary; NaN if there are none.
  public var perplexityExcludingOutOfVocabulary: Double {
    let known = measure.tokens - measure.outOfVocabulary
    return LogProbability(bits: -knownTotal.bits / Double(known)).probability
  }

  /// Bits per Unicode scalar.
  public var bitsPerCharacter: Double { chargedBits / Double(measure.characters) }

  /// Bits per extended grapheme cluster.
  public var bitsPerGrapheme: Double { chargedBits / Double(measure.graphemes) }

  /// Bits per byte.
  ///
  /// This figure is comparable across tokenizers if no token is out of vocabulary.
  public var bitsPerByte: Double { chargedBits / Double(measure.bytes) }

  /// The evaluation of both texts, `left` first.
  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.measure = left.measure + right.measure
    sum.knownTotal += right.knownTotal
    sum.unknownTotal += right.unknownTotal
    sum.spellingTotal += right.spellingTotal
    if let left = left.trainingOverlap, let right = right.trainingOverlap {
      sum.trainingOverlap = left + right
    } else {
      sum.trainingOverlap = left.trainingOverlap ?? right.trainingOverlap
    }
    sum.zeroProbabilityTokens += right.zeroProbabilityTokens
    sum.tokensAboveOne += right.tokensAboveOne
    sum.units = left.units + right.units
    sum.textFingerprint =
      left.textFingerprint == 0 || right.textFingerprint == 0
      ? left.textFingerprint | right.textFingerprint
      : fold(left.textFingerprint ^ 0x9e37_79b9_7f4a_7c15, right.textFingerprint)
    sum.firstZeroProbability = left.firstZeroProbability ?? right.firstZeroProbability
    for (length, count) in right.tokensByMatchedLength.enumerated() {
      sum.tokensByMatchedLength[length] += count
    }
    return sum
  }
}
