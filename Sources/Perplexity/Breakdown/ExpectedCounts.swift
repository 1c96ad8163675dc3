import Files
import LanguageModels
import Synchronization
import Tokenization

/// The expected and the actual number of tokens that continue n-grams of each training count.
///
/// For a token with history h, let h′ be the longest suffix of h that occurs in the training text,
/// and n its length plus 1. Every possible token w falls into a class by the training count of the
/// n-gram h′w:
///
///     expected(n, r) = Σ over tokens of order n,  Σ over w with c(h′w) = r,  p(w | h)
///     actual(n, r)   = the tokens w of order n with c(h′w) = r
///
/// For a good smoothing method the ratio is near 1 in every class: n-grams seen r times, and
/// n-grams never seen, get the probability mass that they turn out to have. Both sums over r equal
/// the number of tokens of order n, which gives the expectation of unseen n-grams from the others.
///
/// This is the analysis by training count of Chen and Goodman (1998). They use the model's longest
/// n-grams only: the rows with n equal to the model's order, whose contexts occur in training. Here
/// the other rows are separated by n, since a model may use shorter contexts there.
package struct ExpectedCounts: Sendable, Equatable {
  /// A length of n-grams and a band of training counts.
  package struct Cell: Sendable, Equatable {
    /// The length of the n-gram, n.
    package var order: Int
    /// The band of training counts: `0` or `5-9`.
    package var key: String
    /// The sum of the model's probabilities.
    package var expected: Double
    /// The number of tokens.
    package var actual: Int

    /// Expected divided by actual; NaN or infinite without actual tokens.
    package var ratio: Double { expected / Double(actual) }
  }

  /// The orders and bands with tokens or expectations, by order and then by band.
  package var cells: [Cell]

  /// The bands summed over all orders.
  package var totals: [Cell] {
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

  /// Reads the training text again and counts the followers of the test text's contexts.
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
      // The rest is the model's mass for unseen n-grams.
      expected[order][0] = Double(actual.reduce(0, +)) - expected[order].dropFirst().reduce(0, +)
      for band in 0..<bands.count where actual[band] > 0 || expected[order][band] > 0 {
        // Without such mass, the rest is a rounding error, possibly negative.
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
  /// The number of tokens charged to each context, by node.
  let weights: UnsynchronizedBuffer<UInt64>

  /// The number of tokens by order and by band of their n-gram's training count.
  let actual: [[Int]]

  private let test: SharedNGrams
  /// A whole history that ends in each context, as a node.
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

  /// For each node, its longest suffix among these contexts, or ``SharedNGrams/none``.
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

  /// The probabilities of `followers` after their contexts, times the number of tokens there.
  ///
  /// They are summed by n-gram length and by band of training count. All histories with the same
  /// longest context in training give a token the same probability, so one of them is scored. The
  /// text is cut into pieces independent of the number of threads, and their sums are added in
  /// order.
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
  /// The longest context in training of a token whose longest n-gram is `whole`, and the length of
  /// the n-gram that it is charged to.
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
