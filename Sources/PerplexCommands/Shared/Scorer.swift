import ExternalModels
import Files
import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// A model in a file, or a file of scores, that `score` and `compare` evaluate.
struct Scorer {
  private enum Source {
    case model(StoredModel, Evaluator)
    case scores(ExternalModel)
  }

  /// The path, as it was given.
  let path: String
  /// The scores are probabilities.
  let isNormalized: Bool
  /// The size of the file.
  let byteCount: Int
  /// A hash of the file: equal for equal files.
  let fingerprint: UInt64
  /// The model goes on learning from the text that it scores.
  var adapts = false

  private let source: Source

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
    // A pipe can be read only once.
    let file = try Bytes.whole(path)
    if ExternalModel.isExternal(file) {
      for (option, isGiven) in [("--adapt", adapts), ("--verify", verifies)] where isGiven {
        throw UsageError.needs(option, other: "a model", reason: "\(path) has scores only")
      }
      let external = try ExternalModel.open(path, file, invalidUTF8: reading.invalidUTF8)
      source = .scores(external)
      isNormalized = true
      byteCount = external.byteCount
      fingerprint = external.fingerprint
      return
    }
    let model = try ModelFile.open(file, path: path, threads: threads)
    if verifies { try model.verifyChecksums(path: path) }
    if adapts && !model.canAdapt { throw ModelError.notAdaptive(path: path) }
    let evaluator = Evaluator(
      model,
      adapts: adapts,
      markers: reading.markers,
      invalidUTF8: reading.invalidUTF8,
      threads: threads
    )
    source = .model(model, evaluator)
    isNormalized = model.isNormalized
    byteCount = model.byteCount
    fingerprint = model.fingerprint
  }

  /// The model itself; nil if another program gave the scores.
  var model: StoredModel? {
    switch source {
    case .model(let model, _): model
    case .scores: nil
    }
  }

  /// The evaluator of the model; nil if another program gave the scores.
  var evaluator: Evaluator? {
    switch source {
    case .model(_, let evaluator): evaluator
    case .scores: nil
    }
  }

  /// The scorer of texts.
  var scorer: any TextScorer {
    switch source {
    case .model(_, let evaluator): evaluator
    case .scores(let external): external
    }
  }

  /// True if bits per byte are less than the true cost, by the terms on which it scores.
  func understatesBytes(_ evaluation: Evaluation) -> Bool {
    switch source {
    case .model(let model, _):
      model.settings.normalization.isIdentity == false
        || (model.settings.symbols == .tokens && model.speller == nil
          && evaluation.measure.outOfVocabulary > 0)
    case .scores(let external): external.terms.understatesBytes(evaluation)
    }
  }

  /// The terms on which it scores.
  var terms: ScoringTerms {
    switch source {
    case .model(let model, _): modelTerms.of(model)
    case .scores(let external): external.terms
    }
  }

  private let modelTerms = TermsOfModel()

  /// The terms of a model, found once and only if they are asked for: the whole vocabulary is read.
  private final class TermsOfModel {
    private var terms: ScoringTerms?

    func of(_ model: StoredModel) -> ScoringTerms {
      let terms = terms ?? ScoringTerms(of: model)
      self.terms = terms
      return terms
    }
  }

  /// The file of scores that another program gave, if it is one.
  private var external: ExternalModel? {
    switch source {
    case .model: nil
    case .scores(let external): external
    }
  }

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
