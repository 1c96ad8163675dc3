public import InformationTheory

/// The divergence of two models in the contexts of a text.
///
/// In each context the full distributions of both models are compared, outcome by outcome, so the
/// figures are exact for these contexts. Means are over positions: a context counts as often as it
/// occurs. The figures depend on the text only through its contexts, not through the tokens that
/// follow.
public struct ModelDivergence: Sendable {
  /// The mean of each figure over the contexts; infinite if it is infinite in one.
  public var mean = Divergence()

  /// The standard errors of the means, for a random sample of positions.
  ///
  /// They are 0 if all positions were used.
  public var standardErrors = StandardErrors()

  /// The fraction of positions at which both models have the same likeliest token.
  public var top1Agreement = 0.0

  /// The number of positions in the texts.
  public var positionCount = 0

  /// The number of sampled positions, evenly spread.
  public var contextCount = 0

  /// The number of different contexts at the sampled positions.
  public var distinctContextCount = 0

  /// The number of tokens that both models know.
  public var sharedTokenCount = 0

  /// The tokens of each model that the other lacks; they count as `<unk>`.
  public var unshared = (first: Unshared(), second: Unshared())

  /// True if `</s>` was left out, because one of the models does not predict it.
  public var leavesOutEnds = false

  /// The tokens that are possible in the first model and impossible in the second.
  public var forwardImpossible: Impossible?

  /// The tokens that are possible in the second model and impossible in the first.
  public var backwardImpossible: Impossible?

  /// The tokens with the largest contributions to the Jensen-Shannon divergence.
  public var tokens: [Token] = []

  /// The contexts with the largest Jensen-Shannon divergence.
  public var contexts: [Context] = []

  /// The standard errors of means over a sample of positions, in bits.
  public struct StandardErrors: Sendable, Equatable {
    /// The standard error of D(P‖Q).
    public var forwardBits = 0.0
    /// The standard error of D(Q‖P).
    public var backwardBits = 0.0
    /// The standard error of JS(P, Q).
    public var jensenShannonBits = 0.0
  }

  /// The tokens that only one model has.
  public struct Unshared: Sendable, Equatable {
    /// The number of these tokens.
    public var count = 0
    /// The mean of their total probability over the contexts.
    public var mass = 0.0
  }

  /// A token and the difference of the models on it, over all contexts.
  public struct Token: Sendable, Equatable {
    /// The spelling of the token.
    public var token: String
    /// Its contribution to the mean Jensen-Shannon divergence, in bits.
    public var jensenShannonBits: Double
    /// Its mean probability in the first model.
    public var firstProbability: Double
    /// Its mean probability in the second.
    public var secondProbability: Double
  }

  /// The location of a context in the texts.
  public struct Location: Sendable, Equatable {
    /// The tokens before the position, as the first model reads them.
    public var context: [String]
    /// The number of the text, from 0.
    public var text: Int
    /// The number of the line, from 1.
    public var line: Int
  }

  /// A context and the divergence of the models in it.
  public struct Context: Sendable, Equatable {
    /// The first location of the context.
    public var location: Location
    /// The number of sampled positions with this context.
    public var count: Int
    /// The divergence.
    public var divergence: Divergence
    /// The likeliest token of each model, and its probability.
    public var likeliest: (first: Likeliest, second: Likeliest)

    /// Equal contexts with equal figures.
    public static func == (left: Self, right: Self) -> Bool {
      left.location == right.location && left.count == right.count
        && left.divergence == right.divergence && left.likeliest == right.likeliest
    }
  }

  /// The likeliest token of a model.
  public struct Likeliest: Sendable, Equatable {
    /// The spelling of the token.
    public var token: String
    /// Its probability.
    public var probability: Double
  }

  /// Tokens that are possible in one model and impossible in the other.
  public struct Impossible: Sendable, Equatable {
    /// The likeliest such token in the first context that has one.
    public var token: String
    /// The location of that context.
    public var location: Location
    /// The number of sampled positions with such tokens.
    public var count: Int
  }
}
