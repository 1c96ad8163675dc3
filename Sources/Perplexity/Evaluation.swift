import Files
import InformationTheory
public import LanguageModels

/// How much text was measured: every denominator a figure can have.
public struct TextMeasure: Sendable, Equatable {
  /// The number of sequences: sentences, or documents.
  public var sequences = 0

  /// The number of scored tokens: those of the text and one `</s>` a sequence; `<s>` is no token.
  public var tokens = 0

  /// The number of tokens that the model's vocabulary lacks.
  public var outOfVocabulary = 0

  /// The number of Unicode scalars, line ends included.
  public var characters = 0

  /// The number of extended grapheme clusters, what a reader takes for characters; line ends
  /// included, CR LF as one.
  public var graphemes = 0

  /// The number of bytes, line ends included.
  public var bytes = 0

  /// The number of lines with nothing on them.
  public var blankLines = 0

  /// The number of tokens that have no score, such as the first of a text that another program
  /// scored; they are not among ``tokens``.
  public var unscoredTokens = 0

  /// The number of bytes of those tokens.
  public var unscoredBytes = 0

  /// No text.
  public init() {}

  /// Both texts.
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

/// A token that a model holds to be impossible.
public struct ZeroProbability: Sendable, Equatable {
  /// The token.
  public var token: String

  /// The tokens before it that the model looks at.
  public var context: [String]

  /// The line it stands on, from 1.
  public var line: Int

  /// A token that cannot be after `context`.
  public init(token: String, context: [String], line: Int) {
    self.token = token
    self.context = context
    self.line = line
  }
}

/// What a model makes of a text.
///
/// Sums are stored and figures are computed from them, so that the evaluations of the parts of a
/// text add up to that of the whole. A token of probability zero is in the sums: it makes them minus
/// infinity and the perplexity infinite. Totals are taken from 0, so that no entropy is minus zero.
public struct Evaluation: Sendable, Equatable {
  /// How much text it is.
  public var measure = TextMeasure()

  /// The log-probability of the tokens that the vocabulary has.
  public var knownTotal = LogProbability.one

  /// The log-probability of the tokens that it lacks, each as `<unk>` and, where the model has a
  /// speller, its spelling.
  public var unknownTotal = LogProbability.one

  /// The spellings' part of it.
  public var spellingTotal = LogProbability.one

  /// How much of it the model was trained on, as far as its `LanguageModel.trainingSpans` tell; nil
  /// where it has none.
  public var trainingOverlap: TrainingOverlap?

  /// The number of tokens of probability zero.
  public var zeroProbabilityTokens = 0

  /// The first of them.
  public var firstZeroProbability: ZeroProbability?

  /// The number of tokens with a probability above one, which a sound model has not: an ARPA file whose
  /// back-off weights do not normalise it may.
  public var tokensAboveOne = 0

  /// By how many bits rounding alone may lift a probability above one.
  static let roundingBits = 1e-5

  /// How many tokens had their longest known n-gram at each length; index = length.
  public var tokensByMatchedLength = [Int](repeating: 0, count: NGramOrder.maximum + 1)

  /// A hash of the text's bytes, and of those of texts before it; 0 for no whole text.
  public var textFingerprint: UInt64 = 0

  /// The sums by line, paragraph and document, of which intervals are made.
  public internal(set) var units = TextUnits()

  /// Nothing measured.
  public init() {}

  /// The log-probability of the text.
  public var total: LogProbability { knownTotal + unknownTotal }

  /// The same with unknown tokens charged as `<unk>` alone.
  public var withoutSpelling: Evaluation {
    var evaluation = self
    evaluation.unknownTotal.bits -= spellingTotal.bits
    evaluation.spellingTotal = .one
    return evaluation
  }

  /// The bits of the whole text: bytes without a score are charged as if each were one of 256 that
  /// are equally likely, so that 2^-bits is a probability of the text.
  public var chargedBits: Double { total.surprisalBits + 8 * Double(measure.unscoredBytes) }

  /// Bits a token: minus the mean of log₂ p over all tokens.
  public var crossEntropyBits: Double { total.surprisalBits / Double(measure.tokens) }

  /// Nats a token.
  public var crossEntropyNats: Double { (0 - total.nats) / Double(measure.tokens) }

  /// 2 to the cross-entropy in bits, all tokens counted.
  public var perplexity: Double { InformationTheory.perplexity(ofBits: crossEntropyBits) }

  /// The same over the tokens that the vocabulary has; NaN where it has none.
  public var perplexityExcludingOutOfVocabulary: Double {
    let known = measure.tokens - measure.outOfVocabulary
    return LogProbability(bits: -knownTotal.bits / Double(known)).probability
  }

  /// Bits a Unicode scalar.
  public var bitsPerCharacter: Double { chargedBits / Double(measure.characters) }

  /// Bits an extended grapheme cluster.
  public var bitsPerGrapheme: Double { chargedBits / Double(measure.graphemes) }

  /// Bits a byte: of all figures the one that compares across tokenizers, where none is out of
  /// vocabulary.
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
