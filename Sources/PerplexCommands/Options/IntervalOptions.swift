import Statistics
import Terminal

/// Options on how sure figures are.
struct IntervalOptions: Equatable, Sendable {
  var level = 0.95
  var resamples = 10_000
  var seed: UInt64 = Resampling().seed

  static let arguments: [Argument<Self>] = [
    .option("--confidence", value: \.level, help: "The share of intervals that cover the truth."),
    .option(
      "--resamples",
      value: \.resamples,
      help: "How often the text is drawn anew; 0 for no intervals."
    ),
    .option("--seed", value: \.seed, help: "What the draws depend on."),
  ]

  func validate() throws(UsageError) {
    guard level > 0, level < 1 else {
      throw UsageError("'--confidence' must be between 0 and 1, such as 0.95, not \(level)")
    }
    guard (0...10_000_000).contains(resamples) else {
      throw UsageError("'--resamples' must be between 0 and 10,000,000, not \(resamples)")
    }
  }

  /// The way intervals are made; nil where there are to be none.
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
