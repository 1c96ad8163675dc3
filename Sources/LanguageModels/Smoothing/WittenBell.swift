/// Witten-Bell: a context is lent one count for each different token that followed it.
///
///     d = 0    e(h) = N₁₊(h •)
///
/// Source: Bell, Cleary and Witten 1990 (method C); Chen and Goodman 1998, section 2.5.
package struct WittenBell: Smoothing {
  package static var lowerOrderCounts: LowerOrderCounts { .occurrences }
  package static var forms: [Combination] { [.interpolated, .backOff] }
  package static var remedy: String {
    """
    keeps as much for new tokens as the context has been followed by different ones: where much was \
    new, much will be.
    """
  }

  package let combination: Combination

  package init(_ input: SmoothingInput, notes: inout [String]) { combination = input.combination }

  package init?(parameters: [[Double]], combination: Combination, predictedCount: Int) {
    self.combination = combination
  }

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double { 0 }

  package func pseudocount(for context: ContextCounts, order: Int) -> Double {
    Double(context.types)
  }

  package func parameters(order: Int) -> [Double] { [] }
}
