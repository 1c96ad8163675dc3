import Files

/// The counts that the contexts of a pruned scan lost.
struct PrunedCounts: ~Copyable {
  /// The sum of the counts of the n-grams that were left out, of each context.
  fileprivate(set) var total = Buffer<UInt64>()
  /// The number of the n-grams that were left out, of each context.
  fileprivate(set) var types = Buffer<UInt32>()

  fileprivate var contextIndex = Buffer<UInt32>()
  fileprivate var ngramIndex = Buffer<UInt32>()

  fileprivate mutating func begin(contexts: Int, ngrams: Int) {
    total.grow(to: contexts)
    types.grow(to: contexts)
    contextIndex.grow(to: contexts)
    ngramIndex.grow(to: ngrams)
    total.fill(0..<contexts, with: 0)
    types.fill(0..<contexts, with: 0)
    ngramIndex.fill(0..<ngrams, with: BlockScan.none)
  }
}

extension BlockScan {
  /// The index of a context none of whose words is dropped, before its n-grams are judged.
  private static var clean: UInt32 { none - 1 }

  /// Takes out the n-grams that `rule` does not keep, and the contexts that no kept one follows.
  ///
  /// ``pruned`` then has their counts by `lowerOrderCounts`; `owners` are the frequent contexts.
  /// The n-grams of a context that the block shares with others are judged elsewhere, by their sum;
  /// here those stay that a longer one needs. No tail is kept: there must be none, or none whose
  /// n-grams the rule keeps.
  mutating func prune(
    _ rule: PruningRule,
    _ lowerOrderCounts: LowerOrderCounts,
    owners: [FrequentContext]
  ) {
    pruned.begin(contexts: contextCount, ngrams: ngramCount)
    markClean(rule, isClean: owners.keepsWords(of: owner, rule, code))
    for index in stride(from: ngramCount - 1, through: 0, by: -1) {
      let context = Int(ngrams[index].context)
      let newIndex = pruned.contextIndex[context]
      // Children come after their parents, so here before them.
      let isKept =
        sharesItsContext && context == 0
        ? pruned.ngramIndex[index] != Self.none
        : newIndex != Self.none
          && rule.keeps(order: order(index), occurrences: ngrams[index].occurrences)
          && rule.keeps(word: code.word(ngrams[index].word))
      if isKept {
        pruned.ngramIndex[index] = 0
        pruned.contextIndex[context] = 0
        let parent = ngrams[index].parent
        if parent != Self.none { pruned.ngramIndex[Int(parent)] = 0 }
      } else {
        pruned.total[context] += UInt64(count(index, lowerOrderCounts))
        pruned.types[context] += 1
      }
    }
    shorten(contexts: moveContexts(), ngrams: moveNGrams())
  }

  /// Marks the contexts that have no dropped word; `isClean` says so of the context that all end
  /// in.
  private mutating func markClean(_ rule: PruningRule, isClean: Bool) {
    for context in 0..<contextCount {
      let parent = contextParent[context]
      let isCleanBefore =
        parent == Self.none ? isClean : pruned.contextIndex[Int(parent)] != Self.none
      pruned.contextIndex[context] =
        isCleanBefore && rule.keeps(word: code.word(contextWord[context]))
        ? Self.clean : Self.none
    }
  }

  /// Closes the gaps between the contexts that stay; returns their number.
  private mutating func moveContexts() -> Int {
    var next = 0
    for context in 0..<contextCount
    where pruned.contextIndex[context] == 0 || sharesItsContext && context == 0 {
      let parent = contextParent[context]
      contextParent[next] = parent == Self.none ? Self.none : pruned.contextIndex[Int(parent)]
      contextWord[next] = contextWord[context]
      contextDepth[next] = contextDepth[context]
      pruned.total[next] = pruned.total[context]
      pruned.types[next] = pruned.types[context]
      pruned.contextIndex[context] = UInt32(truncatingIfNeeded: next)
      next += 1
    }
    return next
  }

  /// Closes the gaps between the n-grams that stay; returns their number.
  private mutating func moveNGrams() -> Int {
    var next = 0
    for index in 0..<ngramCount where pruned.ngramIndex[index] != Self.none {
      var ngram = ngrams[index]
      ngram.context = pruned.contextIndex[Int(ngram.context)]
      if ngram.parent != Self.none { ngram.parent = pruned.ngramIndex[Int(ngram.parent)] }
      ngrams[next] = ngram
      pruned.ngramIndex[index] = UInt32(truncatingIfNeeded: next)
      next += 1
    }
    return next
  }
}
