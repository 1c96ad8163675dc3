import ExternalModels
import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// A model in a file, or a file of scores, that `score` and `compare` evaluate.
struct Scorer {
  /// The path, as it was given.
  let path: String
  /// The model itself; nil where another program gave the scores.
  let model: (any StoredModel)?
  /// The scorer of texts.
  let scorer: any TextScorer
  /// The scores are probabilities.
  let isNormalized: Bool
  /// The size of the file.
  let byteCount: Int
  /// Equal for equal files.
  let fingerprint: UInt64
  /// The model goes on learning from the text that it scores.
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
    if try ExternalModel.isExternal(path) {
      for (option, isGiven) in [("--adapt", adapts), ("--verify", verifies)] where isGiven {
        throw UsageError.needs(option, other: "a model", reason: "\(path) has scores only")
      }
      let external = try ExternalModel.open(path, invalidUTF8: reading.invalidUTF8)
      model = nil
      scorer = external
      isNormalized = true
      byteCount = external.byteCount
      fingerprint = external.fingerprint
      return
    }
    let opened = try ModelFile.open(path, threads: threads)
    if verifies { try opened.verifyChecksums(path: path) }
    if adapts && !(opened is ByteModel) { throw ModelError.notAdaptive(path: path) }
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
    if let external { return external.terms }
    guard let model else { preconditionFailure("there is a model or a file of scores") }
    return modelTerms.of(model)
  }

  private let modelTerms = TermsOfModel()

  /// The terms of a model, found once and only if they are asked for: the whole vocabulary is read.
  private final class TermsOfModel {
    private var terms: ScoringTerms?

    func of(_ model: any StoredModel) -> ScoringTerms {
      let terms = terms ?? ScoringTerms(of: model)
      self.terms = terms
      return terms
    }
  }

  /// The file of scores that another program gave, if it is one.
  private var external: ExternalModel? { scorer as? ExternalModel }

  /// Remarks on the scores of another program, a sentence each, once a text was scored.
  var notes: [String] { (external?.notes ?? []).map { "\(path): \($0)" } }

  /// Refuses more texts than there are scores for.
  func check(_ texts: [TextSource]) throws { try external?.check(texts) }

  /// The tokens in words, with the ends among them, for `measure`.
  func tokensDescription(_ measure: TextMeasure) -> String {
    guard let settings = model?.settings else { return terms.tokenizer }
    let sequences =
      "\(NumberFormat.grouped(measure.sequences)) \(settings.sequence.noun(measure.sequences))"
    return settings.predictsEnds
      ? "\(settings.tokenizer.rawValue), with one </s> for each of \(sequences), without <s>"
      : "\(settings.tokenizer.rawValue) of \(sequences), whose ends are not predicted"
  }
}
