import InformationTheory
import LanguageModels
public import Statistics

/// Between which values the figures of a text lie, for texts of its kind.
public struct EvaluationInterval: Sendable, Equatable {
  /// The share of such intervals that cover the truth.
  public var level: Double

  /// Bits a token.
  public var crossEntropyBits: Interval

  /// Bits a byte; nil where they cannot be told.
  public var bitsPerByte: Interval?

  /// How it was found, and of what.
  public var method: String

  /// The number of blocks that were drawn from.
  public var blockCount: Int

  /// How often they were drawn.
  public var resamples: Int

  /// What the draws are a function of.
  public var seed: UInt64

  /// How it was found, with the number of draws and their seed.
  public var description: String { "\(method), drawn \(resamples) times (seed \(seed))" }

  /// 2 to the power of the cross-entropy's ends.
  public var perplexity: Interval {
    Interval(
      low: InformationTheory.perplexity(ofBits: crossEntropyBits.low),
      high: InformationTheory.perplexity(ofBits: crossEntropyBits.high),
      blocks: blockCount
    )
  }
}

extension TextUnits {
  /// What is drawn where `blockCount` blocks are: `4,000 lines in 32 blocks`.
  func description(of kind: Kind, inBlocks blockCount: Int?) -> String {
    let count = blocks(of: kind).stretchCount
    let units = "\(count) \(kind == .paragraphs ? "paragraphs" : kind.rawValue)"
    guard let blockCount, blockCount < count else { return units }
    return "\(units) in \(blockCount) blocks"
  }
}

extension Resampling {
  /// The resampling of units of `kind`: documents are taken as they are; lines and paragraphs next to
  /// one another are about the same things and are gathered.
  func adjusted(to kind: TextUnits.Kind) -> Resampling {
    var adjusted = self
    if kind == .documents { adjusted.blockLimit = .max }
    return adjusted
  }
}

extension Evaluation {
  /// The confidence interval of the figures; nil where there are too few units, or no spread, or a
  /// token of probability zero.
  ///
  /// - Complexity: O(*r* · *m*), *r* resamples of *m* blocks, at most ``BlockSums/limit``.
  public func interval(_ resampling: Resampling) -> EvaluationInterval? {
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
