import Files

/// A range that contains the true value with a stated probability.
package struct Interval: Sendable, Equatable {
  /// The lower end.
  package var low: Double

  /// The upper end.
  package var high: Double

  /// The number of blocks that were resampled.
  package var blocks: Int

  /// An interval with these ends.
  package init(low: Double, high: Double, blocks: Int) {
    self.low = low
    self.high = high
    self.blocks = blocks
  }
}

/// The uncertainty of a text's figure, estimated by resampling its blocks.
///
/// A text is a sample of blocks: sentences, documents, or consecutive ones gathered. A *resample*
/// draws the same number of blocks with replacement; the spread of a figure over many resamples
/// estimates its spread over texts. Only the sums of blocks are drawn, not text.
///
/// ```swift
/// let bits = [12.5, 31.0, 18.2, 25.1, 40.9, 9.3, 22.0, 28.7, 17.7, 35.4]
/// let tokens = [5.0, 11, 8, 9, 14, 4, 10, 10, 7, 13]
/// Resampling().interval(of: bits, per: tokens)  // 2.44 to 2.85, around 240.8/91 = 2.65
/// ```
///
/// Correlated units belong in one block. Sentences of a document share its subject, so intervals over
/// sentences are too narrow: on the Brown corpus their standard error was a quarter of that over 32 long
/// pieces. Consecutive lines are therefore gathered into ``blockLimit`` blocks at most. If neighbouring
/// blocks are still alike, the interval is wider by as much as their correlation makes the error larger.
/// Texts are drawn one by one, of whatever size; there is no interval where few of them outweigh the
/// others (``UnitWeights/isDominated``).
///
/// From ``fewestDrawn`` blocks on, the interval is of calibrated percentiles of the resampled ratios, and
/// below of Student's *t* with the jackknife's error. Of the usual forms, their coverage is best:
/// <doc:0001-calibrated-percentiles-over-long-blocks-and-whole-texts>.
///
/// The same numbers and seed give the same bits on any number of threads.
package struct Resampling: Sendable, Equatable {
  /// The relation of the blocks to each other.
  package enum Units: Sendable {
    /// Stretches of one text, of which neighbours may be alike.
    case lines
    /// Texts of their own, of any size.
    case texts
  }

  /// The smallest number of blocks with an interval, if these are not texts.
  ///
  /// Below it, lines say too little of those that follow, which are seldom independent of them.
  package static let minimumBlockCount = 10

  /// The smallest number of blocks that are drawn; fewer have an interval by Student's *t*.
  package static let fewestDrawn = 20

  /// The smallest number of texts with an interval.
  package static let fewestTexts = 3

  /// The relation of the blocks to each other.
  package var units = Units.lines

  /// The largest number of resampled blocks, to which consecutive lines are gathered.
  ///
  /// Group sizes differ by one block at most. `Int.max` gathers nothing.
  package var blockLimit = 32

  /// The confidence level: the nominal fraction of intervals that contain the true value.
  package var level = 0.95

  /// The number of resamples.
  package var resamples = 10_000

  /// The seed, which alone determines the draws.
  package var seed: UInt64 = 1

  /// The number of threads; it changes no result.
  package var threads = Parallel.processorCount

  /// A level of 95 % and 10,000 resamples.
  package init() {}

  /// The confidence interval of a ratio of sums over blocks.
  ///
  /// The *i*-th numbers belong to the *i*-th block, in text order: its bits and tokens, for
  /// example. The interval contains the estimate, the quotient of the sums. If all blocks have the
  /// same ratio, the interval is that ratio.
  ///
  /// It is nil for too few blocks of positive denominator, with a number that is not finite, with a
  /// negative denominator, with a zero denominator under a nonzero numerator, with too many equal
  /// blocks to estimate the spread, or if few texts outweigh the others.
  ///
  /// - Precondition: there are as many denominators as numerators, ``level`` is between 0 and 1, and
  ///   ``blockLimit`` allows the blocks that are needed.
  /// - Complexity: O(*r* · *m*), *r* resamples of *m* blocks.
  package func interval(of numerators: [Double], per denominators: [Double]) -> Interval? {
    precondition(level > 0 && level < 1, "the level must be between 0 and 1, not \(level)")
    precondition(resamples >= 1, "there must be a resample")
    precondition(blockLimit >= Self.minimumBlockCount, "so few blocks never have an interval")
    guard let sample = BlockSample(gathered(numerators), per: gathered(denominators)) else {
      return nil
    }
    let isEnough =
      units == .lines
      ? sample.count >= Self.minimumBlockCount
      : sample.count >= Self.fewestTexts && !sample.weights.isDominated
    guard isEnough else { return nil }
    let form = form(blocks: sample.count)
    let bounds = form.bounds(of: sample, self, form == .jackknife ? .none : drawing(sample))
    guard bounds.low.isFinite, bounds.high.isFinite else { return nil }
    let factor = units == .lines ? sample.widening(level: level) : 1
    return Interval(
      low: sample.ratio - factor * max(0, sample.ratio - bounds.low),
      high: sample.ratio + factor * max(0, bounds.high - sample.ratio),
      blocks: sample.count
    )
  }

  /// The form of the interval over `count` blocks.
  package func form(blocks count: Int) -> IntervalForm {
    count < Self.fewestDrawn ? .jackknife : .calibrated
  }

  /// The mean of the blocks' own ratios, each block as heavy as the others, and its interval by
  /// Student's *t*.
  ///
  /// It is nil where ``interval(of:per:)`` is for what the numbers are, and for fewer than
  /// ``fewestTexts`` blocks.
  package func meanOfRatios(
    of numerators: [Double],
    per denominators: [Double]
  ) -> (mean: Double, interval: Interval)? {
    guard let sample = BlockSample(numerators, per: denominators),
      sample.count >= Self.fewestTexts
    else { return nil }
    let (mean, error) = sample.meanOfRatios
    let student = StudentDistribution(degreesOfFreedom: Double(sample.count - 1))
    let reach = error * student.quantile((1 + level) / 2)
    return (mean, Interval(low: mean - reach, high: mean + reach, blocks: sample.count))
  }

  /// The interval by other forms, for at least two blocks, for comparisons of forms.
  package func intervals(
    of numerators: [Double],
    per denominators: [Double],
    forms: [IntervalForm]
  ) -> [Interval]? {
    guard let sample = BlockSample(gathered(numerators), per: gathered(denominators)),
      sample.count > 1
    else { return nil }
    let draws = drawing(sample)
    return forms.map { form in
      let bounds = form.bounds(of: sample, self, draws)
      return Interval(low: bounds.low, high: bounds.high, blocks: sample.count)
    }
  }

  /// The sums of consecutive lines, gathered into at most ``blockLimit``; texts stay as they are.
  func gathered(_ values: [Double]) -> [Double] {
    if units == .texts || values.count <= blockLimit { return values }
    var sums = [Double](repeating: 0, count: blockLimit)
    for (index, value) in values.enumerated() { sums[index * blockLimit / values.count] += value }
    return sums
  }

  /// The resamples of `sample`.
  private func drawing(_ sample: BlockSample) -> BlockResamples {
    BlockResamples(of: sample, count: resamples, seed: seed, threads: threads)
  }
}
