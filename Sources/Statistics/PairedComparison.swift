import Files

/// A test of the difference between two models on the same blocks.
package struct PairedComparison: Sendable, Equatable {
  /// The sum of the differences per unit of size, like bits per token; NaN for an empty text.
  package var difference: Double

  /// The confidence interval of ``difference``.
  ///
  /// It leaves zero out where ``pValue`` is at most one minus the level, by the same draws. It is nil
  /// where there are too few blocks for so small a p-value.
  package var interval: Interval?

  /// The two-sided p-value of the paired sign-flip permutation test.
  ///
  /// It is nil if a difference is not finite, and for fewer than three texts.
  ///
  ///     p = (#{|Σ ±xᵢ| ≥ |Σ xᵢ|} + 1) / (r + 1)
  ///
  /// over *r* draws of signs, or the share among all 2ᵐ where there are *m* ≤ 13 blocks. It holds
  /// exactly, for any number of blocks, if the difference *xᵢ* of a block is as likely as −*xᵢ*: that
  /// is the case where the names of the models could be exchanged in each block by itself, and it is
  /// more than equal means. Where two models are equally good on the whole but one loses little often
  /// and the other much seldom, it calls up to 9 % of the texts of ten sentences different at 0.05,
  /// and 5 % from some 200 sentences on. Sums of blocks are flipped whole, so what depends on each
  /// other must be in one block.
  ///
  /// Where neighbours depend on each other all the same, *x* is taken to be nearer to zero, by the
  /// factor that widens the interval. For three to five texts, whose signs alone could not be below
  /// 0.05, it is the p-value of Student's *t* with the jackknife's error.
  package var pValue: Double?
}

extension Resampling {
  /// Compares two models on the same blocks.
  ///
  /// `differences` has the first model's bits minus the second's for each block, `sizes` the
  /// denominators, in text order.
  ///
  /// - Precondition: There are as many sizes as differences.
  package func pairedComparison(
    of differences: [Double],
    per sizes: [Double]
  ) -> PairedComparison {
    var comparison = PairedComparison(
      difference: differences.reduce(0, +) / sizes.reduce(0, +),
      interval: nil,
      pValue: nil
    )
    guard let sample = BlockSample(gathered(differences), per: gathered(sizes)) else {
      return comparison
    }
    if units == .texts && sample.count < 3 { return comparison }
    if pairedForm(blocks: sample.count) == .jackknife {
      comparison.interval = jackknifeInterval(of: sample)
      comparison.pValue = sample.jackknifePValue
      return comparison
    }
    // The factor must not depend on the level, as the p-value would then.
    let factor = units == .lines ? sample.widening(level: 0.95) : 1
    let flips = SignFlips(self)
    let reaches = flips.reaches(of: sample, level: level)
    if sample.standardError == 0 {
      comparison.interval = Interval(low: sample.ratio, high: sample.ratio, blocks: sample.count)
    } else if reaches.below.isFinite, reaches.above.isFinite {
      comparison.interval = Interval(
        low: sample.ratio - factor * reaches.below,
        high: sample.ratio + factor * reaches.above,
        blocks: sample.count
      )
    }
    comparison.pValue = flips.pValue(of: sample.differences(nearerBy: factor))
    return comparison
  }

  /// The form of the interval of a difference over `count` blocks.
  package func pairedForm(blocks count: Int) -> IntervalForm {
    units == .texts && count < Self.fewestFlippedTexts ? .jackknife : .flips
  }

  /// The smallest number of texts whose signs alone can have a p-value below 0.05: 2/2⁶.
  private static let fewestFlippedTexts = 6

  private func jackknifeInterval(of sample: BlockSample) -> Interval? {
    guard !sample.weights.isDominated else { return nil }
    let bounds = IntervalForm.jackknife.bounds(of: sample, self, .none)
    return Interval(low: bounds.low, high: bounds.high, blocks: sample.count)
  }
}

extension BlockSample {
  /// The p-value of the ratio being zero, of the distribution that makes the jackknife's interval; nil
  /// where there is no such interval.
  fileprivate var jackknifePValue: Double? {
    guard !weights.isDominated else { return nil }
    if ratio == 0 { return 1 }
    guard standardError > 0 else { return 0 }
    let statistic = ratio.magnitude / jackknifeError
    return 2
      * StudentDistribution(degreesOfFreedom: weights.effectiveCount - 1).cumulative(-statistic)
  }

  /// The numerators of the blocks if the ratio were nearer to zero by `factor`.
  fileprivate func differences(nearerBy factor: Double) -> [Double] {
    (0..<count).map { blocks[$0].x + ratio / factor * blocks[$0].y }
  }
}
