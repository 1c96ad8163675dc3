import LanguageModels
import Tokenization

/// The settings of a model that is to be trained.
///
/// ```swift
/// var options = TrainingOptions()
/// options.order = 3
/// options.smoothing = .wittenBell
/// ```
public struct TrainingOptions: Hashable, Sendable {
  /// The methods that give probability to n-grams that the training text does not have.
  ///
  /// Each case has the name of a method in Chen and Goodman (1998), but for `stupidBackOff` of
  /// Brants et al. (2007), whose scores are not probabilities and which is therefore left out here.
  public enum Smoothing: String, CaseIterable, Sendable {
    /// Modified Kneser-Ney: three discounts an order; the best for most texts.
    case modifiedKneserNey = "modified-kneser-ney"
    /// Kneser-Ney: one discount an order.
    case kneserNey = "kneser-ney"
    /// Absolute discounting.
    case absoluteDiscounting = "absolute-discounting"
    /// Witten-Bell.
    case wittenBell = "witten-bell"
    /// Katz: Good-Turing discounts and back-off.
    case katz
    /// Jelinek-Mercer: interpolation with weights found by EM.
    case jelinekMercer = "jelinek-mercer"
    /// One added to each count.
    case additive
    /// Relative frequencies: n-grams that were not seen have probability zero.
    case maximumLikelihood = "maximum-likelihood"
  }

  /// The ways to cut a text into tokens.
  public enum Tokenizer: String, CaseIterable, Sendable {
    /// The parts between white space.
    case whitespace
    /// The words and marks of Unicode's UAX #29.
    case words
    /// Unicode scalars.
    case characters
    /// Characters as a reader sees them.
    case graphemes
    /// Bytes.
    case bytes
  }

  /// The length of the longest n-gram, 1 to 16.
  public var order = 5

  /// The smoothing method.
  public var smoothing = Smoothing.modifiedKneserNey

  /// The tokenizer.
  ///
  /// A line is a sentence for `whitespace` and `words`; a file is one for the others.
  public var tokenizer = Tokenizer.words

  /// True if the text is put into lower case first.
  public var lowercases = false

  /// The count from which a token is in the vocabulary, at least 1; rarer tokens are unknown.
  public var minimumCount = 1

  /// True if the model learns how words are spelled: an unknown word is then charged its letters.
  public var spellsUnknownWords = false

  /// The defaults: words, order 5, modified Kneser-Ney.
  public init() {}

  var settings: TextSettings {
    get throws(PerplexError) {
      guard let name = TokenizerName(rawValue: tokenizer.rawValue) else {
        throw PerplexError(.options, "there is no tokenizer '\(tokenizer.rawValue)'")
      }
      var normalization = Normalization()
      normalization.lowercases = lowercases
      return TextSettings(tokenizer: name, normalization: normalization)
    }
  }

  var estimation: EstimationOptions {
    get throws(PerplexError) {
      guard NGramOrder.all.contains(order) else {
        throw PerplexError(.options, "order must be 1 to \(NGramOrder.maximum), not \(order)")
      }
      guard minimumCount >= 1 else {
        throw PerplexError(.options, "minimumCount must be 1 or more, not \(minimumCount)")
      }
      guard let method = SmoothingMethod(rawValue: smoothing.rawValue) else {
        throw PerplexError(.options, "there is no smoothing method '\(smoothing.rawValue)'")
      }
      var options = EstimationOptions()
      options.order = order
      options.method = method
      return options
    }
  }
}
