import LanguageModels
import Perplexity
import Records
import Terminal
import Tokenization

/// The tables of `score --breakdown`, for people and for programs.
struct BreakdownReport {
  let breakdown: Breakdown
  /// Several texts were scored, so that lines need their names.
  let namesTexts: Bool

  // MARK: JSON

  /// The `breakdown` of the total.
  var json: JSONValue {
    var members = JSONObject(
      breakdown.tables.map { ("by_\($0.subject.rawValue)", .array($0.groups.map(figures))) }
    )
    if let expected = breakdown.expectedCounts {
      members["expected_counts"] = .array(
        expected.cells.map { cell in
          [
            "order": .integer(cell.order), "training_count": .string(cell.key),
            "expected_tokens": .double(cell.expected), "actual_tokens": .integer(cell.actual),
            "expected_over_actual": .double(cell.ratio),
          ]
        }
      )
    }
    if let tokens = breakdown.trainingTokens {
      members["training_tokens"] = .integer(tokens)
    }
    members += [
      "types": .integer(breakdown.typeCount),
      "costliest_types": .array(
        breakdown.costliestTypes.map { type in
          costs(
            type.cost,
            [
              "type": .string(type.spelling),
              "class": .string(type.wordClass.rawValue),
            ]
          )
        }
      ),
      "costliest_tokens": .array(
        breakdown.costliestTokens.map { token in
          .object(
            ["text": .string(token.text)] + token.line.json + [
              "token": .string(token.spelling), "bits": .double(token.bits),
              "before": .string(token.before), "after": .string(token.after),
            ]
          )
        }
      ),
      "costliest_lines": .array(
        breakdown.costliestLines.map { line in
          costs(
            line.cost,
            ["text": .string(line.text)] + line.line.json + ["excerpt": .string(line.excerpt)]
          )
        }
      ),
    ]
    return .object(members)
  }

  private func figures(_ group: Breakdown.Group) -> JSONValue {
    costs(group.cost, ["group": .string(group.key)])
  }

  private func costs(_ cost: Cost, _ names: JSONObject) -> JSONValue {
    .object(
      names + [
        "tokens": .integer(cost.tokens),
        "bits": .double(cost.bits),
        "bits_per_token": .double(cost.bitsPerToken),
        "share_of_bits": .double(cost.shareOfBits(in: breakdown.total)),
      ]
    )
  }

  // MARK: Text

  /// Prints all tables, each under a line that says what it sorts by.
  func print(in console: inout Console) throws {
    let total = breakdown.total
    try console.print()
    try console.printParagraph(
      """
      Where the \(NumberFormat.grouped(total.bits, decimals: 1)) bits of the \
      \(NumberFormat.grouped(total.tokens)) tokens go. Each table with shares below sorts all tokens, \
      so its rows add up to those.\(breakdown.trainingTokens == nil ? "" : Self.countsAreOfTraining)
      """
    )
    for table in breakdown.tables { try print(table, in: &console) }
    if let expected = breakdown.expectedCounts { try print(expected, in: &console) }
    try printTypes(in: &console)
    try printTokens(in: &console)
    try printLines(in: &console)
  }

  private func print(_ table: Breakdown.Table, in console: inout Console) throws {
    var output = TextTable(
      [.left(table.subject.title), .right("tokens"), .right("share")] + Self.costColumns
    )
    for group in table.groups {
      let share = Double(group.cost.tokens) / Double(breakdown.total.tokens)
      output.append(
        [
          table.subject.name(group.key), NumberFormat.grouped(group.cost.tokens),
          NumberFormat.percent(share),
        ] + costCells(group.cost)
      )
    }
    try print(output, in: &console)
  }

  /// One row a band and one column an order.
  private func print(_ expected: ExpectedCounts, in console: inout Console) throws {
    try console.print()
    try console.printParagraph(
      """
      Expected over actual, by training count: the number of tokens that the model expects after \
      contexts of n-grams with this count, divided by the number that come. n is one more than the \
      length of the longest context that training has. 1 is perfect; above 1 the model gives too much \
      probability (Chen and Goodman 1998).
      """
    )
    // As many of the longest as a narrow terminal has room for; JSON has them all.
    let orders = Set(expected.cells.map(\.order)).sorted().suffix(5)
    var output = TextTable(
      [.left("count"), .right("actual"), .decimal("expected"), .decimal("all n")]
        + orders.map { .decimal("n = \($0)") }
    )
    for total in expected.totals {
      let ratios = orders.map { order in
        expected.cells.first { $0.order == order && $0.key == total.key }.map(Self.ratio) ?? ""
      }
      output.append(
        [
          Breakdown.Subject.trainingCount.name(total.key), NumberFormat.grouped(total.actual),
          NumberFormat.grouped(total.expected, decimals: 1), Self.ratio(total),
        ] + ratios
      )
    }
    try console.printTable(output)
  }

  private func printTypes(in console: inout Console) throws {
    guard !breakdown.costliestTypes.isEmpty else { return }
    try console.print()
    try console.print(
      "The costliest of \(NumberFormat.grouped(breakdown.typeCount)) types, tokens and lines:"
    )
    var output = TextTable(
      [.left("costliest types"), .right("tokens")]
        + Self.costColumns + [.left("class")]
    )
    for type in breakdown.costliestTypes {
      output.append(
        [Self.escaped(type.spelling), NumberFormat.grouped(type.cost.tokens)]
          + costCells(type.cost) + [Breakdown.Subject.wordClass.name(type.wordClass.rawValue)]
      )
    }
    try print(output, in: &console)
  }

  private func printTokens(in console: inout Console) throws {
    guard !breakdown.costliestTokens.isEmpty else { return }
    var output = TextTable([
      .left("costliest tokens"), .decimal("bits"), .right("line"), .left("where"),
    ])
    let style = console.style
    for token in breakdown.costliestTokens {
      let spelling = Self.escaped(token.spelling)
      let before = token.before.count > 28 ? "…" + token.before.suffix(27) : token.before
      let around =
        token.spelling == "</s>"
        ? "\(Self.escaped(before)) \(style.bold("</s>"))"
        : Self.escaped(before) + style.bold(spelling) + Self.escaped(token.after)
      output.append([
        spelling, ScoreReport.number(token.bits, 2), location(token.text, token.line), around,
      ])
    }
    try print(output, in: &console)
  }

  private func printLines(in console: inout Console) throws {
    guard !breakdown.costliestLines.isEmpty else { return }
    var output = TextTable([
      .right("line"), .right("tokens"), .decimal("bits"), .decimal("bits/token"),
      .left("costliest lines"),
    ])
    for line in breakdown.costliestLines {
      output.append([
        location(line.text, line.line), NumberFormat.grouped(line.cost.tokens),
        NumberFormat.grouped(line.cost.bits, decimals: 1),
        ScoreReport.number(line.cost.bitsPerToken, 3), Self.escaped(line.excerpt),
      ])
    }
    try print(output, in: &console)
  }

  private func print(_ table: TextTable, in console: inout Console) throws {
    try console.print()
    try console.printTable(table)
  }

  private static let countsAreOfTraining = " Counts are those in the training text."

  private static let costColumns: [TextTable.Column] = [
    .decimal("bits"), .right("of all bits"), .decimal("bits/token"),
  ]

  private func costCells(_ cost: Cost) -> [String] {
    let share = cost.shareOfBits(in: breakdown.total)
    return [
      NumberFormat.grouped(cost.bits, decimals: 1),
      share.isNaN ? "-" : NumberFormat.percent(share), ScoreReport.number(cost.bitsPerToken, 3),
    ]
  }

  private static func ratio(_ cell: ExpectedCounts.Cell) -> String {
    cell.ratio.isFinite ? NumberFormat.fixed(cell.ratio, decimals: 3) : "-"
  }

  /// A line, of which text where there are several; of long names the end, where they differ.
  private func location(_ text: String, _ line: TextPlace) -> String {
    guard namesTexts else {
      return line.record == nil ? NumberFormat.grouped(line.line) : "\(line)"
    }
    return "\(text.count > 24 ? "…" + text.suffix(23) : text):\(line)"
  }

  private static func escaped(_ text: String) -> String { TokenTable.escaped(text.utf8) }
}

extension Breakdown.Subject {
  /// The title above the groups.
  var title: String {
    switch self {
    case .orderUsed: "longest known n-gram"
    case .trainingCount: "count of that n-gram"
    case .frequencyBand: "count of the token"
    case .wordClass: "class"
    case .surprisal: "bits of the token"
    case .lineLength: "tokens of the line"
    case .linePosition: "place in the line"
    }
  }

  /// A group as people read it.
  func name(_ key: String) -> String {
    switch (self, key) {
    case (.orderUsed, "0"): "none"
    case (.trainingCount, "0"): "never seen"
    case (.frequencyBand, "0"): "never seen"
    default: key.split(separator: "_").joined(separator: " ")
    }
  }
}
