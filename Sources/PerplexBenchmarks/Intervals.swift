import Files
import Statistics
import Terminal

/// `intervals`: counts how often the intervals in use cover the truth, over lines and over texts.
struct Intervals: Command, Equatable {
  var draws = 1000
  var resamples = 2000
  var seed = 1
  var threads = Parallel.processorCount

  static let name = "intervals"
  static let abstract = "Count how often the intervals in use cover, over lines and texts."
  static let discussion = """
    Lines and texts are drawn as sums of bits and tokens, of sources whose true ratio is known: \
    independent, heavy-tailed, alike to their neighbours, of sizes that differ, with one that \
    outweighs the others, with some of another kind. Each draw gets the interval that score would \
    give, and as differences of two equally good models the interval and the p-value of compare. \
    Of intervals at 95 %, as many should hold the truth, and p-values should be uniform. With 1,000 \
    draws the shares are sure to 1.4 points either way.
    """
  static let examples = [
    Example("swift run -c release PerplexBenchmarks intervals", "All tables; some minutes."),
    Example(
      "swift run -c release PerplexBenchmarks intervals --draws 200 --resamples 1000",
      "A quick look."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .option("--draws", value: \.draws, help: "The number of draws of each kind."),
    .option("--resamples", value: \.resamples, help: "The resamples of each draw."),
    .option("--seed", value: \.seed, help: "The seed of the draws."),
    .option("--threads", value: \.threads, help: "Threads to use."),
  ]

  mutating func validate() throws(UsageError) {
    try UsageError.check(draws, of: "--draws", is: .atLeast(1))
    try UsageError.check(resamples, of: "--resamples", is: .atLeast(100))
    try UsageError.check(threads, of: "--threads", is: .between(1, 1024))
  }

  func run(in console: inout Console) throws {
    try console.print("\(draws) draws of each kind, \(resamples) resamples of each, at 95 %")
    try report("Lines", UnitTrial.lines, in: &console)
    try report("Texts", UnitTrial.texts, in: &console)
  }

  private func report(
    _ title: String,
    _ trials: [UnitTrial],
    in console: inout Console
  ) throws {
    var table = TextTable([
      .left("source"), .right("units"), .decimal("covered"), .decimal("above"), .decimal("none"),
      .decimal("median width"), .decimal("95 of 100"), .decimal("mean of texts"),
      .decimal("difference"), .decimal("none"), .decimal("p <= 0.05"), .decimal("p <= 0.01"),
      .decimal("uniform p"), .right("disagree"),
    ])
    var resampling = Resampling()
    resampling.resamples = resamples
    resampling.seed = UInt64(bitPattern: Int64(seed))
    for trial in trials {
      let counts = UnitCounts(
        of: trial,
        draws: draws,
        resampling: resampling,
        threads: threads
      )
      table.append(cells(of: trial, counts))
    }
    try console.print()
    try console.print(title)
    try console.write(table.rendered(width: max(console.width, 180), style: console.style))
  }

  private func cells(of trial: UnitTrial, _ counts: UnitCounts) -> [String] {
    func share(_ count: Int, of total: Int) -> String {
      total == 0 ? "-" : NumberFormat.percent(Double(count) / Double(total), decimals: 1)
    }
    func width(_ value: Double) -> String {
      counts.given == 0 ? "-" : NumberFormat.fixed(value, decimals: 3)
    }
    let pCount = counts.pValues.count
    return [
      trial.name, NumberFormat.grouped(trial.count), share(counts.covered, of: counts.given),
      share(counts.above, of: counts.given), share(draws - counts.given, of: draws),
      width(counts.medianWidth), width(counts.largeWidth),
      trial.units == .texts ? share(counts.meansCovered, of: draws) : "",
      share(counts.differencesCovered, of: counts.differencesGiven),
      share(draws - counts.differencesGiven, of: draws),
      share(counts.found(at: 0.05), of: pCount), share(counts.found(at: 0.01), of: pCount),
      counts.uniformity.map { NumberFormat.fixed($0, decimals: 3) } ?? "-",
      NumberFormat.grouped(counts.disagreements),
    ]
  }
}
