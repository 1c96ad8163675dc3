package import Statistics

/// The bits of each unit of a text in one model, kept for a comparison with another model.
///
/// These are all that a `PairedComparison` needs, a small part of an ``Evaluation``.
package struct PairedUnits: Sendable, Equatable {
  /// The kind of the units.
  package let kind: TextUnits.Kind

  /// The bits of each unit.
  package let bits: [Double]

  /// The number of scored tokens in each unit.
  package let tokens: [Double]
}

extension Evaluation {
  /// The bits of the text's units.
  package var pairedUnits: PairedUnits {
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
  /// The form of the interval of a difference over `units`.
  package func pairedForm(of units: PairedUnits) -> IntervalForm {
    adjusted(to: units.kind).pairedForm(blocks: units.tokens.count)
  }

  /// Compares two models on the same text by bits per token, the first minus the second.
  ///
  /// - Precondition: Both have units of the same text, cut into the same tokens.
  package func comparison(of own: PairedUnits, with other: PairedUnits) -> PairedComparison {
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
