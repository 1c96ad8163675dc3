/// Stupid back-off: the relative frequency where there is one, else 0.4 times the shorter
/// context's.
///
///     S(w | h) = c(hw) / c(h)  if seen, else  0.4 · S(w | h′)
///
/// The scores of a context sum to more than one: they are not probabilities, and no perplexity can
/// be made of them. Source: Brants et al. 2007, section 4.
package struct StupidBackOff: Smoothing {
  /// Brants et al.'s weight.
  package static let weight = 0.4

  package static var lowerOrderCounts: LowerOrderCounts { .occurrences }
  package static var forms: [Combination] { [.fixedWeight(weight)] }
  package static var remedy: String {
    """
    takes 0.4 of the shorter context's share. That is a score: the sum over all tokens is not one, so \
    there is no perplexity of it.
    """
  }

  package var combination: Combination { .fixedWeight(Self.weight) }

  package init(_ input: SmoothingInput, notes: inout [String]) {}

  package init?(parameters: [[Double]], combination: Combination, predictedCount: Int) {}

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double { 0 }

  package func parameters(order: Int) -> [Double] { [Self.weight] }
}
