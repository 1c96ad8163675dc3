import Records
import Terminal

extension Console {
  /// Writes a JSON value, indented, and a line feed to standard output.
  mutating func print(_ value: JSONValue) throws(ConsoleError) {
    try write(value.prettyPrinted + "\n")
  }
}
