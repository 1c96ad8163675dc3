/// Katz's back-off with Good-Turing discounts.
///
///     r* = (r + 1) n_{r+1} / n_r
///     d(r) = r − r · (r*/r − A) / (1 − A)    A = (k + 1) n_{k+1} / n₁    1 ≤ r ≤ k
///
/// Counts above k keep all they have, and so does a count whose ratio leaves (0, 1]. Unigrams keep
/// all they have too, as in SRILM: the count that ``ContextMass`` lends a context that has nothing
/// left goes to the unknown word. Source: Katz 1987, with k from SRILM's default, 7.
package struct Katz: Smoothing {
  package static var lowerOrderCounts: LowerOrderCounts { .occurrences }
  package static var forms: [Combination] { [.backOff] }
  package static var remedy: String {
    """
    lowers counts up to 7 by Good and Turing's estimate, and shares what that frees among tokens not \
    seen after the context.
    """
  }

  /// The largest count that is discounted.
  package static let largestDiscountedCount = 7

  /// 1 − d(r) / r of each order, for r from 1 up; larger counts keep all they have.
  private let ratios: [[Double]]

  package var combination: Combination { .backOff }

  package init(_ input: SmoothingInput, notes: inout [String]) {
    let k = Self.largestDiscountedCount
    ratios = input.countsOfCounts.enumerated().map { index, counts in
      if index == 0 { return [] }
      if counts[1] == 0 {
        notes.append("order \(index + 1): no n-gram has the count 1, so no count is discounted")
        return []
      }
      let common = Double(k + 1) * Double(counts[k + 1]) / Double(counts[1])
      var kept: [String] = []
      let ratios: [Double] = (1...k).map { r in
        let raw =
          counts[r] == 0 ? .nan : Double(r + 1) * Double(counts[r + 1]) / Double(r * Int(counts[r]))
        let ratio = (raw - common) / (1 - common)
        if ratio > 0 && ratio <= 1 { return ratio }
        kept.append("\(r)")
        return 1
      }
      if !kept.isEmpty {
        notes.append(
          "order \(index + 1): the Good-Turing ratio of the count \(kept.joined(separator: ", ")) "
            + "is outside (0, 1] or has no n-gram to be estimated from, so it is not discounted"
        )
      }
      return ratios
    }
  }

  package init?(parameters: [[Double]], combination: Combination, predictedCount: Int) {
    ratios = parameters
  }

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double {
    let ratios = ratios[order - 1]
    let index = Int(count) - 1
    return index >= 0 && index < ratios.count ? count * (1 - ratios[index]) : 0
  }

  package func parameters(order: Int) -> [Double] { ratios[order - 1] }
}
