/// Modified Kneser-Ney: three discounts an order, continuation counts below the highest.
///
///     Y = n₁ / (n₁ + 2 n₂)    D_k = k − (k + 1) · Y · n_{k+1} / n_k    k = 1, 2, 3+
///
/// n_k is the number of n-grams of the order with count k. Source: Chen and Goodman 1998, section
/// 3.1.2, equation 26; counted as in Heafield et al. 2013, section 3.
package struct ModifiedKneserNey: Smoothing {
  package static var lowerOrderCounts: LowerOrderCounts { .continuations }
  package static var forms: [Combination] { [.interpolated, .backOff] }
  package static var remedy: String {
    """
    takes a discount from every count, another one from counts of 1, of 2 and of more, and gives \
    what it took to shorter contexts; there a token counts by how many different ones it follows.
    """
  }

  /// D₁, D₂ and D₃₊ where an order's own counts give no valid ones.
  package static let fallback = [0.5, 1.0, 1.5]

  private let discounts: [[Double]]

  package let combination: Combination

  package init(_ input: SmoothingInput, notes: inout [String]) {
    combination = input.combination
    var discounts: [[Double]] = []
    for (index, counts) in input.countsOfCounts.enumerated() {
      // Without a count of four D₃₊ is 3, as in KenLM; in the back-off form, where an n-gram has no
      // other share, that would make those seen three times impossible.
      var reason = ""
      let values = Self.estimate(counts, needing: combination == .backOff ? 4 : 3, &reason)
      discounts.append(values ?? Self.fallback)
      if values == nil {
        notes.append("order \(index + 1): \(reason), so the discounts are 0.5, 1 and 1.5 there")
      }
    }
    self.discounts = discounts
  }

  package init?(parameters: [[Double]], combination: Combination, predictedCount: Int) {
    guard parameters.allSatisfy({ $0.count == 3 }) else { return nil }
    discounts = parameters
    self.combination = combination
  }

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double {
    if count >= 3 { return discounts[order - 1][2] }
    if count >= 2 { return discounts[order - 1][1] }
    return count >= 1 ? discounts[order - 1][0] : 0
  }

  package func parameters(order: Int) -> [Double] { discounts[order - 1] }

  /// D₁, D₂ and D₃₊; nil where the counts give no valid ones, for which there is a `reason`.
  private static func estimate(
    _ counts: CountsOfCounts,
    needing limit: Int,
    _ reason: inout String
  ) -> [Double]? {
    for count in 1...limit where counts[count] == 0 {
      reason = "no n-gram has the count \(count)"
      return nil
    }
    let y = Double(counts[1]) / Double(counts[1] + 2 * counts[2])
    let values = (1...3).map { k in
      Double(k) - Double(k + 1) * y * Double(counts[k + 1]) / Double(counts[k])
    }
    for (index, value) in values.enumerated() where value < 0 || value > Double(index + 1) {
      let rounded = (value * 10000).rounded() / 10000
      reason = "the discount for the count \(index + 1) comes out at \(rounded)"
      return nil
    }
    return values
  }
}
