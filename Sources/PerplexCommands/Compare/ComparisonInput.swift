import Perplexity
import Statistics
import Terminal
import Tokenization

/// A command that holds models against one another, each on the same texts.
protocol ComparingCommand: Command {
  var models: [String] { get }
  var texts: [String] { get set }
  var baseline: String? { get set }
  var page: String? { get }
  var reading: ReadingOptions { get }
  var intervals: IntervalOptions { get }
  var results: OutputOptions { get }
}

extension ComparingCommand {
  static var textsArgument: Argument<Self> {
    .option(
      "--on",
      value: \.texts,
      isRequired: true,
      takesWordsUpToNextOption: true,
      placeholder: "TEXT",
      completion: .files,
      help: "The texts to score."
    )
  }

  static var baselineArgument: Argument<Self> {
    .option(
      "--baseline",
      value: \.baseline,
      placeholder: "MODEL",
      statedDefault: "the first model",
      completion: .files,
      help: "The model that the others are compared with."
    )
  }

  /// Checks that models, texts and results go together.
  func validateComparison() throws(UsageError) {
    try results.validate()
    try intervals.validate()
    try reading.validate()
    try UsageError.check(intervals.resamples, of: "--resamples", is: .atLeast(1))
    guard !texts.contains("-") else {
      throw .needsFile("--on", reason: "each model reads the text; save standard input to a file")
    }
    if page == "-" && results.printsJSON { throw .onlyOneStandardOutput }
    if let baseline, !models.contains(baseline) {
      throw UsageError("'--baseline' must be one of the models, not '\(baseline)'")
    }
    if let twice = models.indices.first(where: { models[..<$0].contains(models[$0]) }) {
      throw UsageError("the model '\(models[twice])' is given twice")
    }
  }
}

/// Models and texts that were opened to be compared.
struct ComparisonInput {
  let subjects: [Scorer]
  let sources: [TextSource]
  private let baseline: Int
  private let resampling: Resampling

  /// Opens what `command` names.
  ///
  /// - Throws: errors of the files, and ``CommandError``, also for a page that would replace
  ///   one of them or of the `others` that are read.
  init(
    _ command: some ComparingCommand,
    others: [String] = [],
    in console: inout Console
  ) throws {
    let threads = command.results.threadCount
    subjects = try command.models.map { path in
      let subject = try Scorer(path, reading: command.reading, threads: threads)
      guard subject.isNormalized else {
        throw CommandError.noProbabilities(model: path, .comparison)
      }
      return subject
    }
    sources = try command.reading.sources(command.texts, in: &console)
    if subjects.count > 1 { try CommandError.checkRereadable(sources) }
    for subject in subjects { try subject.check(sources) }
    if let page = command.page {
      try CommandError.checkOutput(page, against: command.models + sources.map(\.name) + others)
    }
    baseline = command.baseline.flatMap { command.models.firstIndex(of: $0) } ?? 0
    guard let resampling = command.intervals.resampling(threads: threads) else {
      preconditionFailure("a comparison has intervals")
    }
    self.resampling = resampling
  }

  /// Scores the texts with every model; `label` names the work in the progress bar.
  func report(
    _ label: String,
    forcesPerplexity: Bool = false,
    breakdownLimit: Int?,
    visit: (_ entry: Int, _ part: ScoredText, _ text: String) -> Void = { _, _, _ in },
    in console: inout Console
  ) throws -> CompareReport {
    let bar = console.progress(label, total: sources.byteCount.map { $0 * subjects.count })
    defer { bar.finish() }
    let comparison = try Comparison(
      subjects.map { Comparison.Entry(name: $0.path, scorer: $0.scorer, terms: $0.terms) },
      on: sources,
      baseline: baseline,
      forcesPerplexity: forcesPerplexity,
      breakdownLimit: breakdownLimit,
      resampling: resampling,
      visit: visit,
      progress: { bar.update($0) }
    )
    bar.finish()
    for note in subjects.flatMap(\.notes) { console.note(note) }
    console.note(comparison.models.first?.evaluation.records, of: sources.map(\.name))
    return CompareReport(
      subjects: subjects,
      comparison: comparison,
      resampling: resampling,
      texts: sources.map(\.name),
      forcesPerplexity: forcesPerplexity
    )
  }
}
