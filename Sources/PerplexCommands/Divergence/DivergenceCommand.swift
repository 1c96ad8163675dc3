import InformationTheory
import LanguageModels
import Perplexity
import Records
import Terminal
import Tokenization

/// `divergence`: compares two distributions, or the distributions of two models.
struct DivergenceCommand: Command, Equatable {
  /// The number of contexts of the texts in which the models are compared.
  enum ContextCount: Equatable, Sendable, ArgumentValue {
    case all
    case number(Int)

    static var placeholder: String { "N" }
    static var expectation: String { "a number of contexts, or 'all'" }
    var argument: String {
      switch self {
      case .all: "all"
      case .number(let count): "\(count)"
      }
    }

    init?(argument: String) {
      if argument == "all" {
        self = .all
      } else if let count = Int(argument), count >= 1 {
        self = .number(count)
      } else {
        return nil
      }
    }
  }

  var models: [String] = []
  var texts: [String] = []
  var contextCount: ContextCount?
  var top: Int?
  var normalizes = false
  var floor: Double?
  var logBase: LogBase?
  var readsRows = false
  var against: String?
  var reading = ReadingOptions()
  var results = OutputOptions()

  static let name = "divergence"
  static let abstract = "Measure how far two distributions, or two models' predictions, lie apart."
  static let discussion = """
    Without --on, P and Q are files of distributions: CSV or TSV with a row for each outcome, its name \
    and its probability (or the probability alone); one file with outcome, p and q; or JSON, \
    {"heads": 0.5, "tails": 0.5}, a list of numbers, or of objects with 'outcome' and 'probability'. Outcomes \
    are matched by name; one that a file lacks has probability 0 there. H(P,Q) = H(P) + KL(P||Q) is \
    shown outcome by outcome. Lists of 'uniq -c' and histograms, 'bin_left,bin_right,count', are read \
    too; counts are divided by their sum. Numbers that are all negative are logarithms, to the base \
    e, 2 or 10 in which they sum to one.

    With --rows each row of a table is a distribution over the columns; of two files, rows are \
    compared by name, or in order, or all with the one row of the second. In one file, rows are \
    compared with the row of --against, or the columns p_NAME of each with its q_NAME. --against \
    without --rows compares the columns of a table of outcomes with one of them.

    With --on, P and Q are models. In each context of the texts the whole distributions of both models \
    are compared, and the report gives their means over the contexts: it compares all that could come, \
    not only what came. KL(P||Q) is the cost, in bits a token, of coding what the first model P expects \
    with the second model Q; KL(Q||P) is the reverse. The Jensen-Shannon divergence lies between them \
    and is at most one bit. Where one model gives probability zero to a token and the other does not, \
    KL is infinite, and the report names the token and its context.

    Both models must cut text into the same tokens. A token that only one of them knows counts as \
    <unk>. Then the figures are exact for the merged tokens, and a lower bound for the models; the \
    report gives the probability of the tokens that were merged.
    """
  static let examples = [
    Example("perplex divergence p.csv q.csv", "Entropy, cross-entropy and KL, outcome by outcome."),
    Example(
      "perplex divergence kn5.perplex kn3.perplex --on held-out.txt",
      "The effect of longer contexts, and where it is large."
    ),
    Example(
      "perplex divergence all.perplex pruned.perplex --on held-out.txt --contexts all --json",
      "The cost of pruning, in every context, as JSON."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operands(
      "FILE",
      value: \.models,
      atLeast: 1,
      help: "Two files of distributions, or one with both; with --on, two models."
    ),
    .option(
      "--on",
      value: \.texts,
      takesWordsUpToNextOption: true,
      placeholder: "TEXT",
      completion: .files,
      help: "Compare two models, in contexts of these texts."
    ),
    .option(
      "--contexts",
      value: \.contextCount,
      statedDefault: "1,000 to 10,000; more for a smaller vocabulary",
      help: "The number of contexts, evenly spread, or 'all'."
    ),
    .option(
      "--top",
      value: \.top,
      statedDefault: "5 with --on, else 20",
      help: "The number of tokens and contexts, or outcomes, to name."
    ),
    .flag(
      "--normalize",
      value: \.normalizes,
      help: "Divide the numbers of each file by their sum."
    ),
    .option(
      "--floor",
      value: \.floor,
      placeholder: "P",
      help: "Also give H(P,Q) with no probability of Q below this, and what that hides."
    ),
    .option(
      "--log-base",
      value: \.logBase,
      statedDefault: "that in which negative numbers sum to one",
      help: "Read the numbers as logarithms of probabilities to this base."
    ),
    .flag(
      "--rows",
      value: \.readsRows,
      help: "Read each row as a distribution; a list of lists in JSON, or .npy, has rows too."
    ),
    .option(
      "--against",
      value: \.against,
      placeholder: "NAME",
      help: "Compare each column, or with --rows each row, with the one of this name or number."
    ),
    .group("Reading", \.reading, ReadingOptions.arguments),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    guard models.count == 2 || (models.count == 1 && texts.isEmpty) else {
      throw UsageError(
        texts.isEmpty
          ? "'divergence' takes one or two files of distributions, not \(models.count)"
          : "'divergence' takes two models, not \(models.count)"
      )
    }
    if let top { try UsageError.check(top, of: "--top", is: .atLeast(0)) }
    if let floor { try UsageError.check(floor, of: "--floor", is: .above(0, below: 1)) }
    for (option, isGiven) in [
      ("--normalize", normalizes), ("--floor", floor != nil), ("--rows", readsRows),
      ("--against", against != nil), ("--log-base", logBase != nil),
    ] where isGiven && !texts.isEmpty {
      throw .conflict(option, "--on", reason: "it is for files of distributions")
    }
    if floor != nil, readsRows || against != nil {
      throw .conflict("--floor", readsRows ? "--rows" : "--against", reason: "it is for one pair")
    }
    if against != nil && models.count == 2 {
      throw UsageError("'--against' is of one file; two files are compared with each other")
    }
    if texts.isEmpty && contextCount != nil {
      throw .needs("--contexts", other: "--on", reason: "only models have contexts")
    }
    try reading.validate()
    try UsageError.checkStandardInput(models + texts)
  }

  func run(in console: inout Console) throws {
    if texts.isEmpty {
      try compareDistributions(in: &console)
    } else {
      try compareModels(in: &console)
    }
  }

  private func compareDistributions(in console: inout Console) throws {
    for path in models where path != "-" {
      // A model by mistake: its bytes would make an error that says nothing.
      if (try? ModelFile.open(path)) != nil {
        throw RecordError(
          path: path,
          "this is a model; name texts with --on to hold models against each other"
        )
      }
    }
    let options = DistributionWeights.Options(normalizes: normalizes, logBase: logBase)
    if readsRows || against != nil {
      let pairs = try DivergencePairs(models, readsRows: readsRows, against: against, options)
      if results.printsJSON {
        try printResult(pairs.json, results, in: &console)
      } else {
        try pairs.print(top: top ?? 20, in: &console)
      }
      return
    }
    let (names, weights) = try DistributionFile.read(models, columnsOf: 3 - models.count)
    let (first, firstScale) = try weights[0].distribution(options)
    let (second, secondScale) = try weights[1].distribution(options)
    let report = DistributionReport(
      names: names,
      paths: models,
      first: first,
      second: second,
      scales: [firstScale, secondScale],
      floor: floor,
      top: top ?? 20
    )
    if results.printsJSON {
      try printResult(report.json, results, in: &console)
    } else {
      try report.print(in: &console)
    }
  }

  private func compareModels(in console: inout Console) throws {
    let opened = try models.map { try ModelFile.open($0, threads: results.threadCount) }
    let measurement = try DivergenceMeasurement(
      opened[0],
      models[0],
      opened[1],
      models[1],
      threads: results.threadCount
    )
    let sources = try reading.sources(texts, in: &console)
    let count: Int? =
      switch contextCount {
      case .all: nil
      case .number(let count): count
      case nil: measurement.defaultContextCount
      }
    let bar = console.progress("comparing", total: count, unit: .items("contexts"))
    defer { bar.finish() }
    let divergence = try measurement.divergence(
      on: sources,
      contextCount: count,
      top: top ?? 5,
      markers: reading.markers,
      invalidUTF8: reading.invalidUTF8
    ) { bar.advance(by: $0) }
    bar.finish()
    console.note(divergence.records, of: sources.map(\.name))
    let report = DivergenceText(
      result: divergence,
      models: models,
      texts: sources.map(\.name),
      separator: opened[0].settings.tokenizer.hasMarkers ? " " : ""
    )
    if results.printsJSON {
      try printResult(report.json, results, in: &console)
    } else {
      try report.print(in: &console)
    }
  }
}
