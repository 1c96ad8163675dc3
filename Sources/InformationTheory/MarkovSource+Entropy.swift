extension MarkovSource {
  /// The expected number of tokens of a sentence: its words, and one for its end.
  package var expectedTokensPerSentence: Double {
    expectedVisits.reduce(0, +)
  }

  /// The expected number of bytes of a sentence in ``text(minimumByteCount:seed:)``.
  ///
  /// Each word counts with the space or the line feed that follows it. A sentence without words, if
  /// the source has any, is a lone line feed.
  package var expectedBytesPerSentence: Double {
    var bytes = states[0].endProbability
    for (state, visits) in zip(states, expectedVisits).dropFirst() {
      bytes += visits * Double(state.spelling.count + 1)
    }
    return bytes
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

  /// The entropy rate for each byte of text.
  ///
  ///     H(sentence) / E[bytes of a sentence]
  ///
  /// This is exact, and no bound, because bytes and tokens determine each other: words are
  /// different, not empty, and contain neither a space nor a line feed, so that a line can be read
  /// in one way only, and hence its entropy as bytes is that of the sentence as tokens.
  package var entropyBitsPerByte: Double {
    entropyBitsPerSentence / expectedBytesPerSentence
  }

  /// Returns the lowest cross-entropy per token of any n-gram model of the given order.
  ///
  /// A model of order *n* sees the last *n* − 1 words, and where the sentence begins if that is not
  /// further back. The best one has, after each context, the average of the distributions of the
  /// states which it cannot tell apart, weighted by their expected visits:
  ///
  ///     Σ N(c) · H(Σ N(s) p(· | s) / N(c)) / Σ N(s)
  ///
  /// where the inner sum goes over the states *s* that end in the context *c*, and *N(c)* is the
  /// sum of their visits. From order 3 upward this is ``entropyBitsPerToken``.
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

extension MarkovSource.State {
  /// The probability that the sentence ends here.
  package var endProbability: Double {
    transitions.first { $0.word == nil }?.probability ?? 0
  }
}
