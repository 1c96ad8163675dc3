import Files
import Tokenization

/// The counts of single tokens, and their smoothed probabilities.
///
/// The distribution is over the vocabulary without `<s>`, which is never predicted; `<unk>` is
/// among the predicted, whether the text has it or not, and so gets its share of the discounts.
/// (KenLM does the same; SRILM without `-unk` gives its share to the known words, 1/V of it each.)
struct Unigrams {
  private let counts: [UInt64]

  /// The counts of all tokens; that of `<s>` is ignored.
  init(_ counts: [UInt64]) {
    var counts = counts
    counts[TokenID.beginSentence.index] = 0
    self.counts = counts
  }

  /// The number of times that each token occurs where it is predicted.
  static func occurrences(_ text: TrainingText, vocabularySize: Int) throws -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: vocabularySize)
    var cursor = HeldOutCursor(text.rule)
    try text.forEachRun { tokens, range in
      for index in range where !cursor.isHeldOut(tokens[index]) { counts[Int(tokens[index])] += 1 }
    }
    counts[TokenID.beginSentence.index] = 0
    return counts
  }

  /// The number of predicted tokens.
  static func total(_ counts: [UInt64]) -> UInt64 { counts.reduce(0, +) }

  /// The number of tokens with each count.
  var countsOfCounts: CountsOfCounts {
    var result = CountsOfCounts()
    for count in counts where count > 0 && count <= UInt64(CountsOfCounts.limit) {
      result.add(Int(count))
    }
    return result
  }

  /// The probability of each token below `vocabularySize` by `method`; all share evenly what they
  /// give up.
  ///
  /// Tokens from `vocabularySize` on were counted and are dropped: each gives up its whole count.
  func probabilities(_ method: some Smoothing, vocabularySize: Int) -> [Double] {
    let mass = mass(method, vocabularySize: vocabularySize)
    let uniformShare = uniformShare(method, mass, vocabularySize: vocabularySize)
    return counts[..<vocabularySize].enumerated().map { token, count in
      token == TokenID.beginSentence.index
        ? 0 : alpha(count: count, method, mass) + uniformShare
    }
  }

  /// The probability of a token of count zero by `method`, which is a part of every token's.
  func uniformShare(_ method: some Smoothing, vocabularySize: Int) -> Double {
    let mass = mass(method, vocabularySize: vocabularySize)
    return alpha(count: 0, method, mass)
      + uniformShare(method, mass, vocabularySize: vocabularySize)
  }

  /// α of a token: (c − d) / (c(h) + e).
  @inline(__always)
  private func alpha(count: UInt64, _ method: some Smoothing, _ mass: ContextMass) -> Double {
    let discount = method.discount(Double(count), in: mass.counts, order: 1)
    return (Double(count) - discount) / mass.divisor
  }

  /// γ · 1/V: every token's share of what all give up, in the forms where they pass it on.
  private func uniformShare(
    _ method: some Smoothing,
    _ mass: ContextMass,
    vocabularySize: Int
  ) -> Double {
    let predictedCount = Double(vocabularySize - 1)
    return switch method.combination {
    case .maximumLikelihood, .fixedWeight: 0
    // What seen tokens give up is in d already, which is negative.
    case .uniform: Double(mass.pruned) / mass.divisor / predictedCount
    case .interpolated, .backOff: mass.gamma / predictedCount
    }
  }

  /// The mass of the empty context.
  private func mass(_ method: some Smoothing, vocabularySize: Int) -> ContextMass {
    var mass = ContextMass()
    for count in counts[..<vocabularySize] where count > 0 {
      mass.total += count
      mass.types += 1
    }
    for count in counts[vocabularySize...] where count > 0 { mass.prune(count, types: 1) }
    mass.releasePruned()
    for (token, count) in counts[..<vocabularySize].enumerated()
    where token != TokenID.beginSentence.index {
      mass.released += method.discount(Double(count), in: mass.counts, order: 1)
    }
    mass.lend(by: method, order: 1, predictedCount: vocabularySize - 1)
    return mass
  }
}
