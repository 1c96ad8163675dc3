package import Tokenization

/// Gives each token a probability, from the tokens before it.
///
///     p(w | h)    w a token of the vocabulary, h the tokens from `<s>` to the one before w
///
/// A model is a value that threads may share. A caller scores many tokens by one call, so a model
/// behind `any LanguageModel` costs nothing a token.
package protocol LanguageModel: Sendable {
  /// The tokens that the model predicts, and their numbers.
  var vocabulary: Vocabulary { get }

  /// The way in which text becomes tokens, the same as in training.
  var settings: TextSettings { get }

  /// The model of the spelling of words that the vocabulary lacks; nil if each is charged as
  /// `<unk>` alone.
  var speller: SpellingModel? { get }

  /// Hashes of spans of the training text; nil if none were kept.
  var trainingSpans: TrainingSpans? { get }

  /// The number of tokens before a token that can change its probability; nil if there is no
  /// bound.
  var historyLength: Int? { get }

  /// True where the scores of all tokens after a history sum to one.
  var isNormalized: Bool { get }

  /// Scores `tokens[range]`, each after the tokens before it as far back as its own `<s>`.
  ///
  /// `tokens` holds sequences one after the other, each begun by `<s>`; a `<s>` gets
  /// ``TokenScore/certain``. The score of `tokens[range.lowerBound + i]` goes to `scores[i]`.
  func score(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    into scores: inout MutableSpan<TokenScore>
  )

  /// The probability of every token after `history`, by token number; that of `<s>` is 0.
  ///
  /// `history` begins with `<s>`, or is the tail of such a sequence.
  func distribution(after history: [TokenID]) -> [Double]

  /// A reading of texts by this model, at their start.
  ///
  /// A reading that `adapts` learns from all that it reads, as a compressor does; the model stays
  /// as it is. A model that cannot learn gives the same reading for both.
  func reading(adapts: Bool) -> any ModelReading
}
