/// Absolute discounting: every seen n-gram gives up the same, counts are occurrences.
///
///     D = n₁ / (n₁ + 2 n₂), or one given for all orders
///
/// Source: Ney, Essen and Kneser 1994; Chen and Goodman 1998, section 2.6.
package struct AbsoluteDiscounting: Smoothing {
  /// What is used at an order whose own counts give no discount (Church and Gale's value, 1991).
  package static let fallback = 0.75

  private let discounts: [Double]

  package let combination: Combination
  package var lowerOrderCounts: LowerOrderCounts { .occurrences }

  /// Estimates the discount of each order unless `discount` gives it; says in `notes` where a
  /// fallback had to be used.
  package init(
    _ counts: [CountsOfCounts],
    discount: Double? = nil,
    combination: Combination = .interpolated,
    notes: inout [String]
  ) {
    self.combination = combination
    discounts = Self.discounts(counts, fixed: discount, notes: &notes)
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

  static func discounts(
    _ counts: [CountsOfCounts],
    fixed: Double?,
    notes: inout [String]
  ) -> [Double] {
    counts.enumerated().map { index, counts in
      if let fixed { return fixed }
      for count in 1...2 where counts[count] == 0 {
        notes.append(
          "order \(index + 1): no n-gram has the count \(count), so the discount is "
            + "\(fallback) there"
        )
        return fallback
      }
      return Double(counts[1]) / Double(counts[1] + 2 * counts[2])
    }
  }
}
