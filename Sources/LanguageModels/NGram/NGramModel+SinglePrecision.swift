import Files
package import Tokenization

/// A program that reads ARPA files, and the numbers in them that it does not take as they stand.
package enum ARPAProgram: Sendable {
  /// -99 is log 0.
  case srilm
  /// No number is log 0; an `<unk>` that the file lacks has -100.
  case kenlm

  /// The program's logarithm for a stored one; minus infinity is that of an unlisted word.
  fileprivate func logarithm(_ stored: Float) -> Float {
    switch self {
    case .srilm: stored == -99 ? -.infinity : stored
    case .kenlm: stored == -.infinity ? -100 : stored
    }
  }
}

extension NGramModel {
  /// True if the model has a unigram of `token`, were its probability 0.
  package func lists(_ token: TokenID) -> Bool {
    guard case .log10 = rule else { return token.index < unigrams.count }
    return unigram(token.index) > -.infinity
  }

  /// The log₁₀-probability of `token` after `history` as `program` reads the ARPA file, in single
  /// precision; nil if the model has no logarithms of such a file.
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
    after history: ArraySlice<TokenID>,
    in program: ARPAProgram
  ) -> Float? {
    guard case .log10 = rule else { return nil }
    var probability = program.logarithm(unigram(token.index))
    var weight: Float = 0
    var path = ContextPath()
    for previous in context(of: history).reversed() {
      guard path.extend(by: previous, in: self) else { break }
      if path.isSingleton { return nil }
      weight += program.logarithm(Float(path.weight))
      if let value = path.value(of: token) {
        probability = program.logarithm(Float(value))
        weight = 0
      }
    }
    return probability + weight
  }
}
