/// A source of artificial text whose entropy is known exactly.
///
/// A *second-order Markov chain over words*: the next word, or the end of the sentence, is drawn
/// from a distribution that depends on the last two words alone, and each sentence begins anew.
///
/// ```swift
/// let source = MarkovSource()
/// let text = source.text(minimumByteCount: 1_000_000, seed: 1)
/// source.entropyBitsPerToken  // 1.6919…, the floor for the cross-entropy of every model
/// ```
///
/// On natural text nobody knows what the best perplexity is. Here it is known, so that the numbers
/// of an evaluator can be checked against a truth: no model has a lower cross-entropy in the long
/// run, a model of order 3 can come as near as its training text allows, and one of order 1 or 2
/// stays above it by an amount that can be calculated too.
///
/// A *token* is a word or the end of a sentence. As sentences are independent and finite in
/// expectation, the source is a renewal process, and its entropy per token is a quotient:
///
///     h = H(sentence) / E[tokens of a sentence]
///     H(sentence) = Σₛ N(s) · H(s)
///     E[tokens of a sentence] = Σₛ N(s)
///     N(s) = [s is the start] + Σᵣ N(r) · p(s | r)
///
/// where a state *s* is the last two words (fewer at the start), *N(s)* the expected number of
/// visits to it during a sentence, *H(s)* the entropy of what comes next, and *p(s | r)* the
/// probability to go from *r* to *s*.
///
/// C. E. Shannon: *A Mathematical Theory of Communication*, 1948, sections 2 to 7; John G. Kemeny
/// and J. Laurie Snell: *Finite Markov Chains*, 1960, chapter 3 (visits before absorption).
package struct MarkovSource: Sendable {
  /// The words of the source, all different, in the order in which they become reachable.
  package let words: [String]

  /// The reachable states; the first is the start of a sentence.
  package let states: [State]

  /// The expected number of visits to each state during a sentence, *N(s)*.
  package let expectedVisits: [Double]

  /// The memory of the source at one place in a sentence, and what may come next.
  package struct State: Sendable {
    /// The last two words, or the fewer that the sentence has so far.
    package let context: [String]

    /// The possible next words; their probabilities sum to one.
    package let transitions: [Transition]

    /// The UTF-8 bytes of the word that led here; none at the start.
    let spelling: [UInt8]
  }

  /// One of the things that may come next, and the state that it leads to.
  package struct Transition: Sendable {
    /// The next word, or `nil` for the end of the sentence.
    package let word: String?

    /// The probability of this transition.
    package let probability: Double

    /// The probability of this transition or one listed before it.
    let cumulativeProbability: Double

    /// The index of the state that the word leads to, or `nil` for the end of the sentence.
    let successor: Int?
  }

  /// A next word, or the end of the sentence, with its probability.
  package struct Outcome: Sendable {
    /// The next word, or `nil` for the end of the sentence.
    package let word: String?

    /// The probability of the outcome.
    package let probability: Double

    /// Creates the outcome that `word` follows, or that the sentence ends if it is `nil`.
    package init(_ word: String?, _ probability: Double) {
      self.word = word
      self.probability = probability
    }
  }

  /// Creates a source from a rule that gives the outcomes after each context.
  ///
  /// The rule is asked once for each reachable context, breadth first from the empty one, which is
  /// the start of a sentence. A context is the last two words, or the fewer that there are.
  ///
  /// - Precondition: The outcomes after a context are different and have positive probabilities
  ///   that sum to one; words are neither empty nor contain a space or a line feed; and from each
  ///   reachable state the end of a sentence can be reached.
  package init(outcomesAfter outcomes: (_ context: [String]) -> [Outcome]) {
    var contexts: [[String]] = [[]]
    var stateIndices: [[String]: Int] = [[]: 0]
    var states: [State] = []
    while states.count < contexts.count {
      let context = contexts[states.count]
      var cumulativeProbability = 0.0
      let transitions = Self.checked(outcomes(context), after: context).map { outcome in
        cumulativeProbability += outcome.probability
        let next = outcome.word.map { Array((context + [$0]).suffix(2)) }
        if let next, stateIndices[next] == nil {
          stateIndices[next] = contexts.count
          contexts.append(next)
        }
        return Transition(
          word: outcome.word,
          probability: outcome.probability,
          cumulativeProbability: cumulativeProbability,
          successor: next.flatMap { stateIndices[$0] }
        )
      }
      let spelling = Array((context.last ?? "").utf8)
      states.append(State(context: context, transitions: transitions, spelling: spelling))
    }
    var seen: Set<String> = []
    words = contexts.compactMap(\.last).filter { seen.insert($0).inserted }
    self.states = states
    expectedVisits = Self.expectedVisits(to: states)
  }

  private static func checked(_ outcomes: [Outcome], after context: [String]) -> [Outcome] {
    let total = outcomes.reduce(0) { $0 + $1.probability }
    precondition(
      abs(total - 1) < 1e-12 && outcomes.allSatisfy { $0.probability > 0 },
      "the probabilities after \(context) must be positive and sum to one, not \(total)"
    )
    precondition(
      Set(outcomes.map(\.word)).count == outcomes.count,
      "an outcome after \(context) is listed twice"
    )
    for case let word? in outcomes.map(\.word) {
      precondition(
        !word.isEmpty && !word.utf8.contains(.space) && !word.utf8.contains(.lineFeed),
        "a word must not be empty or contain a space or a line feed: '\(word)'"
      )
    }
    return outcomes
  }
}

extension UInt8 {
  static var space: UInt8 { 0x20 }
  static var lineFeed: UInt8 { 0x0a }
}
