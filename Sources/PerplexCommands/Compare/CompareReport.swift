import LanguageModels
import Perplexity
import Records
import Statistics
import Terminal

/// The result of `compare`, for people and for programs.
struct CompareReport {
  let subjects: [Scorer]
  let comparison: Comparison
  let resampling: Resampling
  let texts: [String]
  let forcesPerplexity: Bool

  private var unit: Comparison.Unit { comparison.unit }
  var baseline: Scorer { subjects[comparison.baseline] }

  // MARK: JSON

  var json: JSONValue {
    [
      "ranked_by": .string(unit == .token ? "perplexity" : "bits_per_byte"),
      "baseline": .string(baseline.path),
      "comparable_perplexity": .bool(comparison.obstacles.isEmpty),
      "obstacles": .array(
        comparison.obstacles.map {
          ["subject": .string($0.subject.rawValue), "explanation": .string($0.explanation)]
        }
      ),
      "difference_unit": .string(unit.rawValue),
      "texts": .array(texts.map { .string($0) }),
      "method": .string("\(resampling.method), of \(comparison.unitsDescription)"),
      "resamples": .integer(resampling.resamples),
      "seed": .unsigned(resampling.seed),
      "warnings": .array(warnings.map { .string($0) }),
      "models": .array(comparison.ranking.map { .object(figures(of: $0)) }),
    ]
  }

  private func figures(of index: Int) -> [JSONValue.Member] {
    let model = comparison.models[index]
    var members = subjects[index].figures(
      model.evaluation,
      seconds: model.seconds,
      resampling: resampling
    )
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    func lines(_ differences: [LineDifference]) -> JSONValue {
      .array(
        differences.map {
          [
            "text": .string(texts[$0.text]), "line": .integer($0.line),
            "difference_bits": .double($0.bits), "excerpt": .string($0.excerpt),
          ]
        }
      )
    }
    func spans(_ differences: [SpanDifference]) -> JSONValue {
      .array(
        differences.map {
          [
            "text": .string(texts[$0.text]), "line": .integer($0.line),
            "difference_bits": .double($0.bits), "span": .string($0.span),
          ]
        }
      )
    }
    let difference = model.difference
    let paired = difference?.paired
    members += [
      .init("difference_bits", number(paired?.difference)),
      .init(
        "difference_interval",
        paired?.interval.map { [.double($0.low), .double($0.high)] } ?? .null
      ),
      .init("p_value", number(difference?.adjustedPValue)),
      .init("p_value_unadjusted", number(paired?.permutationPValue)),
      .init("p_value_bootstrap", number(paired?.bootstrapPValue)),
      .init("wins", number(difference?.spans.share)),
      .init("wins_lines", number(difference?.lines.share)),
      .init("model_bytes", .integer(subjects[index].byteCount)),
    ]
    if let breakdown = model.breakdown {
      let report = BreakdownReport(breakdown: breakdown, namesTexts: texts.count > 1)
      members.append(.init("breakdown", report.json))
    }
    if let difference {
      members += [
        .init("better_lines", lines(difference.gains)),
        .init("worse_lines", lines(difference.losses)),
        .init("better_spans", spans(difference.spanGains)),
        .init("worse_spans", spans(difference.spanLosses)),
      ]
    }
    return members
  }

  // MARK: Text

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
    try paragraph(key, in: &console)
    if !comparison.obstacles.isEmpty {
      try console.print()
      try paragraph(
        forcesPerplexity
          ? "These perplexities do not compare, whatever the table says:"
          : "Perplexities do not compare here, so bits per byte rank the models. What differs:",
        in: &console
      )
      for obstacle in comparison.obstacles {
        try paragraph("  \(obstacle)", in: &console)
      }
    }
    for warning in warnings {
      try console.print()
      try paragraph(style.yellow("Note: \(warning)"), in: &console)
    }
    for index in comparison.ranking {
      guard let difference = comparison.models[index].difference else { continue }
      try printLines(of: index, difference, in: &console)
    }
    try printBreakdowns(in: &console)
  }

  var rankedBy: String { unit == .token ? "perplexity" : "bits per byte" }

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
          ScoreReport.number(comparison.figure(index), 4),
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

  /// Why a difference has no interval, in few words.
  static func reasonForNoInterval(_ paired: PairedComparison) -> String {
    paired.difference.isFinite ? "too little text" : "none"
  }

  /// A p-value that does not look more exact than its resamples.
  static func pValue(_ value: Double) -> String {
    value < 0.001
      ? "<0.001" : NumberFormat.fixed(value, decimals: value < 0.1 ? 3 : 2)
  }

  var level: String { IntervalOptions.levelText(resampling.level) }

  /// What the texts are called, together.
  var textsName: String { texts.count == 1 ? texts[0] : "\(texts.count) texts" }

  /// Where p-values come from.
  var test: String {
    let count = comparison.models.count { $0.difference?.adjustedPValue != nil }
    return "sign-flip permutation test"
      + (count > 1 ? ", Holm's correction for \(count) comparisons" : "")
  }

  /// What the table's columns are.
  var key: String {
    """
    difference: bits a \(unit.rawValue) less the baseline's, below zero is better; p: the chance of \
    such a difference between equally good models (\(test)). Intervals: \
    \(resampling.method), of \(comparison.unitsDescription), drawn \(resampling.resamples) times \
    (seed \(resampling.seed)).
    """
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
        let head = "  \(NumberFormat.fixed(line.bits, decimals: 1))  \(place(of: line))  "
        let excerpt = TokenTable.escaped(line.excerpt.utf8)
        let room = max(20, console.width - head.count)
        try console.print(
          head + (excerpt.count <= room ? excerpt : excerpt.prefix(room - 1) + "…")
        )
      }
      let words = spans.map { span in
        let name = span.span.isEmpty ? "line end" : "'\(TokenTable.escaped(span.span.utf8))'"
        return
          "\(name) \(NumberFormat.fixed(span.bits, decimals: 1)) (line \(place(span.text, span.line)))"
      }
      if !words.isEmpty {
        try paragraph("  most at: " + words.joined(separator: ", "), in: &console)
      }
    }
  }

  /// One table a subject, with what each group costs each model, and how that differs.
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

  /// The line's number, after its text's name where there are several.
  func place(of line: LineDifference) -> String { place(line.text, line.line) }

  private func place(_ text: Int, _ line: Int) -> String {
    texts.count > 1 ? "\(texts[text]):\(line)" : "\(line)"
  }

  /// The same for the text of that name.
  func place(_ text: String, _ line: Int) -> String {
    texts.count > 1 ? "\(text):\(line)" : "\(line)"
  }

  private func paragraph(_ text: String, in console: inout Console) throws {
    try console.print(
      TextLayout.wrapped(text, width: max(60, console.width)).joined(separator: "\n")
    )
  }

  // MARK: Warnings

  /// What a reader of the figures must know.
  var warnings: [String] {
    var warnings: [String] = []
    let unspelled = zip(subjects, comparison.models).filter {
      $1.evaluation.measure.outOfVocabulary > 0 && !$1.terms.chargesUnknown
    }
    if unit == .byte && !unspelled.isEmpty {
      let names = unspelled.map { subject, model in
        let count = NumberFormat.grouped(model.evaluation.measure.outOfVocabulary)
        return "\(subject.path) (\(count))"
      }
      warnings.append(
        """
        unknown tokens charged as <unk>, without their spelling, make bits per byte too low, so the \
        true rank may be worse (train with --spell-unknown): \(names.joined(separator: ", ")).
        """
      )
    }
    let bytes = comparison.models.map(\.evaluation.measure.bytes)
    if let most = bytes.max(), let fewest = bytes.min(), most > fewest {
      warnings.append(
        """
        models of bytes take the text as it is, with a byte-order mark and what is no UTF-8, and pay \
        for it; others do not: \
        \(NumberFormat.grouped(most)) bytes instead of \(NumberFormat.grouped(fewest)).
        """
      )
    }
    let changed = zip(subjects, comparison.models).filter { $1.terms.normalization != "none" }
    if unit == .byte && !changed.isEmpty {
      let names = changed.map { "\($0.path) (\($1.terms.normalization))" }
      warnings.append(
        """
        a model that changes the text before it is cut is charged for the changed text alone, which \
        makes its bits per byte too low: \(names.joined(separator: ", ")).
        """
      )
    }
    for (subject, model) in zip(subjects, comparison.models) {
      let measure = model.evaluation.measure
      if let warning = subject.aboveOneWarning(model.evaluation) { warnings.append(warning + ".") }
      if measure.unscoredBytes > 0 {
        warnings.append(
          """
          \(subject.path) has no score for \(NumberFormat.grouped(measure.unscoredTokens)) tokens of \
          \(NumberFormat.grouped(measure.unscoredBytes)) bytes; each of these bytes is charged 8 bits.
          """
        )
      }
      if let settings = subject.model?.settings,
        let warning = model.evaluation.trainingOverlap?.warning(settings)
      {
        warnings.append("\(subject.path): \(warning).")
      }
      if let zero = model.evaluation.firstZeroProbability {
        warnings.append(
          """
          \(subject.path) gives probability zero to \
          \(NumberFormat.grouped(model.evaluation.zeroProbabilityTokens)) tokens, the first \
          '\(TokenTable.escaped(zero.token.utf8))' on line \(zero.line): its perplexity is infinite.
          """
        )
      }
    }
    return warnings
  }
}
