public import Tokenization

/// A model's expectation at one position of a text, and the rank of the actual token.
public struct Prediction: Sendable, Equatable {
  /// A possible token at the position.
  public struct Alternative: Sendable, Equatable {
    /// The token.
    public var token: TokenID
    /// Its probability.
    public var probability: Double
  }

  /// The entropy of the model's distribution in bits, which is the expected surprisal.
  public var expectedBits: Double

  /// The rank of the actual token among all tokens, 1 for the likeliest.
  ///
  /// Equally likely tokens share the best rank.
  public var rank: Int

  /// The likeliest tokens, the likeliest first; lower token numbers first among equals.
  public var likeliest: [Alternative]
}

/// A model's predictions at consecutive positions of a text.
public struct Predictions: Sendable, Equatable {
  /// One prediction for each predicted token, in text order from the first.
  public internal(set) var positions: [Prediction] = []

  /// The calibration of the probabilities at all these positions.
  public internal(set) var reliability = Reliability()

  /// No predictions.
  public init() {}
}
