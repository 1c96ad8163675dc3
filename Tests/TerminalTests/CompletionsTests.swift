import Foundation
import Terminal
import Testing

@Suite struct `Completion scripts` {
  /// The path of a shell if it is installed.
  static func path(of shell: String) -> String? {
    ["/bin/", "/usr/bin/", "/usr/local/bin/"].map { $0 + shell }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs a script in a shell and gives what it printed, and its exit code.
  static func run(_ path: String, _ arguments: [String]) throws -> (output: String, code: Int32) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (output, process.terminationStatus)
  }

  @Test(arguments: Shell.allCases)
  func `a script names all commands and options`(shell: Shell) {
    let script = sampleProgram.completionScript(for: shell)
    for word in ["train", "compare", "completions", "order", "smoothing", "witten-bell", "quiet"] {
      #expect(script.contains(word))
    }
  }

  @Test(
    .enabled(if: path(of: "bash") != nil),
    arguments: [
      (["tr"], "train"),
      (["co"], "compare completions"),
      (["--v"], "--version"),
      (["help", "tr"], "train"),
      (["train", "--or"], "--order"),
      (["train", "--smoothing", ""], "kneser-ney modified-kneser-ney witten-bell"),
      (["train", "--smoothing", "wi"], "witten-bell"),
      (["train", "--smoothing", "="], "kneser-ney modified-kneser-ney witten-bell"),
      (["train", "--smoothing", "=", "m"], "modified-kneser-ney"),
      (["train", "--order", ""], ""),
      (["train", "--color", "a"], "auto always"),
      (["train", "/etc/host"], "/etc/hosts"),
      (["train", "--temporary", "/us"], "/usr"),
      (["completions", ""], "bash zsh fish"),
    ]
  )
  func `bash completes words`(words: [String], offered: String) throws {
    let bash = try #require(Self.path(of: "bash"))
    let line = (["perplex"] + words).map { "'\($0)'" }.joined(separator: " ")
    let script = """
      \(sampleProgram.completionScript(for: .bash))
      COMP_WORDS=(\(line)); COMP_CWORD=\(words.count)
      _perplex
      echo "${COMPREPLY[*]}"
      """
    let result = try Self.run(bash, ["--norc", "-c", script])
    let found = result.output.split(whereSeparator: \.isWhitespace).map(String.init)
    let wanted = offered.split(separator: " ").map(String.init)
    #expect(result.code == 0)
    if words.last?.hasPrefix("/") == true {
      #expect(Set(found).isSuperset(of: wanted))
    } else {
      #expect(found == wanted)
    }
  }

  @Test(.enabled(if: path(of: "zsh") != nil))
  func `zsh reads its script`() throws {
    let zsh = try #require(Self.path(of: "zsh"))
    let result = try Self.run(zsh, ["-n", "-c", sampleProgram.completionScript(for: .zsh)])
    #expect(result == ("", 0))
  }

  @Test(.enabled(if: path(of: "fish") != nil))
  func `fish reads its script`() throws {
    let fish = try #require(Self.path(of: "fish"))
    let result = try Self.run(fish, ["-n", "-c", sampleProgram.completionScript(for: .fish)])
    #expect(result == ("", 0))
  }
}
