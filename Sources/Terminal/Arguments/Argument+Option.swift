extension Argument {
  /// An option with a value; given twice, the last one counts.
  ///
  /// - Parameters:
  ///   - names: The spellings, with their dashes.
  ///   - path: The property that the option sets; the blank command's value is the default.
  ///   - placeholder: What stands for the value in the help, where the type's own word is too bare.
  ///   - statedDefault: What the help says of the default in place of the value.
  ///   - completion: What a shell offers, where it is not what the type says.
  ///   - help: A short sentence.
  /// - Returns: A row for a command's table.
  package static func option<Value: ArgumentValue>(
    _ names: String...,
    value path: any WritableKeyPath<Root, Value> & Sendable,
    placeholder: String? = nil,
    statedDefault: String? = nil,
    completion: Completion? = nil,
    help: String
  ) -> Self {
    var description = ArgumentDescription(
      kind: .option,
      names: names,
      help: help,
      value: Value.self,
      placeholder: placeholder,
      completion: completion
    )
    description.statedDefault = statedDefault
    return Self(description, defaultText: { $0[keyPath: path].argument }) { root, word, _ in
      guard let value = Value(argument: word) else { return false }
      root[keyPath: path] = value
      return true
    }
  }

  /// An option with a value that may be absent.
  ///
  /// - Parameters:
  ///   - names: The spellings, with their dashes.
  ///   - path: The property that the option sets.
  ///   - isRequired: Whether a command line without the option is wrong.
  ///   - placeholder: What stands for the value in the help, where the type's own word is too bare.
  ///   - statedDefault: What the help says of the default.
  ///   - completion: What a shell offers, where it is not what the type says.
  ///   - help: A short sentence.
  /// - Returns: A row for a command's table.
  package static func option<Value: ArgumentValue>(
    _ names: String...,
    value path: any WritableKeyPath<Root, Value?> & Sendable,
    isRequired: Bool = false,
    placeholder: String? = nil,
    statedDefault: String? = nil,
    completion: Completion? = nil,
    help: String
  ) -> Self {
    var description = ArgumentDescription(
      kind: .option,
      names: names,
      help: help,
      value: Value.self,
      placeholder: placeholder,
      completion: completion
    )
    description.statedDefault = statedDefault
    description.isRequired = isRequired
    return Self(description, defaultText: { $0[keyPath: path]?.argument }) { root, word, _ in
      guard let value = Value(argument: word) else { return false }
      root[keyPath: path] = value
      return true
    }
  }

  /// An option that may be given several times, each adding a value.
  ///
  /// The first value given replaces those of the blank command.
  ///
  /// - Parameters:
  ///   - names: The spellings, with their dashes.
  ///   - path: The property that the values are added to.
  ///   - isRequired: Whether a command line without the option is wrong.
  ///   - takesWordsUpToNextOption: Whether all words up to the next one with a dash are values, as
  ///     in `--on a.txt b.txt`.
  ///   - placeholder: What stands for a value in the help, where the type's own word is too bare.
  ///   - statedDefault: What the help says of the default in place of the values.
  ///   - completion: What a shell offers, where it is not what the type says.
  ///   - help: A short sentence.
  /// - Returns: A row for a command's table.
  package static func option<Value: ArgumentValue>(
    _ names: String...,
    value path: any WritableKeyPath<Root, [Value]> & Sendable,
    isRequired: Bool = false,
    takesWordsUpToNextOption: Bool = false,
    placeholder: String? = nil,
    statedDefault: String? = nil,
    completion: Completion? = nil,
    help: String
  ) -> Self {
    var description = ArgumentDescription(
      kind: .option,
      names: names,
      help: help,
      value: Value.self,
      placeholder: placeholder,
      completion: completion
    )
    description.statedDefault = statedDefault
    description.isRequired = isRequired
    description.isRepeatable = true
    description.takesWordsUpToNextOption = takesWordsUpToNextOption
    return Self(
      description,
      defaultText: { $0[keyPath: path].map(\.argument).joined(separator: " ") },
      assign: appending(to: path)
    )
  }

  /// Adds a word's value to a list, emptying the list before the first.
  static func appending<Value: ArgumentValue>(
    to path: any WritableKeyPath<Root, [Value]> & Sendable
  ) -> Assignment {
    { root, word, isFirst in
      guard let value = Value(argument: word) else { return false }
      if isFirst { root[keyPath: path] = [] }
      root[keyPath: path].append(value)
      return true
    }
  }
}
