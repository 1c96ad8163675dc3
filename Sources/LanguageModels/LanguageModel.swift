public import Tokenization

/// What a model says of one token.
public struct TokenScore: Sendable, BitwiseCopyable {
  /// The logarithm of the token's probability after its history.
  public var logProbability: LogProbability

  /// The length of the longest n-gram that ends in the token and that the model knows.
  public var matchedLength: UInt8

  /// A score.
  public init(logProbability: LogProbability, matchedLength: UInt8) {
    self.logProbability = logProbability
    self.matchedLength = matchedLength
  }
}

/// Gives each token a probability, from the tokens before it.
///
/// A model is a value that threads may share. Who scores a text makes one call for many tokens, so
/// a model behind `any LanguageModel` costs nothing a token.
public protocol LanguageModel: Sendable {
  /// The tokens it predicts, and their numbers.
  var vocabulary: Vocabulary { get }

  /// How text becomes tokens, as in training.
  var settings: TextSettings { get }

  /// How many tokens before a token can change its probability; nil where there is no bound.
  var historyLength: Int? { get }

  /// Whether the scores of all tokens after a history sum to one.
  var isNormalized: Bool { get }

  /// Scores `tokens[range]`, each after the tokens before it as far back as its own `<s>`.
  ///
  /// `tokens` holds sequences one after the other, each begun by `<s>`; a `<s>` gets the score of a
  /// certain event. The score of `tokens[range.lowerBound + i]` goes to `scores[i]`.
  func score(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    into scores: inout MutableSpan<TokenScore>
  )

  /// The tokens of `parts`, which follow one another in `tokens`, to be scored by several threads in
  /// another order than the text's; nil where there are too few of them, or no order is better.
  ///
  /// The scores are those of ``score(_:_:into:)``. Preparing takes so many `threads`; the memory of
  /// `previous`, whose scores are needed no more, is used again.
  func sortedBatch(
    _ tokens: [TokenID],
    _ parts: [Range<Int>],
    threads: Int,
    reusing previous: SortedBatch?
  ) -> SortedBatch?

  /// The probability of every token after `history`, which begins with `<s>` or is the tail of one;
  /// index = token number. That of `<s>` is 0.
  func distribution(after history: [TokenID]) -> [Double]
}

extension LanguageModel {
  /// No batch: parts are scored one by one.
  public func sortedBatch(
    _ tokens: [TokenID],
    _ parts: [Range<Int>],
    threads: Int,
    reusing previous: SortedBatch?
  ) -> SortedBatch? { nil }
}
