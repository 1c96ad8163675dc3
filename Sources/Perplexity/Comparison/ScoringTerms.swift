package import LanguageModels
import Tokenization

/// The events that a perplexity covers: tokens, ends and unknown words.
///
/// Perplexities with different terms cover different events and are not comparable.
package struct ScoringTerms: Sendable, Equatable {
  /// The ends that are predicted and counted as tokens.
  package enum Ends: String, Sendable {
    /// One `</s>` per line.
    case line = "one </s> a line"
    /// One `</s>` per document.
    case document = "one </s> a document"
    /// No ends: the length of a text is not predicted.
    case none = "none"
  }

  /// The charge for a token outside the vocabulary.
  package enum Unknown: String, Sendable {
    /// The probability of `<unk>`: the event that some unknown token occurs.
    case asUnk = "<unk>"
    /// The probability of `<unk>` and of the token's spelling.
    case spelled = "<unk> and its spelling"
    /// No token is unknown.
    case none = "none"
  }

  /// The method that cuts the text into tokens.
  package var tokenizer: String

  /// The changes to the text before it is cut.
  package var normalization: String

  /// The ends that are predicted.
  package var ends: Ends

  /// The charge for unknown tokens.
  package var unknown: Unknown

  /// A hash of the vocabulary's tokens; nil if the vocabulary is unknown.
  package var vocabularyFingerprint: UInt64?

  /// Terms with the given values.
  package init(
    tokenizer: String,
    normalization: String = "none",
    ends: Ends,
    unknown: Unknown,
    vocabularyFingerprint: UInt64? = nil
  ) {
    self.tokenizer = tokenizer
    self.normalization = normalization
    self.ends = ends
    self.unknown = unknown
    self.vocabularyFingerprint = vocabularyFingerprint
  }

  /// The terms on which `model` scores.
  ///
  /// - Complexity: O(size of the vocabulary).
  package init(of model: any LanguageModel) {
    let settings = model.settings
    tokenizer = settings.tokenizer.rawValue
    normalization = settings.normalization.description
    ends =
      !settings.predictsEnds ? .none : settings.sequence == .line ? .line : .document
    unknown = settings.symbols == .bytes ? .none : model.speller == nil ? .asUnk : .spelled
    vocabularyFingerprint = model.vocabulary.tokensFingerprint
  }

  /// True if the charge for an unknown token is a probability of that token.
  package var chargesUnknown: Bool { unknown != .asUnk }

  /// True if the bits of `evaluation` are less than those of its bytes: unknown words are not
  /// spelled, or the text was changed before it was cut.
  package func understatesBytes(_ evaluation: Evaluation) -> Bool {
    !chargesUnknown && evaluation.measure.outOfVocabulary > 0 || normalization != "none"
  }
}

extension Normalization {
  /// The steps of the normalization, named like the options.
  var description: String {
    let steps = (lowercases ? ["lowercase"] : []) + (form == .none ? [] : [form.rawValue])
    return steps.isEmpty ? "none" : steps.joined(separator: ", ")
  }
}
