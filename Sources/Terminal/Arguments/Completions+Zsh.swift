/// Completion for zsh: specifications for its own `_arguments`.
struct ZshCompletions {
  let program: String
  let commands: [CommandDescription]

  private var function: String { "_" + ShellText.identifier(program) }

  var script: String {
    """
    #compdef \(program)
    # zsh completion for \(program); made by '\(program) completions zsh'
    \(function)() {
      local curcontext="$curcontext" state line
      typeset -A opt_args
      _arguments -C \\
        '(- *)'{-h,--help}'[Show this help.]' \\
        '(- *)--version[Show the version.]' \\
        '1: :->command' \\
        '*:: :->argument'
      case "$state" in
        command)
          local -a commands
          commands=(
    \(commands.map(entry).joined())\
            'help:Show the help of a command.'
          )
          _describe command commands
          ;;
        argument)
          case "$words[1]" in
            help)
              _arguments \(ShellText.quoted("1:COMMAND:(\(commandNames))"))
              ;;
    \(commands.map(specifications).joined())\
          esac
          ;;
      esac
    }
    if [[ "$funcstack[1]" == \(function) ]]; then
      \(function) "$@"
    else
      compdef \(function) \(program)
    fi

    """
  }

  private var commandNames: String { commands.map(\.name).joined(separator: " ") }

  private func entry(_ command: CommandDescription) -> String {
    let name = ShellText.replacing(command.name, [":": "\\:"])
    return "        " + ShellText.quoted("\(name):\(command.abstract)") + "\n"
  }

  private func specifications(_ command: CommandDescription) -> String {
    let options = command.arguments.filter { $0.kind != .operand }.flatMap(specifications)
    var position = 0
    let operands = command.arguments.filter { $0.kind == .operand }.map { operand in
      position += 1
      let place = operand.maximumCount == 1 ? "\(position)" : "*"
      let colon = operand.minimumCount == 0 && place != "*" ? "::" : ":"
      return "\(place)\(colon)\(message(operand)):\(action(operand.completion))"
    }
    let lines = (options + operands).map { "            " + ShellText.quoted($0) }
    return """
              \(command.name))
                _arguments -s \\
      \(lines.joined(separator: " \\\n"))
                ;;

      """
  }

  /// One specification for each spelling of an option.
  private func specifications(_ option: ArgumentDescription) -> [String] {
    option.names.map { name in
      let others = option.isRepeatable ? "*" : "(\(option.names.joined(separator: " ")))"
      let escapes: [Character: String] = ["[": "\\[", "]": "\\]", "\\": "\\\\"]
      let help = "[" + ShellText.replacing(option.help, escapes) + "]"
      guard option.kind == .option else { return others + name + help }
      // '=' and '+': the value may be in the same word or in the next.
      let join = name.hasPrefix("--") ? "=" : "+"
      return "\(others)\(name)\(join)\(help):\(message(option)):\(action(option.completion))"
    }
  }

  private func message(_ argument: ArgumentDescription) -> String {
    ShellText.replacing(argument.placeholder, [":": "\\:", "\\": "\\\\"])
  }

  private func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: " "
    case .files: "_files"
    case .folders: "_files -/"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }
}
