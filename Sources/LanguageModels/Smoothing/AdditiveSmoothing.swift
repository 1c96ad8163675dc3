/// Additive smoothing: every token of the vocabulary is taken to have been seen α times more.
///
///     p(w | h) = (c(hw) + α) / (c(h) + α V)    that is, d = −α and e = α V
///
/// V counts the vocabulary without `<s>`. In the usual form an unseen n-gram has α / (c(h) + αV)
/// whatever the shorter context says, which no ARPA file can hold; in the back-off form (SRILM's
/// `-addsmooth`) the unseen share what is left as the shorter context has it. Source: Lidstone
/// 1920; Chen and Goodman 1998, section 2.1.
package struct AdditiveSmoothing: Smoothing {
  private let alpha: Double
  private let vocabularySize: Double

  package let combination: Combination
  package var lowerOrderCounts: LowerOrderCounts { .occurrences }

  /// The method with α > 0 for a vocabulary of `vocabularySize` tokens, `<s>` left out.
  package init(alpha: Double, vocabularySize: Int, combination: Combination = .uniform) {
    self.alpha = alpha
    self.vocabularySize = Double(vocabularySize)
    self.combination = combination
  }

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double { -alpha }

  package func pseudocount(for context: ContextCounts, order: Int) -> Double {
    alpha * vocabularySize
  }

  package func parameters(order: Int) -> [Double] { [alpha] }
}
