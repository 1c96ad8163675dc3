public import Tokenization

/// What a model held for likely in one place of a text, beside the token that stands there.
public struct Prediction: Sendable, Equatable {
  /// A token that might have stood there.
  public struct Alternative: Sendable, Equatable {
    /// The token.
    public var token: TokenID
    /// Its probability.
    public var probability: Double
  }

  /// The surprisal that the model expected, in bits: the entropy of its distribution.
  public var expectedBits: Double

  /// The place of the token that stands there among all tokens, 1 for the likeliest; of tokens that are
  /// equally likely all have the best place.
  public var rank: Int

  /// The likeliest tokens, the likeliest first; of equals those of lower number.
  public var likeliest: [Alternative]
}

/// What a model held for likely in consecutive places of a text.
public struct Predictions: Sendable, Equatable {
  /// One for each token that is predicted, in the text's order, from its first on.
  public internal(set) var places: [Prediction] = []

  /// How far the probabilities of all of them are borne out.
  public internal(set) var reliability = Reliability()

  /// No places.
  public init() {}
}
