package import InformationTheory
package import Records
package import Tokenization

/// The divergence of two models in the contexts of a text.
///
/// In each context the full distributions of both models are compared, outcome by outcome, so the
/// figures are exact for these contexts. Means are over positions: a context counts as often as it
/// occurs. The figures depend on the text only through its contexts, not through the tokens that
/// follow.
package struct ModelDivergence: Sendable {
  /// The mean of each figure over the contexts; infinite if it is infinite in one.
  package var mean = Divergence()

  /// The standard errors of the means, for a random sample of positions.
  ///
  /// They are 0 if all positions were used.
  package var standardErrors = StandardErrors()

  /// The fraction of positions at which both models have the same likeliest token.
  package var top1Agreement = 0.0

  /// The records of the texts; nil for plain text.
  package var records: RecordTally?

  /// The number of positions in the texts.
  package var positionCount = 0

  /// The number of sampled positions, evenly spread.
  package var contextCount = 0

  /// The number of different contexts at the sampled positions.
  package var distinctContextCount = 0

  /// The number of tokens that both models know.
  package var sharedTokenCount = 0

  /// The tokens of each model that the other lacks; they count as `<unk>`.
  package var unshared = (first: Unshared(), second: Unshared())

  /// True if `</s>` was left out, because one of the models does not predict it.
  package var leavesOutEnds = false

  /// The tokens that are possible in the first model and impossible in the second.
  package var forwardImpossible: Impossible?

  /// The tokens that are possible in the second model and impossible in the first.
  package var backwardImpossible: Impossible?

  /// The tokens with the largest contributions to the Jensen-Shannon divergence.
  package var tokens: [Token] = []

  /// The contexts with the largest Jensen-Shannon divergence.
  package var contexts: [Context] = []

  /// The standard errors of means over a sample of positions, in bits.
  package struct StandardErrors: Sendable, Equatable {
    /// The standard error of D(P‖Q).
    package var forwardBits = 0.0
    /// The standard error of D(Q‖P).
    package var backwardBits = 0.0
    /// The standard error of JS(P, Q).
    package var jensenShannonBits = 0.0
  }

  /// The tokens that only one model has.
  package struct Unshared: Sendable, Equatable {
    /// The number of these tokens.
    package var count = 0
    /// The mean of their total probability over the contexts.
    package var mass = 0.0
  }

  /// A token and the difference of the models on it, over all contexts.
  package struct Token: Sendable, Equatable {
    /// The spelling of the token.
    package var token: String
    /// Its contribution to the mean Jensen-Shannon divergence, in bits.
    package var jensenShannonBits: Double
    /// Its mean probability in the first model.
    package var firstProbability: Double
    /// Its mean probability in the second.
    package var secondProbability: Double
  }

  /// The location of a context in the texts.
  package struct Location: Sendable, Equatable {
    /// The tokens before the position, as the first model reads them.
    package var context: [String]
    /// The number of the text, from 0.
    package var text: Int
    /// The number of the line, from 1.
    package var line: TextPlace
  }

  /// A context and the divergence of the models in it.
  package struct Context: Sendable, Equatable {
    /// The first location of the context.
    package var location: Location
    /// The number of sampled positions with this context.
    package var count: Int
    /// The divergence.
    package var divergence: Divergence
    /// The likeliest token of each model, and its probability.
    package var likeliest: (first: Likeliest, second: Likeliest)

    /// Equal contexts with equal figures.
    package static func == (left: Self, right: Self) -> Bool {
      left.location == right.location && left.count == right.count
        && left.divergence == right.divergence && left.likeliest == right.likeliest
    }
  }

  /// The likeliest token of a model.
  package struct Likeliest: Sendable, Equatable {
    /// The spelling of the token.
    package var token: String
    /// Its probability.
    package var probability: Double
  }

  /// Tokens that are possible in one model and impossible in the other.
  package struct Impossible: Sendable, Equatable {
    /// The likeliest such token in the first context that has one.
    package var token: String
    /// The location of that context.
    package var location: Location
    /// The number of sampled positions with such tokens.
    package var count: Int
  }
}
