import Foundation

/// A command of a `console` block, and what the article says that it prints.
///
/// A line that begins with `$ ` is a command, for the shell, in a folder of the article's own that
/// has the bundled corpora in `corpora`; with a backslash at its end it goes on in the next line. The
/// lines after it are what it prints, to both streams. Where the article shows less, it has `…`: alone
/// on a line for one line or more, within a line for any part of it, as for times. Blanks at the ends
/// of lines do not matter, as editors remove them. A command fails exactly where all that is shown of
/// it is one line that begins with `perplex: `.
struct ShownCommand: Equatable {
  var command: String
  /// The number of the command's line in the article, from 1.
  var line: Int
  var output: [String] = []
  /// The numbers of the lines of the output in the article, from 1.
  var outputLines: Range<Int>

  /// The commands of a block, or nil where one does not begin with a command.
  static func commands(of block: Article.Block) -> [ShownCommand]? {
    var commands: [ShownCommand] = []
    var continues = false
    for (number, line) in zip(block.line..., block.lines) {
      if continues {
        commands[commands.count - 1].command += "\n" + line
        commands[commands.count - 1].outputLines = number + 1..<number + 1
      } else if line.hasPrefix("$ ") {
        let next = number + 1
        commands.append(
          .init(command: "\(line.dropFirst(2))", line: number, outputLines: next..<next)
        )
      } else {
        guard !commands.isEmpty else { return nil }
        commands[commands.count - 1].output.append(line)
        let start = commands[commands.count - 1].outputLines.lowerBound
        commands[commands.count - 1].outputLines = start..<number + 1
        continue
      }
      continues = line.hasSuffix("\\")
    }
    // Blank lines between commands are the article's.
    for index in commands.indices {
      while commands[index].output.last?.isEmpty == true { commands[index].output.removeLast() }
      let start = commands[index].outputLines.lowerBound
      commands[index].outputLines = start..<start + commands[index].output.count
    }
    return commands
  }

  /// Whether the article says that the command fails.
  var isFailure: Bool { output.count == 1 && output[0].hasPrefix("perplex: ") }

  /// What a command did.
  struct Outcome: Equatable {
    var code: Int32
    var output: [String]
  }

  /// The folder of the programs that were built with the tests.
  static var products: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  }

  /// Runs the command in a folder, with the program that was built with the tests.
  func run(in folder: String) throws -> Outcome {
    let products = Self.products.path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ["PATH": products + ":/usr/bin:/bin", "LC_ALL": "C", "COLUMNS": "80"]
    let pipe = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    var lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
    lines = lines.map { String($0.prefix($0.count - $0.reversed().prefix { $0 == " " }.count)) }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return Outcome(code: process.terminationStatus, output: lines)
  }

  /// Whether what a command did is what the article says.
  func shows(_ outcome: Outcome) -> Bool {
    (outcome.code != 0) == isFailure
      && ShownText.matches(output.joined(separator: "\n"), outcome.output.joined(separator: "\n"))
  }
}

/// Text in which `…` stands for what is left out.
enum ShownText {
  /// Whether `text` is what `shown` shows of it.
  static func matches(_ shown: String, _ text: String) -> Bool {
    let lines = shown.components(separatedBy: "\n").map { line in
      line == "…"
        ? "(?:[^\n]*\n)*?[^\n]*"
        : line.components(separatedBy: "…").map(NSRegularExpression.escapedPattern)
          .joined(separator: "[^\n]*")
    }
    let pattern = "\\A" + lines.joined(separator: "\n") + "\\z"
    return text.range(of: pattern, options: .regularExpression) != nil
  }
}
