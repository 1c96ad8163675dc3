/// Absolute discounting: every seen n-gram gives up the same count D; counts are occurrences.
///
///     D = n₁ / (n₁ + 2 n₂)        n_r n-grams of the order have the count r
///
/// D may also be given, one for all orders. Source: Ney, Essen and Kneser 1994; Chen and Goodman
/// 1998, section 2.6.
package struct AbsoluteDiscounting: OneDiscount {
  package static var lowerOrderCounts: LowerOrderCounts { .occurrences }
  package static var remedy: String { "a single discount, and in shorter contexts plain counts." }

  /// D where an order's own counts give none (Church and Gale's value, 1991).
  package static let fallback = 0.75

  package let discounts: [Double]
  package let combination: Combination

  package init(discounts: [Double], combination: Combination) {
    self.discounts = discounts
    self.combination = combination
  }
}

/// Kneser-Ney: absolute discounting with continuation counts below the highest order.
///
/// Source: Kneser and Ney 1995; the discount is Ney, Essen and Kneser's (1994).
package struct KneserNey: OneDiscount {
  package static var lowerOrderCounts: LowerOrderCounts { .continuations }
  package static var remedy: String { "the same with a single discount." }

  package let discounts: [Double]
  package let combination: Combination

  package init(discounts: [Double], combination: Combination) {
    self.discounts = discounts
    self.combination = combination
  }
}

/// A method with one discount an order; its conformers differ in the counts of lower orders.
///
/// It is a protocol, not a generic type, so that the loops of estimation are compiled for each.
package protocol OneDiscount: Smoothing {
  /// D of each order, order 1 first.
  var discounts: [Double] { get }

  /// The method with the discount of each order.
  init(discounts: [Double], combination: Combination)
}

extension OneDiscount {
  package static var forms: [Combination] { [.interpolated, .backOff] }
  package static var options: Set<SmoothingOption> { [.discount] }

  package init(_ input: SmoothingInput, notes: inout [String]) {
    let fallback = AbsoluteDiscounting.fallback
    let discounts = input.countsOfCounts.enumerated().map { index, counts in
      if let given = input.discount { return given }
      for count in 1...2 where counts[count] == 0 {
        notes.append(
          "order \(index + 1): no n-gram has the count \(count), so the discount is "
            + "\(fallback) there"
        )
        return fallback
      }
      return Double(counts[1]) / Double(counts[1] + 2 * counts[2])
    }
    self.init(discounts: discounts, combination: input.combination)
  }

  package init?(parameters: [[Double]], combination: Combination, predictedCount: Int) {
    let discounts = parameters.compactMap(\.first)
    guard discounts.count == parameters.count else { return nil }
    self.init(discounts: discounts, combination: combination)
  }

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double {
    min(count, discounts[order - 1])
  }

  package func parameters(order: Int) -> [Double] { [discounts[order - 1]] }
}
