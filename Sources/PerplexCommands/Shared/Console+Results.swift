import Records
import Terminal

extension Command {
  /// The object that `--json` prints for `value`: its form, the program and the command come first.
  func result(_ value: JSONValue, _ options: OutputOptions) -> JSONValue {
    guard case .object(let members) = value else { return value }
    let head: JSONObject = [
      "schema": 1, "perplex": .string(perplex.version), "command": .string(Self.name),
    ]
    let whole = JSONValue.object(head + members)
    return options.leavesOutTiming ? whole.withoutTiming : whole
  }

  /// Prints the object of `--json`, indented, with a line feed.
  func printResult(
    _ value: JSONValue,
    _ options: OutputOptions,
    in console: inout Console
  ) throws(ConsoleError) {
    try console.write(result(value, options).prettyPrinted + "\n")
  }
}

extension JSONValue {
  /// The value without the members called `timing`, which alone differ between equal runs.
  fileprivate var withoutTiming: JSONValue {
    switch self {
    case .object(let object):
      .object(
        JSONObject(
          object.members.filter { $0.name != "timing" }.map { ($0.name, $0.value.withoutTiming) }
        )
      )
    case .array(let values): .array(values.map(\.withoutTiming))
    default: self
    }
  }
}

extension Console {
  /// Writes a text to standard output, wrapped to the width of the terminal but to 60 columns at
  /// least.
  mutating func printParagraph(_ text: String) throws(ConsoleError) {
    try print(TextLayout.wrapped(text, width: max(60, width)).joined(separator: "\n"))
  }

  /// Writes a table, fitted to the width of the terminal but to 80 columns at least.
  mutating func printTable(_ table: TextTable) throws(ConsoleError) {
    try write(table.rendered(width: max(80, width), style: style))
  }

  /// Writes each of `notes` as a paragraph, with a blank line before it.
  mutating func printNotes(_ notes: [String]) throws(ConsoleError) {
    for note in notes {
      try print()
      try printParagraph(note)
    }
  }
}
