import InformationTheory

/// How far a model's probabilities are borne out by a text: of what it gives ten in a hundred, ten in a
/// hundred should come.
///
/// Every outcome of every place counts, not the token that came alone. Given the tokens before it, an
/// outcome of probability *p* comes with a variance of *p*(1 − *p*) if the model is right, and what comes
/// in one place says nothing of the next; so sums over places have the sum of these variances, whatever
/// the text (they are martingales).
public struct Reliability: Sendable, Equatable {
  /// The outcomes whose probability is in one range.
  public struct Band: Sendable, Equatable {
    /// The range is 2^−(`octave` + 1) up to, but not with, 2^−`octave`; 1 is in the first.
    public var octave: Int
    /// How many of them the model expected to come: the sum of their probabilities.
    public var expected = 0.0
    /// How many came.
    public var actual = 0
    /// The variance of that number if the model is right.
    public var variance = 0.0

    /// How often such outcomes come for each time that they are expected; 1 is right, less is
    /// over-confident.
    public var ratio: Double { Double(actual) / expected }

    /// The standard error of ``ratio`` if the model is right.
    public var standardError: Double { variance.squareRoot() / expected }
  }

  /// Smaller probabilities are in the last band.
  static let octaveCount = 40

  /// The bands in which something is expected, from likely to unlikely.
  public var bands: [Band] { octaves.filter { $0.expected > 0 } }

  /// The number of places.
  public private(set) var placeCount = 0

  /// The surprisal in bits of the tokens that came, together.
  public private(set) var actualBits = 0.0

  /// What the model expected that to be: the entropies of its distributions.
  public private(set) var expectedBits = 0.0

  /// The variance of ``actualBits`` if the model is right.
  public private(set) var varianceBits = 0.0

  /// In how many places the token that came was the likeliest, among the 5 likeliest and among the 10.
  public private(set) var first = 0, amongFive = 0, amongTen = 0

  private var octaves = (0..<octaveCount).map { Band(octave: $0) }

  /// Nothing measured.
  init() {}

  /// The band of a probability above zero.
  static func octave(of probability: Double) -> Int {
    min(max(0, -1 - Int(probability.exponent)), octaveCount - 1)
  }

  /// Adds an outcome that comes with `probability`, above zero.
  @inline(__always)
  mutating func expect(_ probability: Double) {
    let octave = Self.octave(of: probability)
    octaves[octave].expected += probability
    octaves[octave].variance += probability * (1 - probability)
  }

  /// Ends a place in which a token of `probability` and `rank` came, where the surprisal's mean and
  /// variance were to be these.
  mutating func endPlace(
    _ probability: Double,
    rank: Int,
    expectedBits: Double,
    varianceBits: Double
  ) {
    placeCount += 1
    actualBits += InformationTheory.surprisalBits(ofProbability: probability)
    self.expectedBits += expectedBits
    self.varianceBits += varianceBits
    if probability > 0 { octaves[Self.octave(of: probability)].actual += 1 }
    if rank == 1 { first += 1 }
    if rank <= 5 { amongFive += 1 }
    if rank <= 10 { amongTen += 1 }
  }

  /// Adds other places.
  static func += (left: inout Self, right: Self) {
    left.placeCount += right.placeCount
    left.actualBits += right.actualBits
    left.expectedBits += right.expectedBits
    left.varianceBits += right.varianceBits
    left.first += right.first
    left.amongFive += right.amongFive
    left.amongTen += right.amongTen
    for index in left.octaves.indices {
      left.octaves[index].expected += right.octaves[index].expected
      left.octaves[index].actual += right.octaves[index].actual
      left.octaves[index].variance += right.octaves[index].variance
    }
  }
}
