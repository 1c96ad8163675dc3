/// Reads words into a value, as a table of arguments says.
///
/// `--name=value`, `--name value`, `-n value`, `-nvalue` and, for flags, `-ab` are read; `--` ends
/// the options; `-` alone is an operand. A word that is the name of an option is never taken as the
/// value of the one before it, so a forgotten value is found where it is missing.
struct ArgumentParser<Root> {
  private let rows: [Argument<Root>]
  private let rowOfName: [String: Int]
  private var seen: Set<Int> = []
  private var operands: [String] = []

  init(_ arguments: [Argument<Root>]) {
    rows = arguments.flatMap { $0.flattened() }
    var rowOfName: [String: Int] = [:]
    for (index, row) in rows.enumerated() where row.description.kind != .operand {
      for name in row.description.names {
        precondition(rowOfName[name] == nil, "the option \(name) is declared twice")
        rowOfName[name] = index
      }
    }
    self.rowOfName = rowOfName
  }

  mutating func parse(_ words: [String], into root: inout Root) throws(UsageError) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      if word.hasPrefix("--") {
        try readLong(word, rest: &rest, into: &root)
      } else if word.hasPrefix("-"), word != "-" {
        try readShort(word, rest: &rest, into: &root)
      } else {
        operands.append(word)
      }
    }
    try distributeOperands(into: &root)
    for (index, row) in rows.enumerated()
    where row.description.isRequired && !seen.contains(index) {
      let name = row.description.longestName
      throw .missingOption(name, placeholder: row.description.placeholder)
    }
  }

  private mutating func readLong(
    _ word: String,
    rest: inout ArraySlice<String>,
    into root: inout Root
  ) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let index = rowOfName[name] else { throw unknown(name) }
    let value = parts.count == 2 ? String(parts[1]) : nil
    if rows[index].description.kind == .flag {
      if let value { throw .unexpectedValue(option: name, value: value) }
      try assign("", to: index, as: name, into: &root)
    } else {
      try readValues(of: index, as: name, attached: value, rest: &rest, into: &root)
    }
  }

  private mutating func readShort(
    _ word: String,
    rest: inout ArraySlice<String>,
    into root: inout Root
  ) throws(UsageError) {
    if rowOfName["-" + word] != nil { throw .unknownOption(word, suggestion: "-" + word) }
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      let name = "-\(letter)"
      guard let index = rowOfName[name] else {
        throw letters.count + 2 == word.count ? unknown(word) : unknown(name)
      }
      let isFollowedByValue = letters.first == "="
      guard rows[index].description.kind == .flag else {
        let attached = isFollowedByValue ? letters.dropFirst() : letters
        return try readValues(
          of: index,
          as: name,
          attached: attached.isEmpty && !isFollowedByValue ? nil : String(attached),
          rest: &rest,
          into: &root
        )
      }
      if isFollowedByValue {
        throw .unexpectedValue(option: name, value: String(letters.dropFirst()))
      }
      try assign("", to: index, as: name, into: &root)
    }
  }

  private mutating func readValues(
    of index: Int,
    as name: String,
    attached: String?,
    rest: inout ArraySlice<String>,
    into root: inout Root
  ) throws(UsageError) {
    if let attached {
      return try assign(attached, to: index, as: name, into: &root)
    }
    guard let value = rest.first, !isOption(value) else {
      throw .missingValue(option: name, placeholder: rows[index].description.placeholder)
    }
    rest.removeFirst()
    try assign(value, to: index, as: name, into: &root)
    guard rows[index].description.takesWordsUpToNextOption else { return }
    while let next = rest.first, next == "-" || !next.hasPrefix("-") {
      rest.removeFirst()
      try assign(next, to: index, as: name, into: &root)
    }
  }

  /// Gives each operand of the grammar as many words as the ones after it can spare.
  private mutating func distributeOperands(into root: inout Root) throws(UsageError) {
    var rest = operands[...]
    let slots = rows.indices.filter { rows[$0].description.kind == .operand }
    for (position, index) in slots.enumerated() {
      let description = rows[index].description
      let reserved = slots[(position + 1)...].reduce(0) { $0 + rows[$1].description.minimumCount }
      let spare = max(rest.count - reserved, description.minimumCount)
      let count = min(spare, description.maximumCount ?? .max, rest.count)
      guard count >= description.minimumCount else {
        throw .missingOperand(description.placeholder)
      }
      for word in rest.prefix(count) {
        try assign(word, to: index, as: description.placeholder, into: &root)
      }
      rest = rest.dropFirst(count)
    }
    if let extra = rest.first { throw .unexpectedOperand(extra) }
  }

  private mutating func assign(
    _ word: String,
    to index: Int,
    as name: String,
    into root: inout Root
  ) throws(UsageError) {
    let isFirst = seen.insert(index).inserted
    guard !rows[index].assign(&root, word, isFirst) else { return }
    let description = rows[index].description
    throw .invalidValue(
      argument: name,
      value: word,
      expectation: description.expectation,
      suggestion: Suggestion.nearest(to: word, among: description.choices)
    )
  }

  private func isOption(_ word: String) -> Bool {
    word == "--" || rowOfName[String(word.prefix { $0 != "=" })] != nil
  }

  private func unknown(_ name: String) -> UsageError {
    let names = rows.filter { $0.description.kind != .operand }.flatMap(\.description.names)
    return .unknownOption(name, suggestion: Suggestion.nearest(to: name, among: names))
  }
}
