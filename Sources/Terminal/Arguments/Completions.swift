/// A shell that completion scripts are written for.
package enum Shell: String, CaseIterable, ArgumentValue, Sendable {
  /// The GNU shell, from version 3.2 on.
  case bash
  /// The Z shell with its completion system loaded.
  case zsh
  /// The friendly interactive shell.
  case fish

  /// A shell.
  package static var placeholder: String { "SHELL" }
}

extension CommandGroup {
  /// A script that teaches a shell to complete the program's commands, options and values.
  ///
  /// It is made from the declarations that the parser and the help read, so it cannot lag behind.
  package func completionScript(for shell: Shell) -> String {
    switch shell {
    case .bash: BashCompletions(program: name, commands: descriptions).script
    case .zsh: ZshCompletions(program: name, commands: descriptions).script
    case .fish: FishCompletions(program: name, commands: descriptions).script
    }
  }
}

/// Completion for bash: one function that looks at the word before the cursor.
struct BashCompletions {
  let program: String
  let commands: [CommandDescription]

  /// A name for shell functions.
  private var function: String { "_" + ShellText.identifier(program) }

  var script: String {
    """
    # bash completion for \(program); made by '\(program) completions bash'
    \(function)() {
      local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
      # Bash splits '--name=value' at the '='.
      if [[ "$current" == "=" ]]; then
        current=""
      elif [[ "$previous" == "=" ]]; then
        previous="${COMP_WORDS[COMP_CWORD-2]}"
      fi
      COMPREPLY=()
      if (( COMP_CWORD == 1 )); then
        \(function)_words \(ShellText.quoted(firstWords))
        return
      fi
      case "${COMP_WORDS[1]}" in
        help)
          \(function)_words \(ShellText.quoted(commandNames))
          ;;
    \(commands.map(cases).joined())\
      esac
    }
    \(function)_words() {
      local IFS=$' \\t\\n'
      COMPREPLY=($(compgen -W "$1" -- "$current"))
    }
    \(function)_paths() {
      local IFS=$'\\n'
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen "$1" -- "$current"))
    }
    complete -F \(function) \(program)

    """
  }

  private var commandNames: String { commands.map(\.name).joined(separator: " ") }

  private var firstWords: String {
    ([commandNames, "help"] + RootOptions.names).joined(separator: " ")
  }

  private func cases(of command: CommandDescription) -> String {
    let options = command.arguments.filter { $0.kind != .operand }
    let names = options.flatMap(\.names).joined(separator: " ")
    var lines = ["    \(command.name))", "      case \"$previous\" in"]
    for option in options where option.kind == .option {
      let action = action(for: option.completion) ?? ":"
      lines.append("        \(option.names.joined(separator: "|"))) \(action); return ;;")
    }
    lines.append("      esac")
    lines.append("      if [[ \"$current\" == -* ]]; then")
    lines.append("        \(function)_words \(ShellText.quoted(names))")
    lines.append("        return")
    lines.append("      fi")
    if let action = action(for: ShellText.operandCompletion(of: command)) {
      lines.append("      \(action)")
    }
    lines.append("      ;;")
    return lines.map { $0 + "\n" }.joined()
  }

  private func action(for completion: Completion) -> String? {
    switch completion {
    case .nothing: nil
    case .files: "\(function)_paths -f"
    case .folders: "\(function)_paths -d"
    case .words(let words): "\(function)_words \(ShellText.quoted(words.joined(separator: " ")))"
    }
  }
}

/// Words made safe for shells.
enum ShellText {
  /// The text in single quotes, as bash and zsh read it.
  static func quoted(_ text: String) -> String {
    "'" + replacing(text, ["'": "'\\''"]) + "'"
  }

  /// The text with some characters replaced.
  static func replacing(_ text: String, _ replacements: [Character: String]) -> String {
    text.reduce(into: "") { $0 += replacements[$1] ?? String($1) }
  }

  /// The name with `_` for all that a shell does not allow in a function's name.
  static func identifier(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  /// The completion where any of the operands may stand.
  static func operandCompletion(of command: CommandDescription) -> Completion {
    var words: [String] = []
    var paths = Completion.nothing
    for operand in command.arguments where operand.kind == .operand {
      switch operand.completion {
      case .nothing: continue
      case .words(let more): words += more
      case .files: paths = .files
      case .folders: if paths == .nothing { paths = .folders }
      }
    }
    return words.isEmpty ? paths : .words(words)
  }
}
