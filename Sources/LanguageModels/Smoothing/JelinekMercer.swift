/// Jelinek-Mercer: a weighted mean of the relative frequency and the shorter context.
///
///     p(w | h) = λ · c(hw)/c(h) + (1 − λ) · p(w | h′)    that is, d(c) = (1 − λ) c
///
/// λ depends on the order and on the bucket that c(h) falls in; ``InterpolationWeights`` fits it to
/// held-out text. Source: Jelinek and Mercer 1980; Chen and Goodman 1998, section 2.3.
package struct JelinekMercer: Smoothing {
  private let weights: [[Double]]

  package var combination: Combination { .interpolated }
  package var lowerOrderCounts: LowerOrderCounts { .occurrences }

  /// The method with the weight λ of each order and bucket.
  package init(weights: [[Double]]) { self.weights = weights }

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
