/// A thing the program can do: a value whose properties are filled in from the command line.
///
/// ```swift
/// struct Greet: Command, Equatable {
///   var times = 1
///   var names: [String] = []
///
///   static let name = "greet"
///   static let abstract = "Say hello."
///   static let arguments: [Argument<Self>] = [
///     .operands("NAME", value: \.names, atLeast: 1, help: "Whom to greet."),
///     .option("-t", "--times", value: \.times, help: "How often."),
///   ]
///
///   func run(in console: inout Console) throws {
///     for name in names { try console.print("Hello, \(name)!") }
///   }
/// }
///
/// try Greet.parse(["-t", "3", "Ada"])  // Greet(times: 3, names: ["Ada"])
/// ```
package protocol Command: Sendable {
  /// The word that chooses the command.
  static var name: String { get }

  /// One imperative sentence that ends in a full stop.
  static var abstract: String { get }

  /// Paragraphs that the help shows below the options; empty by default.
  static var discussion: String { get }

  /// Command lines that the help ends with; none by default.
  static var examples: [Example] { get }

  /// The grammar.
  static var arguments: [Argument<Self>] { get }

  /// The blank command: every property has its default.
  init()

  /// Checks what no single argument can check, once all are read.
  mutating func validate() throws(UsageError)

  /// Does the work.
  func run(in console: inout Console) throws
}

extension Command {
  /// No further text.
  package static var discussion: String { "" }

  /// No examples.
  package static var examples: [Example] { [] }

  /// Accepts everything.
  package mutating func validate() throws(UsageError) {}

  /// Reads the words after the command's name into a command, and validates it.
  ///
  /// - Throws: `UsageError` for a word that the grammar does not allow.
  package static func parse(_ words: [String]) throws(UsageError) -> Self {
    var command = Self()
    var parser = ArgumentParser(arguments)
    try parser.parse(words, into: &command)
    try command.validate()
    return command
  }

  /// The help screen of the command, as `program help command` shows it.
  package static func help(program: String, width: Int = 80, style: Style = .plain) -> String {
    UsageText(program: program, width: width, style: style).help(for: CommandDescription(Self.self))
  }
}

/// A command line and what it does.
package struct Example: Sendable, Equatable {
  /// The whole line, with the program's name.
  package let line: String

  /// One line that explains it.
  package let explanation: String

  /// Pairs a command line with its explanation.
  package init(_ line: String, _ explanation: String) {
    self.line = line
    self.explanation = explanation
  }
}

/// The options that every command has.
struct CommonOptions: Sendable {
  var isQuiet = false
  var color = ColorChoice.auto
  var showsHelp = false

  static let arguments: [Argument<Self>] = [
    .flag("-q", "--quiet", value: \.isQuiet, help: "Print no notes and no progress."),
    .option("--color", value: \.color, placeholder: "WHEN", help: "When to use colour."),
    .flag("-h", "--help", value: \.showsHelp, help: "Show this help."),
  ]
}

/// A command together with the options that every command has.
struct Invocation<C: Command>: Sendable {
  var command = C()
  var common = CommonOptions()

  static var arguments: [Argument<Self>] {
    [.group("", \.command, C.arguments), .group("General", \.common, CommonOptions.arguments)]
  }
}

/// The facts of a command that the help and the completion scripts show.
struct CommandDescription: Sendable {
  let name: String
  let abstract: String
  let discussion: String
  let examples: [Example]
  let arguments: [ArgumentDescription]

  init<C: Command>(_ type: C.Type) {
    name = C.name
    abstract = C.abstract
    discussion = C.discussion
    examples = C.examples
    let blank = Invocation<C>()
    arguments = Invocation<C>.arguments.flatMap { $0.flattened() }.map { row in
      var description = row.description
      description.defaultText = row.defaultText(blank)
      return description
    }
  }
}
