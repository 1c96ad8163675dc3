import Files
package import LanguageModels
import Records
import Synchronization
package import Tokenization

/// The training text of a model, read again for counts that the model does not keep.
package struct TrainingSource: Sendable {
  let model: any LanguageModel
  private let sources: [TextSource]
  private let markers: TextEncoder.Markers
  private let invalidUTF8: TextReader.InvalidUTF8
  let threads: Int

  /// The training text of `model`, with the settings of its training.
  package init(
    _ sources: [TextSource],
    of model: any LanguageModel,
    markers: TextEncoder.Markers = .refuse,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse,
    threads: Int = Parallel.processorCount
  ) {
    self.sources = sources
    self.model = model
    self.markers = markers
    self.invalidUTF8 = invalidUTF8
    self.threads = max(1, threads)
  }

  /// The maximum length of the n-grams to count for `model`.
  ///
  /// It is the model's order, or `1` if the model's context has no maximum length. It is nil if
  /// tokens are scalars of several bytes, which a byte model does not number.
  package static func order(for model: any LanguageModel) -> Int? {
    guard !model.settings.joinsBytes else { return nil }
    return model.historyLength.map { min($0 + 1, NGramCosts.longest) } ?? 1
  }

  /// Calls `visit` with pieces of the text, on several threads at once.
  ///
  /// `visit` gets tokens and the range of the new ones among them; up to `order` tokens of the same
  /// sequence stand before these. `progress` gets the number of bytes done so far.
  ///
  /// - Returns: The number of bytes of the text, and its records.
  ///
  /// - Throws: `FileError`, `TextError`.
  @discardableResult
  func visit(
    order: Int,
    progress: (Int) -> Void,
    _ visit: @Sendable (_ tokens: Span<TokenID>, _ new: Range<Int>) -> Void
  ) throws -> (byteCount: Int, records: RecordTally?) {
    var done = 0
    var records: RecordTally?
    for source in sources {
      let work = TextWork(model, source, markers: markers, keepsScores: false)
      let reader = SharedReader(
        try TextReader(source, isRaw: model.settings.readsRawBytes, invalidUTF8: invalidUTF8)
      )
      var history: [TokenID] = []
      var isAtEnd = false
      while !isAtEnd {
        let encoding = EncodingBatch(work, reader)
        Parallel.forEach(threads, threads: threads) { _ in encoding.encodeBlocks() }
        isAtEnd = encoding.isAtEnd
        let blocks = try encoding.blocks()
        for case let tally? in blocks.map(\.text.tally) {
          records = (records ?? RecordTally()) + tally
        }
        let batch = TrainingBatch(blocks, after: history)
        Parallel.forEach(batch.ranges.count, threads: threads) { index in
          visit(batch.tokens.span, batch.ranges[index])
        }
        history = Array(batch.tokens.suffix(order))
        done += batch.byteCount
        progress(done)
      }
    }
    return (done, records)
  }
}

/// Some consecutive chunks of a training text.
private struct TrainingBatch {
  let tokens: [TokenID]
  let byteCount: Int
  let ranges: [Range<Int>]

  init(_ blocks: [EncodedBlock], after history: [TokenID]) {
    var tokens = history
    var ranges: [Range<Int>] = []
    for block in blocks {
      let first = tokens.count
      tokens += block.text.tokens
      ranges.append(first..<tokens.count)
    }
    self.tokens = tokens
    self.ranges = ranges
    byteCount = blocks.reduce(0) { $0 + $1.text.byteCount }
  }
}
