package import Tokenization

extension NGramModel {
  /// The log₁₀-probability of `token` after `history` as a program adds it up that holds logarithms in
  /// single precision; nil where the model has no such logarithms.
  ///
  ///     log p(w | h) = log p(w | h′) + (log b(h″) + … + log b(h))      h′ the longest with h′ w listed
  ///
  /// The weights are added from the shortest context to the longest, the probability last: so SRILM
  /// does (1.7.3, lm/src/NgramLM.cc, `wordProbBO`), and the last digits that it prints depend on it.
  ///
  /// - Complexity: O(order) searches.
  package func singlePrecisionLog10(
    of token: TokenID,
    after history: ArraySlice<TokenID>
  ) -> Float? {
    guard !isLinear, isNormalized, !sharesEvenly else { return nil }
    let context = history.suffix(description.order - 1).reversed().map { $0.index }
    var probability = Float(Self.log10(unigram(token.index)))
    var weight: Float = 0
    guard let last = context.first, let region = region(of: last) else { return probability }
    let path = path(region, from: last, context.dropFirst().map { UInt32($0) })
    guard path.tail == Region.none else { return nil }
    for node in path.nodes {
      weight += Float(Self.log10(region.backOff(node)))
      let ngram = region.ngram(node, UInt32(token.index))
      if ngram != Region.none {
        probability = Float(Self.log10(region.value(ngram)))
        weight = 0
      }
    }
    return probability + weight
  }
}
