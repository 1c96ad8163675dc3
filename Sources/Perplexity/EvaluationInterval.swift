import InformationTheory
import LanguageModels
package import Statistics

/// The confidence intervals of a text's figures, for texts of the same kind.
package struct EvaluationInterval: Sendable, Equatable {
  /// The confidence level: the fraction of such intervals that contain the true value.
  package var level: Double

  /// Bits per token.
  package var crossEntropyBits: Interval

  /// Bits per byte; nil if it cannot be computed.
  package var bitsPerByte: Interval?

  /// The form of ``crossEntropyBits``.
  package var form: IntervalForm

  /// The form and the units that it is computed from.
  package var method: String

  /// The number of blocks that it is computed from.
  package var blockCount: Int

  /// The number of texts of equal size that say as much as the texts; nil if the blocks are not texts.
  package var effectiveTexts: Double?

  /// The number of resamples.
  package var resamples: Int

  /// The seed of the random draws.
  package var seed: UInt64

  /// The method, the number of resamples and the seed.
  package var description: String {
    form == .jackknife ? method : "\(method), drawn \(resamples) times (seed \(seed))"
  }

  /// The perplexities at the ends of the cross-entropy's interval.
  package var perplexity: Interval {
    Interval(
      low: InformationTheory.perplexity(ofBits: crossEntropyBits.low),
      high: InformationTheory.perplexity(ofBits: crossEntropyBits.high),
      blocks: blockCount
    )
  }
}

/// The mean of the cross-entropies of several texts, each as heavy as the others.
package struct MeanOverTexts: Sendable, Equatable {
  /// The weight of each text by its tokens.
  package var weights: UnitWeights

  /// The mean in bits per token; nil for fewer than three texts, or a token of probability zero.
  package var crossEntropyBits: Double?

  /// The confidence interval of the mean, by Student's *t*.
  package var interval: Interval?
}

/// The reason why a text has no confidence interval.
package enum IntervalObstacle: Sendable, Equatable {
  /// A token has probability zero.
  case infinite
  /// There are fewer than ten lines that differ.
  case fewLines
  /// There are two texts.
  case fewTexts
  /// A few of the texts outweigh the others.
  case dominated(UnitWeights)
  /// Almost all texts have the same bits per token.
  case alikeTexts
}

extension TextUnits {
  /// The units that are resampled, for `blockCount` blocks: `4,000 lines in 32 blocks`.
  func description(of kind: Kind, inBlocks blockCount: Int?) -> String {
    let count = blocks(of: kind).stretchCount
    let units = "\(count) \(kind == .documents ? "texts" : kind.rawValue)"
    guard let blockCount, blockCount < blocks(of: kind).blocks.count else { return units }
    return "\(units) in \(blockCount) blocks"
  }
}

extension Resampling {
  /// The resampling for units of `kind`.
  ///
  /// Documents are texts of their own. Neighbouring lines and paragraphs are correlated.
  func adjusted(to kind: TextUnits.Kind) -> Resampling {
    var adjusted = self
    adjusted.units = kind == .documents ? .texts : .lines
    return adjusted
  }
}

extension Evaluation {
  /// The confidence interval of the figures.
  ///
  /// It is nil where there is an ``intervalObstacle``.
  ///
  /// - Complexity: O(*r* · *m*), *r* resamples of *m* blocks, at most ``BlockSums/limit``.
  package func interval(_ resampling: Resampling) -> EvaluationInterval? {
    let kind = units.kind
    let blocks = units.blocks(of: kind).blocks
    let resampling = resampling.adjusted(to: kind)
    let tokens = blocks.map { Double($0.tokens) }
    guard let entropy = resampling.interval(of: blocks.map(\.bits), per: tokens) else { return nil }
    let form = resampling.form(blocks: entropy.blocks)
    return EvaluationInterval(
      level: resampling.level,
      crossEntropyBits: entropy,
      bitsPerByte: resampling.interval(
        of: blocks.map(\.chargedBits),
        per: blocks.map { Double($0.bytes) }
      ),
      form: form,
      method: "\(form.description), of \(units.description(of: kind, inBlocks: entropy.blocks))",
      blockCount: entropy.blocks,
      effectiveTexts: kind == .documents ? UnitWeights(tokens).effectiveCount : nil,
      resamples: resampling.resamples,
      seed: resampling.seed
    )
  }

  /// The reason why there is no interval, if there is none.
  package var intervalObstacle: IntervalObstacle {
    guard total.bits.isFinite else { return .infinite }
    guard let weights = textWeights else { return .fewLines }
    if weights.count < Resampling.fewestTexts { return .fewTexts }
    return weights.isDominated ? .dominated(weights) : .alikeTexts
  }

  /// The mean over the texts; nil for a single text.
  package func meanOverTexts(_ resampling: Resampling) -> MeanOverTexts? {
    guard let weights = textWeights else { return nil }
    let blocks = units.blocks(of: .documents).blocks
    let found = resampling.meanOfRatios(
      of: blocks.map(\.bits),
      per: blocks.map { Double($0.tokens) }
    )
    return MeanOverTexts(
      weights: weights,
      crossEntropyBits: found?.mean,
      interval: found?.interval
    )
  }

  private var textWeights: UnitWeights? {
    guard units.kind == .documents else { return nil }
    return UnitWeights(units.blocks(of: .documents).blocks.map { Double($0.tokens) })
  }
}
