import RealFunctions

extension OrderMixture {
  /// Reads `text`, and learns from it.
  mutating func learn(_ text: Span<UInt8>) {
    for index in text.indices {
      let byte = text[index]
      let situation = situation(adaptiveGate)
      train(adaptiveGate, byte, probability(byte, situation), situation)
      learn(byte, situation)
    }
  }

  /// Reads `text`, counts it if it `learns`, and sets the score of each byte.
  mutating func read(
    _ text: Span<UInt8>,
    learns: Bool,
    into scores: inout MutableSpan<ByteScore>
  ) {
    for index in text.indices {
      let byte = text[index]
      let probability: Double
      let matchedLength: Int
      if learns {
        let situation = situation(adaptiveGate)
        probability = self.probability(byte, situation)
        matchedLength = self.matchedLength(situation)
        train(adaptiveGate, byte, probability, situation)
        learn(byte, situation)
      } else {
        let situation = situation(frozenGate)
        probability = self.probability(byte, situation)
        matchedLength = self.matchedLength(situation)
        move(byte, situation)
      }
      scores[index] = ByteScore(
        surprisalBits: -log2(probability),
        matchedLength: UInt8(truncatingIfNeeded: matchedLength + 1)
      )
    }
  }

  /// Trains the frozen gate on its predictions of `text`, without counting it; then goes back to
  /// the start of `text`.
  mutating func trainFrozenGate(_ text: Span<UInt8>) {
    let start = (knownLength, length, history)
    let contexts = UncheckedBuffer<UInt32>(zeroed: path.count)
    contexts.copy(path)
    for index in text.indices {
      let byte = text[index]
      let situation = situation(frozenGate)
      train(frozenGate, byte, probability(byte, situation), situation)
      move(byte, situation)
    }
    (knownLength, length, history) = start
    path.copy(contexts)
  }
}
