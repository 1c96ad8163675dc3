/// Completion for fish: one `complete` line for each command and option.
struct FishCompletions {
  let program: String
  let commands: [CommandDescription]

  var script: String {
    var lines = ["# fish completion for \(program); made by '\(program) completions fish'"]
    lines.append("complete -c \(program) -f")
    let atStart = "-n __fish_use_subcommand"
    for command in commands {
      let words = "-a \(command.name) -d \(quoted(command.abstract))"
      lines.append("complete -c \(program) \(atStart) \(words)")
    }
    lines.append("complete -c \(program) \(atStart) -a help -d 'Show the help of a command.'")
    for option in RootOptions.descriptions {
      lines.append("complete -c \(program) \(atStart) \(self.words(option))")
    }
    let names = commands.map(\.name).joined(separator: " ")
    lines.append("complete -c \(program) -n '__fish_seen_subcommand_from help' -a '\(names)'")
    for command in commands { lines += self.lines(command) }
    return lines.map { $0 + "\n" }.joined()
  }

  private func lines(_ command: CommandDescription) -> [String] {
    let head = "complete -c \(program) -n '__fish_seen_subcommand_from \(command.name)'"
    var lines = command.arguments.filter { $0.kind != .operand }.map { "\(head) \(words($0))" }
    let completion = ShellText.operandCompletion(of: command)
    if completion != .nothing { lines.append("\(head) \(words(completion))") }
    return lines
  }

  private func words(_ option: ArgumentDescription) -> String {
    var parts = option.names.map { name in
      name.hasPrefix("--") ? "-l \(name.dropFirst(2))" : "-s \(name.dropFirst())"
    }
    if option.kind == .option {
      parts.append("-r")
      if option.completion == .nothing { parts.append("-f") }
      if option.completion != .nothing { parts.append(words(option.completion)) }
    }
    return (parts + ["-d \(quoted(option.help))"]).joined(separator: " ")
  }

  private func words(_ completion: Completion) -> String {
    switch completion {
    case .nothing: "-f"
    case .files: "-F"
    case .folders: "-f -a '(__fish_complete_directories)'"
    case .words(let words): "-f -a \(quoted(words.joined(separator: " ")))"
    }
  }

  /// In fish's single quotes a backslash and a quote are escaped by a backslash.
  private func quoted(_ text: String) -> String {
    "'" + ShellText.replacing(text, ["\\": "\\\\", "'": "\\'"]) + "'"
  }
}
