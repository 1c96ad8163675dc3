extension Argument {
  /// All the words that are not options; several rows share them from left to right.
  ///
  /// - Parameters:
  ///   - name: What stands for a word in the help, in capitals: `TEXT`.
  ///   - path: The property that the values are added to.
  ///   - minimumCount: How many words are needed at least.
  ///   - completion: What a shell offers, where it is not what the type says.
  ///   - help: A short sentence.
  /// - Returns: A row for a command's table.
  package static func operands<Value: ArgumentValue>(
    _ name: String,
    value path: any WritableKeyPath<Root, [Value]> & Sendable,
    atLeast minimumCount: Int = 0,
    completion: Completion? = nil,
    help: String
  ) -> Self {
    var description = ArgumentDescription(
      kind: .operand,
      names: [name],
      help: help,
      value: Value.self,
      placeholder: name,
      completion: completion
    )
    description.minimumCount = minimumCount
    return Self(
      description,
      defaultText: { $0[keyPath: path].map(\.argument).joined(separator: " ") },
      assign: appending(to: path)
    )
  }

  /// One word that is not an option.
  ///
  /// - Parameters:
  ///   - name: What stands for the word in the help, in capitals: `MODEL`.
  ///   - path: The property that the word sets.
  ///   - isRequired: Whether a command line without the word is wrong; if not, the blank command's
  ///     value stays.
  ///   - completion: What a shell offers, where it is not what the type says.
  ///   - help: A short sentence.
  /// - Returns: A row for a command's table.
  package static func operand<Value: ArgumentValue>(
    _ name: String,
    value path: any WritableKeyPath<Root, Value> & Sendable,
    isRequired: Bool = true,
    completion: Completion? = nil,
    help: String
  ) -> Self {
    Self(
      single(name, Value.self, isRequired: isRequired, completion: completion, help: help),
      defaultText: { isRequired ? nil : $0[keyPath: path].argument }
    ) { root, word, _ in
      guard let value = Value(argument: word) else { return false }
      root[keyPath: path] = value
      return true
    }
  }

  /// One word that is not an option and that may be absent.
  ///
  /// - Parameters:
  ///   - name: What stands for the word in the help, in capitals: `FOLDER`.
  ///   - path: The property that the word sets.
  ///   - isRequired: Whether a command line without the word is wrong.
  ///   - completion: What a shell offers, where it is not what the type says.
  ///   - help: A short sentence.
  /// - Returns: A row for a command's table.
  package static func operand<Value: ArgumentValue>(
    _ name: String,
    value path: any WritableKeyPath<Root, Value?> & Sendable,
    isRequired: Bool = false,
    completion: Completion? = nil,
    help: String
  ) -> Self {
    Self(
      single(name, Value.self, isRequired: isRequired, completion: completion, help: help),
      defaultText: { $0[keyPath: path]?.argument }
    ) { root, word, _ in
      guard let value = Value(argument: word) else { return false }
      root[keyPath: path] = value
      return true
    }
  }

  private static func single<Value: ArgumentValue>(
    _ name: String,
    _ value: Value.Type,
    isRequired: Bool,
    completion: Completion?,
    help: String
  ) -> ArgumentDescription {
    var description = ArgumentDescription(
      kind: .operand,
      names: [name],
      help: help,
      value: value,
      placeholder: name,
      completion: completion
    )
    description.minimumCount = isRequired ? 1 : 0
    description.maximumCount = 1
    return description
  }
}
