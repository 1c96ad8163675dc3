import Records
import Terminal

extension Console {
  /// Writes a JSON value, indented, and a line feed to standard output.
  mutating func print(_ value: JSONValue) throws(ConsoleError) {
    try write(value.prettyPrinted + "\n")
  }

  /// Writes a text to standard output, wrapped to the width of the terminal but to 60 columns at least.
  mutating func printParagraph(_ text: String) throws(ConsoleError) {
    try print(TextLayout.wrapped(text, width: max(60, width)).joined(separator: "\n"))
  }
}
