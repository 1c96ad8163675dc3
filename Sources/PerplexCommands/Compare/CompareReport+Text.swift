import LanguageModels
import Perplexity
import Statistics
import Terminal
import Tokenization

extension CompareReport {
  /// Prints the table, what it means, what to know of it, and where the models differ most.
  func print(in console: inout Console) throws {
    let style = console.style
    let bytes = NumberFormat.grouped(
      comparison.models[comparison.baseline].evaluation.measure.bytes
    )
    try console.print("\(style.bold(textsName)), \(bytes) bytes, ranked by \(rankedBy), best first")
    try console.print()
    let width = console.outputIsTerminal ? max(console.width, 100) : .max
    try console.write(table.rendered(width: width, style: style))
    try console.print()
    try console.printParagraph(key)
    if !comparison.obstacles.isEmpty {
      try console.print()
      try console.printParagraph(
        forcesPerplexity
          ? "These perplexities do not compare, whatever the table says:"
          : "Perplexities do not compare here, so bits per byte rank the models. What differs:"
      )
      for obstacle in comparison.obstacles {
        try console.printParagraph("  \(obstacle)")
      }
    }
    try console.printNotes(warnings.map { style.yellow("Note: \($0)") })
    for index in comparison.ranking {
      guard let difference = comparison.models[index].difference else { continue }
      try printLines(of: index, difference, in: &console)
    }
    try printBreakdowns(in: &console)
  }

  private var table: TextTable {
    let unitName = unit.rawValue
    var table = TextTable([
      .left("model"), .decimal("bits/\(unitName)"), .decimal("perplexity"),
      .decimal("difference"), .left("\(level) interval"), .left("p"),
      .right(unit == .token ? "tokens won" : "spans won"), .right("lines won"), .right("size"),
      .right("MB/s"),
    ])
    for index in comparison.ranking {
      let model = comparison.models[index]
      let evaluation = model.evaluation
      let speed = Double(evaluation.measure.bytes) / 1e6 / max(model.seconds, 1e-9)
      table.append(
        [
          subjects[index].path,
          (comparison.isLowerBound(index) ? ">= " : "")
            + ScoreReport.number(comparison.figure(index), 4),
          ScoreReport.number(evaluation.perplexity, 2),
        ] + cells(of: model.difference) + [
          NumberFormat.bytes(subjects[index].byteCount),
          NumberFormat.significant(speed, digits: 3),
        ]
      )
    }
    return table
  }

  private func cells(of difference: ModelDifference?) -> [String] {
    guard let difference else { return ["baseline", "", "", "", ""] }
    let paired = difference.paired
    func signed(_ value: Double) -> String {
      (value > 0 ? "+" : "") + ScoreReport.number(value, 4)
    }
    return [
      signed(paired.difference),
      paired.interval.map { "\(signed($0.low)) \(signed($0.high))" }
        ?? Self.reasonForNoInterval(paired),
      difference.adjustedPValue.map { Self.pValue($0) } ?? "-",
      NumberFormat.percent(difference.spans.share),
      NumberFormat.percent(difference.lines.share),
    ]
  }

  private func printLines(
    of index: Int,
    _ difference: ModelDifference,
    in console: inout Console
  ) throws {
    let kinds = [
      ("better", difference.gains, difference.spanGains),
      ("worse", difference.losses, difference.spanLosses),
    ]
    for (title, lines, spans) in kinds where !lines.isEmpty {
      try console.print()
      try console.print(
        "Where \(subjects[index].path) is \(title) than \(baseline.path) (bits, line):"
      )
      for line in lines.prefix(3) {
        let head = "  \(NumberFormat.fixed(line.bits, decimals: 1))  \(location(of: line))  "
        let excerpt = TokenTable.escaped(line.excerpt.utf8)
        let room = max(20, console.width - head.count)
        try console.print(
          head + (excerpt.count <= room ? excerpt : excerpt.prefix(room - 1) + "…")
        )
      }
      let words = spans.map { span in
        let name = span.span.isEmpty ? "line end" : "'\(TokenTable.escaped(span.span.utf8))'"
        return
          "\(name) \(NumberFormat.fixed(span.bits, decimals: 1)) (line \(location(span.text, span.line)))"
      }
      if !words.isEmpty {
        try console.printParagraph("  most at: " + words.joined(separator: ", "))
      }
    }
  }

  /// Prints a table for each subject: the bits that each group costs each model, and their
  /// differences.
  private func printBreakdowns(in console: inout Console) throws {
    guard let base = comparison.models[comparison.baseline].breakdown else { return }
    let others = comparison.ranking.filter { $0 != comparison.baseline }
    for subject in Breakdown.Subject.allCases {
      guard let table = base[subject] else { continue }
      let pairs = others.map { index in
        comparison.models[index].breakdown?[subject].map { table.paired(with: $0) } ?? []
      }
      var output = TextTable(
        [.left(subject.title), .decimal("bits: \(baseline.path)")]
          + others.flatMap { [.decimal(subjects[$0].path), .decimal("difference")] }
      )
      var keys: [String] = []
      for pair in table.paired(with: table) + pairs.joined() where !keys.contains(pair.key) {
        keys.append(pair.key)
      }
      for key in keys {
        func cells(_ pair: Breakdown.Table.Pair?) -> [String] {
          [pair?.right.bits ?? 0, pair?.differenceBits ?? 0].map {
            NumberFormat.grouped($0, decimals: 1)
          }
        }
        let own = table.groups.first { $0.key == key }?.cost.bits ?? 0
        output.append(
          [subject.name(key), NumberFormat.grouped(own, decimals: 1)]
            + pairs.flatMap { cells($0.first { $0.key == key }) }
        )
      }
      try console.print()
      let width = console.outputIsTerminal ? max(console.width, 100) : .max
      try console.write(output.rendered(width: width, style: console.style))
    }
  }
}
