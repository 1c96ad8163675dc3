extension MarkovSource {
  /// The expected number of tokens of a sentence: its words, and one for its end.
  package var expectedTokensPerSentence: Double {
    expectedVisits.reduce(0, +)
  }

  /// The entropy of a sentence.
  package var entropyBitsPerSentence: Double {
    zip(states, expectedVisits).reduce(0) { sum, element in
      sum + element.1 * entropyBits(of: element.0.transitions.lazy.map(\.probability))
    }
  }

  /// The entropy rate: the lowest cross-entropy per token that a model can have in the long run.
  package var entropyBitsPerToken: Double {
    entropyBitsPerSentence / expectedTokensPerSentence
  }

  /// Returns the expected number of visits to each state during a sentence.
  ///
  /// The probabilities to be in each state after 0, 1, 2, … words are added until the probability
  /// that a sentence is still going on has fallen below 10⁻¹⁸. What is neglected is far below the
  /// rounding of the sums; the residual of the linear system is about 10⁻¹⁵.
  ///
  /// - Complexity: O(*m* · *l*), *m* the number of transitions, *l* a length that hardly any
  ///   sentence reaches (some 400 words where the average is 11).
  static func expectedVisits(to states: [State]) -> [Double] {
    precondition(canAllEnd(states), "every reachable state must have a way to the end")
    var visits = Array(repeating: 0.0, count: states.count)
    var current = visits
    current[0] = 1
    var remaining = 1.0
    while remaining > 1e-18 {
      var next = Array(repeating: 0.0, count: states.count)
      remaining = 0
      for (index, state) in states.enumerated() where current[index] > 0 {
        visits[index] += current[index]
        for transition in state.transitions {
          guard let successor = transition.successor else { continue }
          let probability = current[index] * transition.probability
          next[successor] += probability
          remaining += probability
        }
      }
      current = next
    }
    return visits
  }

  /// Returns whether each of the states has a way to the end of the sentence.
  private static func canAllEnd(_ states: [State]) -> Bool {
    var canEnd = Array(repeating: false, count: states.count)
    var isChanged = true
    while isChanged {
      isChanged = false
      for (index, state) in states.enumerated() where !canEnd[index] {
        canEnd[index] = state.transitions.contains { transition in
          transition.successor.map { canEnd[$0] } ?? true
        }
        isChanged = isChanged || canEnd[index]
      }
    }
    return canEnd.allSatisfy(\.self)
  }
}
