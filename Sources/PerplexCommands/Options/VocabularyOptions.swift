import LanguageModels
import Terminal

/// Options of the vocabulary.
struct VocabularyOptions: Equatable, Sendable {
  var minimumCount = 1
  var path: String?
  var rareTokens = RareTokens.unknown
  var spellsUnknown = false

  /// The options of every command that trains.
  static let common: [Argument<Self>] = [
    .option("--min-count", value: \.minimumCount, help: "Rarer tokens become <unk>."),
    .option(
      "--vocabulary",
      value: \.path,
      placeholder: "FILE",
      completion: .files,
      help: "A file with one word a line, no counts or comments; all other tokens become <unk>."
    ),
  ]

  /// The options of `train`.
  static let arguments: [Argument<Self>] =
    common + [
      .option(
        "--rare",
        value: \.rareTokens,
        help:
          "unknown: count such tokens as <unk>, which gets their probability. drop: count them as they "
          + "are, then leave out every n-gram with one (KenLM's --limit_vocab_file); <unk> gets the "
          + "probability of an unseen word."
      ),
      .flag(
        "--spell-unknown",
        value: \.spellsUnknown,
        help:
          "Also train a model of spelling. An unknown word is then charged <unk> and its spelling, so "
          + "that bits per byte compare with those of any model."
      ),
    ]

  func validate() throws(UsageError) {
    try UsageError.check(minimumCount, of: "--min-count", is: .atLeast(1))
    if rareTokens == .drop && minimumCount == 1 && path == nil {
      throw .needs("--rare drop", other: "'--min-count' or '--vocabulary'")
    }
  }

  /// Sets what these options say of the vocabulary.
  func apply(to input: inout TrainingInput) {
    input.minimumCount = minimumCount
    input.vocabularyPath = path
    input.rareTokens = rareTokens
    input.keepsSpellings = spellsUnknown
  }
}
