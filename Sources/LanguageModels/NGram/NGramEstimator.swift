public import Files
import Tokenization

/// How a model is to be estimated.
public struct EstimationOptions: Sendable {
  /// The length of the longest n-gram, 1 to 16.
  public var order = 5

  /// How counts become probabilities.
  public var method = SmoothingMethod.modifiedKneserNey

  /// Whether the back-off form is wanted where a method has two.
  public var usesBackOff = false

  /// α of ``AdditiveSmoothing``.
  public var alpha = 1.0

  /// The discount of ``AbsoluteDiscounting`` and ``KneserNey`` at every order; estimated where nil.
  public var discount: Double?

  /// Count cut-offs for orders 1, 2 and so on; the last holds for all longer n-grams.
  ///
  /// An n-gram that occurs so often or less is left out of the model, after discounts have been
  /// estimated; its whole count goes to the shorter context. The first is 0 and none is below the
  /// one before it, so that what an n-gram is made of is kept wherever the n-gram is.
  public var prune: [Int] = []

  /// The number of threads; the result is the same for every number.
  public var threads = Parallel.processorCount

  /// Told the number of positions that were worked on, from any thread.
  public var progress: @Sendable (Int) -> Void = { _ in }

  /// Told the name of each stage as it begins: fit, group, count, estimate.
  public var stage: @Sendable (String) -> Void = { _ in }

  /// The defaults.
  public init() {}

  fileprivate var combination: Combination { usesBackOff ? .backOff : .interpolated }

  /// Whether any n-gram can be left out by its count.
  var hasCutoffs: Bool { prune.contains { $0 > 0 } }
}

/// What cannot be estimated.
public struct EstimationError: Error, Equatable, CustomStringConvertible {
  /// The reason and the remedy.
  public let description: String
}

/// Makes an n-gram model of a training text: counts, smooths, writes.
public struct NGramEstimator: Sendable {
  private let text: TrainingText
  private let tuningText: TrainingText
  private let vocabulary: Vocabulary
  private let dropsTokens: Bool
  private let options: EstimationOptions
  private var description: ModelDescription

  /// An estimator for the text of `data`.
  public init(_ data: TrainingData, options: EstimationOptions) {
    precondition((1...16).contains(options.order), "order must be 1 to 16, not \(options.order)")
    precondition(options.prune.count <= options.order, "more cut-offs than orders")
    precondition(
      options.prune.first ?? 0 == 0 && zip(options.prune, options.prune.dropFirst()).allSatisfy(<=),
      "cut-offs begin with 0 and do not decrease"
    )
    dropsTokens = data.typeCount > data.vocabulary.count
    text = data.text
    tuningText = data.tuningText ?? data.text
    vocabulary = data.vocabulary
    self.options = options
    description = ModelDescription(
      order: options.order,
      settings: data.settings,
      smoothing: options.method.rawValue,
      combination: .interpolated
    )
    description.sequenceCount = data.sequenceCount
    description.textFingerprint = data.fingerprint
  }

  /// Estimates the model and writes it into `file`, which is then complete.
  ///
  /// - Throws: `FileError` when the file cannot be written; the destination is then as before.
  ///   ``EstimationError`` where n-grams would have to be left out.
  /// - Complexity: O(tokens · order), in memory about 12 bytes a token and the largest group.
  public func write(to file: OutputFile) throws -> ModelDescription {
    if options.hasCutoffs || dropsTokens {
      throw EstimationError(
        description: "n-grams cannot be left out of a model yet; "
          + "train without '--prune' and '--rare drop'"
      )
    }
    var notes: [String] = []
    if options.method == .jelinekMercer { options.stage("fit") }
    let weights: [[Double]] =
      options.method == .jelinekMercer
      ? try InterpolationWeights(
        tuningText,
        vocabularySize: vocabulary.count,
        order: options.order,
        threads: options.threads
      ).fit(notes: &notes) : []
    options.stage("group")
    let groups =
      options.order == 1
      ? nil : ContextGroups(text, vocabularySize: vocabulary.count, order: options.order)
    options.stage("count")
    let census = try groups.map {
      try GroupCensus(
        $0,
        options.method.lowerOrderCounts,
        threads: options.threads,
        progress: options.progress
      )
    }
    let occurrences = Unigrams.occurrences(text, vocabularySize: vocabulary.count)
    let unigrams = Unigrams(
      options.method.lowerOrderCounts == .continuations
        ? census?.predecessors.map { UInt64($0) } ?? occurrences : occurrences
    )
    let counts = [unigrams.countsOfCounts] + (census?.countsOfCounts ?? [])

    options.stage("estimate")
    func make(_ method: some Smoothing) throws -> ModelDescription {
      try write(
        method,
        groups,
        census,
        unigrams,
        notes: notes,
        tokenCount: Unigrams.total(occurrences),
        to: file
      )
    }
    let combination = options.combination
    switch options.method {
    case .modifiedKneserNey:
      return try make(ModifiedKneserNey(counts, combination: combination, notes: &notes))
    case .kneserNey:
      return try make(
        KneserNey(
          counts,
          discount: options.discount,
          combination: combination,
          notes: &notes
        )
      )
    case .absoluteDiscounting:
      return try make(
        AbsoluteDiscounting(
          counts,
          discount: options.discount,
          combination: combination,
          notes: &notes
        )
      )
    case .wittenBell: return try make(WittenBell(combination: combination))
    case .katz: return try make(Katz(counts, notes: &notes))
    case .jelinekMercer: return try make(JelinekMercer(weights: weights))
    case .additive:
      return try make(
        AdditiveSmoothing(
          alpha: options.alpha,
          vocabularySize: vocabulary.count - 1,
          combination: options.usesBackOff ? .backOff : .uniform
        )
      )
    case .maximumLikelihood: return try make(MaximumLikelihood())
    case .stupidBackOff: return try make(StupidBackOff())
    }
  }

  private func write<Method: Smoothing>(
    _ method: Method,
    _ groups: ContextGroups?,
    _ census: GroupCensus?,
    _ unigrams: Unigrams,
    notes: [String],
    tokenCount: UInt64,
    to file: OutputFile
  ) throws -> ModelDescription {
    var description = description
    description.combination = method.combination
    description.discounts = (1...options.order).map { method.parameters(order: $0) }
    description.notes = notes
    description.ngramCounts = [vocabulary.count] + (census?.ngramCounts ?? [])
    description.tokenCount = Int(tokenCount)
    description.vocabularyFingerprint = vocabulary.fingerprint

    let probabilities = unigrams.probabilities(method)
    let entries = probabilities.map { UnigramEntry(value: Float($0), region: 0) }
    let writer: ModelWriter
    if let groups, let census {
      writer = try ModelWriter(
        file,
        description: description,
        vocabulary: vocabulary,
        unigrams: groups.assigningRegions(entries),
        entries: census.entries
      )
      try write(method, groups, probabilities, with: writer)
    } else {
      writer = try ModelWriter(
        file,
        description: description,
        vocabulary: vocabulary,
        unigrams: entries,
        entries: []
      )
    }
    try writer.finish()
    return description
  }

  private func write<Method: Smoothing>(
    _ method: Method,
    _ groups: ContextGroups,
    _ unigrams: [Double],
    with writer: ModelWriter
  ) throws {
    let dispenser = Dispenser(groups.count)
    let schedule = groups.schedule
    let progress = options.progress
    let predictedCount = vocabulary.count - 1
    _ = try Parallel.run(options.threads) { _ in
      var scan = GroupScan(groups)
      var builder = RegionBuilder()
      var estimator = GroupEstimator(
        method,
        groups,
        unigrams: unigrams,
        predictedCount: predictedCount
      )
      while let turn = dispenser.take() {
        let group = schedule[turn]
        scan.scan(group)
        estimator.estimate(scan, entry: writer.entry(group), into: &builder)
        try writer.write(builder, group)
        progress(groups.positionCount(group))
      }
    }
  }
}

extension ContextGroups {
  /// `unigrams` with the region of each word filled in.
  fileprivate func assigningRegions(_ unigrams: [UnigramEntry]) -> [UnigramEntry] {
    var unigrams = unigrams
    for group in 0..<count {
      for word in words(group) { unigrams[word].region = UInt32(group) }
    }
    return unigrams
  }
}
