import Files
import InformationTheory
import Statistics

/// A kind of text, and a figure of it whose true value is known.
struct CoverageTrial: Sendable {
  /// The kind of the tokens.
  var tokens: String

  /// The figure that is estimated.
  var figure: String

  /// The sentences of a document come from one of these, each as likely; without documents it is one.
  var samplers: [SentenceSampler]

  /// The number of sentences of a document.
  var sentencesPerDocument = 1

  /// The number of sentences of a text.
  var sentences: Int

  /// The number of consecutive sentences that make a block: one, or a document's.
  var sentencesPerBlock = 1

  /// The number that consecutive blocks are gathered to.
  var blockLimit = Int.max

  /// The relation of the blocks to each other.
  var units = Resampling.Units.lines

  /// True where the figure is a difference of models, which has p-values.
  var isDifference = false

  /// The true value per token.
  var trueMean: Double {
    samplers.reduce(0) { $0 + $1.valuesPerSentence }
      / samplers.reduce(0) { $0 + $1.sizesPerSentence }
  }

  /// The number of blocks that are drawn from.
  var blocks: Int { min(blockLimit, (sentences + sentencesPerBlock - 1) / sentencesPerBlock) }

  /// Draws a text, as the sums of its blocks.
  func text(seed: UInt64) -> (values: [Double], sizes: [Double]) {
    var generator = SplitMix64(seed: seed)
    var values: [Double] = []
    var sizes: [Double] = []
    var sums = SampledSums()
    var sampler = samplers[0]
    for sentence in 0..<sentences {
      if samplers.count > 1, sentence.isMultiple(of: sentencesPerDocument) {
        sampler = samplers[Int(generator.next() % UInt64(samplers.count))]
      }
      sampler.draw(into: &sums, using: &generator)
      if (sentence + 1).isMultiple(of: sentencesPerBlock) || sentence + 1 == sentences {
        values.append(sums.value)
        sizes.append(sums.size)
        sums = SampledSums()
      }
    }
    return (values, sizes)
  }
}

/// The share of texts whose interval covered the truth, or whose test called a difference real.
struct CoverageCounts: Sendable {
  /// The number of texts.
  let texts: Int

  /// The texts whose interval held the true value, by form.
  private(set) var covered = [Int](repeating: 0, count: IntervalForm.allCases.count)

  /// The texts whose interval by the form in use has no finite ends.
  private(set) var unbounded = 0

  /// The mean width of the others, in bits a token.
  private(set) var meanWidthBits = 0.0

  /// The texts in which the sign-flip permutation test has a p-value below 0.05.
  private(set) var found = 0

  /// The outcome of one text, in few bytes.
  private struct Outcome: BitwiseCopyable {
    var covered: UInt8 = 0
    var width = 0.0
    var isBounded = true
    var pValue = Double.nan
  }

  /// Tries `texts` texts, several at a time; the counts do not depend on `threads`.
  init(of trial: CoverageTrial, texts: Int, resampling: Resampling, threads: Int) {
    self.texts = texts
    var seeds = SplitMix64(seed: resampling.seed)
    let textSeeds = (0..<texts).map { _ in seeds.next() }
    var single = resampling
    single.threads = 1
    single.blockLimit = trial.blockLimit
    single.units = trial.units
    let outcomes = Parallel.map(texts, threads: threads) { [single] number in
      Self.outcome(of: trial, seed: textSeeds[number], single)
    }
    for outcome in outcomes {
      for form in covered.indices { covered[form] += Int(outcome.covered >> UInt8(form) & 1) }
      if outcome.isBounded { meanWidthBits += outcome.width } else { unbounded += 1 }
      if outcome.pValue < 0.05 { found += 1 }
    }
    meanWidthBits /= Double(max(1, texts - unbounded))
  }

  private static func outcome(
    of trial: CoverageTrial,
    seed: UInt64,
    _ resampling: Resampling
  ) -> Outcome {
    let (values, sizes) = trial.text(seed: seed)
    let truth = trial.trueMean
    var outcome = Outcome()
    let forms = IntervalForm.allCases
    let intervals = resampling.intervals(of: values, per: sizes, forms: forms) ?? []
    for (index, interval) in intervals.enumerated() {
      if interval.low <= truth && truth <= interval.high { outcome.covered |= 1 << UInt8(index) }
      guard forms[index] == .calibrated else { continue }
      outcome.width = interval.high - interval.low
      outcome.isBounded = outcome.width.isFinite
    }
    if trial.isDifference {
      outcome.pValue = resampling.pairedComparison(of: values, per: sizes).pValue ?? .nan
    }
    return outcome
  }
}
