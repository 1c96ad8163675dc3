import InformationTheory
import LanguageModels
import Perplexity
import Statistics
import Terminal
import Tokenization

extension ScoreReport {
  /// Prints the figures of each text, if there are several, and of all together.
  func print(in console: inout Console) throws {
    if names.count > 1 { try printTable(in: &console) }
    try printTotal(in: &console)
  }

  /// Rows for the lines or records of the texts.
  func lineRows(of unit: ScoreCommand.Unit, in console: Console) -> LineRows {
    LineRows(of: unit, names: shortNames(in: console, besides: 50), style: console.style)
  }

  private func printTable(in console: inout Console) throws {
    var columns: [TextTable.Column] = [
      .left("text"), .right("tokens"), .right("unknown"), .decimal("bits/token"),
      .decimal("perplexity"), .decimal("bits/byte"),
    ]
    let level = resampling.map { IntervalOptions.levelText($0.level) }
    if let level { columns.append(.left("\(level) interval of perplexity")) }
    var table = TextTable(columns)
    let names = shortNames(in: console, besides: level == nil ? 58 : 89)
    for (name, text) in zip(names, texts) {
      var cells = [name] + Self.row(text.evaluation, isNormalized: subject.isNormalized)
      cells.append(subject.isNormalized ? Self.number(text.evaluation.bitsPerByte, 4) : "-")
      if let resampling {
        let interval = subject.isNormalized ? text.evaluation.interval(resampling)?.perplexity : nil
        cells.append(
          interval.map { "\(Self.number($0.low, 2)) to \(Self.number($0.high, 2))" } ?? "-"
        )
      }
      table.append(cells)
    }
    try console.write(table.rendered(width: .max, style: console.style))
    try console.print()
  }

  /// The names of the texts; on a terminal the ends of those that leave no room for figures, as it
  /// is their ends that differ.
  private func shortNames(in console: Console, besides figures: Int) -> [String] {
    let room = max(16, console.width - figures)
    return names.map { name in
      !console.outputIsTerminal || name.count <= room ? name : "…" + name.suffix(room - 1)
    }
  }

  /// Tokens, unknown tokens, bits a token and perplexity.
  static func row(_ evaluation: Evaluation, isNormalized: Bool) -> [String] {
    [
      NumberFormat.grouped(evaluation.measure.tokens),
      NumberFormat.grouped(evaluation.measure.outOfVocabulary),
      isNormalized ? number(evaluation.crossEntropyBits, 4) : "-",
      isNormalized ? number(evaluation.perplexity, 3) : "-",
    ]
  }

  /// Prints the figures of all texts together.
  func printTotal(in console: inout Console) throws {
    let measure = total.measure
    let style = console.style
    let name =
      names.count == 1
      ? names[0] : "all \(NumberFormat.grouped(names.count)) texts together"
    let regime = subject.adapts ? ", learning as it goes (--adapt)" : ""
    try console.print("\(style.bold(subject.path)) on \(style.bold(name))\(regime)")
    try printSize(measure, in: &console)
    try console.print()
    guard subject.isNormalized else {
      let score = NumberFormat.fixed(total.total.log10, decimals: 4)
      try console.printParagraph(
        """
        The score of the whole text is \(score), as a logarithm to base 10. Stupid back-off gives \
        scores, not probabilities: they do not sum to one, so there is no cross-entropy and no \
        perplexity. Train with another --smoothing for those.
        """
      )
      if let zero = total.firstZeroProbability { try printFirst(zero, in: &console) }
      return
    }
    let interval = resampling.flatMap { total.interval($0) }
    try console.printTable(figuresTable(interval))
    if let interval {
      try console.print()
      let weight = interval.effectiveTexts.map {
        " They say as much as \(NumberFormat.fixed($0, decimals: 1)) of equal size."
      }
      try console.printParagraph("The interval: \(interval.description).\(weight ?? "")")
    }
    if resampling != nil, interval == nil, case .dominated(let weights) = total.intervalObstacle {
      try console.print()
      try console.printParagraph(
        """
        No interval: \(total.intervalObstacle.text { textName($0) }), too few to tell how far texts \
        differ. In the mean over texts each of the \(NumberFormat.grouped(weights.count)) counts alike.
        """
      )
    }
    if let zero = total.firstZeroProbability { try printZero(zero, in: &console) }
    try breakdownReport?.print(in: &console)
  }

  private func printSize(_ measure: TextMeasure, in console: inout Console) throws {
    let blank = NumberFormat.grouped(measure.blankLines)
    try console.printParagraph(
      """
      \(NumberFormat.grouped(measure.tokens)) tokens (\(subject.tokensDescription(measure))), \
      \(NumberFormat.grouped(measure.characters)) characters, \
      \(NumberFormat.grouped(measure.graphemes)) graphemes, \
      \(NumberFormat.grouped(measure.bytes)) bytes
      """
    )
    if let records = total.records { try console.print(records.text) }
    if measure.blankLines > 0 && subject.model?.settings.sequence == .line {
      try console.print("blank lines counted as empty sentences: \(blank)")
    }
  }

  /// Each figure with its unit, its denominator and what became of unknown tokens.
  private func figuresTable(_ interval: EvaluationInterval?) -> TextTable {
    let measure = total.measure
    let tokens = NumberFormat.grouped(measure.tokens)
    let known = NumberFormat.grouped(measure.tokens - measure.outOfVocabulary)
    var table = TextTable([.left("figure"), .decimal("value"), .left("what it is")])
    table.append([
      "cross-entropy", Self.number(total.crossEntropyBits, 4),
      "bits a token, over all \(tokens); \(Self.number(total.crossEntropyNats, 4)) nats",
    ])
    table.append([
      "perplexity", Self.number(total.perplexity, 4),
      "2^cross-entropy; unknown tokens as <unk>"
        + (subject.model?.speller == nil ? "" : ", spelled"),
    ])
    if let interval {
      table.append([
        "  \(IntervalOptions.levelText(interval.level)) interval",
        Self.number(interval.perplexity.low, 4),
        "to \(Self.number(interval.perplexity.high, 4)), for texts of this kind",
      ])
    } else if resampling != nil {
      appendObstacle(total.intervalObstacle, to: &table)
    }
    table.append([
      "  without unknown", Self.number(total.perplexityExcludingOutOfVocabulary, 4),
      "over the \(known) known tokens only",
    ])
    appendUnknown(to: &table)
    table.append([
      "bits per character", Self.number(total.bitsPerCharacter, 4),
      "over Unicode scalars, line ends counted",
    ])
    table.append([
      "bits per grapheme", Self.number(total.bitsPerGrapheme, 4),
      "over what a reader takes for characters",
    ])
    table.append([
      "bits per byte",
      (subject.understatesBytes(total) ? ">= " : "") + Self.number(total.bitsPerByte, 4),
      bitsPerByteText,
    ])
    table.append([
      "log10 probability", Self.number(total.total.log10, 4), "of the whole text",
    ])
    return table
  }

  /// Appends the reason why there is no interval, and the mean over texts in place of it.
  private func appendObstacle(_ obstacle: IntervalObstacle, to table: inout TextTable) {
    table.append(["  interval", "-", obstacle.summary])
    guard case .dominated = obstacle, let resampling,
      let mean = total.meanOverTexts(resampling), let bits = mean.crossEntropyBits,
      let interval = mean.interval
    else { return }
    let ends = [interval.low, interval.high].map {
      Self.number(InformationTheory.perplexity(ofBits: $0), 4)
    }
    table.append([
      "  mean over texts", Self.number(InformationTheory.perplexity(ofBits: bits), 4),
      "\(IntervalOptions.levelText(resampling.level)) interval \(ends[0]) to \(ends[1])",
    ])
  }

  /// The name of a text by its index among all, records included.
  private func textName(_ index: Int) -> String {
    var first = 0
    for (name, text) in zip(names, texts) {
      let documents = text.evaluation.units.blocks(of: .documents)
      if index < first + documents.blocks.count {
        return documents.stretchCount == 1 ? name : "text \(index - first + 1) of \(name)"
      }
      first += documents.blocks.count
    }
    return "one text"
  }

  /// Appends the number of unknown tokens, and what they cost.
  private func appendUnknown(to table: inout TextTable) {
    let measure = total.measure
    let share = NumberFormat.percent(
      Double(measure.outOfVocabulary) / Double(measure.tokens),
      decimals: 2
    )
    table.append([
      "unknown tokens", NumberFormat.grouped(measure.outOfVocabulary),
      "\(share) of the tokens",
    ])
    if measure.unscoredTokens > 0 {
      table.append([
        "tokens without a score", NumberFormat.grouped(measure.unscoredTokens),
        "\(NumberFormat.grouped(measure.unscoredBytes)) bytes, charged 8 bits each below",
      ])
    }
    if subject.model?.speller != nil {
      let bits = total.spellingTotal.surprisalBits
      table.append([
        "  their spelling", Self.number(bits / Double(measure.outOfVocabulary), 4),
        "bits each beside <unk>; \(NumberFormat.percent(bits / -total.total.bits, decimals: 2)) "
          + "of all bits",
      ])
      table.append([
        "  without it", Self.number(total.withoutSpelling.perplexity, 4),
        "perplexity with <unk> alone for them",
      ])
    }
  }

  /// Bits a byte, and the reason why they do not compare with those of any model, if they do not.
  private var bitsPerByteText: String {
    if total.measure.outOfVocabulary > 0 && subject.model?.speller == nil {
      return "a lower bound: unknown words are not spelled"
    }
    if subject.model?.settings.normalization.isIdentity == false {
      return "a lower bound: only the changed text is charged"
    }
    return "compares across tokenizers"
  }

  private func printZero(_ zero: ZeroProbability, in console: inout Console) throws {
    let count = total.zeroProbabilityTokens
    let tokens = count == 1 ? "token has" : "tokens have"
    try console.print()
    try console.print(
      console.style.red(
        TextLayout.wrapped(
          "\(NumberFormat.grouped(count)) \(tokens) probability zero, so the text is impossible "
            + "to this model and its perplexity is infinite.",
          width: console.width
        ).joined(separator: "\n")
      )
    )
    try printFirst(zero, in: &console)
    try console.print("A smoothed model gives every token a probability: see train --smoothing.")
  }

  /// Names the first token that the model gives nothing.
  private func printFirst(_ zero: ZeroProbability, in console: inout Console) throws {
    let context = zero.context.map { TokenTable.escaped($0.utf8) }.joined(separator: " ")
    let first = texts.firstIndex { $0.evaluation.firstZeroProbability != nil }
    let text = names.count > 1 ? first.map { " of \(names[$0])" } ?? "" : ""
    try console.print(
      "The first is '\(TokenTable.escaped(zero.token.utf8))' on line \(zero.line)\(text), "
        + "after: \(context)"
    )
  }

  static func number(_ value: Double, _ decimals: Int) -> String {
    if value.isNaN { return "-" }
    // More digits than a Double has say nothing: the perplexity of a whole document as one token.
    if value.isFinite && value.magnitude >= 1e15 {
      return NumberFormat.significant(value, digits: 6)
    }
    return NumberFormat.fixed(value, decimals: decimals)
  }
}
