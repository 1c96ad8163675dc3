/// A text that no model can be made of, whatever the memory.
package enum EstimationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The contexts that end in `word` have more n-grams than a region of a model file holds.
  case regionTooLarge(word: String)
  /// More positions than can be numbered follow the same two words.
  case partTooLarge
  /// The folder of scratch files has no room for a text that does not fit in memory.
  case noRoom(MemoryBound.Estimate)

  /// One line with the remedy.
  package var description: String {
    switch self {
    case .regionTooLarge(let word):
      "the contexts that end in '\(word)' have more n-grams than a model file can hold; "
        + "train with a lower '--order' or with '--prune'"
    case .partTooLarge:
      "too many tokens follow the same two; train with a lower '--order'"
    case .noRoom(let estimate):
      "\(estimate.folder): the text needs \(estimate.qualifier) "
        + "\(Self.megabytes(estimate.diskByteCount)) MB here and "
        + "\(Self.megabytes(estimate.freeByteCount)) MB are free; "
        + "allow more with '--memory' or name another folder with '--temporary'"
    }
  }

  private static func megabytes(_ byteCount: Int) -> Int { (byteCount + 999_999) / 1_000_000 }
}
