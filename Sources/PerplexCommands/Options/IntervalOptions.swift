import Statistics
import Terminal

/// Options of confidence intervals.
struct IntervalOptions: Equatable, Sendable {
  var level = 0.95
  var resamples = 10_000
  var seed: UInt64 = Resampling().seed

  static let arguments: [Argument<Self>] = [
    .option("--confidence", value: \.level, help: "The share of intervals that cover the truth."),
    .option(
      "--resamples",
      value: \.resamples,
      help: "The number of times that the text is resampled; 0 for no intervals."
    ),
    .option("--seed", value: \.seed, help: "The seed of resampling."),
  ]

  func validate() throws(UsageError) {
    try UsageError.check(level, of: "--confidence", is: .above(0, below: 1))
    // Fewer do not reach as far out as the ends of the interval are.
    let fewest = (2 / (1 - level)).rounded(.up)
    guard resamples == 0 || (Double(resamples) >= fewest && resamples <= 10_000_000) else {
      throw .outOfRange(
        option: "--resamples",
        bounds: "0, or between \(NumberFormat.grouped(Int(min(fewest, 1e15)))) (at this level) "
          + "and 10,000,000",
        found: "\(resamples)"
      )
    }
  }

  /// A level in words, with as many decimals as it takes: `95 %`, `99.9 %`.
  static func levelText(_ level: Double) -> String {
    let decimals = (0..<6).first { decimals in
      let scale = [1, 10, 100, 1_000, 10_000, 100_000][decimals] * 100.0
      return abs(level * scale - (level * scale).rounded()) < 1e-6
    }
    return NumberFormat.percent(level, decimals: decimals ?? 6)
  }

  /// The way intervals are made; nil if there are to be none.
  func resampling(threads: Int) -> Resampling? {
    guard resamples > 0 else { return nil }
    var resampling = Resampling()
    resampling.level = level
    resampling.resamples = resamples
    resampling.seed = seed
    resampling.threads = threads
    return resampling
  }
}
