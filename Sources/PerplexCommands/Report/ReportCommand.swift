import Perplexity
import Records
import Terminal

/// `report`: writes a page of models and a text.
struct ReportCommand: ComparingCommand, Equatable {
  var models: [String] = []
  var texts: [String] = []
  var page: String?
  var baseline: String?
  var sweep: String?
  var shown = 20_000
  var alternatives = 5
  var top = 20
  var reading = ReadingOptions()
  var intervals = IntervalOptions()
  var results = OutputOptions()

  static let name = "report"
  static let abstract = "Write a page for the browser that shows how models score a text."
  static let discussion = """
    The page shows the text with each token coloured by its surprisal. Point at a token, or move \
    to it with the arrow keys, to see what the model expected instead. Below are the surprisal \
    along the text and its distribution, where the bits go, the calibration of the probabilities, \
    the costliest types, tokens and lines, and, with several models, the comparison that 'compare' \
    makes. The page is one self-contained file: it works offline, follows the reader's light or \
    dark mode, and prints.

    All figures are of the whole text. The page shows the first tokens one by one; --shown sets how \
    many. Alternatives and calibration need the whole distribution at each shown token; if the \
    vocabulary is large, only the first of these tokens have them.
    """
  static let examples = [
    Example(
      "perplex report stories.perplex --on held-out.txt -o page.html",
      "One model on a text."
    ),
    Example(
      "perplex report kn5.perplex kn3.perplex --on held-out.txt -o page.html",
      "Two models, with their differences."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operands(
      "MODEL",
      value: \.models,
      atLeast: 1,
      help: "Model files, or log-probabilities (JSON)."
    ),
    textsArgument,
    .option(
      "-o",
      "--output",
      value: \.page,
      isRequired: true,
      placeholder: "FILE",
      completion: .files,
      help: "The page to write; '-' for standard output."
    ),
    baselineArgument,
    .option(
      "--sweep",
      value: \.sweep,
      placeholder: "FILE",
      completion: .files,
      help: "Also draw the curves from the output of 'sweep --json'."
    ),
    .option(
      "--shown",
      value: \.shown,
      help: "The number of tokens that the page shows one by one."
    ),
    .option(
      "--alternatives",
      value: \.alternatives,
      help: "Likely tokens named at each token; 0 computes no distributions."
    ),
    .option(
      "--top",
      value: \.top,
      help: "The number of costliest types, tokens and lines."
    ),
    .group("Reading", \.reading, ReadingOptions.arguments),
    .group("Intervals", \.intervals, IntervalOptions.arguments),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try validateComparison()
    for (name, value, limit) in [
      ("--shown", shown, 1_000_000), ("--alternatives", alternatives, 100), ("--top", top, 1000),
    ] {
      try UsageError.check(value, of: name, is: .between(0, limit))
    }
  }

  func run(in console: inout Console) throws {
    try untilPipeCloses { try report(in: &console) }
  }

  private func report(in console: inout Console) throws {
    guard let page else { return }
    let input = try ComparisonInput(self, others: [sweep].compactMap(\.self), in: &console)
    let curves = try sweep.map { try SweepFile.curves($0) }
    let file = try PageFile(page)
    var shown = models.map { _ in ShownText(limit: self.shown) }
    let report = try input.report(
      "scoring",
      breakdownLimit: top,
      visit: { shown[$0].add($1, of: $2) },
      in: &console
    )
    let markup = ReportPage(
      report,
      shown: shown,
      predictions: predictions(of: input.subjects, shown, in: &console),
      curves: curves
    ).markup
    try file.write(markup, in: &console)
    if page != "-" {
      console.note("\(page): \(NumberFormat.bytes(markup.utf8.count)); open it in a browser")
    }
    if results.printsJSON { try printResult(report.json, results, in: &console) }
  }

  /// The likeliest tokens of each model at the tokens that are shown; none for scores of another
  /// program's.
  private func predictions(
    of subjects: [Scorer],
    _ shown: [ShownText],
    in console: inout Console
  ) -> [Predictions] {
    guard alternatives > 0 else { return subjects.map { _ in Predictions() } }
    let bar = console.progress(
      "asking for alternatives",
      total: shown.reduce(0) { $0 + $1.modelTokens.count },
      unit: .items("tokens")
    )
    defer { bar.finish() }
    return zip(subjects, shown).map { subject, shown in
      guard let model = subject.model else { return Predictions() }
      return PredictionProbe(
        model,
        alternativeCount: alternatives,
        threads: results.threadCount
      ).predictions(of: shown.modelTokens) { bar.advance(by: $0) }
    }
  }
}
