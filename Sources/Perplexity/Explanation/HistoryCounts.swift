import Files
import LanguageModels
import Records
import Synchronization
import Tokenization

/// The counts of the tokens that follow the histories of a test text in a training text.
///
/// The training text is read once. Memory grows with the number of different followers of these
/// histories, and with the different pairs of tokens if predecessors are counted.
struct HistoryCounts: Sendable {
  /// The number of tokens of the training text, with `</s>` and without `<s>`.
  let tokenCount: Int

  private let histories: SharedHistories
  /// The records of the training text; nil for plain text.
  let records: RecordTally?

  private let followers: [Int: [FollowerCount]]

  /// Counts the followers of each history of up to `order` − 1 tokens in `sequences`.
  ///
  /// With `countsPredecessors`, it also counts the tokens before each pair. `progress` gets the
  /// number of bytes done.
  ///
  /// - Throws: `FileError`, `TextError`.
  init(
    ofHistoriesIn sequences: [[TokenID]],
    order: Int,
    in text: TrainingSource,
    countsPredecessors: Bool,
    progress: (Int) -> Void
  ) throws {
    let histories = SharedHistories(sequences, order: order)
    let idle = Mutex<[HistoryCounter]>([])
    records = try text.visit(order: order, progress: progress) { tokens, new in
      let counter = idle.withLock { $0.popLast() } ?? HistoryCounter()
      counter.count(tokens, new, histories, countsPredecessors: countsPredecessors)
      idle.withLock { $0.append(counter) }
    }.records
    let counters = idle.withLock { $0 }
    let sum = counters.first ?? HistoryCounter()
    for other in counters.dropFirst() { sum.add(other) }
    self.histories = histories
    tokenCount = sum.tokenCount
    followers = sum.followers(histories)
  }

  /// The followers of `history`, by token; empty if the training text lacks it.
  func followers(of history: ArraySlice<TokenID>) -> [FollowerCount] {
    histories.node(of: history).flatMap { followers[$0] } ?? []
  }
}

/// The histories of a test text, shared by threads.
private final class SharedHistories: Sendable {
  private let ngrams: SharedNGrams
  /// The number of tokens of each history.
  private let lengths: UnsynchronizedBuffer<UInt8>
  /// The length of the longest history.
  let longest: Int

  init(_ sequences: [[TokenID]], order: Int) {
    longest = order - 1
    var ngrams = NGramCosts(order: max(1, longest))
    if longest > 0 { for token in sequences.joined() { ngrams.advance(to: token) } }
    let shared = SharedNGrams(ngrams)
    self.ngrams = shared
    lengths = UnsynchronizedBuffer(repeating: 0, count: shared.ngrams.tree.count)
    for node in 1..<max(1, shared.ngrams.tree.count) {
      lengths[node] = lengths[shared.ngrams.tree.context(of: node)] + 1
    }
  }

  func length(_ node: Int) -> Int { Int(lengths[node]) }

  /// True if the history begins a sequence, so that no token precedes it.
  func isInitial(_ node: Int) -> Bool {
    ngrams.ngrams.tree.tokens(of: node).first == TokenID.beginSentence.rawValue
  }

  func node(of history: ArraySlice<TokenID>) -> Int? {
    var node = NGramTree.root
    for token in history {
      guard let next = ngrams.ngrams.tree.node(of: UInt32(token.index), after: node) else {
        return nil
      }
      node = next
    }
    return node
  }

  /// Calls `body` with each history before each token of `range` other than `<s>`: its index and
  /// node.
  func forEachHistory(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    _ body: (Int, Int) -> Void
  ) {
    var match = NGramMatch(order: max(1, longest))
    match.skip(to: range.lowerBound, of: tokens, in: ngrams.ngrams.tree)
    for index in range {
      if tokens[index] != .beginSentence {
        var node = match.node
        while node != NGramTree.root {
          body(index, node)
          node = ngrams.ngrams.tree.suffix(of: node)
        }
        body(index, NGramTree.root)
      }
      match.step(to: tokens[index], in: ngrams.ngrams.tree)
    }
  }
}

/// The counts of one thread.
private final class HistoryCounter: @unchecked Sendable {
  // One thread at a time uses it: it is taken from a list and put back.
  private(set) var tokenCount = 0
  /// Pairs of a history and the token after it.
  private var pairs = PairNumbers()
  private var occurrences = Buffer<UInt64>()
  private var predecessors = Buffer<UInt64>()
  /// Pairs of such a pair and the token before the history.
  private var triples = PairNumbers()

  func count(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    _ histories: SharedHistories,
    countsPredecessors: Bool
  ) {
    for index in range where tokens[index] != .beginSentence { tokenCount += 1 }
    histories.forEachHistory(tokens, range) { index, node in
      let pair = add(1, UInt32(node), UInt32(tokens[index].index))
      let before = index - histories.length(node) - 1
      // A history at the start of a sequence has no token before it.
      guard countsPredecessors, before >= 0, tokens[before + 1] != .beginSentence else { return }
      addPredecessor(UInt32(tokens[before].index), of: pair)
    }
  }

  private func add(_ count: UInt64, _ node: UInt32, _ token: UInt32) -> Int {
    let (pair, isNew) = pairs.insert(node, token)
    if isNew {
      occurrences.grow(to: pair + 1)
      predecessors.grow(to: pair + 1)
      occurrences[pair] = 0
      predecessors[pair] = 0
    }
    occurrences[pair] += count
    return pair
  }

  private func addPredecessor(_ token: UInt32, of pair: Int) {
    if triples.insert(UInt32(pair), token).isNew { predecessors[pair] += 1 }
  }

  /// Adds the counts of `other`.
  func add(_ other: HistoryCounter) {
    tokenCount += other.tokenCount
    var numbers: [Int] = []
    for pair in 0..<other.pairs.count {
      let (node, token) = other.pairs[pair]
      numbers.append(add(other.occurrences[pair], node, token))
    }
    for triple in 0..<other.triples.count {
      let (pair, token) = other.triples[triple]
      addPredecessor(token, of: numbers[Int(pair)])
    }
  }

  /// The followers of each history, by token.
  func followers(_ histories: SharedHistories) -> [Int: [FollowerCount]] {
    var followers: [Int: [FollowerCount]] = [:]
    for pair in 0..<pairs.count {
      let (node, token) = pairs[pair]
      followers[Int(node), default: []].append(
        FollowerCount(
          token: TokenID(token),
          occurrences: occurrences[pair],
          predecessors: histories.isInitial(Int(node)) ? nil : predecessors[pair]
        )
      )
    }
    return followers.mapValues { $0.sorted { $0.token < $1.token } }
  }
}
