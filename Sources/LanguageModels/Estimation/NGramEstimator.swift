package import Files
import Tokenization

/// The choices of training: order, smoothing method, cut-offs, threads.
package struct EstimationOptions: Sendable {
  /// The length of the longest n-gram, 1 to 16.
  package var order = 5

  /// The rule by which counts become probabilities.
  package var method = SmoothingMethod.modifiedKneserNey

  /// The back-off form is taken where a method has two.
  package var usesBackOff = false

  /// The count that is added to every count, for methods that do so (``SmoothingOption/alpha``).
  package var alpha = 1.0

  /// The discount at every order, for methods with one (``SmoothingOption/discount``); estimated
  /// where nil.
  package var discount: Double?

  /// Count cut-offs for orders 1, 2 and so on; the last holds for all longer n-grams.
  ///
  /// An n-gram that occurs as often as its cut-off, or less, is left out of the model after
  /// discounts have been estimated; its whole count goes to the shorter context. The first is 0 and
  /// none is below the one before it, so that the model has the parts of each n-gram that it has.
  package var prune: [Int] = []

  /// The number of threads; the result is the same for every number.
  package var threads = Parallel.processorCount

  /// Receives the number of positions that were worked on, from any thread.
  package var progress: @Sendable (Int) -> Void = { _ in }

  /// Receives the name of each stage as it begins: fit, group, count, estimate.
  package var stage: @Sendable (String) -> Void = { _ in }

  /// The defaults.
  package init() {}

  /// The form of the model.
  var combination: Combination { method.combination(usesBackOff: usesBackOff) }

  /// The cut-off of every order, order 1 first; empty if all are 0.
  var cutoffs: [Int] {
    guard let last = prune.last, last > 0 else { return [] }
    return (0..<order).map { $0 < prune.count ? prune[$0] : last }
  }
}

/// Makes an n-gram model of a training text: counts, smooths, writes.
///
/// ```swift
/// let settings = TextSettings(tokenizer: .words)
/// let data = try TrainingData(TrainingInput([.file("train.txt")], settings: settings))
/// var options = EstimationOptions()
/// options.order = 3
/// let model = try NGramEstimator(data, options: options).model(named: "trigrams")
/// ```
///
/// The work has four stages. `fit` finds a method's weights on held-out text; `group` puts
/// positions side by side whose histories end alike; `count` finds what is global, the
/// counts-of-counts above all; `estimate` turns the counts into probabilities and writes them.
package struct NGramEstimator: Sendable {
  let text: TrainingText
  private let tuningText: TrainingText
  let vocabulary: Vocabulary
  let spellings: SpellingSample?
  let typeCount: Int
  let options: EstimationOptions
  let description: ModelDescription

  /// The model is to know spans of the text (``TrainingSpans``).
  var keepsSpans = true

  /// The largest number of positions of a block; the model does not depend on it.
  package var positionLimit = HistoryBlocks.positionLimit

  /// An estimator for the text of `data`.
  package init(_ data: TrainingData, options: EstimationOptions) {
    precondition(
      NGramOrder.all.contains(options.order),
      "order must be 1 to \(NGramOrder.maximum), not \(options.order)"
    )
    precondition(options.prune.count <= options.order, "more cut-offs than orders")
    precondition(
      options.prune.first ?? 0 == 0 && zip(options.prune, options.prune.dropFirst()).allSatisfy(<=),
      "cut-offs begin with 0 and do not decrease"
    )
    typeCount = data.typeCount
    text = data.text
    tuningText = data.tuningText ?? data.text
    vocabulary = data.vocabulary
    spellings = data.spellings
    self.options = options
    var description = ModelDescription(
      order: options.order,
      settings: data.settings,
      smoothing: options.method.rawValue,
      combination: options.combination
    )
    description.sequenceCount = data.sequenceCount
    description.textFingerprint = data.fingerprint
    description.notes = data.notes
    self.description = description
  }

  /// Estimates the model and writes it into `file`, which is then complete.
  ///
  /// - Throws: `FileError` when the file cannot be written; the destination is then as before.
  ///   ``EstimationError`` where the text has more of the same than a model file can hold.
  /// - Complexity: O(tokens · order); with the text in memory about 11 bytes a token, more for
  ///   Jelinek-Mercer's weights, whose fit takes whole words at a time.
  package func write(to file: OutputFile) throws -> ModelDescription {
    var input = SmoothingInput(
      combination: options.combination,
      predictedCount: vocabulary.count - 1,
      alpha: options.alpha,
      discount: options.discount
    )
    var notes = description.notes
    if options.method.takes(.heldOutText) {
      options.stage("fit")
      input.weights = try fit(notes: &notes)
    }
    options.stage("group")
    let histories = try group()
    options.stage("count")
    var counted = try CountedText(self, histories, to: file)
    input.countsOfCounts = counted.countsOfCounts
    options.stage("estimate")
    let method = options.method.type.init(input, notes: &notes)
    counted.notes = notes
    return try method.write(counted)
  }

  /// Estimates the model in a nameless temporary file of `folder`, removed with the model.
  ///
  /// Errors show `name` as its path.
  ///
  /// - Throws: As `write(to:)`.
  package func model(
    named name: String,
    in folder: String = ScratchFile.defaultFolder
  ) throws -> NGramModel {
    try NGramModel(contents(named: name, in: folder), path: name)
  }

  /// Estimates the model; returns the bytes of its file.
  func contents(
    named name: String,
    in folder: String = ScratchFile.defaultFolder
  ) throws -> Bytes {
    let file = try OutputFile(temporaryFor: name, in: folder)
    _ = try write(to: file)
    return try file.contents()
  }

  /// The rule of the n-grams that are left out of the model; nil if none is.
  var rule: PruningRule? {
    PruningRule(options.cutoffs, vocabularySize: vocabulary.count, typeCount: typeCount)
  }

  /// Contexts seen once are stored as tails.
  var hasTails: Bool { rule == nil && options.combination.hasTails }

  /// Contexts seen once are not listed: they are stored as tails, or not at all.
  var leavesTails: Bool { rule?.leavesNoTails ?? hasTails }

  /// The stage `fit`: the weights of each order and bucket.
  private func fit(notes: inout [String]) throws -> [[Double]] {
    try InterpolationWeights(
      tuningText,
      vocabularySize: typeCount,
      order: options.order,
      threads: options.threads
    ).fit(notes: &notes)
  }

  /// The stage `group`: the histories in blocks; nil for unigrams, which have none.
  private func group() throws -> Histories? {
    if options.order == 1 { return nil }
    return try Histories(
      text,
      vocabularySize: typeCount,
      order: options.order,
      threads: options.threads,
      positionLimit: positionLimit
    )
  }
}
