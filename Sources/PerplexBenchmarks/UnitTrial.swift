import Files
import InformationTheory
import RealFunctions
import Statistics

/// A number of lines or texts of a ``UnitSource``, whose interval is tried.
struct UnitTrial: Sendable {
  var name: String
  var source: UnitSource
  var units: Resampling.Units
  var count: Int
}

extension UnitTrial {
  /// Lines that are independent, of sizes with a heavy tail, and alike to their neighbours.
  static var lines: [UnitTrial] {
    let independent = UnitSource(sizes: .geometric(mean: 12), difficulty: .normal)
    let sources: [(String, UnitSource)] = [
      ("independent", independent),
      (
        "sizes Pareto(1.5)",
        UnitSource(sizes: .pareto(exponent: 1.5, least: 5), difficulty: .normal)
      ),
      ("skewed", independent.with(.skewed)),
      ("topics of 10 lines", independent.with(.runs(10))),
      ("neighbours at 0.9", independent.with(.chain(0.9))),
      ("neighbours at 0.99", independent.with(.chain(0.99))),
    ]
    return sources.flatMap { name, source in
      [10, 20, 50, 200, 1000].map {
        UnitTrial(name: name, source: source, units: .lines, count: $0)
      }
    }
  }

  /// Texts of equal and unequal sizes, with one that is most of the whole, and with some foreign.
  static var texts: [UnitTrial] {
    let equal = UnitSource(sizes: .equal(1000), difficulty: .normal)
    let sources: [(String, UnitSource)] = [
      ("equal", equal),
      ("lognormal(1.5)", UnitSource(sizes: .lognormal(1.5, median: 1000), difficulty: .normal)),
      ("one is 30 %", UnitSource(sizes: .giant(share: 0.3, rest: 1000), difficulty: .normal)),
      ("one is 60 %", UnitSource(sizes: .giant(share: 0.6, rest: 1000), difficulty: .normal)),
      ("skewed", equal.with(.skewed)),
      ("5 % foreign", equal.with(.foreign(0.05))),
    ]
    return sources.flatMap { name, source in
      [3, 5, 10, 19, 20, 30, 50, 100, 200].map {
        UnitTrial(name: name, source: source, units: .texts, count: $0)
      }
    }
  }
}

extension UnitSource {
  fileprivate func with(_ difficulty: Difficulty) -> UnitSource {
    UnitSource(sizes: sizes, difficulty: difficulty)
  }
}

/// The outcomes of many draws of a ``UnitTrial``.
struct UnitCounts: Sendable, Equatable {
  /// The number of draws.
  let draws: Int
  /// The intervals given.
  private(set) var given = 0
  /// The intervals that hold the true ratio.
  private(set) var covered = 0
  /// The intervals that lie above it.
  private(set) var above = 0
  /// The median of the widths in bits a token.
  private(set) var medianWidth = 0.0
  /// The width that 5 % of the intervals exceed.
  private(set) var largeWidth = 0.0
  /// The intervals of the mean over texts that hold its true value.
  private(set) var meansCovered = 0
  /// The intervals given of a difference of models that are equally good.
  private(set) var differencesGiven = 0
  /// Those that hold zero.
  private(set) var differencesCovered = 0
  /// The p-values of these differences, ascending.
  private(set) var pValues: [Double] = []
  /// The draws in which the p-value and the interval at 95 % say different things.
  private(set) var disagreements = 0

  /// The outcome of one draw; what is missing is NaN.
  private struct Outcome: Sendable {
    var low = Double.nan
    var high = Double.nan
    var coversMean = false
    var differenceLow = Double.nan
    var differenceHigh = Double.nan
    var pValue = Double.nan
  }

  /// Tries `draws` draws, several at a time; the counts do not depend on `threads`.
  init(of trial: UnitTrial, draws: Int, resampling: Resampling, threads: Int) {
    self.draws = draws
    var seeds = SplitMix64(seed: resampling.seed)
    let drawSeeds = (0..<draws).map { _ in seeds.next() }
    var single = resampling
    single.threads = 1
    single.units = trial.units
    let outcomes = Parallel.map(draws, threads: threads) { [single] number in
      Self.outcome(of: trial, seed: drawSeeds[number], single)
    }
    let truth = trial.source.trueRatio
    var widths: [Double] = []
    for outcome in outcomes {
      if !outcome.low.isNaN {
        given += 1
        widths.append(outcome.high - outcome.low)
        if outcome.low > truth { above += 1 } else if truth <= outcome.high { covered += 1 }
      }
      if outcome.coversMean { meansCovered += 1 }
      if !outcome.pValue.isNaN { pValues.append(outcome.pValue) }
      guard !outcome.differenceLow.isNaN else { continue }
      differencesGiven += 1
      let coversZero = outcome.differenceLow <= 0 && 0 <= outcome.differenceHigh
      if coversZero { differencesCovered += 1 }
      if coversZero != (outcome.pValue > 0.05) { disagreements += 1 }
    }
    widths.sort()
    pValues.sort()
    if !widths.isEmpty {
      medianWidth = widths[widths.count / 2]
      largeWidth = widths[widths.count * 95 / 100]
    }
  }

  private static func outcome(
    of trial: UnitTrial,
    seed: UInt64,
    _ resampling: Resampling
  ) -> Outcome {
    let (values, sizes) = trial.source.draw(trial.count, seed: seed)
    let truth = trial.source.trueRatio
    var outcome = Outcome()
    if let interval = resampling.interval(of: values, per: sizes) {
      outcome.low = interval.low
      outcome.high = interval.high
    }
    if trial.units == .texts, let mean = resampling.meanOfRatios(of: values, per: sizes) {
      outcome.coversMean = mean.interval.low <= truth && truth <= mean.interval.high
    }
    // The differences of two models that are equally good on the whole.
    let comparison = resampling.pairedComparison(
      of: zip(values, sizes).map { $0 - truth * $1 },
      per: sizes
    )
    outcome.pValue = comparison.pValue ?? .nan
    outcome.differenceLow = comparison.interval?.low ?? .nan
    outcome.differenceHigh = comparison.interval?.high ?? .nan
    return outcome
  }
}

extension UnitCounts {
  /// The p-values that are at most `level`.
  func found(at level: Double) -> Int { pValues.count { $0 <= level } }

  /// The p-value of a Kolmogorov-Smirnov test that the p-values are uniform; nil without any.
  var uniformity: Double? {
    guard !pValues.isEmpty else { return nil }
    let count = Double(pValues.count)
    var distance = 0.0
    for (index, value) in pValues.enumerated() {
      distance = max(distance, Double(index + 1) / count - value, value - Double(index) / count)
    }
    let scaled = distance * (count.squareRoot() + 0.12 + 0.11 / count.squareRoot())
    if scaled < 0.2 { return 1 }
    let sum = (1...100).reduce(0.0) { sum, term in
      let sign = term.isMultiple(of: 2) ? -1.0 : 1.0
      return sum + sign * exp(-2 * Double(term * term) * scaled * scaled)
    }
    return min(1, max(0, 2 * sum))
  }
}
