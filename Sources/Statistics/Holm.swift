/// Holm's correction of p-values for the number of comparisons.
///
/// Among *k* comparisons of models that are equally good, some have a small p-value by chance. The
/// *i*-th smallest, *p₍ᵢ₎*, is therefore taken as
///
///     max over j ≤ i of min(1, (k − j + 1) · p₍ⱼ₎)
///
/// so the probability of calling any equal pair different stays below the level. It holds for any
/// dependence between the comparisons, and finds at least as many differences as Bonferroni's
/// correction.
///
/// Sture Holm: *A Simple Sequentially Rejective Multiple Test Procedure*, Scandinavian Journal of
/// Statistics 6 (1979).
package enum Holm {
  /// The corrected p-values, in the order given.
  ///
  /// - Complexity: O(*k* log *k*).
  package static func adjusted(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var largest = 0.0
    let ascending = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    for (rank, index) in ascending.enumerated() {
      largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
