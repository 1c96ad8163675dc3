import InformationTheory
import RealFunctions

/// A source of lines or texts by their sums alone, with no model and no text behind them.
///
/// Each unit has a size in tokens and a difficulty in bits a token. The difficulties have a mean that is
/// known, so the ratio of the sums over all texts of the source is known too.
struct UnitSource: Sendable, Equatable {
  /// The distribution of the sizes.
  enum Sizes: Sendable, Equatable {
    /// All the same.
    case equal(Double)
    /// Tokens up to a mark that each token may be, as ends of sentences.
    case geometric(mean: Double)
    /// With a tail so heavy that there is no variance, at an exponent below 2.
    case pareto(exponent: Double, least: Double)
    /// The exponential of a normal number of this deviation.
    case lognormal(Double, median: Double)
    /// Equal but for the first, which has this share of the whole.
    case giant(share: Double, rest: Double)
  }

  /// The distribution of the difficulties around ``mean``.
  enum Difficulty: Sendable, Equatable {
    /// Normal and independent.
    case normal
    /// Exponential and independent: few units are far harder than the rest.
    case skewed
    /// Normal; a unit's correlates with the one before.
    case chain(Double)
    /// Normal; the same for this many units in a row.
    case runs(Int)
    /// Normal, but a unit is of another kind, 8 bits harder, with this probability.
    case foreign(Double)
  }

  /// The mean of a token's bits.
  static let mean = 8.0
  private static let foreignExcess = 8.0

  var sizes: Sizes
  var difficulty: Difficulty

  /// The ratio of the sums over all units.
  var trueRatio: Double {
    guard case .foreign(let share) = difficulty else { return Self.mean }
    return Self.mean + share * Self.foreignExcess
  }

  /// Draws `count` units.
  func draw(_ count: Int, seed: UInt64) -> (values: [Double], sizes: [Double]) {
    var generator = SplitMix64(seed: seed)
    var values: [Double] = []
    var drawn: [Double] = []
    var state = generator.nextNormal()
    for index in 0..<count {
      let size = size(of: index, among: count, &generator)
      let excess: Double
      switch difficulty {
      case .normal: excess = generator.nextNormal()
      case .skewed: excess = -log(1 - generator.nextUnit()) - 1
      case .chain(let correlation):
        excess = state
        state =
          correlation * state
          + (1 - correlation * correlation).squareRoot() * generator.nextNormal()
      case .runs(let length):
        if index > 0 && index.isMultiple(of: length) { state = generator.nextNormal() }
        excess = state
      case .foreign(let share):
        excess =
          generator.nextNormal() + (generator.nextUnit() < share ? Self.foreignExcess : 0)
      }
      // Each token deviates too, by 4 bits.
      let noise = 4 * size.squareRoot() * generator.nextNormal()
      values.append(size * (Self.mean + excess) + noise)
      drawn.append(size)
    }
    return (values, drawn)
  }

  private func size(of index: Int, among count: Int, _ generator: inout SplitMix64) -> Double {
    switch sizes {
    case .equal(let size): return size
    case .geometric(let mean):
      return (log(1 - generator.nextUnit()) / log1p(-1 / mean)).rounded(.down) + 1
    case .pareto(let exponent, let least):
      return (least * pow(1 - generator.nextUnit(), -1 / exponent)).rounded()
    case .lognormal(let deviation, let median):
      return max(1, (median * exp(deviation * generator.nextNormal())).rounded())
    case .giant(let share, let rest):
      return index > 0 ? rest : (rest * Double(count - 1) * share / (1 - share)).rounded()
    }
  }
}

extension SplitMix64 {
  /// The next number of the standard normal distribution, by Box and Muller's method.
  mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUnit())).squareRoot()
    return radius * cos(2 * .pi * nextUnit())
  }
}
