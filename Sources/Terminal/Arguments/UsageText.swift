/// The words of help screens.
struct UsageText {
  let program: String
  let width: Int
  let style: Style

  /// The widest column of names; longer ones have a line to themselves.
  private static let nameWidth = 26

  init(program: String, width: Int, style: Style) {
    self.program = program
    // Lines longer than 100 columns are hard to read, however wide the terminal.
    self.width = max(40, min(width, 100))
    self.style = style
  }

  func help(for command: CommandDescription) -> String {
    let operands = command.arguments.filter { $0.kind == .operand }
    let options = command.arguments.filter { $0.kind != .operand }
    let column = textColumn(after: command.arguments.map(label))
    var blocks = [paragraph(command.abstract), usage(command.name, operands, options)]
    if !operands.isEmpty {
      blocks.append(section("Operands", operands.map { (label($0), text($0)) }, column))
    }
    var titles: [String] = []
    for title in options.map({ $0.section ?? "Options" }) where !titles.contains(title) {
      titles.append(title)
    }
    for title in titles {
      let rows = options.filter { ($0.section ?? "Options") == title }
      blocks.append(section(title, rows.map { (label($0), text($0)) }, column))
    }
    if !command.discussion.isEmpty { blocks.append(paragraph(command.discussion)) }
    if !command.examples.isEmpty { blocks.append(section(command.examples)) }
    return blocks.joined(separator: "\n")
  }

  func help(
    abstract: String,
    discussion: String,
    commands: [CommandDescription],
    options: [ArgumentDescription],
    examples: [Example]
  ) -> String {
    var blocks = [paragraph(abstract), style.bold("Usage:") + " \(program) COMMAND [OPTIONS]\n"]
    let column = textColumn(after: commands.map(\.name) + options.map(label))
    blocks.append(section("Commands", commands.map { ($0.name, $0.abstract) }, column))
    blocks.append(section("Options", options.map { (label($0), text($0)) }, column))
    if !discussion.isEmpty { blocks.append(paragraph(discussion)) }
    if !examples.isEmpty { blocks.append(section(examples)) }
    blocks.append(paragraph("See '\(program) help COMMAND' for the options of a command."))
    return blocks.joined(separator: "\n")
  }

  private func usage(
    _ name: String,
    _ operands: [ArgumentDescription],
    _ options: [ArgumentDescription]
  ) -> String {
    let required = options.filter(\.isRequired).map { "\($0.longestName) \(values(of: $0))" }
    let words = ["[OPTIONS]"] + operands.map(pattern) + required
    let head = "Usage: \(program) \(name) "
    // A pattern with a blank in it must not be broken there, so words are joined by hand.
    var lines = [""]
    for word in words {
      let isTooLong = head.count + lines[lines.count - 1].count + word.count + 1 > width
      if isTooLong, !lines[lines.count - 1].isEmpty { lines.append("") }
      lines[lines.count - 1] += lines[lines.count - 1].isEmpty ? word : " \(word)"
    }
    let indent = String(repeating: " ", count: head.count)
    let body = lines.joined(separator: "\n" + indent)
    return style.bold("Usage:") + head.dropFirst("Usage:".count) + body + "\n"
  }

  /// The pattern of an operand: `TEXT`, `[TEXT]`, `TEXT...`, `[TEXT...]`.
  private func pattern(_ operand: ArgumentDescription) -> String {
    let name = operand.maximumCount == 1 ? operand.placeholder : operand.placeholder + "..."
    let repeated = Array(repeating: operand.placeholder, count: max(0, operand.minimumCount - 1))
    return operand.minimumCount == 0
      ? "[\(name)]" : (repeated + [name]).joined(separator: " ")
  }

  private func values(of option: ArgumentDescription) -> String {
    option.placeholder + (option.takesWordsUpToNextOption ? "..." : "")
  }

  private func label(_ argument: ArgumentDescription) -> String {
    if argument.kind == .operand { return pattern(argument) }
    // Long names stand below each other, whether a short one precedes them or not.
    let hasShort = argument.names.contains { !$0.hasPrefix("--") }
    let names = (hasShort ? "" : "    ") + argument.names.joined(separator: ", ")
    return argument.kind == .flag ? names : "\(names) \(values(of: argument))"
  }

  /// The help sentence with what the machine knows: choices, default, whether it is needed.
  private func text(_ argument: ArgumentDescription) -> String {
    var facts: [String] = []
    if !argument.choices.isEmpty { facts.append(argument.choices.joined(separator: ", ")) }
    let defaultText = argument.statedDefault ?? argument.defaultText ?? ""
    if argument.kind != .flag, !defaultText.isEmpty { facts.append("default: \(defaultText)") }
    if argument.isRequired { facts.append("required") }
    if argument.isRepeatable, !argument.takesWordsUpToNextOption {
      facts.append("may be repeated")
    }
    return facts.isEmpty ? argument.help : "\(argument.help) (\(facts.joined(separator: "; ")))"
  }

  /// The column where the sentences start, the same in all sections of a screen.
  private func textColumn(after names: [String]) -> Int {
    let widths = names.map { TextLayout.columnCount(of: $0) }.filter { $0 <= Self.nameWidth }
    let column = (widths.max() ?? 0) + 4
    // On a narrow terminal the sentences stand below the names.
    return width - column < 30 ? 8 : column
  }

  private func section(
    _ title: String,
    _ rows: [(name: String, text: String)],
    _ column: Int
  ) -> String {
    var lines = [style.bold(title + ":")]
    for (name, text) in rows {
      let wrapped = TextLayout.wrapped(text, width: width - column)
      let indent = String(repeating: " ", count: column)
      var rest = wrapped[...]
      if TextLayout.columnCount(of: name) <= column - 4 {
        lines.append(TextLayout.padded("  " + name, to: column) + (rest.popFirst() ?? ""))
      } else {
        lines.append("  " + name)
      }
      lines += rest.map { indent + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ examples: [Example]) -> String {
    var lines = [style.bold("Examples:")]
    for example in examples {
      lines.append("  " + example.line)
      lines += TextLayout.wrapped(example.explanation, width: width - 6).map {
        style.dim("      " + $0)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func paragraph(_ text: String) -> String {
    TextLayout.wrapped(text, width: width).joined(separator: "\n") + "\n"
  }
}
