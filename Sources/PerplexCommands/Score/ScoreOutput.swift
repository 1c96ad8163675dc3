import LanguageModels
import Perplexity
import Records
import Terminal
import Tokenization

/// The output of `score`: the tables while the text is read, the report at the end.
struct ScoreOutput {
  /// The figures so far.
  var report: ScoreReport

  private let command: ScoreCommand
  private let subject: Scorer
  private let tokenTable: TokenTable?
  private let lineTable: LineTable?
  private let rows: LineRows?
  private var policy: PolicyTally?
  private var srilm: SRILMOutput?
  private var lineFigures: [JSONValue] = []
  private var hasHeader = false
  private var oddest: OddestParts?
  private var appended: AppendedRecords?
  /// The beginning of the open text, for a list of whole texts.
  private var beginning = ""
  private let breakdown: ScoreBreakdown?

  /// The output of `command`, with the tables begun.
  init(
    _ command: ScoreCommand,
    _ subject: Scorer,
    _ sources: [TextSource],
    _ console: inout Console
  ) throws {
    self.command = command
    self.subject = subject
    report = ScoreReport(
      subject: subject,
      resampling: command.intervals.resampling(threads: command.results.threadCount),
      names: sources.map(\.name)
    )
    breakdown = try ScoreBreakdown(command, subject, &console)
    if command.policy != nil && !subject.isNormalized {
      throw CommandError.noProbabilities(model: command.model, .policy)
    }
    policy = command.policy.map {
      PolicyTally(
        $0,
        sequence: subject.model?.settings.sequence,
        ngrams: subject.model?.ngrams
      )
    }
    srilm = command.format == .srilm ? try SRILMOutput(subject.model, path: command.model) : nil
    let names = RowNames(sources)
    tokenTable = try command.perToken.map {
      try TokenTable($0, isNormalized: subject.isNormalized, names: names)
    }
    lineTable = try command.perLine.map {
      try LineTable($0, isNormalized: subject.isNormalized, names: names)
    }
    oddest = command.order.map { OddestParts(by: $0, limit: command.breakdown.top ?? 20) }
    appended = command.appends ? AppendedRecords(isNormalized: subject.isNormalized) : nil
    rows =
      command.unit != .file && !command.results.printsJSON && !command.writesTable && oddest == nil
      ? report.lineRows(of: command.unit, in: console) : nil
  }

  /// More than the sums of a text is wanted.
  var needsVisits: Bool {
    command.unit != .file || oddest != nil || appended != nil || tokenTable != nil
      || lineTable != nil || policy != nil || srilm != nil
      || breakdown != nil
  }

  /// Writes what stands above the first row, for a reader who waits for it before he writes a line.
  mutating func begin(in console: inout Console) throws {
    if let rows, !hasHeader { try console.print(rows.header) }
    hasHeader = true
    try flush(in: &console)
  }

  /// Begins the rows of a text.
  mutating func begin(_ source: TextSource) {
    srilm?.begin(source.name)
    tokenTable?.file.begin(source.name)
    lineTable?.file.begin(source.name)
    breakdown?.beginText(source.name)
    beginning = ""
  }

  /// Writes the requested rows of the tokens and lines of `part` of text number `text`.
  mutating func add(_ part: ScoredText, of text: Int, in console: inout Console) throws {
    try tokenTable?.add(part)
    try lineTable?.add(part)
    breakdown?.add(part)
    policy?.add(part)
    try srilm?.add(part, in: &console)
    try appended?.add(part, in: &console)
    if oddest != nil && command.unit == .file && beginning.utf8.count < 80 {
      beginning += part.excerpt(of: 0..<part.encoded.text.count)
    }
    guard command.unit != .file, !command.writesTable else { return try flush(in: &console) }
    if !hasHeader && oddest == nil { try begin(in: &console) }
    for (place, evaluation, range) in part.stretches(by: command.unit) {
      if oddest != nil {
        oddest?.add(
          .init(text: text, place: place, evaluation: evaluation, excerpt: part.excerpt(of: range))
        )
        continue
      }
      if let rows {
        try console.print(
          rows.row(text: text, place, evaluation, isNormalized: subject.isNormalized)
        )
        continue
      }
      let figures = report.figures(text: text, line: place, evaluation)
      if command.isFilter {
        try console.print(figures.description)
      } else {
        lineFigures.append(figures)
      }
    }
    try flush(in: &console)
  }

  /// Ends the rows of the text number `text`.
  mutating func endText(_ text: Int, in console: inout Console) throws {
    if command.unit == .file {
      oddest?.add(
        .init(text: text, evaluation: report.texts[text].evaluation, excerpt: beginning)
      )
    }
    policy?.endText()
    try srilm?.end(in: &console)
  }

  /// The figures counted another tool's way, where that is wanted.
  private var policyReport: PolicyReport? {
    policy.map { PolicyReport(account: $0.account(of: report.total)) }
  }

  /// Sends the output to its reader, where lines are answered as they come.
  private func flush(in console: inout Console) throws {
    guard command.isFilter else { return }
    try console.flush()
    try tokenTable?.file.flush()
    try lineTable?.file.flush()
  }

  /// Commits the tables and writes the report.
  mutating func finish(in console: inout Console) throws {
    report.breakdown = try breakdown?.finished(in: &console)
    try tokenTable?.file.commit()
    try lineTable?.file.commit()
    if command.writesTable || srilm != nil || appended != nil { return }
    if let oddest { return try finish(oddest, in: &console) }
    switch (command.unit, command.results.printsJSON) {
    case (.file, false): try report.print(in: &console)
    case (.file, true):
      let value = report.json.adding(policyReport)
      try command.printResult(value, command.results, in: &console)
    case (.line, false), (.record, false):
      try console.print()
      try report.printTotal(in: &console)
    case (.line, true), (.record, true):
      let total: JSONValue = ["total": report.totalFigures]
      if command.isFilter {
        let value = command.result(total.adding(policyReport), command.results)
        try console.print(value.description)
      } else {
        let value = report.json(parts: lineFigures).adding(policyReport)
        try command.printResult(value, command.results, in: &console)
      }
    }
    try printPolicy(in: &console)
  }

  /// Prints the list of `--sort`, and the figures of all texts behind it.
  private func finish(_ oddest: OddestParts, in console: inout Console) throws {
    guard command.results.printsJSON else {
      let table = oddest.table(names: report.names, by: command.unit)
      try console.write(table.rendered(width: max(80, console.width), style: console.style))
      try console.print()
      try report.printTotal(in: &console)
      return try printPolicy(in: &console)
    }
    let parts = oddest.sorted.map { part -> JSONValue in
      guard case .object(let members) = report.figures(part, by: command.unit) else { return .null }
      return .object(members + ["excerpt": .string(part.excerpt)])
    }
    let value = report.json(parts: parts).adding(policyReport)
    try command.printResult(value, command.results, in: &console)
  }

  private func printPolicy(in console: inout Console) throws {
    if let policyReport, !command.results.printsJSON {
      try console.print()
      try policyReport.print(in: &console)
    }
  }
}

extension JSONValue {
  /// The object with `policy` as its last member, where there is one.
  fileprivate func adding(_ policy: PolicyReport?) -> JSONValue {
    guard case .object(let members) = self, let policy else { return self }
    return .object(members + ["policy": policy.json])
  }
}
