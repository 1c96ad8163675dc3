import InformationTheory
import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// `divergence`: how far two models lie apart, distribution by distribution.
struct DivergenceCommand: Command, Equatable {
  /// In how many places of the texts the models are held against each other.
  enum Places: Equatable, Sendable, ArgumentValue {
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
  var places: Places?
  var top = 5
  var reading = ReadingOptions()
  var results = OutputOptions()

  static let name = "divergence"
  static let abstract = "Measure how far two models' predictions lie apart."
  static let discussion = """
    In each context of the texts the whole distributions of both models are held against each other, \
    and the means over the contexts are given: what could come is compared, not what came. KL(P||Q) \
    is what it costs in bits a token to expect with Q, the second model, what P, the first, says; \
    KL(Q||P) is the other way round; the Jensen-Shannon divergence is between them and at most one \
    bit. Where one model holds for impossible what the other does not, KL is infinite and the token \
    and its context are named.

    Both models must cut text into the same tokens. A token that only one of them knows counts as \
    <unk>: then the figures are exact for what is left, and a lower bound for the models; how much \
    probability is concerned is told.
    """
  static let examples = [
    Example(
      "perplex divergence kn5.perplex kn3.perplex --on held-out.txt",
      "What the longer contexts change, and where."
    ),
    Example(
      "perplex divergence all.perplex pruned.perplex --on held-out.txt --contexts all --json",
      "What pruning costs, in every context, as JSON."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operands("MODEL", value: \.models, atLeast: 2, help: "The two models, P and Q."),
    .option(
      "--on",
      value: \.texts,
      isRequired: true,
      takesWordsUpToNextOption: true,
      placeholder: "TEXT",
      completion: .files,
      help: "The texts that the contexts are from."
    ),
    .option(
      "--contexts",
      value: \.places,
      statedDefault: "1,000 to 10,000, the more the smaller the vocabulary",
      help: "In how many contexts, evenly spread, or in 'all'."
    ),
    .option("--top", value: \.top, help: "How many tokens and contexts to name."),
    .group("Reading", \.reading, ReadingOptions.arguments),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    guard models.count == 2 else {
      throw UsageError("'divergence' takes two models, not \(models.count)")
    }
    guard top >= 0 else { throw UsageError("'--top' must not be negative, not \(top)") }
    guard texts.count(where: { $0 == "-" }) <= 1 else {
      throw UsageError("standard input, '-', can be read only once")
    }
  }

  func run(in console: inout Console) throws {
    let opened = try models.map { try ModelFile.open($0, threads: results.threadCount) }
    let measurement = try DivergenceMeasurement(
      opened[0],
      models[0],
      opened[1],
      models[1],
      threads: results.threadCount
    )
    let sources = try TextSource.expand(texts)
    let count: Int? =
      switch places {
      case .all: nil
      case .number(let count): count
      case nil: measurement.defaultContextCount
      }
    let bar = console.progress("comparing", total: count, unit: .items("contexts"))
    defer { bar.finish() }
    let divergence = try measurement.divergence(
      on: sources,
      contextCount: count,
      top: top,
      markers: reading.markers,
      invalidUTF8: reading.invalidUTF8
    ) { bar.advance(by: $0) }
    bar.finish()
    let report = DivergenceText(
      divergence,
      models: models,
      texts: sources.map(\.name),
      separator: opened[0].settings.tokenizer.hasMarkers ? " " : ""
    )
    if results.printsJSON {
      try console.print(report.json)
    } else {
      try report.print(in: &console)
    }
  }
}
