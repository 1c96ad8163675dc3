/// Stupid back-off: the relative frequency where there is one, else 0.4 times the shorter context's.
///
///     S(w | h) = c(hw) / c(h)  if seen, else  0.4 · S(w | h′)
///
/// The scores of a context sum to more than one: they are no probabilities, and no perplexity can be
/// made of them. Source: Brants et al. 2007, section 4.
package struct StupidBackOff: Smoothing {
  /// Brants et al.'s weight.
  package static let weight = 0.4

  package var combination: Combination { .fixedWeight(Self.weight) }
  package var lowerOrderCounts: LowerOrderCounts { .occurrences }

  /// The method; its one parameter is fixed.
  package init() {}

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double { 0 }

  package func parameters(order: Int) -> [Double] { [Self.weight] }
}
