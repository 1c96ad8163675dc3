/// The methods that compute a confidence interval from the resamples of a ratio.
///
/// ``Resampling/interval(of:per:)`` uses ``studentized``. The others serve comparison:
/// `PerplexBenchmarks coverage` counts how often each contains the true value.
package enum IntervalForm: String, CaseIterable, Sendable {
  /// The quantiles of the resampled ratios.
  case percentile

  /// The same further out, by as much as Student's *t* exceeds the normal distribution and a
  /// sample's spread falls short of the population's; Tim C. Hesterberg: *What Teachers Should Know
  /// About the Bootstrap*, The American Statistician 69 (2015), section 5.3.
  case expandedPercentile = "expanded"

  /// The bias-corrected and accelerated percentiles; Bradley Efron: *Better Bootstrap Confidence Intervals*, JASA
  /// 82 (1987).
  case biasCorrected = "BCa"

  /// The quantiles of (ratio* − ratio) / standard error* times the standard error, the bootstrap-*t*;
  /// Bradley Efron and Robert J. Tibshirani: *An Introduction to the Bootstrap*, 1993, section 12.5.
  case studentized

  /// The interval at `level` from `resamples` of `sample`; its ends may be infinite.
  func bounds(
    of sample: BlockSample,
    _ resamples: BlockResamples,
    level: Double
  ) -> (low: Double, high: Double) {
    let tail = (1 - level) / 2
    switch self {
    case .percentile:
      return Self.bounds(sample, resamples, tail, 1 - tail)
    case .expandedPercentile:
      let count = Double(sample.count)
      let student = StudentDistribution(degreesOfFreedom: sample.count - 1)
      let expanded = NormalDistribution.cumulative(
        (count / (count - 1)).squareRoot() * student.quantile(tail)
      )
      return Self.bounds(sample, resamples, expanded, 1 - expanded)
    case .biasCorrected:
      let below = resamples.deviations.partitionIndex { $0 >= 0 }
      let notAbove = resamples.deviations.partitionIndex { $0 > 0 }
      let share = Double(below + notAbove) / 2 / Double(resamples.deviations.count)
      let bias = NormalDistribution.quantile(share)
      guard bias.isFinite else { return (-.infinity, .infinity) }
      func corrected(_ probability: Double) -> Double {
        let shifted = bias + NormalDistribution.quantile(probability)
        return NormalDistribution.cumulative(bias + shifted / (1 - sample.acceleration * shifted))
      }
      return Self.bounds(sample, resamples, corrected(tail), corrected(1 - tail))
    case .studentized:
      if sample.standardError == 0 { return (sample.ratio, sample.ratio) }
      return (
        sample.ratio - sample.standardError * resamples.studentized.quantile(1 - tail),
        sample.ratio - sample.standardError * resamples.studentized.quantile(tail)
      )
    }
  }

  private static func bounds(
    _ sample: BlockSample,
    _ resamples: BlockResamples,
    _ low: Double,
    _ high: Double
  ) -> (low: Double, high: Double) {
    (
      sample.ratio + resamples.deviations.quantile(low),
      sample.ratio + resamples.deviations.quantile(high)
    )
  }
}

extension [Double] {
  /// The quantile of ascending numbers, interpolated.
  ///
  /// The *k*-th of *n* numbers is the *k*/(*n* + 1) quantile.
  func quantile(_ probability: Double) -> Double {
    let position = Swift.min(Swift.max(probability * Double(count + 1), 1), Double(count))
    let index = Int(position) - 1
    let rest = position - Double(index + 1)
    // Multiplying by zero would make infinities NaN.
    if rest == 0 || self[index] == self[index + 1] { return self[index] }
    return self[index] + rest * (self[index + 1] - self[index])
  }

  /// The number of ascending numbers before the first that `isBeyond`.
  func partitionIndex(where isBeyond: (Double) -> Bool) -> Int {
    var range = 0..<count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = isBeyond(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
    }
    return range.lowerBound
  }
}
