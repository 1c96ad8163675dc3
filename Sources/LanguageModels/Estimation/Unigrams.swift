import Files
import Tokenization

/// The counts of single tokens, and their smoothed probabilities.
///
/// The distribution is over the vocabulary without `<s>`, which is never predicted; `<unk>` is among
/// the predicted, whether the text has it or not, and so gets its share of what is given up. (KenLM
/// does the same; SRILM without `-unk` gives its share to the known words, 1/V of it each.)
struct Unigrams {
  private let counts: [UInt64]

  /// Counts, with the one of `<s>` not looked at.
  init(_ counts: [UInt64]) {
    var counts = counts
    counts[TokenID.beginSentence.index] = 0
    self.counts = counts
  }

  /// How often each token occurs where it is predicted.
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

  /// How many tokens have each count.
  var countsOfCounts: CountsOfCounts {
    var result = CountsOfCounts()
    for count in counts where count > 0 && count <= UInt64(CountsOfCounts.limit) {
      result.add(Int(count))
    }
    return result
  }

  /// The context of no words.
  var context: ContextCounts {
    ContextCounts(
      total: Self.total(counts),
      types: UInt64(counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) })
    )
  }

  /// The probability of each token below `vocabularySize` by `method`; what is given up is shared
  /// evenly.
  ///
  /// Tokens from there on were counted and are dropped: each gives up its whole count.
  func probabilities(_ method: some Smoothing, vocabularySize: Int) -> [Double] {
    let division = division(method, vocabularySize: vocabularySize)
    let context = context
    return counts[..<vocabularySize].enumerated().map { token, count in
      token == TokenID.beginSentence.index
        ? 0 : division.probability(ofCount: count, method, in: context)
    }
  }

  /// The probability that a token of count zero has by `method`, which is a part of every token's.
  func evenShare(_ method: some Smoothing, vocabularySize: Int) -> Double {
    division(method, vocabularySize: vocabularySize).probability(ofCount: 0, method, in: context)
  }

  /// What counts are divided by, and what every token has besides.
  private struct Division {
    var divisor: Double
    var share: Double

    @inline(__always)
    func probability(
      ofCount count: UInt64,
      _ method: some Smoothing,
      in context: ContextCounts
    ) -> Double {
      let discount = method.discount(Double(count), in: context, order: 1)
      return (Double(count) - discount) / divisor + share
    }
  }

  private func division(_ method: some Smoothing, vocabularySize: Int) -> Division {
    let context = context
    let size = Double(vocabularySize - 1)
    let dropped = Double(counts[vocabularySize...].reduce(0, +))
    var released = dropped
    for (token, count) in counts[..<vocabularySize].enumerated()
    where token != TokenID.beginSentence.index {
      released += method.discount(Double(count), in: context, order: 1)
    }
    var lent = method.pseudocount(for: context, order: 1)
    switch method.combination {
    case .nothing, .fixedWeight, .uniform: break
    case .interpolated, .backOff:
      // Rosenfeld's and SRILM's remedy where all mass is kept: one count more, for the unseen.
      let unseen = -method.discount(0, in: context, order: 1)
      let isSpent = released + lent <= 0 && unseen <= 0
      if isSpent && context.types < UInt64(vocabularySize - 1) { lent = 1 }
    }
    released += lent
    let unused = method.combination == .nothing ? dropped : 0
    let divisor = max(1, Double(context.total) + lent - unused)
    let share: Double =
      switch method.combination {
      case .nothing, .fixedWeight: 0
      case .uniform: dropped / divisor / size
      case .interpolated, .backOff: released / divisor / size
      }
    return Division(divisor: divisor, share: share)
  }
}
