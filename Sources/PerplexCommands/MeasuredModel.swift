import Compression
import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// What `score` and `compare` measure with: a model in a file and the way it scores texts.
struct MeasuredModel {
  /// The path, as it was given.
  let path: String
  /// The model itself; nil where another program gave the scores.
  let model: (any StoredModel)?
  /// What scores texts.
  let scorer: any TextScorer
  /// Whether the scores are probabilities.
  let isNormalized: Bool
  /// The size of the file.
  let byteCount: Int
  /// Equal for equal files.
  let fingerprint: UInt64
  /// Whether it goes on learning from what it scores.
  var adapts = false

  /// Opens the file at `path`.
  init(
    _ path: String,
    adapts: Bool = false,
    verifies: Bool = false,
    reading: ReadingOptions,
    threads: Int
  ) throws {
    self.path = path
    self.adapts = adapts
    let opened = try ModelFile.open(path, threads: threads)
    if verifies { try opened.verifyChecksums(path: path) }
    if adapts && !(opened is ByteModel) { throw UnfitForAdapting(path: path) }
    model = opened
    scorer = Evaluator(
      opened,
      adapts: adapts,
      markers: reading.markers,
      invalidUTF8: reading.invalidUTF8,
      threads: threads
    )
    isNormalized = opened.isNormalized
    byteCount = opened.byteCount
    fingerprint = opened.fingerprint
  }

  /// The terms on which it scores.
  var terms: ScoringTerms {
    guard let model else { preconditionFailure("a file of scores has terms of its own") }
    return ScoringTerms(of: model)
  }

  /// What its tokens are, and which ends are among them, for `measure`.
  func tokensDescription(_ measure: TextMeasure) -> String {
    guard let settings = model?.settings else { return "another program's" }
    let sequences =
      "\(NumberFormat.grouped(measure.sequences)) \(settings.sequence.noun(measure.sequences))"
    return settings.symbols == .tokens
      ? "\(settings.tokenizer.rawValue), with one </s> for each of \(sequences), without <s>"
      : "\(settings.tokenizer.rawValue) of \(sequences), whose ends are not predicted"
  }
}
