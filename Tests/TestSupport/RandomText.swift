package import InformationTheory

extension SplitMix64 {
  /// A number in 0 ..< `count`, small ones more often.
  package mutating func skewed(_ count: Int) -> Int {
    let unit = nextUnit()
    return min(count - 1, Int(unit * unit * Double(count)))
  }
}

/// A text of `lines` sentences over `words` different words, the first the most frequent.
package func randomText(words: Int, lines: Int, length: Int = 8, seed: UInt64) -> String {
  var generator = SplitMix64(seed: seed)
  return (0..<lines).map { _ in
    (0..<generator.skewed(length + 1)).map { _ in "w\(generator.skewed(words))" }
      .joined(separator: " ")
  }.joined(separator: "\n") + "\nw0\n"
}

/// `count` bytes below `kinds`, each as likely as the others.
package func randomBytes(_ count: Int, kinds: UInt64 = 256, seed: UInt64 = 1) -> [UInt8] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in UInt8(truncatingIfNeeded: (generator.next() >> 32) % kinds) }
}
