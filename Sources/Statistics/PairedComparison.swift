/// A test of the difference between two models on the same blocks.
package struct PairedComparison: Sendable, Equatable {
  /// The sum of the differences per unit of size, like bits per token; NaN for an empty text.
  package var difference: Double

  /// The confidence interval of ``difference``, as in ``Resampling/interval(of:per:)``.
  package var interval: Interval?

  /// The two-sided p-value of the paired bootstrap; nil where there is no ``interval``.
  ///
  /// It is one minus the level at which an interval of the same form would just end at zero:
  ///
  ///     p = 2 · min(#{t* ≥ t} + 1, #{t* ≤ t} + 1) / (r + 1),  at most 1
  ///
  /// *t* the difference over its standard error, *t** the deviation of each of *r* resamples from
  /// the difference over the resample's own standard error. So `p` is below 0.05 where the interval
  /// at 95 % leaves zero out. (It is not the share of resamples of the other sign, which has
  /// no such relation where blocks are few or skewed.)
  package var bootstrapPValue: Double?

  /// The two-sided p-value of the paired sign-flip permutation test.
  ///
  /// It is nil if a difference is not finite.
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
  package var permutationPValue: Double?
}

extension Resampling {
  /// Compares two models on the same blocks.
  ///
  /// `differences` has the first model's bits minus the second's for each block, `sizes` the
  /// denominators, in text order. The permutation test ignores sizes, but includes blocks without
  /// one; it flips the same gathered blocks.
  ///
  /// - Precondition: There are as many sizes as differences.
  package func pairedComparison(
    of differences: [Double],
    per sizes: [Double]
  ) -> PairedComparison {
    var comparison = PairedComparison(
      difference: differences.reduce(0, +) / sizes.reduce(0, +),
      interval: nil,
      bootstrapPValue: nil,
      permutationPValue: nil
    )
    if let sample = sample(differences, per: sizes) {
      let draws = drawing(sample)
      comparison.interval = interval(of: sample, draws)
      if comparison.interval != nil {
        comparison.bootstrapPValue = Self.pValue(of: sample, draws)
      }
    }
    if differences.allSatisfy(\.isFinite) {
      comparison.permutationPValue = SignFlips(gathered(differences)).pValue(
        resamples: resamples,
        // The draws must differ from the bootstrap's.
        seed: ~seed,
        threads: threads
      )
    }
    return comparison
  }

  private static func pValue(of sample: BlockSample, _ draws: BlockResamples) -> Double {
    if sample.ratio == 0 { return 1 }
    let count = draws.studentized.count
    let statistic =
      sample.standardError == 0
      ? sample.ratio * .infinity : sample.ratio / sample.standardError
    let reached = count - draws.studentized.partitionIndex { $0 >= statistic }
    let notExceeded = draws.studentized.partitionIndex { $0 > statistic }
    return min(1, 2 * Double(min(reached, notExceeded) + 1) / Double(count + 1))
  }
}
