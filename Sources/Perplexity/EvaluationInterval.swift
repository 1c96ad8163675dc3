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

  /// The method and the units that were resampled.
  package var method: String

  /// The number of blocks that were resampled.
  package var blockCount: Int

  /// The number of resamples.
  package var resamples: Int

  /// The seed of the random draws.
  package var seed: UInt64

  /// The method, the number of resamples and the seed.
  package var description: String { "\(method), drawn \(resamples) times (seed \(seed))" }

  /// The perplexities at the ends of the cross-entropy's interval.
  package var perplexity: Interval {
    Interval(
      low: InformationTheory.perplexity(ofBits: crossEntropyBits.low),
      high: InformationTheory.perplexity(ofBits: crossEntropyBits.high),
      blocks: blockCount
    )
  }
}

extension TextUnits {
  /// The units that are resampled, for `blockCount` blocks: `4,000 lines in 32 blocks`.
  func description(of kind: Kind, inBlocks blockCount: Int?) -> String {
    let count = blocks(of: kind).stretchCount
    let units = "\(count) \(kind == .paragraphs ? "paragraphs" : kind.rawValue)"
    guard let blockCount, blockCount < count else { return units }
    return "\(units) in \(blockCount) blocks"
  }
}

extension Resampling {
  /// The resampling for units of `kind`.
  ///
  /// Documents are drawn one by one. Neighbouring lines and paragraphs are correlated, so they are
  /// gathered into blocks.
  func adjusted(to kind: TextUnits.Kind) -> Resampling {
    var adjusted = self
    if kind == .documents { adjusted.blockLimit = .max }
    return adjusted
  }
}

extension Evaluation {
  /// The confidence interval of the figures.
  ///
  /// It is nil for too few units, no spread or a token of probability zero.
  ///
  /// - Complexity: O(*r* · *m*), *r* resamples of *m* blocks, at most ``BlockSums/limit``.
  package func interval(_ resampling: Resampling) -> EvaluationInterval? {
    let kind = units.kind
    let blocks = units.blocks(of: kind).blocks
    let resampling = resampling.adjusted(to: kind)
    guard
      let entropy = resampling.interval(
        of: blocks.map(\.bits),
        per: blocks.map { Double($0.tokens) }
      )
    else { return nil }
    return EvaluationInterval(
      level: resampling.level,
      crossEntropyBits: entropy,
      bitsPerByte: resampling.interval(
        of: blocks.map(\.chargedBits),
        per: blocks.map { Double($0.bytes) }
      ),
      method: "\(resampling.method), of \(units.description(of: kind, inBlocks: entropy.blocks))",
      blockCount: entropy.blocks,
      resamples: resampling.resamples,
      seed: resampling.seed
    )
  }
}
