/// Witten-Bell: a context is lent one count for each different token that followed it.
///
///     d = 0    e(h) = N₁₊(h •)
///
/// Source: Bell, Cleary and Witten 1990 (method C); Chen and Goodman 1998, section 2.5.
package struct WittenBell: Smoothing {
  package let combination: Combination
  package var lowerOrderCounts: LowerOrderCounts { .occurrences }

  /// The method in its interpolated or its back-off form.
  package init(combination: Combination = .interpolated) { self.combination = combination }

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double { 0 }

  package func pseudocount(for context: ContextCounts, order: Int) -> Double {
    Double(context.types)
  }

  package func parameters(order: Int) -> [Double] { [] }
}
