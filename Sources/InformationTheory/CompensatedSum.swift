/// A sum whose rounding error does not grow with the number of terms.
///
/// (Neumaier 1974, algorithm IV: what an addition rounds away is kept in a second number.) Infinite
/// terms give an infinite sum.
public struct CompensatedSum: Sendable, Equatable {
  private var sum = 0.0
  private var lost = 0.0

  /// The empty sum.
  public init() {}

  /// The sum of all terms.
  public var value: Double { sum.isFinite ? sum + lost : sum }

  /// Adds a term.
  @inline(__always)
  public mutating func add(_ term: Double) {
    let total = sum + term
    lost += sum.magnitude >= term.magnitude ? (sum - total) + term : (term - total) + sum
    sum = total
  }

  /// Adds another sum.
  public mutating func add(_ other: Self) {
    add(other.sum)
    lost += other.lost
  }
}
