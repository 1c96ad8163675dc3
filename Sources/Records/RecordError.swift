/// The fault of a file of records, with its line.
package struct RecordError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  package var path: String
  /// The line, from 1; nil if it is not about one.
  package var line: Int?
  /// The fault and the remedy.
  package var message: String

  /// An error of a line, or of the whole file.
  package init(path: String, line: Int? = nil, _ message: String) {
    self.path = path
    self.line = line
    self.message = message
  }

  /// The file, the line and the error.
  package var description: String {
    path + (line.map { ":\($0)" } ?? "") + ": " + message
  }
}

extension RecordError {
  /// Refuses a file that begins with `start`, which no file of records does.
  package static func checkForm(
    of start: some Collection<UInt8>,
    path: String
  ) throws(RecordError) {
    if let kind = FileSignature.kind(of: start.prefix(FileSignature.byteCount)) {
      let remedy = kind.isModel ? nil : kind.remedy
      throw RecordError(path: path, "this is \(kind.name); \(remedy ?? "give JSON or a table")")
    }
    if let encoding = TextEncoding.wide(start.prefix(64)) {
      throw RecordError(
        path: path,
        "this is a \(encoding) file; convert it with iconv -f \(encoding) -t UTF-8 first"
      )
    }
  }
}

/// The fault of a row, without its file and its line.
package struct RowError: Error {
  package var message: String

  /// The fault and the remedy.
  package init(message: String) { self.message = message }
}
