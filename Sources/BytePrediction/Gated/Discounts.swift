/// The discounts of counts, for contexts of each length.
///
/// The discounts of modified Kneser-Ney smoothing, with *nᵢ* the number of entries with count *i*:
///
///     Y = n₁ / (n₁ + 2 n₂),  D₁ = 1 − 2 Y n₂ / n₁,  D₂ = 2 − 3 Y n₃ / n₂,  D₃₊ = 3 − 4 Y n₄ / n₃
///
/// Chen and Goodman, *An Empirical Study of Smoothing Techniques for Language Modeling*, 1998,
/// section 3. They stay between 0.05 and 0.98, 1.9 and 2.9, and are 0.5, 1 and 1.5 where the counts
/// say nothing.
struct Discounts: ~Copyable {
  /// The greatest discount of count 1, 2, and more.
  static let greatest = (once: 0.98, twice: 1.9, more: 2.9)

  /// The least discount.
  static let least = 0.05

  /// The discounts of count 1, 2, and more, for contexts of length *k*: at 3 *k* and after.
  let values: UncheckedBuffer<Double>

  /// The discounts for contexts of at most `maximumLength` bytes that were never counted.
  init(maximumLength: Int) {
    values = UncheckedBuffer(repeating: 0.5, count: 3 * (maximumLength + 1))
  }

  /// Computes the discounts anew from the counts of `tree`.
  func update(_ tree: borrowing ContextTree) {
    for length in 0..<values.count / 3 {
      let n1 = Double(tree.countsOfCounts[4 * length])
      let n2 = Double(tree.countsOfCounts[4 * length, 1])
      let n3 = Double(tree.countsOfCounts[4 * length, 2])
      let n4 = Double(tree.countsOfCounts[4 * length, 3])
      let y = n1 + 2 * n2 > 0 ? n1 / (n1 + 2 * n2) : 0.5
      let once = n1 > 0 ? 1 - 2 * y * n2 / n1 : 0.5
      let twice = n2 > 0 ? 2 - 3 * y * n3 / n2 : 1
      let more = n3 > 0 ? 3 - 4 * y * n4 / n3 : 1.5
      values[3 * length] = min(max(once, Self.least), Self.greatest.once)
      values[3 * length + 1] = min(max(twice, Self.least), Self.greatest.twice)
      values[3 * length + 2] = min(max(more, Self.least), Self.greatest.more)
    }
  }
}
