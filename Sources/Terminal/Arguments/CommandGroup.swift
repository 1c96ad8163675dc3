import Files

/// The failure of a gate that the command line asked for: the work is done, and the answer is no.
package protocol FailedGate: Error {}

/// A program: its name, its commands, and the way from words to an exit code.
///
/// ```swift
/// let program = CommandGroup(
///   name: "perplex",
///   version: "0.1.0",
///   abstract: "Measure how well language models predict text.",
///   commands: [Train.self, Score.self]
/// )
/// program.main()
/// ```
///
/// | exit code | when |
/// | --- | --- |
/// | 0 | all is done, or the reader of standard output has gone (`perplex … | head`) |
/// | 1 | the work could not be done |
/// | 2 | a gate that was asked for failed |
/// | 64 | the command line is wrong |
///
/// Each command has the options `--help`, `--quiet` and `--color` besides its own.
package struct CommandGroup: Sendable {
  /// The program's name, as a person types it.
  package let name: String

  /// The version that `--version` prints.
  package let version: String

  /// One sentence that says what the program is for.
  package let abstract: String

  /// Paragraphs below the list of commands.
  package let discussion: String

  /// Command lines that the help ends with.
  package let examples: [Example]

  /// The commands, in the order of the help.
  package let commands: [any Command.Type]

  /// The command line is wrong (`EX_USAGE` of sysexits.h).
  package static let usageExitCode: Int32 = 64

  /// Puts a program together.
  package init(
    name: String,
    version: String,
    abstract: String,
    discussion: String = "",
    examples: [Example] = [],
    commands: [any Command.Type]
  ) {
    self.name = name
    self.version = version
    self.abstract = abstract
    self.discussion = discussion
    self.examples = examples
    self.commands = commands
  }

  /// Runs the process's own command line and ends the process.
  package func main() -> Never {
    var console = Console.standard(programName: name)
    Platform.exit(run(Array(CommandLine.arguments.dropFirst()), in: &console))
  }

  /// Runs the words after the program's name and gives the exit code.
  package func run(_ words: [String], in console: inout Console) -> Int32 {
    console.programName = name
    do {
      try dispatch(words, in: &console)
      console.finishProgress()
      try console.flush()
      return 0
    } catch {
      console.finishProgress()
      return exitCode(for: error, words: words, in: &console)
    }
  }

  /// The help screen of the program.
  package func help(width: Int = 80, style: Style = .plain) -> String {
    UsageText(program: name, width: width, style: style).help(
      abstract: abstract,
      discussion: discussion,
      commands: descriptions,
      options: RootOptions.descriptions,
      examples: examples
    )
  }

  var descriptions: [CommandDescription] { commands.map { CommandDescription($0) } }

  private func exitCode(
    for error: any Error,
    words: [String],
    in console: inout Console
  ) -> Int32 {
    if let error = error as? ConsoleError, error.isClosedPipe { return 0 }
    // What was printed before the failure is still wanted; a second failure says nothing new.
    try? console.flush()
    guard let usage = error as? UsageError else {
      console.writeError("\(error)")
      return error is any FailedGate ? 2 : 1
    }
    let topic = words.first.flatMap { word in commands.first { $0.name == word } }
    let sentence = usage.description
    let separator = sentence.hasSuffix("?") ? " " : "; "
    let hint = "see '\(name) help\(topic.map { " \($0.name)" } ?? "")'"
    console.writeError(sentence + separator + hint)
    return Self.usageExitCode
  }

  private func dispatch(_ words: [String], in console: inout Console) throws {
    guard let first = words.first else { return try printHelp(in: &console) }
    let rest = Array(words.dropFirst())
    switch first {
    case "--help", "-h": try printHelp(in: &console)
    case "--version": try console.print("\(name) \(version)")
    case "help": try printHelp(on: rest, in: &console)
    default:
      guard !first.hasPrefix("-") else {
        let isCommon = CommonOptions.arguments.contains { $0.description.names.contains(first) }
        if isCommon { throw UsageError.optionBeforeCommand(first) }
        let nearest = Suggestion.nearest(to: first, among: RootOptions.names)
        throw UsageError.unknownOption(first, suggestion: nearest)
      }
      try invoke(command(named: first), rest, in: &console)
    }
  }

  private func command(named word: String) throws(UsageError) -> any Command.Type {
    if let command = commands.first(where: { $0.name == word }) { return command }
    let nearest = Suggestion.nearest(to: word, among: commands.map { $0.name } + ["help"])
    throw .unknownCommand(word, suggestion: nearest)
  }

  private func invoke<C: Command>(
    _ type: C.Type,
    _ words: [String],
    in console: inout Console
  ) throws {
    // Help is given even if other words are wrong: whoever asks for it may not know better.
    if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      return try console.write(
        C.help(program: name, width: console.width, style: console.style)
      )
    }
    var invocation = Invocation<C>()
    var parser = ArgumentParser(Invocation<C>.arguments)
    try parser.parse(words, into: &invocation)
    if invocation.common.isQuiet { console.isQuiet = true }
    if invocation.common.color != .auto { console.colorChoice = invocation.common.color }
    try invocation.command.validate()
    try invocation.command.run(in: &console)
  }

  private func printHelp(on words: [String] = [], in console: inout Console) throws {
    guard let word = words.first(where: { !$0.hasPrefix("-") }) else {
      return try console.write(help(width: console.width, style: console.style))
    }
    // 'perplex help help' is best answered by the program's own screen.
    if word == "help" { return try printHelp(in: &console) }
    let topic = try command(named: word)
    try console.write(topic.help(program: name, width: console.width, style: console.style))
  }
}

/// The options that stand in place of a command.
enum RootOptions {
  static let names = descriptions.flatMap(\.names)

  static let descriptions = [
    ArgumentDescription(kind: .flag, names: ["-h", "--help"], help: "Show this help."),
    ArgumentDescription(kind: .flag, names: ["--version"], help: "Show the version."),
  ]
}
