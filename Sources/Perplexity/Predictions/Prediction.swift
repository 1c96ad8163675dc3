package import Tokenization

/// A model's expectation at one position of a text, and the rank of the actual token.
package struct Prediction: Sendable, Equatable {
  /// A possible token at the position.
  package struct Alternative: Sendable, Equatable {
    /// The token.
    package var token: TokenID
    /// Its probability.
    package var probability: Double
  }

  /// The entropy of the model's distribution in bits, which is the expected surprisal.
  package var expectedBits: Double

  /// The rank of the actual token among all tokens, 1 for the likeliest.
  ///
  /// Equally likely tokens share the best rank.
  package var rank: Int

  /// The likeliest tokens, the likeliest first; lower token numbers first among equals.
  package var likeliest: [Alternative]
}

/// A model's predictions at consecutive positions of a text.
package struct Predictions: Sendable, Equatable {
  /// One prediction for each predicted token, in text order from the first.
  package internal(set) var positions: [Prediction] = []

  /// The calibration of the probabilities at all these positions.
  package internal(set) var reliability = Reliability()

  /// No predictions.
  package init() {}
}
