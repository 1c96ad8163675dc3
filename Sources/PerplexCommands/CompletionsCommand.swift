import Terminal

/// `completions`: prints a script that completes commands and options in a shell.
struct CompletionsCommand: Command, Equatable {
  var shell = Shell.bash

  static let name = "completions"
  static let abstract = "Print a completion script for a shell."
  static let examples = [
    Example(
      "perplex completions bash > /etc/bash_completion.d/perplex",
      "For every new bash."
    ),
    Example("perplex completions fish | source", "For this fish."),
  ]
  static let arguments: [Argument<Self>] = [
    .operand("SHELL", value: \.shell, help: "bash, zsh or fish.")
  ]

  func run(in console: inout Console) throws {
    try console.write(perplex.completionScript(for: shell))
  }
}
