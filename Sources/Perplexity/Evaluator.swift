public import Files
public import LanguageModels
public import Tokenization

/// Runs a model over texts.
///
/// A text goes through in batches of blocks: one is read and encoded while the one before is scored
/// and the one before that is summed. Where blocks and batches are cut depends on the text alone, and
/// sums are taken in the text's order, so the result has the same bits on any number of threads and
/// memory does not grow with the text.
public struct Evaluator: Sendable {
  private let model: any LanguageModel
  private let markers: TextEncoder.Markers
  private let invalidUTF8: TextReader.InvalidUTF8
  private let threads: Int
  private let adaptingReading: (any ModelReading)?

  /// An evaluator of `model`.
  ///
  /// If it `adapts`, the model goes on learning from each token once it is scored, from text to text;
  /// that changes nothing where it has no `LanguageModel.reading(adapts:)`.
  public init(
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

  /// Evaluates the model on `source`; `progress` is told the bytes done.
  ///
  /// - Throws: `FileError`, `TextError`, among them for a text without tokens.
  public func evaluate(
    _ source: TextSource,
    progress: (Int) -> Void = { _ in }
  ) throws -> Evaluation {
    try evaluate(work(on: source, keepsScores: false), visit: { _ in }, progress: progress)
  }

  /// Evaluates the model on `source` and shows `visit` every part of the text in order, with ranges.
  ///
  /// `progress` is told the bytes done. Where a text fails, a part at its start has been shown.
  ///
  /// - Throws: `FileError`, `TextError`, among them for a text without tokens, and what `visit` does.
  public func evaluate(
    _ source: TextSource,
    visit: (ScoredText) throws -> Void,
    progress: (Int) -> Void = { _ in }
  ) throws -> Evaluation {
    try evaluate(work(on: source, keepsScores: true), visit: visit, progress: progress)
  }

  /// Evaluates the model on `source` and shows `visit` each line as soon as it is read, so that who
  /// writes a line to a pipe can wait for what is made of it.
  ///
  /// The result has the bits of ``evaluate(_:visit:progress:)``, on one thread. Lines that come
  /// together are shown together. Where a text fails, all lines before the one at fault have been
  /// shown.
  ///
  /// - Throws: `FileError`, `TextError`, among them for a text without tokens, and what `visit` does.
  public func evaluateAsItComes(
    _ source: TextSource,
    visit: (ScoredText) throws -> Void
  ) throws -> Evaluation {
    let work = work(on: source, keepsScores: true)
    var reader = try reader(of: source, delivery: .lines)
    var sum = TextSum(work)
    var history: [TokenID] = []
    while let block = try reader.next() {
      let (part, failure) = work.encodeUpToFailure(block)
      if let part {
        let isContinued = part.block.continuesBlock
        let batch = ScoringBatch(
          work,
          [part],
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
    var sum = TextSum(work)
    var history: [TokenID] = []
    var scored: ScoringBatch?
    var current: ScoringBatch?
    var failure: (any Error)?
    var isAtEnd = false
    while !isAtEnd || current != nil || scored != nil {
      let scoring = current
      let encoding = isAtEnd ? nil : EncodingBatch(work, reader)
      encoding?.encodeNext()
      // A text of one block is no work for two.
      let taskCount = (scoring?.partCount ?? 0) + (encoding?.isAtEnd == false ? threads : 0)
      try Parallel.run(on: min(threads, taskCount)) {
        scoring?.score()
        encoding?.encodeParts()
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
          try encoding.parts(),
          after: history,
          threads: threads,
          reusing: scoring
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
    TextWork(
      model,
      source,
      markers: markers,
      keepsScores: keepsScores,
      reading: adaptingReading ?? model.reading(adapts: false)
    )
  }

  private func reader(
    of source: TextSource,
    delivery: TextReader.Delivery
  ) throws(FileError) -> TextReader {
    try TextReader(
      source,
      isRaw: model.settings.readsRawBytes,
      invalidUTF8: invalidUTF8,
      delivery: delivery
    )
  }
}
