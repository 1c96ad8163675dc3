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

  /// The cut-off of every order, order 1 first; empty where all are 0.
  fileprivate var cutoffs: [Int] {
    guard let last = prune.last, last > 0 else { return [] }
    return (0..<order).map { $0 < prune.count ? prune[$0] : last }
  }
}

/// Makes an n-gram model of a training text: counts, smooths, writes.
public struct NGramEstimator: Sendable {
  private let text: TrainingText
  private let tuningText: TrainingText
  private let vocabulary: Vocabulary
  private let spellings: SpellingSample?
  private let typeCount: Int
  private let options: EstimationOptions
  private var description: ModelDescription

  /// Whether the model is to know spans of the text (``TrainingSpans``).
  var keepsSpans = true

  /// Where blocks are cut; the model does not depend on it.
  package var positionLimit = HistoryBlocks.positionLimit

  /// An estimator for the text of `data`.
  public init(_ data: TrainingData, options: EstimationOptions) {
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
  ///   ``EstimationError`` where the text has more of the same than a model file can hold.
  /// - Complexity: O(tokens · order); with the text in memory about 11 bytes a token, more for
  ///   Jelinek-Mercer's weights, whose fit takes whole words at a time.
  public func write(to file: OutputFile) throws -> ModelDescription {
    var notes: [String] = []
    if options.method == .jelinekMercer { options.stage("fit") }
    let weights: [[Double]] =
      options.method == .jelinekMercer
      ? try InterpolationWeights(
        tuningText,
        vocabularySize: typeCount,
        order: options.order,
        threads: options.threads
      ).fit(notes: &notes) : []
    options.stage("group")
    var histories =
      options.order == 1
      ? nil
      : try Histories(
        text,
        vocabularySize: typeCount,
        order: options.order,
        threads: options.threads,
        positionLimit: positionLimit
      )
    options.stage("count")
    var census: BlockCensus.Result?
    if let code = histories?.code {
      var counting = BlockCensus(
        order: options.order,
        code: code,
        vocabularySize: typeCount,
        options.method.lowerOrderCounts,
        hasTails: leavesTails,
        pruning: rule,
        threads: options.threads
      )
      try histories?.forEachPart { try counting.add($0, progress: options.progress) }
      census = counting.result()
    }
    let occurrences = try Unigrams.occurrences(text, vocabularySize: typeCount)
    let unigrams = Unigrams(
      options.method.lowerOrderCounts == .continuations
        ? census?.predecessors.map { UInt64($0) } ?? occurrences : occurrences
    )
    let counts = [unigrams.countsOfCounts] + (census?.countsOfCounts ?? [])

    options.stage("estimate")
    func make(_ method: some Smoothing) throws -> ModelDescription {
      try write(
        method,
        &histories,
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

  /// What is left out of the model; nil where nothing is.
  private var rule: PruningRule? {
    PruningRule(options.cutoffs, vocabularySize: vocabulary.count, typeCount: typeCount)
  }

  /// Whether contexts seen once are left as tails: where they are stored so, or not at all.
  private var leavesTails: Bool { rule?.leavesNoTails ?? hasTails }

  /// Whether contexts seen once can be stored as tails: where an n-gram has its share from the
  /// shorter context, or needs none.
  private var hasTails: Bool {
    if rule != nil { return false }
    return switch options.method {
    case .modifiedKneserNey, .kneserNey, .absoluteDiscounting, .wittenBell, .jelinekMercer:
      !options.usesBackOff
    case .maximumLikelihood: true
    case .katz, .additive, .stupidBackOff: false
    }
  }

  private func write<Method: Smoothing>(
    _ method: Method,
    _ histories: inout Histories?,
    _ census: BlockCensus.Result?,
    _ unigrams: Unigrams,
    notes: [String],
    tokenCount: UInt64,
    to file: OutputFile
  ) throws -> ModelDescription {
    var description = description
    description.combination = method.combination
    description.discounts = (1...options.order).map { method.parameters(order: $0) }
    description.uniformShare = unigrams.evenShare(method, vocabularySize: vocabulary.count)
    description.notes = notes
    description.ngramCounts = [vocabulary.count] + (census?.keptCounts ?? [])
    description.pruning = options.cutoffs
    if rule != nil { description.countedNGrams = [typeCount] + (census?.ngramCounts ?? []) }
    description.tokenCount = Int(tokenCount)
    description.vocabularyFingerprint = vocabulary.fingerprint
    let speller = try spellings.map {
      try SpellingTrainer($0, threads: options.threads).train(lacking: vocabulary)
    }
    description.spelling = speller?.facts
    let spans =
      keepsSpans ? try text.spans(description.settings, limit: vocabulary.count) : nil

    let probabilities = unigrams.probabilities(method, vocabularySize: vocabulary.count)
    var entries = probabilities.map { UnigramEntry(value: Float($0), region: 0) }
    let plan: RegionPlan?
    if let histories, let census {
      plan = try RegionPlan(
        histories.groups,
        census,
        order: options.order,
        vocabulary: vocabulary
      )
      for word in entries.indices {
        entries[word].region = histories.groups.group(of: UInt32(word))
      }
    } else {
      plan = nil
    }
    let writer = try ModelWriter(
      file,
      description: description,
      vocabulary: vocabulary,
      unigrams: entries,
      tailWeights: hasTails ? TailWeights(method, order: options.order) : nil,
      speller: speller?.file,
      spans: spans,
      entries: plan?.entries ?? []
    )
    if let code = histories?.code, let census, let plan {
      let lower = LowerProbabilities(
        probabilities,
        code: code,
        frequentCount: census.contexts.count
      )
      try writeFrequent(method, code, census, plan, lower, with: writer)
      try histories?.forEachPart {
        try writeBlocks(method, $0, census.contexts, plan, lower, with: writer)
      }
    }
    try writer.finish()
    return description
  }

  /// Estimates the frequent contexts, each after the shorter one, and writes them.
  private func writeFrequent<Method: Smoothing>(
    _ method: Method,
    _ code: WordCode,
    _ census: BlockCensus.Result,
    _ plan: RegionPlan,
    _ lower: LowerProbabilities,
    with writer: ModelWriter
  ) throws {
    let contexts = census.contexts
    let starts = contexts.indices.filter { contexts[$0].depth == 1 } + [contexts.count]
    let dispenser = IndexDispenser(starts.count - 1)
    let order = options.order
    let rule = rule
    _ = try Parallel.run(options.threads) { _ in
      var scan = BlockScan(order: order, code: code, hasTails: false)
      var image = BlockImage()
      var estimator = BlockEstimator(method, order: order, code: code, lower: lower)
      while let turn = dispenser.take() {
        for index in starts[turn]..<starts[turn + 1] {
          let context = contexts[index]
          let group = Int(context.group)
          scan.load(context, census.frequent.list(index))
          if let rule { scan.prune(rule, method.lowerOrderCounts, owners: contexts) }
          estimator.estimate(
            scan,
            frequent: index,
            word: context.word,
            parent: context.parent,
            entry: writer.entry(group),
            place: plan.frequent[index],
            into: &image
          )
          try writer.write(image, group)
        }
      }
    }
  }

  /// Estimates the blocks and writes them.
  private func writeBlocks<Method: Smoothing>(
    _ method: Method,
    _ blocks: HistoryBlocks,
    _ contexts: [FrequentContext],
    _ plan: RegionPlan,
    _ lower: LowerProbabilities,
    with writer: ModelWriter
  ) throws {
    let dispenser = IndexDispenser(blocks.blocks.count)
    let progress = options.progress
    let order = options.order
    let rule = rule
    let leavesTails = leavesTails
    _ = try Parallel.run(options.threads) { _ in
      var scan = BlockScan(order: order, code: blocks.code, hasTails: leavesTails)
      var image = BlockImage()
      var estimator = BlockEstimator(method, order: order, code: blocks.code, lower: lower)
      while let index = dispenser.take() {
        let block = blocks.blocks[index]
        scan.scan(block, of: blocks)
        if let rule { scan.prune(rule, method.lowerOrderCounts, owners: contexts) }
        estimator.estimate(
          scan,
          owner: block.owner,
          entry: writer.entry(Int(block.group)),
          places: plan.blocks,
          block: blocks.firstBlock + index,
          into: &image
        )
        try writer.write(image, Int(block.group))
        progress(block.count)
      }
    }
  }
}
