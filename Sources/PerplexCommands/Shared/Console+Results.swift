import Records
import Terminal

extension Console {
  /// Writes a JSON value, indented, and a line feed to standard output.
  mutating func print(_ value: JSONValue) throws(ConsoleError) {
    try write(value.prettyPrinted + "\n")
  }

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
