/// The weight of each unit in a ratio of sums, by its size.
///
/// A ratio of sums over 200 texts of which one has 60 % of the tokens is little more than the ratio of
/// that one. Such texts say as much as a few of equal size, ``effectiveCount``.
package struct UnitWeights: Sendable, Equatable {
  /// The number of units with a size.
  package let count: Int

  /// The number of units of equal size that say as much: (Σ *d*)² / Σ *d*² for the sizes *d*.
  package let effectiveCount: Double

  /// The index of the largest unit, counting those without size.
  package let largest: Int

  /// The largest unit's share of the whole; NaN if no unit has a size.
  package let largestShare: Double

  /// The weights of units of the given sizes.
  package init(_ sizes: [Double]) {
    var sum = 0.0
    var squares = 0.0
    var largest = 0
    var count = 0
    for (index, size) in sizes.enumerated() where size > 0 {
      sum += size
      squares += size * size
      count += 1
      if size > sizes[largest] { largest = index }
    }
    self.count = count
    self.largest = largest
    effectiveCount = count > 0 ? sum * sum / squares : 0
    largestShare = sizes.isEmpty ? .nan : sizes[largest] / sum
  }

  /// True if so few units outweigh the others that the spread between units cannot be told.
  ///
  /// That is the case below five units of equal size, and below three quarters of the units where
  /// there are fewer than seven.
  package var isDominated: Bool { effectiveCount < min(5, 0.75 * Double(count)) }
}
