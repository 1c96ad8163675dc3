/// A model's score of one token.
public struct TokenScore: Sendable, BitwiseCopyable {
  /// The logarithm of the token's probability after its history.
  public var logProbability: LogProbability

  /// The length of the longest n-gram of the model that ends in the token; 0 if there is none.
  public var matchedLength: UInt8

  /// The score of a certain token, for which no n-gram was looked up, as of a `<s>`.
  public static let certain = TokenScore(logProbability: .one, matchedLength: 0)

  /// The token's surprisal, −log₂ of its probability; 0 and not −0 for a certain token.
  public var surprisalBits: Double { logProbability.surprisalBits }

  /// The mark of a token without a score, because a program gave it none; its bits are 0.
  public static let unscored = TokenScore(logProbability: .one, matchedLength: .max)

  /// False for ``unscored`` alone.
  public var isScored: Bool { matchedLength != .max }

  private var spellingBits: Float = 0

  /// A score.
  public init(logProbability: LogProbability, matchedLength: UInt8) {
    self.logProbability = logProbability
    self.matchedLength = matchedLength
  }

  /// The share of ``logProbability`` that an unknown word's spelling has (``SpellingModel``);
  /// ``LogProbability/one`` for all other tokens.
  public var spelling: LogProbability { LogProbability(bits: Double(spellingBits)) }

  /// Adds the log-probability of the token's spelling, rounded to 24 bits.
  public mutating func spell(_ spelling: LogProbability) {
    spellingBits = Float(spelling.bits)
    logProbability += self.spelling
  }
}
