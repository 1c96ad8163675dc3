/// The rule of the n-grams that stay in a model: those that occur more often than the cut-off of
/// their order and have no word that is dropped.
///
/// Cut-offs do not decrease from order to order, and a dropped word is in every longer n-gram too.
/// So the model has the context of each n-gram that it keeps, and the shorter n-gram that gives it
/// probability.
struct PruningRule: Sendable {
  private var cutoffs = InlineArray<16, UInt32>(repeating: 0)
  private let vocabularySize: UInt32

  /// The rule of `cutoffs` for orders 1, 2 and so on, the last of which holds for longer n-grams
  /// too, where words from `vocabularySize` up are dropped; nil if nothing can be left out.
  init?(_ cutoffs: [Int], vocabularySize: Int, typeCount: Int) {
    guard typeCount > vocabularySize || cutoffs.contains(where: { $0 > 0 }) else { return nil }
    self.vocabularySize = UInt32(vocabularySize)
    guard let last = cutoffs.last else { return }
    for index in self.cutoffs.indices {
      self.cutoffs[index] = UInt32(clamping: index < cutoffs.count ? cutoffs[index] : last)
    }
  }

  /// The rule keeps `word`: the vocabulary has it.
  @inline(__always)
  func keeps(word: UInt32) -> Bool { word < vocabularySize }

  /// The rule keeps an n-gram of `order` words, all kept themselves, with this number of
  /// `occurrences`.
  @inline(__always)
  func keeps(order: Int, occurrences: UInt32) -> Bool { occurrences > cutoffs[order - 1] }

  /// The rule keeps no n-gram after contexts of two words and more that were seen once.
  var leavesNoTails: Bool { !keeps(order: 3, occurrences: 1) }
}

extension [FrequentContext] {
  /// The `rule` keeps every word of the frequent context `owner`, which may be none.
  func keepsWords(of owner: UInt32, _ rule: PruningRule, _ code: WordCode) -> Bool {
    var owner = owner
    while owner != HistoryBlock.none {
      let context = self[Int(owner)]
      if !rule.keeps(word: code.word(context.word)) { return false }
      owner = context.parent
    }
    return true
  }

  /// The number of n-grams of `list`, which follow the frequent context `index`, that `rule` keeps.
  func keptCount(
    _ list: FrequentNGrams.List,
    after index: Int,
    _ rule: PruningRule,
    _ code: WordCode
  ) -> Int {
    guard keepsWords(of: UInt32(index), rule, code) else { return 0 }
    let order = Int(self[index].depth) + 1
    return (0..<list.count).count {
      rule.keeps(order: order, occurrences: list.occurrences($0))
        && rule.keeps(word: code.word(list.word($0)))
    }
  }
}
