import Files
import InformationTheory
package import LanguageModels
package import Records
package import Tokenization

/// The size of a text: every denominator of a figure.
package struct TextMeasure: Sendable, Equatable {
  /// The number of sequences: sentences, or documents.
  package var sequences = 0

  /// The number of scored tokens: the text's tokens and one `</s>` per sequence, without `<s>`.
  package var tokens = 0

  /// The number of tokens outside the model's vocabulary.
  package var outOfVocabulary = 0

  /// The number of Unicode scalars, line ends included.
  package var characters = 0

  /// The number of extended grapheme clusters, including line ends.
  ///
  /// A reader takes them for characters. CR LF counts as one.
  package var graphemes = 0

  /// The number of bytes, line ends included.
  package var bytes = 0

  /// The number of empty lines.
  package var blankLines = 0

  /// The number of tokens without a score; ``tokens`` does not include them.
  ///
  /// An example is the first token of a text that another program scored.
  package var unscoredTokens = 0

  /// The number of bytes of the tokens without a score.
  package var unscoredBytes = 0

  /// An empty text.
  package init() {}

  /// The size of both texts together.
  package static func + (left: Self, right: Self) -> Self {
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
package struct ZeroProbability: Sendable, Equatable {
  /// The token.
  package var token: String

  /// The tokens before it that the model uses.
  package var context: [String]

  /// The line.
  package var line: TextPlace

  /// A token with probability zero after `context`.
  package init(token: String, context: [String], line: TextPlace) {
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
package struct Evaluation: Sendable, Equatable {
  /// The size of the text.
  package var measure = TextMeasure()

  /// The log-probability of the tokens in the vocabulary.
  package var knownTotal = LogProbability.one

  /// The log-probability of the tokens outside the vocabulary.
  ///
  /// Each counts as `<unk>`, plus its spelling if the model has a speller.
  package var unknownTotal = LogProbability.one

  /// The log-probability of the spellings, a part of ``unknownTotal``.
  package var spellingTotal = LogProbability.one

  /// The overlap of the text with the model's training text.
  ///
  /// It is nil if the model has no `LanguageModel.trainingSpans`.
  package var trainingOverlap: TrainingOverlap?

  /// The number of tokens of probability zero.
  package var zeroProbabilityTokens = 0

  /// The first token of probability zero.
  package var firstZeroProbability: ZeroProbability?

  /// The number of tokens with a probability above one.
  ///
  /// A sound model has none; an ARPA file whose back-off weights are not normalized may have some.
  package var tokensAboveOne = 0

  /// The largest excess over probability one, in bits, that rounding can explain.
  static let roundingBits = 1e-5

  /// The number of tokens by the length of their longest known n-gram; index = length.
  package var tokensByMatchedLength = [Int](repeating: 0, count: NGramOrder.maximum + 1)

  /// A hash of the bytes of this text and of the texts before it; 0 for an incomplete text.
  package var textFingerprint: UInt64 = 0

  /// The records read and left out; nil for plain text.
  package var records: RecordTally?

  /// The sums by line, paragraph and document, used for intervals.
  package internal(set) var units = TextUnits()

  /// The evaluation of an empty text.
  package init() {}

  /// The log-probability of the text.
  package var total: LogProbability { knownTotal + unknownTotal }

  /// The evaluation with unknown tokens charged as `<unk>` only.
  package var withoutSpelling: Evaluation {
    var evaluation = self
    evaluation.unknownTotal.bits -= spellingTotal.bits
    evaluation.spellingTotal = .one
    return evaluation
  }

  /// The bits of the whole text, with 8 bits for each byte without a score.
  ///
  /// Such a byte is one of 256 equally likely ones, so 2^−bits is a probability of the text.
  package var chargedBits: Double { total.surprisalBits + 8 * Double(measure.unscoredBytes) }

  /// The cross-entropy in bits per token: the negative mean of log₂ p over all tokens.
  package var crossEntropyBits: Double { total.surprisalBits / Double(measure.tokens) }

  /// The cross-entropy in nats per token.
  package var crossEntropyNats: Double { (0 - total.nats) / Double(measure.tokens) }

  /// The perplexity over all tokens, 2 to the cross-entropy in bits.
  package var perplexity: Double { InformationTheory.perplexity(ofBits: crossEntropyBits) }

  /// The perplexity over the tokens in the vocabulary; NaN if there are none.
  package var perplexityExcludingOutOfVocabulary: Double {
    let known = measure.tokens - measure.outOfVocabulary
    return LogProbability(bits: -knownTotal.bits / Double(known)).probability
  }

  /// Bits per Unicode scalar.
  package var bitsPerCharacter: Double { chargedBits / Double(measure.characters) }

  /// Bits per extended grapheme cluster.
  package var bitsPerGrapheme: Double { chargedBits / Double(measure.graphemes) }

  /// Bits per byte.
  ///
  /// This figure is comparable across tokenizers if no token is out of vocabulary.
  package var bitsPerByte: Double { chargedBits / Double(measure.bytes) }

  /// The evaluation of both texts, `left` first.
  package static func + (left: Self, right: Self) -> Self {
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
    if let left = left.records, let right = right.records { sum.records = left + right }
    sum.records = sum.records ?? right.records
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
