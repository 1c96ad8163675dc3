/// A size of the mixing model.
public enum MixingPreset: Int, Sendable, CaseIterable {
  /// All contexts and weight sets: the best predictions.
  case strong = 0
  /// A quarter of the contexts, without the gated model: several times as fast.
  case fast = 1

  var layout: MixingLayout {
    switch self {
    case .strong:
      MixingLayout(
        kinds: [
          .order2, .order3, .order4, .order5, .order6, .order8,
          .word, .wordPair, .wordTriple, .wordSkipOne, .wordSkipTwo, .wordAfterByte,
          .wordPunctuation, .skipOne, .skipTwo, .folded5,
          .followers2, .followers2Long, .followers3, .lineStart, .column, .classes,
          .lineLength, .order2Word,
        ],
        selectors: [
          .node, .lastByte, .secondByte, .thirdByte, .matchLength, .expectedByte, .knownContexts,
          .knownOrder, .wordLength, .previousWord, .classes, .column,
        ],
        matchMinimumLengths: [6, 12],
        usesGated: true,
        finalMapCount: 4,
        rates: MixingRates()
      )
    case .fast:
      MixingLayout(
        kinds: [.order2, .order3, .order4, .order6, .word],
        selectors: [.node, .lastByte, .matchLength, .knownOrder],
        matchMinimumLengths: [6],
        usesGated: false,
        finalMapCount: 2,
        rates: MixingRates()
      )
    }
  }
}
