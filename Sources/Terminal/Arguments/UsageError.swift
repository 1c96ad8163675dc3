/// What is wrong with a command line.
public enum UsageError: Error, Equatable, Sendable {
  /// The first word names no command.
  case unknownCommand(String, suggestion: String?)
  /// A word with a dash is no option of the command.
  case unknownOption(String, suggestion: String?)
  /// The value of an option does not follow it.
  case missingValue(option: String, placeholder: String)
  /// A flag was given a value with `=`.
  case unexpectedValue(option: String, value: String)
  /// A word does not stand for a value of the kind needed.
  case invalidValue(argument: String, value: String, expectation: String, suggestion: String?)
  /// An option that must be given was not.
  case missingOption(String, placeholder: String)
  /// An operand that must be given was not.
  case missingOperand(String)
  /// There are more words than operands.
  case unexpectedOperand(String)
  /// Something that the command's own validation found.
  case other(String)

  /// Says in words what a command's own validation found.
  public init(_ message: String) { self = .other(message) }
}
