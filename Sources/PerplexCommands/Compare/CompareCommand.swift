import Records
import Terminal

/// `compare`: ranks models on one text and tests their differences.
struct CompareCommand: ComparingCommand, Equatable {
  var models: [String] = []
  var texts: [String] = []
  var baseline: String?
  var forcesPerplexity = false
  var breaksDown = false
  var page: String?
  var reading = ReadingOptions()
  var intervals = IntervalOptions()
  var results = OutputOptions()

  static let name = "compare"
  static let abstract = "Find out which model predicts a text best, and whether that is noise."
  static let discussion = """
    Every model is scored on the same text, and the differences to the baseline are taken line by \
    line (paragraph by paragraph, document by document, where there are enough). Hard lines \
    are hard for all models, so these differences say far more than two perplexities with intervals \
    of their own.

    Perplexities compare only where the same tokens were predicted: cut in the same way, with the \
    same sentence ends and the same treatment of unknown words. Where they were not, what differs \
    is named and the models are ranked by bits per byte, which always compares where no unknown \
    token is charged as <unk> only. Tokens are then won over the shortest spans of the text that \
    end with a token of both models.

    The p-value is that of a paired permutation test (signs of the differences flipped), after Holm's \
    correction where there are more than two models; --json has that of the paired bootstrap \
    too.
    """
  static let examples = [
    Example(
      "perplex compare kn5.perplex kn3.perplex --on held-out.txt",
      "Which is better, by how much, and is it noise?"
    ),
    Example(
      "perplex compare words.perplex bytes.perplex --on held-out.txt --json",
      "Models with different tokens, by bits per byte, as JSON."
    ),
    Example(
      "perplex compare kn5.perplex kn3.perplex --on held-out.txt --html comparison.html",
      "The comparison as a page, with plots, to be read in a browser or sent on."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operands(
      "MODEL",
      value: \.models,
      atLeast: 2,
      help: "Model files, or log-probabilities (JSON)."
    ),
    textsArgument,
    baselineArgument,
    .flag(
      "--force-perplexity",
      value: \.forcesPerplexity,
      help: "Rank by perplexity even where it does not compare."
    ),
    .flag(
      "--breakdown",
      value: \.breaksDown,
      help: "Tell where each model's bits go: by order used, class of word, length of line."
    ),
    .option(
      "--html",
      value: \.page,
      placeholder: "FILE",
      completion: .files,
      help: "Also write the comparison as a page with plots; '-' for that alone."
    ),
    .group("Reading", \.reading, ReadingOptions.arguments),
    .group("Intervals", \.intervals, IntervalOptions.arguments),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) { try validateComparison() }

  func run(in console: inout Console) throws {
    try untilPipeCloses { try compare(in: &console) }
  }

  private func compare(in console: inout Console) throws {
    let input = try ComparisonInput(self, in: &console)
    let file = try page.map { try PageFile($0) }
    let report = try input.report(
      "comparing",
      forcesPerplexity: forcesPerplexity,
      breakdownLimit: breaksDown ? 0 : nil,
      in: &console
    )
    try file?.write(ComparePage(report).markup, in: &console)
    if page == "-" { return }
    if results.printsJSON {
      try printResult(report.json, results, in: &console)
    } else {
      try report.print(in: &console)
    }
  }
}
