package import Tokenization

/// A model from a file, of one of the families that ``ModelFile`` opens.
///
/// A family is a case, so that code that needs to know the family does not compile until it has an
/// answer for each:
///
/// ```swift
/// switch try ModelFile.open("stories.perplex") {
/// case .ngrams(let model): print("n-grams of up to \(model.description.order) tokens")
/// case .bytes(let model): print("a \(model.description.kind.rawValue) model of bytes")
/// }
/// ```
package enum StoredModel: LanguageModel {
  /// Counts of n-grams, smoothed.
  case ngrams(NGramModel)
  /// A predictor of bytes.
  case bytes(ByteModel)

  /// The number of tokens that the model was trained on; nil if the file does not tell.
  package var trainingTokenCount: Int? {
    switch self {
    case .ngrams(let model): model.description.tokenCount > 0 ? model.description.tokenCount : nil
    case .bytes: nil
    }
  }

  /// The model of n-grams; nil if it is of another family.
  package var ngrams: NGramModel? {
    switch self {
    case .ngrams(let model): model
    case .bytes: nil
    }
  }

  /// True where a reading of it can go on learning.
  package var canAdapt: Bool {
    switch self {
    case .ngrams: false
    case .bytes: true
    }
  }

  private var model: any FileModel {
    switch self {
    case .ngrams(let model): model
    case .bytes(let model): model
    }
  }
}

/// The answers that every family of models in files gives.
protocol FileModel: LanguageModel {
  /// The size of the file.
  var byteCount: Int { get }

  /// A hash of the file: equal for equal files, and for no others but by the rarest chance.
  var fingerprint: UInt64 { get }

  /// Checks every checksum of the file, which is called `path` in errors.
  func verifyChecksums(path: String) throws(ModelFileError)

  /// Sums the distribution over the whole vocabulary after at least `count` contexts.
  func sumDistributions(atLeast count: Int, threads: Int) -> Verification
}

extension StoredModel {
  /// The size of the file.
  package var byteCount: Int { model.byteCount }

  /// A hash of the file: equal for equal files, and for no others but by the rarest chance.
  package var fingerprint: UInt64 { model.fingerprint }

  /// Checks every checksum of the file, which is called `path` in errors.
  ///
  /// - Throws: ``ModelFileError/damaged(path:part:)`` with the first part whose checksum is wrong.
  /// - Complexity: reads the whole file once.
  package func verifyChecksums(path: String) throws(ModelFileError) {
    try model.verifyChecksums(path: path)
  }

  /// Sums the distribution over the whole vocabulary after at least `count` contexts.
  package func sumDistributions(atLeast count: Int, threads: Int) -> Verification {
    model.sumDistributions(atLeast: count, threads: threads)
  }
}

// One call for a text or for many tokens of it, so that the switch costs nothing a token.
extension StoredModel {
  /// The tokens that the model predicts, and their numbers.
  package var vocabulary: Vocabulary { model.vocabulary }

  /// The way in which text becomes tokens, the same as in training.
  package var settings: TextSettings { model.settings }

  /// The model of the spelling of words that the vocabulary lacks, where there is one.
  package var speller: SpellingModel? { model.speller }

  /// Hashes of spans of the training text, where they were kept.
  package var trainingSpans: TrainingSpans? { model.trainingSpans }

  /// The number of tokens before a token that can change its probability; nil if there is no
  /// bound.
  package var historyLength: Int? { model.historyLength }

  /// True where the scores of all tokens after a history sum to one.
  package var isNormalized: Bool { model.isNormalized }

  /// Scores `tokens[range]`, each after the tokens before it.
  package func score(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    into scores: inout MutableSpan<TokenScore>
  ) {
    model.score(tokens, range, into: &scores)
  }

  /// The probability of every token after `history`.
  package func distribution(after history: [TokenID]) -> [Double] {
    model.distribution(after: history)
  }

  /// A reading of texts by this model, at their start.
  package func reading(adapts: Bool) -> any ModelReading { model.reading(adapts: adapts) }
}
