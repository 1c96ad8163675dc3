import Files
import Synchronization
package import Tokenization

/// A model on its way through texts: the state that decides what comes next.
///
/// Every family of models answers by a reading how it scores a text: in parts of any order, sorted,
/// or token after token. A mixture of models is a reading that holds theirs, and a cache of recent
/// words one that changes with each token it reads.
///
/// One thread at a time uses a reading; many may work on a batch of it.
package protocol ModelReading: AnyObject, Sendable {
  /// True where the score of a token needs all tokens before it to have been read.
  ///
  /// One thread then scores the text from start to end. If false, the tokens of a batch are scored
  /// independently, after those before them in its array.
  var readsInOrder: Bool { get }

  /// Reads `tokens` without scoring them; a `<s>` begins a text.
  func read(_ tokens: Span<TokenID>)

  /// The probability of every token after those read, by token number.
  func distribution() -> [Double]

  /// Prepares the tokens of `ranges`, which follow one another in `tokens`, to be scored; up to
  /// `threads` threads do so.
  ///
  /// The scores are those of ``LanguageModel/score(_:_:into:)``. A reading has one batch at a time:
  /// the memory of the one before, whose work is done, is used again.
  func batch(_ tokens: [TokenID], _ ranges: [Range<Int>], threads: Int) -> any TokenBatch
}

/// A batch of ranges of tokens that are scored together.
///
/// Any number of threads work on it together: each calls ``score(_:)``. Once all have returned, one
/// calls ``finish(threads:_:)``. Between them they show every range once, in any order.
package protocol TokenBatch: Sendable {
  /// Takes the number of a range and the scores of its tokens.
  typealias Visit = @Sendable (_ range: Int, _ scores: Span<TokenScore>) -> Void

  /// Scores tokens until all are taken, and shows `visit` the ranges that are ready.
  func score(_ visit: Visit)

  /// Shows `visit` the ranges that were not ready before all tokens were scored, on at most
  /// `threads` threads.
  func finish(threads: Int, _ visit: Visit)
}

/// A reading by a model that looks back some tokens: it keeps those.
package final class HistoryReading: ModelReading {
  private let model: any LanguageModel
  private let history = Mutex<[TokenID]>([])

  /// A reading by `model` at the start of a text.
  package init(_ model: any LanguageModel) { self.model = model }

  package var readsInOrder: Bool { false }

  package func read(_ tokens: Span<TokenID>) {
    let limit = model.historyLength ?? .max
    history.withLock { history in
      for index in (tokens.count - min(limit, tokens.count))..<tokens.count {
        if tokens[index] == .beginSentence { history.removeAll(keepingCapacity: true) }
        history.append(tokens[index])
      }
      history.removeFirst(max(0, history.count - limit))
    }
  }

  package func distribution() -> [Double] {
    model.distribution(after: history.withLock { $0 })
  }

  package func batch(
    _ tokens: [TokenID],
    _ ranges: [Range<Int>],
    threads: Int
  ) -> any TokenBatch {
    SeparateRanges(model, tokens, ranges)
  }
}

/// Ranges of tokens of which each is scored by the thread that takes it.
private final class SeparateRanges: TokenBatch {
  private let model: any LanguageModel
  private let tokens: [TokenID]
  private let ranges: [Range<Int>]
  private let dispenser: IndexDispenser

  init(_ model: any LanguageModel, _ tokens: [TokenID], _ ranges: [Range<Int>]) {
    self.model = model
    self.tokens = tokens
    self.ranges = ranges
    dispenser = IndexDispenser(ranges.count)
  }

  func score(_ visit: Visit) {
    let tokens = tokens
    var scores: [TokenScore] = []
    while let index = dispenser.take() {
      let range = ranges[index]
      if scores.count < range.count {
        scores = [TokenScore](repeating: .certain, count: range.count)
      }
      var span = scores.mutableSpan
      model.score(tokens.span, range, into: &span)
      visit(index, scores.span.extracting(first: range.count))
    }
  }

  func finish(threads: Int, _ visit: Visit) {}
}
