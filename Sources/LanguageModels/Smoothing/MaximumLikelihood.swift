/// Maximum likelihood: the relative frequency and nothing else.
///
///     p(w | h) = c(hw) / c(h)
///
/// An unseen token in a seen context has probability zero, so most held-out text is impossible: the
/// lesson that smoothing answers. A context that was never seen has no relative frequencies; the
/// longest seen part of it is taken, so that every distribution sums to one.
package struct MaximumLikelihood: Smoothing {
  package static var lowerOrderCounts: LowerOrderCounts { .occurrences }
  package static var forms: [Combination] { [.maximumLikelihood] }
  package static var remedy: String { "does nothing about them." }

  package var combination: Combination { .maximumLikelihood }

  package init(_ input: SmoothingInput, notes: inout [String]) {}

  package init?(parameters: [[Double]], combination: Combination, predictedCount: Int) {}

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double { 0 }

  package func parameters(order: Int) -> [Double] { [] }
}
