/// A value that a person can write as one word on the command line.
///
/// An enum of strings conforms by naming the protocol: its cases become the choices that the help
/// lists and that a misspelt word is compared with.
///
/// ```swift
/// enum Unit: String, CaseIterable, ArgumentValue { case bits, nats }
/// Unit(argument: "nats")  // Unit.nats
/// Unit.choices            // ["bits", "nats"]
/// ```
package protocol ArgumentValue: Equatable, SendableMetatype {
  /// The word for the value in a help screen, in capitals.
  static var placeholder: String { get }

  /// The end of the sentence "'--order' must be …".
  static var expectation: String { get }

  /// The words that are accepted, where they are few; empty otherwise.
  static var choices: [String] { get }

  /// The words that a shell offers after the option.
  static var completion: Completion { get }

  /// Reads a word; returns `nil` if it is not a value.
  init?(argument: String)

  /// The word that reads back as this value; shown as the default in a help screen.
  var argument: String { get }
}

extension ArgumentValue {
  /// One of the choices where there are any, else the placeholder itself.
  package static var expectation: String {
    choices.isEmpty ? "of the form \(placeholder)" : "one of \(choices.joined(separator: ", "))"
  }

  /// No fixed words.
  package static var choices: [String] { [] }

  /// The choices where there are any, else nothing.
  package static var completion: Completion { choices.isEmpty ? .nothing : .words(choices) }
}

extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// The word for one of a few names.
  package static var placeholder: String { "NAME" }

  /// The raw values, in the order of declaration.
  package static var choices: [String] { allCases.map(\.rawValue) }

  /// Finds the case of that raw value.
  package init?(argument: String) { self.init(rawValue: argument) }

  /// The raw value.
  package var argument: String { rawValue }
}

extension Int: ArgumentValue {
  /// A count or a number.
  package static var placeholder: String { "N" }

  /// Said of a word that is not an integer.
  package static var expectation: String { "a whole number" }

  /// Reads decimal digits with an optional sign.
  package init?(argument: String) { self.init(argument, radix: 10) }

  /// Decimal digits.
  package var argument: String { String(self) }
}

extension UInt64: ArgumentValue {
  /// A count or a number.
  package static var placeholder: String { "N" }

  /// Said of a word that is not an integer of that range.
  package static var expectation: String { "a whole number that is not negative" }

  /// Reads decimal digits.
  package init?(argument: String) { self.init(argument, radix: 10) }

  /// Decimal digits.
  package var argument: String { String(self) }
}

extension Double: ArgumentValue {
  /// A number, perhaps with a fraction.
  package static var placeholder: String { "X" }

  /// Said of a word that is not a finite number.
  package static var expectation: String { "a number" }

  /// Reads a finite decimal number such as `0.5` or `1e-8`.
  package init?(argument: String) {
    // Swift reads hexadecimal digits too, which is no help in a command line.
    guard !argument.contains(where: { $0 == "x" || $0 == "X" }), let value = Double(argument),
      value.isFinite
    else { return nil }
    self = value
  }

  /// The shortest digits that read back as the same value, without a trailing `.0`.
  package var argument: String {
    let digits = description
    return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }
}

extension String: ArgumentValue {
  /// Free text; most often the name of a file, which an option then says itself.
  package static var placeholder: String { "TEXT" }

  /// Files, as a shell does for a program that it does not know.
  package static var completion: Completion { .files }

  /// Takes the word as it is.
  package init?(argument: String) { self = argument }

  /// The text itself.
  package var argument: String { self }
}
