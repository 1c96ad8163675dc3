extension OrderMixture {
  /// Fills the 256 `probabilities` with those of ``probability(_:_:)``, to the last bit, in one
  /// pass over the entries of the contexts.
  @inline(__always)
  func fillDistribution(_ probabilities: borrowing UncheckedBuffer<Double>, _ situation: Situation)
  {
    probabilities.fill(situation.floor)
    probabilities[Int(situation.recent.0)] += situation.recentShares.0
    probabilities[Int(situation.recent.1)] += situation.recentShares.1
    var length = 0
    while length <= situation.known {
      let unit = units[length]
      tree.forEachEntry(path[length]) { byte, count in
        let discount = discounts.values[3 * length + Int(min(3, count)) - 1]
        probabilities[Int(byte)] += (Double(count) - discount) * unit
      }
      length += 1
    }
  }

  /// Reads `byte` without a score, after ``situation(_:)`` of the same gate; learns if it `learns`.
  @inline(__always)
  mutating func advance(_ byte: UInt8, _ situation: Situation, learns: Bool) {
    let probability = probability(byte, situation)
    if learns {
      train(adaptiveGate, byte, probability, situation)
      learn(byte, situation)
    } else {
      move(byte, situation)
    }
  }

  /// The situation before the next byte, by the gate for `learns`.
  @inline(__always)
  func situation(learns: Bool) -> Situation {
    learns ? situation(adaptiveGate) : situation(frozenGate)
  }
}
