package import Tokenization

extension NGramModel {
  /// The log₁₀-probability of `token` after `history` as a program adds it up that holds logarithms
  /// in single precision; nil if the model has no such logarithms.
  ///
  ///     log p(w | h) = log α(w | h′) + (log γ(h″) + … + log γ(h))      h′ the longest with h′ w listed
  ///
  /// The weights are added from the shortest context to the longest, the probability last: so SRILM
  /// does (1.7.3, lm/src/NgramLM.cc, `wordProbBO`), and the last digits that it prints depend on
  /// it.
  ///
  /// - Complexity: O(order) searches.
  package func singlePrecisionLog10(
    of token: TokenID,
    after history: ArraySlice<TokenID>
  ) -> Float? {
    guard case .log10 = rule else { return nil }
    var probability = Float(BackOffRule.logarithm(Double(unigram(token.index))))
    var weight: Float = 0
    var path = ContextPath()
    for previous in context(of: history).reversed() {
      guard path.extend(by: previous, in: self) else { break }
      if path.isSingleton { return nil }
      weight += Float(BackOffRule.logarithm(path.weight))
      if let value = path.value(of: token) {
        probability = Float(BackOffRule.logarithm(value))
        weight = 0
      }
    }
    return probability + weight
  }
}
