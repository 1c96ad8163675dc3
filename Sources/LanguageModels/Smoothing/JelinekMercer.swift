/// Jelinek-Mercer: a weighted mean of the relative frequency and the shorter context.
///
///     p(w | h) = λ · c(hw)/c(h) + (1 − λ) · p(w | h′)    that is, d(c) = (1 − λ) c
///
/// λ depends on the order and on the bucket that c(h) falls in; ``InterpolationWeights`` fits it to
/// held-out text. Source: Jelinek and Mercer 1980; Chen and Goodman 1998, section 2.3.
package struct JelinekMercer: Smoothing {
  package static var lowerOrderCounts: LowerOrderCounts { .occurrences }
  package static var forms: [Combination] { [.interpolated] }
  package static var options: Set<SmoothingOption> { [.heldOutText] }
  package static var remedy: String {
    "mixes all orders, with weights fitted on lines that it keeps from its counts."
  }

  private let weights: [[Double]]

  package var combination: Combination { .interpolated }

  package init(_ input: SmoothingInput, notes: inout [String]) { weights = input.weights }

  package init?(parameters: [[Double]], combination: Combination, predictedCount: Int) {
    guard parameters.allSatisfy({ $0.count == Self.bucketCount }) else { return nil }
    weights = parameters
  }

  /// The number of buckets of an order.
  package static let bucketCount = 24

  /// The bucket of contexts with `total` occurrences: one for each power of two.
  package static func bucket(_ total: UInt64) -> Int {
    min(bucketCount - 1, total == 0 ? 0 : 63 - total.leadingZeroBitCount)
  }

  package func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double {
    (1 - weights[order - 1][Self.bucket(context.total)]) * count
  }

  package func parameters(order: Int) -> [Double] { weights[order - 1] }
}
