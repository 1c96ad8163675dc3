import LanguageModels
import Perplexity
import Records
import Terminal

/// A figure counted another tool's way, for people and for programs.
struct PolicyReport {
  let account: PolicyAccount

  /// The object `policy`.
  var json: JSONValue {
    var figures: JSONObject = [:]
    for figure in account.figures {
      figures[figure.kind.rawValue] =
        figure.isCount ? .integer(Int(figure.value)) : .double(figure.value)
    }
    return [
      "name": .string(account.policy.rawValue),
      "own_tokens": .integer(account.ownTokens),
      "own_bits": .double(account.ownBits),
      "items": .array(
        account.items.map {
          ["what": .string($0.what), "tokens": .integer($0.tokens), "bits": .double($0.bits)]
        }
      ),
      "tokens": .integer(account.tokens),
      "bits": .double(account.bits),
      "figures": .object(figures),
    ]
  }

  /// Prints what differs, then what the tool prints.
  func print(in console: inout Console) throws {
    var table = TextTable([.left("counted as"), .right("tokens"), .decimal("bits")])
    table.append(row("perplex", account.ownTokens, account.ownBits))
    for item in account.items { table.append(row("  " + item.what, item.tokens, item.bits)) }
    table.append(row(account.policy.rawValue, account.tokens, account.bits))
    try console.printTable(table)
    if account.ownBits.isInfinite {
      try console.print("Some token has probability zero: infinite bits cannot be added up.")
    }
    try console.print()
    var figures = TextTable([
      .left("\(account.policy.rawValue)'s figure"), .decimal("value"), .left("what it is"),
    ])
    for figure in account.figures {
      figures.append([
        figure.kind.rawValue,
        figure.isCount
          ? NumberFormat.grouped(Int(figure.value)) : Self.number(figure.value),
        figure.meaning,
      ])
    }
    try console.printTable(figures)
  }

  private static func number(_ value: Double) -> String {
    value.magnitude < 1e6
      ? ScoreReport.number(value, 4) : NumberFormat.significant(value, digits: 7)
  }

  private func row(_ name: String, _ tokens: Int, _ bits: Double) -> [String] {
    [name, NumberFormat.grouped(tokens), NumberFormat.grouped(bits, decimals: 3)]
  }
}
