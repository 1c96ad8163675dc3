/// The mistake of a command line.
package enum UsageError: Error, Equatable, Sendable {
  /// The first word names no command.
  case unknownCommand(String, suggestion: String?)
  /// A word with a dash is no option of the command.
  case unknownOption(String, suggestion: String?)
  /// An option of the program stands before the command.
  case optionBeforeCommand(String)
  /// The value of an option does not follow it.
  case missingValue(option: String, placeholder: String)
  /// A flag was given a value with `=`.
  case unexpectedValue(option: String, value: String)
  /// A word is not a value of the kind needed.
  case invalidValue(argument: String, value: String, expectation: String, suggestion: String?)
  /// An option that must be given was not.
  case missingOption(String, placeholder: String)
  /// An operand that must be given was not.
  case missingOperand(String)
  /// There are more words than operands.
  case unexpectedOperand(String)
  /// A number is outside its bounds; `bounds` are in words: `between 1 and 16`.
  case outOfRange(option: String, bounds: String, found: String)
  /// Two options, or an option and a value, exclude each other.
  case conflict(String, String, reason: String? = nil)
  /// An option has no meaning without `other`.
  case needs(String, other: String, reason: String? = nil)
  /// An option, or an operand, must name a file and not standard input or output.
  case needsFile(String, reason: String)
  /// Two results would go to standard output.
  case onlyOneStandardOutput
  /// Standard input is named twice.
  case readsStandardInputTwice
  /// A mistake that one command alone knows, in words.
  case other(String)

  /// A mistake that one command alone knows.
  package init(_ message: String) { self = .other(message) }
}

extension UsageError {
  /// Checks that a number is within its bounds.
  ///
  /// ```swift
  /// try UsageError.check(17, of: "--order", is: .between(1, 16))
  /// // '--order' must be between 1 and 16, not 17
  /// ```
  ///
  /// - Throws: ``outOfRange(option:bounds:found:)``; NaN is outside of all bounds.
  package static func check<Value: Comparable & Sendable>(
    _ value: Value,
    of option: String,
    is bounds: NumberBounds<Value>
  ) throws(UsageError) {
    guard bounds.contains(value) else {
      throw .outOfRange(option: option, bounds: bounds.description, found: "\(value)")
    }
  }

  /// Checks that `-` stands at most once among the names of files that are read.
  ///
  /// - Throws: ``readsStandardInputTwice``.
  package static func checkStandardInput(_ paths: [String]) throws(UsageError) {
    guard paths.count(where: { $0 == "-" }) <= 1 else { throw .readsStandardInputTwice }
  }
}

extension UsageError: CustomStringConvertible {
  /// The mistake in words, and the nearest right word if there is one.
  package var description: String {
    switch self {
    case .unknownCommand(let name, let suggestion):
      "unknown command '\(name)'" + Self.question(suggestion)
    case .unknownOption(let name, let suggestion):
      "unknown option '\(name)'" + Self.question(suggestion)
    case .optionBeforeCommand(let name):
      "'\(name)' comes after the command"
    case .missingValue(let option, let placeholder):
      "'\(option)' needs a value: \(option) \(placeholder)"
    case .unexpectedValue(let option, let value):
      "'\(option)' takes no value, not even '\(value)'"
    case .invalidValue(let argument, let value, let expectation, let suggestion):
      "'\(argument)' must be \(expectation), not '\(value)'" + Self.question(suggestion)
    case .missingOption(let option, let placeholder):
      "'\(option) \(placeholder)' is missing"
    case .missingOperand(let name):
      "\(name) is missing"
    case .unexpectedOperand(let word):
      "unexpected word '\(word)'"
    case .outOfRange(let option, let bounds, let found):
      "'\(option)' must be \(bounds), not \(found)"
    case .conflict(let first, let second, let reason):
      "\(Self.quoted(first)) does not go with \(Self.quoted(second))" + Self.clause(reason)
    case .needs(let option, let other, let reason):
      "\(Self.quoted(option)) needs \(Self.quoted(other))" + Self.clause(reason)
    case .needsFile(let option, let reason):
      "\(Self.quoted(option)) must be a file, not '-': \(reason)"
    case .onlyOneStandardOutput:
      "only one result can go to standard output"
    case .readsStandardInputTwice:
      "standard input, '-', can be read only once"
    case .other(let message):
      message
    }
  }

  private static func question(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean '\($0)'?" } ?? ""
  }

  private static func clause(_ reason: String?) -> String { reason.map { ": \($0)" } ?? "" }

  /// An option in quotation marks; other words as they are.
  private static func quoted(_ word: String) -> String { word.hasPrefix("-") ? "'\(word)'" : word }
}
