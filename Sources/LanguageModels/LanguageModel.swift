public import Tokenization

/// What a model says of one token.
public struct TokenScore: Sendable, BitwiseCopyable {
  /// The logarithm of the token's probability after its history.
  public var logProbability: LogProbability

  /// The length of the longest n-gram that ends in the token and that the model knows.
  public var matchedLength: UInt8

  /// A token that is certain and that no n-gram was needed for, as `<s>` is where a sequence begins.
  public static let certain = TokenScore(logProbability: .one, matchedLength: 0)

  /// The token's surprisal, −log₂ of its probability; 0 and not −0 for a certain token.
  public var surprisalBits: Double { logProbability.surprisalBits }

  /// What stands for the score of a token that has none, because a program gave it none; its bits are 0.
  public static let unscored = TokenScore(logProbability: .one, matchedLength: .max)

  /// Whether there is a score at all.
  public var isScored: Bool { matchedLength != .max }

  private var spellingBits: Float = 0

  /// A score.
  public init(logProbability: LogProbability, matchedLength: UInt8) {
    self.logProbability = logProbability
    self.matchedLength = matchedLength
  }

  /// The part of ``logProbability`` that is an unknown word's spelling (``SpellingModel``); that of a
  /// certain event for all other tokens.
  public var spelling: LogProbability { LogProbability(bits: Double(spellingBits)) }

  /// Charges the token its spelling, which is rounded to 24 bits.
  public mutating func spell(_ spelling: LogProbability) {
    spellingBits = Float(spelling.bits)
    logProbability += self.spelling
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

  /// What spells the words that the vocabulary lacks; nil where they are charged as `<unk>` alone.
  var speller: SpellingModel? { get }

  /// Spans of the text it was trained on; nil where they were not kept.
  var trainingSpans: TrainingSpans? { get }

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

  /// A reading of texts from their start to their end, for a model whose state is too large to be
  /// made anew for every part; nil where any part can be scored by itself.
  ///
  /// What `adapts` learns from all that it reads, as a compressor does; the model stays as it is.
  func reading(adapts: Bool) -> (any ModelReading)?
}

/// A model on its way through texts: it knows what it has read.
///
/// It is read by one thread at a time.
public protocol ModelReading: AnyObject, Sendable {
  /// Scores each of `tokens` after all that was read before it, and reads it; the score of
  /// `tokens[i]` goes to `scores[i]`. A `<s>` begins a text.
  func score(_ tokens: Span<TokenID>, into scores: inout MutableSpan<TokenScore>)

  /// The probability of every token after what was read; index = token number.
  func distribution() -> [Double]
}

extension ModelReading {
  /// Reads tokens whose scores are not wanted.
  public func read(_ tokens: Span<TokenID>) {
    var scores = [TokenScore](repeating: .certain, count: tokens.count)
    var span = scores.mutableSpan
    score(tokens, into: &span)
  }
}

/// A model in a file.
public protocol StoredModel: LanguageModel {
  /// The size of the file.
  var byteCount: Int { get }

  /// Equal for equal files, and for no others but by the rarest chance.
  var fingerprint: UInt64 { get }

  /// Checks every checksum of the file, which is called `path` in errors.
  ///
  /// - Throws: ``ModelFileError/damaged(path:part:)`` naming the first part that does not have its.
  func verifyChecksums(path: String) throws(ModelFileError)

  /// Sums the distribution over the whole vocabulary after at least `count` contexts.
  func sumDistributions(atLeast count: Int, threads: Int) -> Verification
}

extension LanguageModel {
  /// No batch: parts are scored one by one.
  public func sortedBatch(
    _ tokens: [TokenID],
    _ parts: [Range<Int>],
    threads: Int,
    reusing previous: SortedBatch?
  ) -> SortedBatch? { nil }

  /// No spans.
  public var trainingSpans: TrainingSpans? { nil }

  /// No speller.
  public var speller: SpellingModel? { nil }

  /// No reading: parts are scored by themselves.
  public func reading(adapts: Bool) -> (any ModelReading)? { nil }
}
