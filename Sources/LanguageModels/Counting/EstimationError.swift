/// A text that no model can be made of, whatever the memory.
public enum EstimationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The contexts that end in `word` have more n-grams than a region of a model file holds.
  case regionTooLarge(word: String)
  /// More positions than can be numbered follow the same two words.
  case partTooLarge

  /// One line with the remedy.
  public var description: String {
    switch self {
    case .regionTooLarge(let word):
      "the contexts that end in '\(word)' have more n-grams than a model file can hold; "
        + "train with a lower '--order' or with '--prune'"
    case .partTooLarge:
      "too many tokens follow the same two; train with a lower '--order'"
    }
  }
}
