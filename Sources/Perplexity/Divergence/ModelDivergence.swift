public import InformationTheory

/// How far two models lie apart in the contexts of a text.
///
/// In each context the whole distributions of both are held against each other, outcome by outcome, so
/// the figures are exact for the contexts that were looked at; means are over these, each as often as
/// the text has it. The distance of one model to another has no text's tokens in it: both are asked
/// what could come, not what came.
public struct ModelDivergence: Sendable {
  /// The mean of each figure over the contexts; infinite where it is infinite in one.
  public var mean = Divergence()

  /// How far a mean may be from that over all places of the texts: its standard error, with the places
  /// taken for drawn at random; 0 where all were looked at.
  public var standardErrors = StandardErrors()

  /// The share of contexts in which both hold the same token for the likeliest.
  public var top1Agreement = 0.0

  /// The number of places in the texts.
  public var placeCount = 0

  /// The number of places that were looked at, evenly spread.
  public var contextCount = 0

  /// The number of different contexts among them.
  public var distinctContextCount = 0

  /// The number of tokens that both models know.
  public var sharedTokenCount = 0

  /// What each model says of tokens that the other lacks, which was taken as `<unk>`: the number of
  /// these tokens, and their mean probability together.
  public var unshared = (first: Unshared(), second: Unshared())

  /// Whether `</s>` was left out, as one of the models does not predict it.
  public var leavesOutEnds = false

  /// The number of places where the first model holds for possible what the second does not, and an
  /// example.
  public var forwardImpossible: Impossible?

  /// The same the other way round.
  public var backwardImpossible: Impossible?

  /// The tokens that add most to the Jensen-Shannon divergence.
  public var tokens: [Token] = []

  /// The contexts with the largest Jensen-Shannon divergence.
  public var contexts: [Context] = []

  /// The standard errors of means over a sample of places, in bits.
  public struct StandardErrors: Sendable, Equatable {
    /// Of D(P‖Q).
    public var forwardBits = 0.0
    /// Of D(Q‖P).
    public var backwardBits = 0.0
    /// Of JS(P, Q).
    public var jensenShannonBits = 0.0
  }

  /// Tokens that one model has alone.
  public struct Unshared: Sendable, Equatable {
    /// How many there are.
    public var count = 0
    /// The mean over contexts of the probability of all of them.
    public var mass = 0.0
  }

  /// A token, and how the models differ on it over all contexts.
  public struct Token: Sendable, Equatable {
    /// Its spelling.
    public var token: String
    /// What it adds to the mean Jensen-Shannon divergence, in bits.
    public var jensenShannonBits: Double
    /// Its mean probability in the first model.
    public var firstProbability: Double
    /// Its mean probability in the second.
    public var secondProbability: Double
  }

  /// Where a context stands.
  public struct Place: Sendable, Equatable {
    /// The tokens before, as the first model reads them.
    public var context: [String]
    /// The number of the text, from 0.
    public var text: Int
    /// The line, from 1.
    public var line: Int
  }

  /// A context, and how the models differ there.
  public struct Context: Sendable, Equatable {
    /// Where it stands first.
    public var place: Place
    /// How many places of the sample have it.
    public var count: Int
    /// The divergence.
    public var divergence: Divergence
    /// The likeliest token of each model, and its probability.
    public var likeliest: (first: Likeliest, second: Likeliest)

    /// The same context, with the same figures.
    public static func == (left: Self, right: Self) -> Bool {
      left.place == right.place && left.count == right.count
        && left.divergence == right.divergence && left.likeliest == right.likeliest
    }
  }

  /// A token that a model holds for the likeliest.
  public struct Likeliest: Sendable, Equatable {
    /// Its spelling.
    public var token: String
    /// Its probability.
    public var probability: Double
  }

  /// What one model holds for possible and the other does not.
  public struct Impossible: Sendable, Equatable {
    /// The likeliest such token, in the first context where there is one.
    public var token: String
    /// That context.
    public var place: Place
    /// The number of places with such tokens.
    public var count: Int
  }
}
