import InformationTheory
import LanguageModels
import Perplexity
import Records
import Statistics
import Terminal
import Tokenization

/// The result of `sweep`, for people; the other forms are made of it.
struct SweepReport {
  let grid: SweepGrid
  let cells: [SweepCell]
  let texts: [String]
  let heldOut: [String]
  let settings: TextSettings
  let vocabulary: Vocabulary
  /// The records of the training text; nil for plain text.
  let trainingRecords: RecordTally?
  let resampling: Resampling
  let source: MarkovSource?

  /// The number of best models that are printed with all their figures.
  private static let detailedCount = 10
  /// The number of orders side by side.
  private static let ordersInTable = 5

  var level: String { IntervalOptions.levelText(resampling.level) }
  var textsName: String { texts.count == 1 ? texts[0] : "\(texts.count) texts" }
  var heldOutName: String { heldOut.count == 1 ? heldOut[0] : "\(heldOut.count) texts" }

  /// The held-out text's measures, the same for every model.
  var measure: TextMeasure { cells.lazy.compactMap(\.heldOut).first?.measure ?? TextMeasure() }

  /// The records of the held-out text; nil for plain text.
  var heldOutRecords: RecordTally? { cells.lazy.compactMap(\.heldOut).first?.records }

  /// The baseline in words.
  var baselineName: String {
    grid.baseline.argument + (grid.baseline.order == nil ? " at the model's own order" : "")
  }

  /// The models with figures on all of the text that was asked for, best first.
  var ranking: [SweepCell] {
    cells.filter { $0.model.size == grid.sizes.count - 1 && $0.heldOut != nil }
      .enumerated().sorted {
        ($0.element.bits, $0.offset) < ($1.element.bits, $1.offset)
      }.map(\.element)
  }

  func cell(_ size: Int, _ method: SmoothingMethod, _ order: Int) -> SweepCell? {
    let model = SweepGrid.Model(size: size, method: method, order: order)
    return cells.first { $0.model == model }
  }

  func sizeName(_ index: Int) -> String { grid.sizes[index].name }

  // MARK: Text

  func print(in console: inout Console) throws {
    let style = console.style
    let largest = grid.sizes.last?.prefix.tokenCount ?? 0
    try console.printParagraph(
      "\(style.bold(heldOutName)) under \(cells.count) models of \(textsName), up to "
        + "\(NumberFormat.grouped(largest)) tokens. \(terms)"
    )
    try console.print()
    try console.print(style.bold("Perplexity by order"))
    try write(grids { ScoreReport.number($0.heldOut?.perplexity ?? .nan, 2) }, in: &console)
    try console.print()
    let count = min(Self.detailedCount, ranking.count)
    try console.print(
      style.bold("The \(count == ranking.count ? "models" : "best \(count)"), in bits a token")
    )
    try console.printTable(details)
    try console.print()
    try console.printParagraph(key)
    if let source { try printSource(source, in: &console) }
    try console.printNotes(warnings.map { style.yellow("Note: \($0)") })
  }

  /// The tokens and the vocabulary, in words.
  var terms: String {
    """
    \(NumberFormat.grouped(measure.tokens)) tokens are scored (\(settings.tokenizer.rawValue), with one \
    </s> for each of \(NumberFormat.grouped(measure.sequences)) \
    \(settings.sequence.noun(measure.sequences))), \
    \(unknownWords): all have the vocabulary of the whole training text, \
    \(NumberFormat.grouped(vocabulary.count)) with <unk>, <s> and </s>\(smallerSizes).
    """
  }

  private var unknownWords: String {
    guard measure.outOfVocabulary > 0 else { return "none of them unknown to any model" }
    let share = Double(measure.outOfVocabulary) / Double(measure.tokens)
    return "\(NumberFormat.grouped(measure.outOfVocabulary)) of them "
      + "(\(NumberFormat.percent(share, decimals: 2))) unknown to every model and charged as <unk>"
  }

  private var smallerSizes: String {
    grid.sizes.count == 1 ? "" : "; words that a smaller size lacks are known but unseen there"
  }

  /// A figure of each model: methods and sizes below each other, orders side by side.
  private func grids(_ figure: (SweepCell) -> String) -> [TextTable] {
    stride(from: 0, to: grid.orders.count, by: Self.ordersInTable).map { start in
      let orders = grid.orders[start..<min(start + Self.ordersInTable, grid.orders.count)]
      var table = TextTable(
        [.left("smoothing"), .right("tokens")] + orders.map { .decimal("\($0)") }
      )
      for method in grid.methods {
        for size in grid.sizes.indices {
          table.append(
            [method.rawValue, NumberFormat.grouped(grid.sizes[size].prefix.tokenCount)]
              + orders.map { cell(size, method, $0).map(figure) ?? "" }
          )
        }
      }
      return table
    }
  }

  private func write(_ tables: [TextTable], in console: inout Console) throws {
    for table in tables {
      try console.printTable(table)
    }
  }

  /// The best models with all their figures.
  private var details: TextTable {
    var table = TextTable([
      .left("model"), .decimal("bits"), .left("\(level) interval"), .decimal("seen"),
      .decimal("less"), .left("\(level) interval"),
    ])
    for cell in ranking.prefix(Self.detailedCount) {
      guard let heldOut = cell.heldOut else { continue }
      func interval(_ interval: Interval?) -> String {
        interval.map { "\(ScoreReport.number($0.low, 3)) \(ScoreReport.number($0.high, 3))" } ?? "-"
      }
      table.append([
        cell.model.name,
        ScoreReport.number(heldOut.crossEntropyBits, 3),
        interval(heldOut.interval?.crossEntropyBits),
        ScoreReport.number(cell.trainingCrossEntropyBits ?? .nan, 3),
        cell.difference.map { ScoreReport.number($0.difference, 3) } ?? "base",
        cell.difference.map { interval($0.interval) } ?? "",
      ])
    }
    return table
  }

  /// The meaning of the table's columns.
  var key: String {
    """
    bits: cross-entropy of the held-out text; seen: that of the training text\(sampleRemark); less: \
    bits less those of the baseline (\(baselineName)), below zero is better, base is the baseline \
    itself. Intervals: \(methods), drawn \(resampling.resamples) times (seed \(resampling.seed)).
    """
  }

  private var methods: String {
    ([method] + [differenceMethod.map { "of differences: \($0)" }]).compactMap(\.self)
      .joined(separator: "; ")
  }

  /// The method of the intervals; nil if there are none.
  var method: String? { cells.lazy.compactMap { $0.heldOut?.interval }.first?.method }

  /// The method of the intervals of differences; nil if there are none.
  var differenceMethod: String? {
    cells.lazy.compactMap { $0.heldOut?.units }.first.map {
      resampling.pairedForm(of: $0).description
    }
  }

  private var sampleRemark: String {
    let count = cells.map(\.trainingSampleCount).max() ?? 0
    return (grid.sizes.last?.prefix.tokenCount ?? 0) > count
      ? ", a sample of \(NumberFormat.grouped(count)) tokens at most" : ""
  }

  private func printSource(_ source: MarkovSource, in console: inout Console) throws {
    try console.print()
    try console.print(console.style.bold("Divergence from the source by order, bits a token"))
    try write(grids { ScoreReport.number($0.source?.divergenceBits ?? .nan, 4) }, in: &console)
    try console.print()
    try console.printParagraph(sourceRemark(source))
  }

  /// The exact figures of the models of a known source, in words.
  func sourceRemark(_ source: MarkovSource) -> String {
    let worst = cells.compactMap(\.source).map(\.identityErrorBits).max() ?? 0
    return """
      The entropy of the source is \(NumberFormat.fixed(source.entropyBitsPerToken, decimals: 4)) bits a \
      token. Divergence is KL(P || Q) of a model Q from the source P, computed exactly over everything \
      the source can produce. So is the cross-entropy H(P, Q), which is the sum of both to \
      \(worst == 0 ? "the last digit" : NumberFormat.significant(worst, digits: 2)).\(unsummed)
      """
  }

  /// The reason why some models have no such sums.
  private var unsummed: String {
    guard cells.contains(where: { $0.heldOut != nil && $0.source == nil }) else { return "" }
    return " Models that distinguish more than "
      + "\(NumberFormat.grouped(SourceMeasurement.historyLimit)) histories are left out."
  }
}

extension SweepCell {
  /// Bits a token of the held-out text; NaN where there are none.
  var bits: Double { heldOut?.crossEntropyBits ?? .nan }
}
