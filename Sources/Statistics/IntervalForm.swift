/// The methods that compute a confidence interval from the resamples of a ratio.
///
/// ``Resampling/interval(of:per:)`` uses ``calibrated`` and ``jackknife``, and
/// ``Resampling/pairedComparison(of:per:)`` uses ``flips``. The others serve comparison:
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

  /// The percentiles, as far out as the normal interval of each resample would have to be to hold
  /// the ratio in a share of `level` of the resamples.
  ///
  /// It is a double bootstrap whose second level is the normal distribution; Peter Hall: *On the
  /// Bootstrap and Confidence Intervals*, Annals of Statistics 14 (1986). Its ends stay within the
  /// resampled ratios, so one text that outweighs the others cannot drive them off.
  case calibrated

  /// Student's *t* with the jackknife's standard error, and degrees of freedom one below the
  /// effective number of blocks. Nothing is drawn.
  case jackknife

  /// The inverted sign-flip test; see `SignFlips`.
  case flips

  /// The form in words.
  package var description: String {
    switch self {
    case .percentile: "bootstrap, percentiles"
    case .expandedPercentile: "bootstrap, expanded percentiles"
    case .biasCorrected: "bootstrap, bias-corrected and accelerated"
    case .studentized: "bootstrap, studentized"
    case .calibrated: "bootstrap, calibrated percentiles"
    case .jackknife: "Student's t, jackknife"
    case .flips: "sign flips, inverted"
    }
  }

  /// The interval at `level`, from `resamples` of `sample` if it is a bootstrap; its ends may be
  /// infinite.
  func bounds(
    of sample: BlockSample,
    _ resampling: Resampling,
    _ draws: BlockResamples
  ) -> (low: Double, high: Double) {
    if sample.standardError == 0 { return (sample.ratio, sample.ratio) }
    let level = resampling.level
    let tail = (1 - level) / 2
    func percentiles(_ low: Double, _ high: Double) -> (low: Double, high: Double) {
      (
        sample.ratio + draws.deviations.quantile(low),
        sample.ratio + draws.deviations.quantile(high)
      )
    }
    switch self {
    case .percentile:
      return percentiles(tail, 1 - tail)
    case .expandedPercentile:
      let count = Double(sample.count)
      let student = StudentDistribution(degreesOfFreedom: count - 1)
      let expanded = NormalDistribution.cumulative(
        (count / (count - 1)).squareRoot() * student.quantile(tail)
      )
      return percentiles(expanded, 1 - expanded)
    case .biasCorrected:
      let below = draws.deviations.partitionIndex { $0 >= 0 }
      let notAbove = draws.deviations.partitionIndex { $0 > 0 }
      let share = Double(below + notAbove) / 2 / Double(draws.deviations.count)
      let bias = NormalDistribution.quantile(share)
      guard bias.isFinite else { return (-.infinity, .infinity) }
      func corrected(_ probability: Double) -> Double {
        let shifted = bias + NormalDistribution.quantile(probability)
        return NormalDistribution.cumulative(bias + shifted / (1 - sample.acceleration * shifted))
      }
      return percentiles(corrected(tail), corrected(1 - tail))
    case .studentized:
      return (
        sample.ratio - sample.standardError * draws.studentized.quantile(1 - tail),
        sample.ratio - sample.standardError * draws.studentized.quantile(tail)
      )
    case .calibrated:
      let reach = draws.studentized.map(\.magnitude).sorted().quantile(level)
      // This share of resamples with equal blocks says nothing of the spread.
      guard reach.isFinite else { return (-.infinity, .infinity) }
      let calibrated = NormalDistribution.cumulative(-reach)
      return percentiles(calibrated, 1 - calibrated)
    case .jackknife:
      let student = StudentDistribution(degreesOfFreedom: sample.weights.effectiveCount - 1)
      let reach = sample.jackknifeError * student.quantile(1 - tail)
      return (sample.ratio - reach, sample.ratio + reach)
    case .flips:
      let reaches = SignFlips(resampling).reaches(of: sample, level: level)
      return (sample.ratio - reaches.below, sample.ratio + reaches.above)
    }
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
