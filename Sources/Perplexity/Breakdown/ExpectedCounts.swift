import Files
import LanguageModels
import Synchronization
import Tokenization

/// How many tokens of a test text a model expects to continue n-grams of some training count, and how
/// many there are.
///
/// At a token with history h, let h′ be the longest end of h that the training text has, and n its
/// length plus 1. What the token could be falls into classes by the training count of the n-gram h′w:
///
///     expected(n, r) = Σ over tokens of order n,  Σ over w with c(h′w) = r,  p(w | h)
///     actual(n, r)   = the tokens w of order n with c(h′w) = r
///
/// For a good smoothing method the ratio is near 1 in every class: it gives n-grams seen r times, and
/// those never seen, the share that they turn out to have. Both add up to the number of tokens of
/// order n, by which the expectation of n-grams never seen is found from the others.
///
/// After Chen and Goodman (1998, in the analysis by training count), who have the model's longest
/// n-grams alone; those are the rows with n the order of the model, whose contexts the training text
/// has. All others are told apart by n here, where a model may rely on shorter contexts.
public struct ExpectedCounts: Sendable, Equatable {
  /// The n-grams of a length and a band of training counts.
  public struct Cell: Sendable, Equatable {
    /// The length of the n-gram, n.
    public var order: Int
    /// The training counts, as `0` or `5-9`.
    public var key: String
    /// The sum of the model's probabilities.
    public var expected: Double
    /// The number of tokens.
    public var actual: Int

    /// Expected over actual; NaN or infinite where there are none.
    public var ratio: Double { expected / Double(actual) }
  }

  /// Each order and band with tokens or expectations, by order and then by band.
  public var cells: [Cell]

  /// The same, all orders taken together.
  public var totals: [Cell] {
    let bands = Bands.trainingCounts
    return (0..<bands.count).compactMap { band in
      let key = bands.key(band)
      let cells = cells.filter { $0.key == key }
      guard !cells.isEmpty else { return nil }
      return Cell(
        order: 0,
        key: key,
        expected: cells.reduce(0) { $0 + $1.expected },
        actual: cells.reduce(0) { $0 + $1.actual }
      )
    }
  }

  /// Reads the training text again, for what follows the contexts of the test text in it.
  ///
  /// - Throws: `FileError`, `TextError`.
  /// - Complexity: O(training tokens · order), and a score for each n-gram that begins with one of
  ///   those contexts.
  init(_ counts: TrainingCounts, _ text: TrainingSource, progress: (Int) -> Void) throws {
    let test = counts.test
    let orders = test.ngrams.order
    let contexts = TestContexts(counts)
    let nearest = contexts.nearest
    let idle = Mutex<[FollowerCounter]>([])
    try text.visit(order: orders, progress: progress) { tokens, new in
      let counter = idle.withLock { $0.popLast() } ?? FollowerCounter()
      test.countFollowers(tokens, new, nearest: nearest.buffer, into: &counter.counts)
      idle.withLock { $0.append(counter) }
    }
    var followers = FollowerCounts()
    for counter in idle.withLock({ $0 }) { followers.add(counter.counts) }

    let bands = Bands.trainingCounts
    var expected = contexts.expected(of: followers.sorted, by: text.model, threads: text.threads)
    cells = []
    for order in 1..<(orders + 1) {
      let actual = contexts.actual[order]
      // What the model leaves to n-grams never seen.
      expected[order][0] = Double(actual.reduce(0, +)) - expected[order].dropFirst().reduce(0, +)
      for band in 0..<bands.count where actual[band] > 0 || expected[order][band] > 0 {
        // A model that leaves nothing to them leaves rounding errors.
        let expected = max(0, expected[order][band])
        cells.append(
          Cell(order: order, key: bands.key(band), expected: expected, actual: actual[band])
        )
      }
    }
  }
}

/// The contexts that the tokens of a test text are charged to.
private struct TestContexts: Sendable {
  /// The number of tokens after each node, where it is the longest context that training has.
  let weights: UnsynchronizedBuffer<UInt64>

  /// The number of tokens by order and by band of their n-gram's training count.
  let actual: [[Int]]

  private let test: SharedNGrams
  /// A node of a whole history that ends in the context.
  private let histories: UnsynchronizedBuffer<UInt32>

  init(_ counts: TrainingCounts) {
    let test = counts.test
    let tree = counts.test.ngrams.tree.count
    let weights = UnsynchronizedBuffer<UInt64>(repeating: 0, count: tree)
    let histories = UnsynchronizedBuffer<UInt32>(repeating: 0, count: tree)
    let bands = Bands.trainingCounts
    var actual = [[Int]](
      repeating: [Int](repeating: 0, count: bands.count),
      count: test.ngrams.order + 1
    )
    for whole in 1..<max(1, tree) {
      let tokens = test.ngrams.cost(whole).tokens
      guard tokens > 0 else { continue }
      let (node, order) = counts.longestSeenContext(of: whole)
      let context = test.ngrams.tree.context(of: node)
      if weights[context] == 0 {
        histories[context] = UInt32(test.ngrams.tree.context(of: whole))
      }
      weights[context] += UInt64(tokens)
      actual[order][bands.index(of: counts.count(node))] += tokens
    }
    self.weights = weights
    self.histories = histories
    self.actual = actual
    self.test = test
  }

  /// For each node the longest of these contexts that ends it, or ``SharedNGrams/none``.
  var nearest: UnsynchronizedBuffer<UInt32> {
    let nearest = UnsynchronizedBuffer<UInt32>(
      repeating: SharedNGrams.none,
      count: weights.count
    )
    for node in 0..<weights.count {
      if weights[node] > 0 {
        nearest[node] = UInt32(node)
      } else if node != NGramTree.root {
        nearest[node] = nearest[test.ngrams.tree.suffix(of: node)]
      }
    }
    return nearest
  }

  /// The probabilities of `followers` after their contexts, times the number of tokens there; by
  /// length of the n-gram and by band of its training count.
  ///
  /// All histories that have the context in common, and nothing longer that training has, give a token
  /// the same probability: one of them is scored. Threads take pieces that do not depend on their
  /// number, which are added in their order.
  func expected(
    of followers: [FollowerCounts.Entry],
    by model: any LanguageModel,
    threads: Int
  ) -> [[Double]] {
    let size = 1 << 13
    let pieceCount = (followers.count + size - 1) / size
    let pieces = Parallel.map(pieceCount, threads: threads) { piece in
      self.expected(
        of: followers[piece * size..<min(followers.count, (piece + 1) * size)],
        by: model
      )
    }
    let bands = [Double](repeating: 0, count: Bands.trainingCounts.count)
    var expected = [[Double]](repeating: bands, count: test.ngrams.order + 1)
    for piece in pieces {
      for order in expected.indices {
        for band in bands.indices { expected[order][band] += piece[order][band] }
      }
    }
    return expected
  }

  private func expected(
    of followers: ArraySlice<FollowerCounts.Entry>,
    by model: any LanguageModel
  ) -> [[Double]] {
    var tokens: [TokenID] = []
    var ends: [Int] = []
    var context = -1
    var history: [TokenID] = []
    for follower in followers {
      if follower.context != context {
        context = follower.context
        let whole = Int(histories[context])
        history = test.ngrams.tree.tokens(of: whole).map { TokenID($0) }
      }
      tokens += history
      ends.append(tokens.count)
      tokens.append(TokenID(follower.token))
    }
    var scores = [TokenScore](repeating: .certain, count: tokens.count)
    var span = scores.mutableSpan
    model.score(tokens.span, 0..<tokens.count, into: &span)

    let bands = Bands.trainingCounts
    let none = [Double](repeating: 0, count: bands.count)
    var expected = [[Double]](repeating: none, count: test.ngrams.order + 1)
    context = -1
    var order = 0
    for (follower, end) in zip(followers, ends) {
      if follower.context != context {
        context = follower.context
        order = test.ngrams.tree.tokens(of: context).count + 1
      }
      let probability = scores[end].logProbability.probability
      expected[order][bands.index(of: follower.count)] +=
        probability * Double(weights[context])
    }
    return expected
  }
}

extension TrainingCounts {
  /// The n-gram that a token is charged to whose longest is `whole`: the one of the longest context
  /// that training has; and its length.
  fileprivate func longestSeenContext(of whole: Int) -> (node: Int, order: Int) {
    var node = whole
    var order = test.ngrams.tree.tokens(of: whole).count
    while order > 1, count(test.ngrams.tree.context(of: node)) == 0 {
      node = test.ngrams.tree.suffix(of: node)
      order -= 1
    }
    return (node, order)
  }
}
