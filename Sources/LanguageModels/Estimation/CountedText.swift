import Files
import Tokenization

/// A text whose n-grams are counted, on its way to a model: the stages `count` and `estimate`.
package struct CountedText {
  private let estimator: NGramEstimator
  private let file: OutputFile
  private var histories: Histories?
  private let census: BlockCensus.Result?
  private let unigrams: Unigrams
  private let tokenCount: Int

  /// The fallbacks of estimation so far, for the model's description.
  var notes: [String] = []

  /// Counts the n-grams of every order in `histories`, which are those of the text of `estimator`;
  /// the model is to be in `file`.
  init(_ estimator: NGramEstimator, _ histories: Histories?, to file: OutputFile) throws {
    self.estimator = estimator
    self.file = file
    var histories = histories
    let options = estimator.options
    let kind = options.method.lowerOrderCounts
    var census: BlockCensus.Result?
    if let code = histories?.code {
      var counting = BlockCensus(
        order: options.order,
        code: code,
        vocabularySize: estimator.typeCount,
        lowerOrderCounts: kind,
        hasTails: estimator.leavesTails,
        pruning: estimator.rule,
        threads: options.threads
      )
      try histories?.forEachPass { try counting.add($0, progress: options.progress) }
      census = counting.result()
    }
    let occurrences = try Unigrams.occurrences(
      estimator.text,
      vocabularySize: estimator.typeCount
    )
    let continuations = kind == .continuations ? census?.predecessors.map { UInt64($0) } : nil
    self.histories = histories
    self.census = census
    unigrams = Unigrams(continuations ?? occurrences)
    tokenCount = Int(Unigrams.total(occurrences))
  }

  /// The counts-of-counts of each order, order 1 first.
  var countsOfCounts: [CountsOfCounts] {
    [unigrams.countsOfCounts] + (census?.countsOfCounts ?? [])
  }

  /// Turns the counts into probabilities by `method` and writes the model.
  fileprivate mutating func write(by method: some Smoothing) throws -> ModelDescription {
    let order = estimator.options.order
    let vocabulary = estimator.vocabulary
    var description = description(method)
    let speller = try estimator.spellings.map {
      try SpellingTrainer(sample: $0, threads: estimator.options.threads)
        .train(lacking: vocabulary)
    }
    description.spelling = speller?.facts
    let spans =
      estimator.keepsSpans
      ? try estimator.text.spans(description.settings, limit: vocabulary.count) : nil
    let probabilities = unigrams.probabilities(method, vocabularySize: vocabulary.count)
    var plan: RegionPlan?
    if let histories, let census {
      plan = try RegionPlan(histories.groups, census, order: order, vocabulary: vocabulary)
    }
    let writer = try ModelWriter(
      file,
      description: description,
      vocabulary: vocabulary,
      unigrams: probabilities.enumerated().map { word, probability in
        UnigramEntry(
          value: Float(probability),
          region: histories?.groups.group(of: UInt32(word)) ?? 0
        )
      },
      tailWeights: estimator.hasTails ? TailWeights(method, order: order) : nil,
      speller: speller?.file,
      spans: spans,
      entries: plan?.entries ?? []
    )
    if let code = histories?.code, let census, let plan {
      let pass = EstimationPass(
        method: method,
        options: estimator.options,
        code: code,
        rule: estimator.rule,
        leavesTails: estimator.leavesTails,
        census: census,
        plan: plan,
        lower: LowerProbabilities(probabilities, code: code, frequentCount: census.contexts.count),
        writer: writer
      )
      try pass.writeFrequent()
      try histories?.forEachPass { try pass.writeBlocks($0) }
    }
    try writer.finish()
    return description
  }

  /// The description of the model by `method`, but for its speller.
  private func description(_ method: some Smoothing) -> ModelDescription {
    let options = estimator.options
    let vocabulary = estimator.vocabulary
    var description = estimator.description
    description.combination = method.combination
    description.discounts = (1...options.order).map { method.parameters(order: $0) }
    description.uniformShare = unigrams.uniformShare(method, vocabularySize: vocabulary.count)
    description.notes = notes
    description.ngramCounts = [vocabulary.count] + (census?.keptCounts ?? [])
    description.pruning = options.cutoffs
    if estimator.rule != nil {
      description.countedNGrams = [estimator.typeCount] + (census?.ngramCounts ?? [])
    }
    description.tokenCount = tokenCount
    description.vocabularyFingerprint = vocabulary.fingerprint
    return description
  }
}

extension Smoothing {
  package func write(_ counted: CountedText) throws -> ModelDescription {
    var counted = counted
    return try counted.write(by: self)
  }
}
