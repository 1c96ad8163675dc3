import Files
import Foundation
import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// `score`: a model and a text become cross-entropy and perplexity.
struct Score: Command, Equatable {
  /// What each figure is given for.
  enum Unit: String, CaseIterable, ArgumentValue { case file, line }

  var model = ""
  var texts: [String] = []
  var perToken: String?
  var perLine: String?
  var unit = Unit.file
  var verifies = false
  var reading = ReadingOptions()
  var results = OutputOptions()

  static let name = "score"
  static let abstract = "Measure how well a model predicts text."
  static let discussion = """
    The text is cut into tokens as in training. Every token is scored, </s> at the end of each \
    sequence too; <s> is not. A token that the vocabulary lacks is scored as <unk> and counted; \
    both readings of the perplexity are given. A token of probability zero makes the perplexity \
    infinite and is named; it is never left out.
    """
  static let examples = [
    Example(
      "perplex score stories.perplex corpora/stories/held-out.txt",
      "Cross-entropy and perplexity."
    ),
    Example(
      "perplex score stories.perplex held-out.txt --per-token tokens.tsv --json",
      "The figures as JSON, and each token's surprisal in a table."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operand("MODEL", value: \.model, help: "A .perplex or ARPA file."),
    .operands("TEXT", value: \.texts, atLeast: 1, help: "The texts to score."),
    .option(
      "--per-token",
      value: \.perToken,
      placeholder: "FILE",
      completion: .files,
      help: "Write each token's score as TSV; '-' for standard output."
    ),
    .option(
      "--per-line",
      value: \.perLine,
      placeholder: "FILE",
      completion: .files,
      help: "Write each line's figures as TSV; '-' for standard output."
    ),
    .option("--by", value: \.unit, help: "Give figures for each file, or for each line."),
    .flag("--verify", value: \.verifies, help: "Check the model's checksums first."),
    .group("Reading", \.reading, ReadingOptions.arguments),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    if let perToken, perToken == perLine {
      throw UsageError("'--per-token' and '--per-line' must be two files")
    }
    guard texts.count(where: { $0 == "-" }) <= 1 else {
      throw UsageError("standard input, '-', can be read only once")
    }
    if writesTable && results.printsJSON {
      throw UsageError("only one result can go to standard output")
    }
  }

  /// Whether a table takes the place of the report on standard output.
  private var writesTable: Bool { perToken == "-" || perLine == "-" }

  func run(in console: inout Console) throws {
    try untilPipeCloses { try score(in: &console) }
  }

  private func score(in console: inout Console) throws {
    let opened = try ModelFile.open(model)
    if verifies { try opened.verifyChecksums(path: model) }
    let sources = try TextSource.expand(texts)
    let read = [model] + sources.map(\.name)
    if let perToken { try UnfitDestination.check(perToken, against: read) }
    if let perLine {
      try UnfitDestination.check(perLine, against: read + (perToken.map { [$0] } ?? []))
    }
    let evaluator = Evaluator(
      opened,
      markers: reading.markers,
      invalidUTF8: reading.invalidUTF8,
      threads: results.threadCount
    )
    let lines = unit == .line ? LineFigures() : nil
    let tokenTable = try perToken.map { try TokenTable($0, of: opened) }
    let lineTable = try perLine.map { try LineTable($0, of: opened) }
    let needsVisits = lines != nil || tokenTable != nil || lineTable != nil

    var report = ScoreReport(model: opened, modelPath: model)
    let bar = console.progress("scoring", total: sources.byteCount)
    defer { bar.finish() }
    for (index, source) in sources.enumerated() {
      let visit: (ScoredText) throws -> Void = { part in
        lines?.add(part, of: index)
        try tokenTable?.add(part)
        try lineTable?.add(part)
      }
      let start = Date()
      let done = report.total.measure.bytes
      let progress: (Int) -> Void = { bar.update(done + $0) }
      let evaluation =
        try needsVisits
        ? evaluator.evaluate(source, visit: visit, progress: progress)
        : evaluator.evaluate(source, progress: progress)
      report.append(source.name, evaluation, seconds: Date().timeIntervalSince(start))
    }
    bar.finish()
    try tokenTable?.file.commit()
    try lineTable?.file.commit()
    if writesTable { return }
    if results.printsJSON {
      try console.print(lines.map { report.json(lines: $0.figures) } ?? report.json)
    } else if let lines {
      try report.print(lines: lines.figures, in: &console)
    } else {
      try report.print(in: &console)
    }
  }
}
