public import LanguageModels
import Tokenization

/// What a perplexity depends on besides how well a model predicts: which events were predicted.
///
/// Perplexities of different terms are about different events and do not compare.
public struct ScoringTerms: Sendable, Equatable {
  /// Which ends are predicted and counted as tokens.
  public enum Ends: String, Sendable {
    /// One `</s>` a line.
    case line = "one </s> a line"
    /// One `</s>` a document.
    case document = "one </s> a document"
    /// None: how long a text is, is not predicted.
    case none = "none"
  }

  /// What a token that the vocabulary lacks is charged.
  public enum Unknown: String, Sendable {
    /// The probability of `<unk>`: that some unknown token comes, not which.
    case asUnk = "<unk>"
    /// The probability of `<unk>` and that of its spelling.
    case spelled = "<unk> and its spelling"
    /// There are no such tokens.
    case none = "none"
  }

  /// How the text is cut into tokens.
  public var tokenizer: String

  /// What is done to the text before it is cut.
  public var normalization: String

  /// Which ends are predicted.
  public var ends: Ends

  /// What unknown tokens are charged.
  public var unknown: Unknown

  /// A hash of the vocabulary's tokens; nil where it is not known.
  public var vocabularyFingerprint: UInt64?

  /// The terms given.
  public init(
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
  public init(of model: any LanguageModel) {
    let settings = model.settings
    tokenizer = settings.tokenizer.rawValue
    normalization = settings.normalization.description
    ends =
      !settings.predictsEnds ? .none : settings.sequence == .line ? .line : .document
    unknown = settings.symbols == .bytes ? .none : model.speller == nil ? .asUnk : .spelled
    vocabularyFingerprint = model.vocabulary.tokensFingerprint
  }

  /// Whether what is charged for a token that the vocabulary lacks is a probability of that token.
  public var chargesUnknown: Bool { unknown != .asUnk }
}

extension Normalization {
  /// What it does, in the options' words.
  var description: String {
    let steps = (lowercases ? ["lowercase"] : []) + (form == .none ? [] : [form.rawValue])
    return steps.isEmpty ? "none" : steps.joined(separator: ", ")
  }
}
