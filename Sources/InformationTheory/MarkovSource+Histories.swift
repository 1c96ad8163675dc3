extension MarkovSource {
  /// The words of a sentence that a model of bounded memory sees before a place in it.
  package struct History: Sendable {
    /// The words seen, as indices of ``MarkovSource/words``, the last one nearest.
    package let words: [Int]

    /// True where these are all words of the sentence so far, so that its beginning is seen too.
    package let startsSentence: Bool

    /// The index of the state that the source is in.
    package let state: Int

    /// The expected number of times that a sentence has this history.
    package let expectedVisits: Double
  }

  /// Returns the number of histories that ``forEachHistory(length:_:)`` visits.
  ///
  /// - Complexity: O(*m* · *k*), *m* the number of transitions, *k* the length.
  package func historyCount(length: Int) -> Int {
    guard length > 2 else { return states.count }
    // The number of ways to go on from each state by 0, 1, 2, … words.
    var extensions = Array(repeating: 1, count: states.count)
    var count = 1
    for step in 1..<length {
      if step == length - 1 {
        for (index, state) in states.enumerated() where state.context.count == 2 {
          count += extensions[index]
        }
      }
      extensions = states.map { state in
        state.transitions.reduce(0) { $0 + ($1.successor.map { extensions[$0] } ?? 0) }
      }
      count += extensions[0]
    }
    return count
  }

  /// Shows `body` every history that tells a model of `length` words of memory anything more.
  ///
  /// A model sees the last `length` words, and the beginning of the sentence if that is not further
  /// back. Up to two words a history is a state, of which the model may see a part alone; beyond,
  /// each state falls into the ways to come to it:
  ///
  ///     N(w₁ … w_k) = N(w₁ w₂) · Π p(wᵢ | wᵢ₋₂ wᵢ₋₁)
  ///
  /// and those that begin a sentence, which are shorter than `length`, are products from the start.
  /// The expected visits of all histories add up to ``expectedTokensPerSentence``.
  ///
  /// - Complexity: O(``historyCount(length:)``), which grows by a factor of about five a word.
  package func forEachHistory(length: Int, _ body: (History) throws -> Void) rethrows {
    let indices = Dictionary(uniqueKeysWithValues: zip(words, words.indices))
    let wordsOfStates = states.map { state in state.context.compactMap { indices[$0] } }
    guard length > 2 else {
      for (index, visits) in expectedVisits.enumerated() {
        let words = wordsOfStates[index]
        try body(
          History(
            words: words,
            startsSentence: words.count < 2,
            state: index,
            expectedVisits: visits
          )
        )
      }
      return
    }
    func extend(
      _ words: [Int],
      _ state: Int,
      _ visits: Double,
      startsSentence: Bool
    ) throws {
      // One that begins a sentence and is as long as the memory looks like any other of its words,
      // and is among those.
      let isWhole = words.count == length
      if startsSentence != isWhole {
        try body(
          History(
            words: words,
            startsSentence: startsSentence,
            state: state,
            expectedVisits: visits
          )
        )
      }
      if isWhole { return }
      for transition in states[state].transitions {
        guard let successor = transition.successor, let word = wordsOfStates[successor].last else {
          continue
        }
        try extend(
          words + [word],
          successor,
          visits * transition.probability,
          startsSentence: startsSentence
        )
      }
    }
    try extend([], 0, 1, startsSentence: true)
    for (index, words) in wordsOfStates.enumerated() where words.count == 2 {
      try extend(words, index, expectedVisits[index], startsSentence: false)
    }
  }
}
