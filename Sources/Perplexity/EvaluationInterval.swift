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
      low: LogProbability(bits: crossEntropyBits.low).probability,
      high: LogProbability(bits: crossEntropyBits.high).probability
    )
  }
}

extension TextUnits {
  /// What is drawn, in words: `4,000 lines in 2,000 blocks of 2`.
  public var description: String { description(of: kind) }

  /// The units of `kind`, in words.
  func description(of kind: Kind) -> String {
    let blocks = blocks(of: kind)
    let unit = kind == .paragraphs ? "paragraphs (between blank lines)" : kind.rawValue
    let units = "\(blocks.stretchCount) \(unit)"
    return blocks.stretchesInBlock == 1
      ? units : "\(units) in \(blocks.blocks.count) blocks of \(blocks.stretchesInBlock)"
  }
}

extension Evaluation {
  /// The confidence interval of the figures; nil where there are too few units, or no spread, or a
  /// token of probability zero.
  ///
  /// - Complexity: O(*r* · *m*), *r* resamples of *m* blocks, at most ``BlockSums/limit``.
  public func interval(_ resampling: Resampling) -> EvaluationInterval? {
    let blocks = units.blocks.blocks
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
      method: "\(resampling.method), of \(units.description)",
      blockCount: blocks.count,
      resamples: resampling.resamples,
      seed: resampling.seed
    )
  }
}
