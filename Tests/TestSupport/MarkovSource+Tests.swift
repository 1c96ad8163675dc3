package import InformationTheory
import Synchronization

extension MarkovSource {
  /// The source of `seed`, made once for all tests.
  package static func shared(seed: UInt64) -> MarkovSource {
    made.withLock { made in
      if let source = made[seed] { return source }
      let source = MarkovSource(seed: seed)
      made[seed] = source
      return source
    }
  }

  private static let made = Mutex<[UInt64: MarkovSource]>([:])

  /// Returns the lowest cross-entropy per token of any n-gram model of the given order.
  ///
  /// A model of order *n* sees the last *n* − 1 words, and where the sentence begins if that is not
  /// further back. The best one has, after each context, the average of the distributions of the
  /// states which it cannot tell apart, weighted by their expected visits:
  ///
  ///     Σ N(c) · H(Σ N(s) p(· | s) / N(c)) / Σ N(s)
  ///
  /// where the inner sum goes over the states *s* that end in the context *c*, and *N(c)* is the
  /// sum of their visits. From order 3 upward this is `entropyBitsPerToken`.
  package func lowestCrossEntropyBitsPerToken(order: Int) -> Double {
    precondition(order >= 1, "order must be at least 1, not \(order)")
    // In order of appearance, because a sum over a dictionary would differ from run to run.
    var groups: [[String]: Int] = [:]
    var expectedCounts: [[Double]] = []
    let columns = Dictionary(uniqueKeysWithValues: zip(words, 1...))
    for (state, visits) in zip(states, expectedVisits) {
      let context = Array(state.context.suffix(order - 1))
      let group = groups[context, default: expectedCounts.count]
      if group == expectedCounts.count {
        groups[context] = group
        expectedCounts.append(Array(repeating: 0, count: words.count + 1))
      }
      for transition in state.transitions {
        let column = transition.word.flatMap { columns[$0] } ?? 0
        expectedCounts[group][column] += visits * transition.probability
      }
    }
    let bits = expectedCounts.reduce(0) { sum, counts in
      let total = counts.reduce(0, +)
      return sum + total * entropyBits(of: counts.lazy.map { $0 / total })
    }
    return bits / expectedTokensPerSentence
  }
}
