/// Additive smoothing: every token of the vocabulary counts as seen α times more.
///
///     p(w | h) = (c(hw) + α) / (c(h) + α V)    that is, d = −α and e = α V
///
/// V is the size of the vocabulary without `<s>`. In the usual form an unseen n-gram has
/// α / (c(h) + αV) whatever the shorter context says, which no ARPA file can hold; in the back-off
/// form (SRILM's `-addsmooth`) the unseen share the rest as the shorter context has it. Source:
/// Lidstone 1920; Chen and Goodman 1998, section 2.1.
package struct AdditiveSmoothing: Smoothing {
  package static var lowerOrderCounts: LowerOrderCounts { .occurrences }
  package static var forms: [Combination] { [.uniform, .backOff] }
  package static var options: Set<SmoothingOption> { [.alpha] }
  package static var remedy: String {
    "adds 1 to every count, seen or not; of a large vocabulary most is unseen and gets most."
  }

  private let alpha: Double
  private let predictedCount: Double

  package let combination: Combination

  package init(_ input: SmoothingInput, notes: inout [String]) {
    alpha = input.alpha
    predictedCount = Double(input.predictedCount)
    combination = input.combination
  }

  package init?(parameters: [[Double]], combination: Combination, predictedCount: Int) {
    guard parameters.allSatisfy({ !$0.isEmpty }), let alpha = parameters.first?.first else {
      return nil
    }
    self.alpha = alpha
    self.predictedCount = Double(predictedCount)
    self.combination = combination
  }

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double { -alpha }

  package func pseudocount(for context: ContextCounts, order: Int) -> Double {
    alpha * predictedCount
  }

  package func parameters(order: Int) -> [Double] { [alpha] }
}
