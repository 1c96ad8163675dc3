import Files
import Synchronization
import Tokenization

/// A reading by a model of n-grams, which sorts the tokens of large batches.
final class NGramReading: ModelReading {
  private let model: NGramModel
  private let history: HistoryReading
  /// The last sorted batch, whose memory the next one takes over.
  private let previous = Mutex<SortedBatch?>(nil)

  /// A reading by `model` at the start of a text.
  init(_ model: NGramModel) {
    self.model = model
    history = HistoryReading(model)
  }

  var readsInOrder: Bool { false }

  func read(_ tokens: Span<TokenID>) { history.read(tokens) }

  func distribution() -> [Double] { history.distribution() }

  /// A sorted batch, or nil if there are too few tokens for sorting to pay.
  ///
  /// The work of preparation grows with the tokens and with the regions of the file.
  func batch(
    _ tokens: [TokenID],
    _ ranges: [Range<Int>],
    threads: Int
  ) -> any TokenBatch {
    guard tokens.count >= max(SortedBatch.minimumCount, 8 * model.regions.count) else {
      return history.batch(tokens, ranges, threads: threads)
    }
    let sorted = SortedBatch(
      model,
      tokens,
      ranges,
      threads: threads,
      reusing: previous.withLock { $0 }
    )
    previous.withLock { $0 = sorted }
    return SortedRanges(sorted, ranges)
  }
}

/// Ranges of tokens that are scored together, in the order of the model's file.
private final class SortedRanges: TokenBatch {
  private let sorted: SortedBatch
  private let ranges: [Range<Int>]

  init(_ sorted: SortedBatch, _ ranges: [Range<Int>]) {
    self.sorted = sorted
    self.ranges = ranges
  }

  /// Scores tokens; no range is ready before the last of them.
  func score(_ visit: Visit) { sorted.score() }

  func finish(threads: Int, _ visit: Visit) {
    Parallel.forEach(ranges.count, threads: threads) { index in
      sorted.withScores(ranges[index]) { visit(index, $0) }
    }
  }
}
