public import Statistics

/// What each unit of a text costs a model, kept so that another model's can be held against it.
///
/// It is all that a `PairedComparison` needs, and a small part of an ``Evaluation``.
public struct PairedUnits: Sendable, Equatable {
  /// What the units are.
  public let kind: TextUnits.Kind

  /// The bits of each.
  public let bits: [Double]

  /// The scored tokens of each.
  public let tokens: [Double]
}

extension Evaluation {
  /// The bits of the text's units.
  public var pairedUnits: PairedUnits {
    let kind = units.kind
    let blocks = units.blocks(of: kind).blocks
    return PairedUnits(
      kind: kind,
      bits: blocks.map(\.bits),
      tokens: blocks.map { Double($0.tokens) }
    )
  }
}

extension Resampling {
  /// Compares two models on the same text, whose tokens both cut alike: bits a token of the first
  /// less those of the second.
  ///
  /// - Precondition: both have units of the same text.
  public func comparison(of own: PairedUnits, with other: PairedUnits) -> PairedComparison {
    precondition(
      own.kind == other.kind && own.tokens == other.tokens,
      "units pair where the text is the same"
    )
    return adjusted(to: own.kind).pairedComparison(
      of: zip(own.bits, other.bits).map(-),
      per: own.tokens
    )
  }
}
