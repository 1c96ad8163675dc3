/// What is wrong with a file of records, and on which line.
public struct RecordError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// The line, from 1; nil where it is not about one.
  public var line: Int?
  /// What is wrong and what would mend it.
  public var message: String

  /// An error of a line, or of the whole file.
  public init(path: String, line: Int? = nil, _ message: String) {
    self.path = path
    self.line = line
    self.message = message
  }

  /// The file, the line and what is wrong.
  public var description: String {
    path + (line.map { ":\($0)" } ?? "") + ": " + message
  }
}
