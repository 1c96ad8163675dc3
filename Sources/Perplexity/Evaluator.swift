import Files
package import LanguageModels
package import Tokenization

/// Scores texts with a model.
///
/// ```swift
/// let evaluation = try Evaluator(model).evaluate(text)
/// print(evaluation.measure.tokens)  // 6
/// print(evaluation.measure.outOfVocabulary)  // 1
/// print(evaluation.crossEntropyBits)  // 2.0
/// print(evaluation.perplexity)  // 4.0
/// ```
///
/// These are the figures of `the cat`, `the dog` for a model that gives `the`, `cat`, `<unk>` and
/// `</s>` equal probabilities.
///
/// A text is processed in batches of blocks: one batch is read and encoded while the previous one
/// is scored and the one before that is summed. The boundaries of blocks and batches depend only on
/// the text, and sums are taken in text order. So the result has the same bits on any number of
/// threads, and memory does not grow with the text.
package struct Evaluator: Sendable {
  private let model: any LanguageModel
  private let markers: TextEncoder.Markers
  private let invalidUTF8: TextReader.InvalidUTF8
  private let threads: Int
  /// The reading that learns from text to text, if the model adapts.
  private let adaptingReading: (any ModelReading)?

  /// An evaluator of `model`.
  ///
  /// If it `adapts`, the model learns from each token after scoring it, from text to text. This has
  /// no effect on a model that cannot learn (`StoredModel.canAdapt`).
  package init(
    _ model: any LanguageModel,
    adapts: Bool = false,
    markers: TextEncoder.Markers = .refuse,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse,
    threads: Int = Parallel.processorCount
  ) {
    self.model = model
    adaptingReading = adapts ? model.reading(adapts: true) : nil
    self.markers = markers
    self.invalidUTF8 = invalidUTF8
    self.threads = max(1, threads)
  }

  /// Evaluates the model on `source`; `progress` gets the number of bytes done so far.
  ///
  /// - Throws: `FileError`, `TextError`, also for a text without tokens.
  package func evaluate(
    _ source: TextSource,
    progress: (Int) -> Void = { _ in }
  ) throws -> Evaluation {
    try evaluate(work(on: source, keepsScores: false), visit: { _ in }, progress: progress)
  }

  /// Evaluates the model on `source` and calls `visit` with each part of the text, in order.
  ///
  /// The parts include the ranges of tokens. `progress` gets the number of bytes done so far. If a
  /// text fails, `visit` has seen its beginning.
  ///
  /// - Throws: `FileError`, `TextError`, also for a text without tokens, and the errors of `visit`.
  package func evaluate(
    _ source: TextSource,
    visit: (ScoredText) throws -> Void,
    progress: (Int) -> Void = { _ in }
  ) throws -> Evaluation {
    try evaluate(work(on: source, keepsScores: true), visit: visit, progress: progress)
  }

  /// Evaluates the model on `source` and calls `visit` with each line as soon as it is read.
  ///
  /// A program that writes a line to a pipe can therefore wait for the line's scores. The result
  /// has the same bits as that of ``evaluate(_:visit:progress:)``, on one thread. Lines that arrive
  /// together are visited together. If a text fails, `visit` has seen all lines before the failing
  /// one.
  ///
  /// - Throws: `FileError`, `TextError`, also for a text without tokens, and the errors of `visit`.
  package func evaluateAsItComes(
    _ source: TextSource,
    visit: (ScoredText) throws -> Void
  ) throws -> Evaluation {
    let work = work(on: source, keepsScores: true)
    let reading = reading()
    var reader = try reader(of: source, delivery: .lines)
    var sum = TextSum(work)
    var history: [TokenID] = []
    while let block = try reader.next() {
      let (encoded, failure) = work.encodeUpToFailure(block)
      if let encoded {
        let isContinued = encoded.block.continuesBlock
        let batch = ScoringBatch(
          work,
          reading,
          [encoded],
          after: history,
          onto: isContinued ? sum.open : .init()
        )
        batch.score()
        batch.sum(threads: 1)
        history = batch.history
        try sum.add(batch, visit: visit, progress: { _ in })
      }
      if let failure { throw failure }
    }
    return try sum.finished(textFingerprint: reader.fingerprint)
  }

  private func evaluate(
    _ work: TextWork,
    visit: (ScoredText) throws -> Void,
    progress: (Int) -> Void
  ) throws -> Evaluation {
    let reader = SharedReader(try reader(of: work.source, delivery: .blocks))
    let reading = reading()
    var sum = TextSum(work)
    var history: [TokenID] = []
    var scored: ScoringBatch?
    var current: ScoringBatch?
    var failure: (any Error)?
    var isAtEnd = false
    while !isAtEnd || current != nil || scored != nil {
      let scoring = current
      let encoding = isAtEnd ? nil : EncodingBatch(work, reader, readsInOrder: reading.readsInOrder)
      encoding?.encodeNext()
      // One block does not keep two threads busy.
      let taskCount = (scoring?.blockCount ?? 0) + (encoding?.isAtEnd == false ? threads : 0)
      try Parallel.run(on: min(threads, taskCount)) {
        scoring?.score()
        encoding?.encodeBlocks()
      } onCaller: {
        if let scored { try sum.add(scored, visit: visit, progress: progress) }
      }
      scoring?.sum(threads: threads)
      scored = scoring
      current = nil
      guard let encoding else { continue }
      isAtEnd = encoding.isAtEnd
      do {
        let batch = ScoringBatch(
          work,
          reading,
          try encoding.blocks(),
          after: history,
          threads: threads
        )
        history = batch.history
        current = batch
      } catch {
        failure = error
        isAtEnd = true
      }
    }
    if let failure { throw failure }
    return try sum.finished(textFingerprint: reader.fingerprint)
  }

  private func work(on source: TextSource, keepsScores: Bool) -> TextWork {
    TextWork(model, source, markers: markers, keepsScores: keepsScores)
  }

  /// The reading of the next text; it continues the previous one if the model adapts.
  private func reading() -> any ModelReading { adaptingReading ?? model.reading(adapts: false) }

  private func reader(
    of source: TextSource,
    delivery: TextReader.Delivery
  ) throws -> TextReader {
    try TextReader(
      source,
      isRaw: model.settings.readsRawBytes,
      invalidUTF8: invalidUTF8,
      delivery: delivery
    )
  }
}
