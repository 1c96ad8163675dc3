/// One row of a command's grammar: where a word of the command line goes, and what the help says.
///
/// ```swift
/// static let arguments: [Argument<Self>] = [
///   .operands("TEXT", value: \.files, atLeast: 1, help: "Text files."),
///   .option("-o", "--order", value: \.order, help: "Longest n-gram to count."),
///   .flag("--lowercase", value: \.lowercases, help: "Fold capitals."),
///   .group("Corpus", \.corpus, CorpusOptions.arguments),
/// ]
/// ```
///
/// A row is a key path and words, so the parser, the help screens and the completion scripts all
/// read the same table.
package struct Argument<Root>: Sendable {
  /// Stores a word at the key path; returns false if the word is not a value.
  typealias Assignment = @Sendable (_ root: inout Root, _ word: String, _ isFirst: Bool) -> Bool

  var description: ArgumentDescription
  let members: [Argument<Root>]
  let assign: Assignment
  /// The value at the key path in words; of the blank command, the default.
  let defaultText: @Sendable (Root) -> String?

  init(
    _ description: ArgumentDescription,
    members: [Argument<Root>] = [],
    defaultText: @escaping @Sendable (Root) -> String? = { _ in nil },
    assign: @escaping Assignment = { _, _, _ in false }
  ) {
    self.description = description
    self.members = members
    self.assign = assign
    self.defaultText = defaultText
  }

  /// A Boolean option without a value.
  ///
  /// - Parameters:
  ///   - names: The spellings, with their dashes.
  ///   - path: The property that the option sets.
  ///   - newValue: What the property becomes when the option is given.
  ///   - help: A short sentence.
  /// - Returns: A row for a command's table.
  package static func flag(
    _ names: String...,
    value path: any WritableKeyPath<Root, Bool> & Sendable,
    to newValue: Bool = true,
    help: String
  ) -> Self {
    Self(
      ArgumentDescription(kind: .flag, names: names, help: help),
      defaultText: { "\($0[keyPath: path])" },
      assign: { root, _, _ in
        root[keyPath: path] = newValue
        return true
      }
    )
  }

  /// The options of a part of the command, under a title of their own in the help.
  ///
  /// With an empty title they stand among the command's other options.
  package static func group<Part>(
    _ title: String,
    _ path: any WritableKeyPath<Root, Part> & Sendable,
    _ members: [Argument<Part>]
  ) -> Self {
    Self(
      ArgumentDescription(kind: .group, names: [], help: title),
      members: members.map { $0.lifted(through: path) }
    )
  }

  private func lifted<Outer>(
    through path: any WritableKeyPath<Outer, Root> & Sendable
  ) -> Argument<Outer> {
    let assign = assign
    let defaultText = defaultText
    return Argument<Outer>(
      description,
      members: members.map { $0.lifted(through: path) },
      defaultText: { defaultText($0[keyPath: path]) },
      assign: { assign(&$0[keyPath: path], $1, $2) }
    )
  }

  /// The rows that are not groups, each knowing the title of the group it stands in.
  func flattened(section: String? = nil) -> [Self] {
    guard description.kind == .group else {
      var row = self
      row.description.section = section
      return [row]
    }
    let title = description.help.isEmpty ? section : description.help
    return members.flatMap { $0.flattened(section: title) }
  }
}

extension Array {
  /// The names of the options of this table whose values differ from those of `blank`, in their
  /// order.
  package func namesOfChanges<Root>(in root: Root, from blank: Root) -> [String]
  where Element == Argument<Root> {
    flatMap { $0.flattened() }
      .filter { $0.defaultText(root) != $0.defaultText(blank) }
      .map(\.description.longestName)
  }
}

/// The facts of an argument that the help, the errors and the completion scripts show.
struct ArgumentDescription: Sendable, Equatable {
  enum Kind: Sendable { case option, flag, operand, group }

  var kind: Kind
  /// The spellings of an option with their dashes, or the one name of an operand.
  var names: [String]
  var help: String
  var placeholder = ""
  var expectation = ""
  var choices: [String] = []
  var completion = Completion.nothing
  /// Said in place of the blank command's value.
  var statedDefault: String?
  /// Read from the blank command.
  var defaultText: String?
  var isRequired = false
  var isRepeatable = false
  var takesWordsUpToNextOption = false
  /// The least number of words that an operand takes.
  var minimumCount = 0
  var maximumCount: Int?
  var section: String?

  init(kind: Kind, names: [String], help: String) {
    self.kind = kind
    self.names = names
    self.help = help
  }

  /// The description of an argument that reads a `Value`.
  init<Value: ArgumentValue>(
    kind: Kind,
    names: [String],
    help: String,
    value: Value.Type,
    placeholder: String? = nil,
    completion: Completion? = nil
  ) {
    self.init(kind: kind, names: names, help: help)
    self.placeholder = placeholder ?? Value.placeholder
    self.completion = completion ?? Value.completion
    expectation = Value.expectation
    choices = Value.choices
  }

  /// The name that an error uses.
  var longestName: String { names.max { $0.count < $1.count } ?? "" }
}
