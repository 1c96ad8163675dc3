import Files
import Foundation
import Statistics
import Terminal

/// `coverage`: counts how often confidence intervals cover the truth.
struct Coverage: Command, Equatable {
  var texts = 1000
  var resamples = 2000
  var seed = 1
  var threads = Parallel.processorCount

  static let name = "coverage"
  static let abstract = "Count how often confidence intervals cover the truth."
  static let discussion = """
    Texts are drawn from a source whose entropy is known, and the interval of a model's \
    cross-entropy is found for each as for any text, by each form of interval. What the model's true \
    cross-entropy is, is calculated from the source. Of intervals at 95 % as many should hold it. \
    So for differences of models, with the share of texts in which the tests call a difference \
    real; where both models are equally good, that is the rate of false alarms. With 1,000 texts \
    the shares are sure to 1.4 points either way.
    """
  static let examples = [
    Example("swift run -c release PerplexBenchmarks coverage", "All tables; some minutes."),
    Example(
      "swift run -c release PerplexBenchmarks coverage --texts 200 --resamples 1000",
      "A quick look."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .option("--texts", value: \.texts, help: "The number of texts of each kind."),
    .option("--resamples", value: \.resamples, help: "The resamples of each text."),
    .option("--seed", value: \.seed, help: "What the texts are a function of."),
    .option("--threads", value: \.threads, help: "Threads to use."),
  ]

  mutating func validate() throws(UsageError) {
    try UsageError.check(texts, of: "--texts", is: .atLeast(1))
    try UsageError.check(resamples, of: "--resamples", is: .atLeast(100))
    try UsageError.check(threads, of: "--threads", is: .between(1, 1024))
  }

  func run(in console: inout Console) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("perplex-coverage-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let subjects = try CoverageSubjects(in: folder)
    try console.print(
      "\(texts) texts of each kind, \(resamples) resamples of each, intervals at 95 %"
    )
    try report("The cross-entropy of a model", subjects.levels, in: &console)
    try report("The difference of two models on the same text", subjects.differences, in: &console)
    try report("Documents whose sentences have a kind in common", subjects.documents, in: &console)
  }

  private func report(
    _ title: String,
    _ trials: [CoverageTrial],
    in console: inout Console
  ) throws {
    let hasPValues = trials.contains(where: \.isDifference)
    var table = TextTable(
      [
        .left("tokens"), .left("figure"), .decimal("true bits"), .right("sentences"),
        .right("blocks"),
      ]
        + IntervalForm.allCases.map { .decimal($0.rawValue) }
        + [.decimal("no interval"), .decimal("mean width")]
        + (hasPValues ? [.decimal("p < 0.05")] : [])
    )
    var resampling = Resampling()
    resampling.resamples = resamples
    resampling.seed = UInt64(bitPattern: Int64(seed))
    for trial in trials {
      let counts = CoverageCounts(
        of: trial,
        texts: texts,
        resampling: resampling,
        threads: threads
      )
      func share(_ count: Int) -> String {
        NumberFormat.percent(Double(count) / Double(texts), decimals: 1)
      }
      table.append(
        [
          trial.tokens, trial.figure, NumberFormat.fixed(trial.trueMean, decimals: 4),
          NumberFormat.grouped(trial.sentences), NumberFormat.grouped(trial.blocks),
        ] + counts.covered.map(share)
          + [share(counts.unbounded), NumberFormat.fixed(counts.meanWidthBits, decimals: 4)]
          + (hasPValues ? [share(counts.found)] : [])
      )
    }
    try console.print()
    try console.print(title)
    try console.write(table.rendered(width: max(console.width, 180), style: console.style))
  }
}
