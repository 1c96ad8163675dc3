extension MarkovSource {
  /// Returns text of the source, a function of the source and `seed` alone.
  ///
  /// There is one sentence a line, with one space between words and a line feed after the last. The
  /// text ends with the first sentence that brings it to `minimumByteCount` bytes or more; it is
  /// empty if that is zero.
  ///
  /// - Complexity: O(*n*), *n* the length of the text; some 5 ms for 1 MB.
  package func text(minimumByteCount: Int, seed: UInt64) -> [UInt8] {
    var generator = SplitMix64(seed: seed)
    var text: [UInt8] = []
    text.reserveCapacity(minimumByteCount + 1024)
    while text.count < minimumByteCount {
      appendSentence(to: &text, using: &generator)
    }
    return text
  }

  private func appendSentence(to text: inout [UInt8], using generator: inout SplitMix64) {
    var state = 0
    while let successor = successor(ofState: state, at: generator.nextUnit()) {
      if state != 0 {
        text.append(.space)
      }
      text.append(contentsOf: states[successor].spelling)
      state = successor
    }
    text.append(.lineFeed)
  }

  /// Returns the state that comes next if the draw from [0, 1) is `unit`; `nil` at the end.
  private func successor(ofState state: Int, at unit: Double) -> Int? {
    let transitions = states[state].transitions
    // The last one takes what rounding leaves between the sum of the others and 1.
    var index = 0
    while index < transitions.count - 1, unit >= transitions[index].cumulativeProbability {
      index += 1
    }
    return transitions[index].successor
  }

  /// Returns the information in a sentence of the source, −log₂ of its true probability.
  ///
  /// The end of the sentence is counted, also for a sentence without words. A sentence which the
  /// source cannot produce has a surprisal of infinity.
  ///
  /// Averaged over a long text, the surprisal per token (words plus one for each sentence)
  /// approaches ``entropyBitsPerToken``.
  package func surprisalBits(ofSentence words: some Sequence<some StringProtocol>) -> Double {
    var state = 0
    var bits = 0.0
    for word in words {
      guard
        let transition = states[state].transitions.first(where: { $0.leads(to: word) }),
        let successor = transition.successor
      else { return .infinity }
      bits += InformationTheory.surprisalBits(ofProbability: transition.probability)
      state = successor
    }
    guard let end = states[state].transitions.first(where: { $0.word == nil }) else {
      return .infinity
    }
    return bits + InformationTheory.surprisalBits(ofProbability: end.probability)
  }
}

extension MarkovSource.Transition {
  fileprivate func leads(to next: some StringProtocol) -> Bool {
    word.map { $0 == next } ?? false
  }
}
