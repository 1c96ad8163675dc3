import InformationTheory

/// The calibration of a model's probabilities on a text: 10 % of the events given 10 % should
/// happen.
///
/// Every outcome at every position counts, not only the token that occurs. Given the preceding
/// tokens, an outcome of probability *p* has the variance *p*(1 − *p*) if the model is right. The
/// errors at different positions are uncorrelated (they form a martingale), so the variances add
/// up, whatever the text.
package struct Reliability: Sendable, Equatable {
  /// The outcomes with probabilities in one range.
  package struct Band: Sendable, Equatable {
    /// The exponent of the range from 2^−(`octave` + 1) up to, but not including, 2^−`octave`.
    ///
    /// The probability 1 belongs to the octave 0.
    package var octave: Int
    /// The expected number of outcomes that occur: the sum of their probabilities.
    package var expected = 0.0
    /// The number of outcomes that occur.
    package var actual = 0
    /// The variance of this number if the model is right.
    package var variance = 0.0

    /// The actual number divided by the expected number; below 1 the model is over-confident.
    package var ratio: Double { Double(actual) / expected }

    /// The standard error of ``ratio`` if the model is right.
    package var standardError: Double { variance.squareRoot() / expected }
  }

  /// The number of octaves; the last one includes all smaller probabilities.
  static let octaveCount = 40

  /// The bands with a positive expectation, from likely to unlikely.
  package var bands: [Band] { octaves.filter { $0.expected > 0 } }

  /// The number of positions.
  package private(set) var positionCount = 0

  /// The total surprisal of the tokens that occur, in bits.
  package private(set) var actualBits = 0.0

  /// The expected value of ``actualBits``: the sum of the entropies of the distributions.
  package private(set) var expectedBits = 0.0

  /// The variance of ``actualBits`` if the model is right.
  package private(set) var varianceBits = 0.0

  /// The number of positions whose actual token was the likeliest, among the top 5 and among the
  /// top 10.
  package private(set) var first = 0, amongFive = 0, amongTen = 0

  private var octaves = (0..<octaveCount).map { Band(octave: $0) }

  /// A calibration of no positions.
  init() {}

  /// The octave of a positive probability.
  static func octave(of probability: Double) -> Int {
    min(max(0, -1 - Int(probability.exponent)), octaveCount - 1)
  }

  /// Adds an outcome with a positive `probability`.
  @inline(__always)
  mutating func expect(_ probability: Double) {
    let octave = Self.octave(of: probability)
    octaves[octave].expected += probability
    octaves[octave].variance += probability * (1 - probability)
  }

  /// Ends a position, with the `probability` and `rank` of its token and the surprisal's expected
  /// mean and variance.
  mutating func endPosition(
    _ probability: Double,
    rank: Int,
    expectedBits: Double,
    varianceBits: Double
  ) {
    positionCount += 1
    actualBits += InformationTheory.surprisalBits(ofProbability: probability)
    self.expectedBits += expectedBits
    self.varianceBits += varianceBits
    if probability > 0 { octaves[Self.octave(of: probability)].actual += 1 }
    if rank == 1 { first += 1 }
    if rank <= 5 { amongFive += 1 }
    if rank <= 10 { amongTen += 1 }
  }

  /// Adds the positions of `right`.
  static func += (left: inout Self, right: Self) {
    left.positionCount += right.positionCount
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
