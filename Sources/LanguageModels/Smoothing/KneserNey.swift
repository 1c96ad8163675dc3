/// Kneser-Ney: one discount an order, continuation counts below the highest.
///
///     D = n₁ / (n₁ + 2 n₂)
///
/// Source: Kneser and Ney 1995; the discount is Ney, Essen and Kneser's (1994).
package struct KneserNey: Smoothing {
  private let discounts: [Double]

  package let combination: Combination
  package var lowerOrderCounts: LowerOrderCounts { .continuations }

  /// Estimates the discount of each order; says in `notes` where a fallback had to be used.
  package init(
    _ counts: [CountsOfCounts],
    discount: Double? = nil,
    combination: Combination = .interpolated,
    notes: inout [String]
  ) {
    self.combination = combination
    discounts = AbsoluteDiscounting.discounts(counts, fixed: discount, notes: &notes)
  }

  /// The method with the discount of each order.
  package init(discounts: [Double], combination: Combination) {
    self.discounts = discounts
    self.combination = combination
  }

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double {
    min(count, discounts[order - 1])
  }

  package func parameters(order: Int) -> [Double] { [discounts[order - 1]] }
}
