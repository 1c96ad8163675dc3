import Files
import Tokenization

/// The first pass over the blocks: the global figures, which any probability needs.
///
/// They are four: the counts-of-counts of each order, the number of different words before each
/// word, the n-grams of the contexts that several blocks have, and the size of each region.
struct BlockCensus {
  private let frequent: FrequentNGrams
  private var groupOfBlock: [UInt32] = []
  private let order: Int
  private let code: WordCode
  private let lowerOrderCounts: LowerOrderCounts
  private let hasTails: Bool
  private let rule: PruningRule?
  private let tallies: [ThreadTally]
  private var sizesOfPasses: [LevelSizes] = []

  /// A census for n-grams up to `order` on `threads` threads.
  init(
    order: Int,
    code: WordCode,
    vocabularySize: Int,
    lowerOrderCounts: LowerOrderCounts,
    hasTails: Bool,
    pruning rule: PruningRule? = nil,
    threads: Int
  ) {
    self.order = order
    self.code = code
    self.lowerOrderCounts = lowerOrderCounts
    self.hasTails = hasTails
    self.rule = rule
    frequent = FrequentNGrams(bitCount: code.bitCount)
    tallies = (0..<threads).map { _ in ThreadTally(order: order, vocabularySize: vocabularySize) }
  }

  /// A worker's own counts, and the scan that fills them.
  private struct Counter: ~Copyable {
    let tally: ThreadTally
    var scan: BlockScan
  }

  /// Counts every block of `blocks`, which come after those that were counted.
  mutating func add(
    _ blocks: HistoryBlocks,
    progress: @escaping @Sendable (Int) -> Void
  ) throws {
    let sizes = LevelSizes(blockCount: blocks.blocks.count, order: order)
    frequent.expect(blocks)
    let (order, code, kind, hasTails) = (order, code, lowerOrderCounts, hasTails)
    let (frequent, tallies, rule) = (frequent, tallies, rule)
    let contexts = frequent.contexts
    Parallel.forEach(
      blocks.blocks.count,
      threads: tallies.count,
      state: { worker in
        Counter(
          tally: tallies[worker],
          scan: BlockScan(order: order, code: code, hasTails: hasTails)
        )
      }
    ) { counter, index in
      let block = blocks.blocks[index]
      counter.scan.scan(block, of: blocks)
      counter.tally.add(counter.scan, lowerOrderCounts: kind, code: code)
      if counter.scan.sharesItsContext {
        frequent.add(counter.scan.sharedNGrams, to: Int(block.owner))
      }
      if let rule { counter.scan.prune(rule, kind, owners: contexts) }
      sizes.set(index, counter.scan, order: order)
      progress(block.count)
    }
    sizesOfPasses.append(sizes)
    groupOfBlock += blocks.blocks.map(\.group)
  }

  /// The figures of the text, when all has been counted.
  func result() -> Result {
    let total = ThreadTally(order: order, vocabularySize: 0)
    for thread in tallies { total.tally.add(thread.tally) }
    let size = tallies.first?.predecessors.count ?? 0
    var predecessors = [UInt32](repeating: 0, count: size)
    for thread in tallies {
      for index in predecessors.indices { predecessors[index] += thread.predecessors[index] }
    }
    var keptAfterFrequent: [Int] = []
    let contexts = frequent.contexts
    for (index, context) in contexts.enumerated() {
      let list = frequent.list(index)
      let isWhole =
        context.depth == order - 1 || context.word == code.code(TokenID.beginSentence.rawValue)
      let usesOccurrences = isWhole || lowerOrderCounts == .occurrences
      keptAfterFrequent.append(
        rule.map { contexts.keptCount(list, after: index, $0, code) } ?? list.count
      )
      for ngram in 0..<list.count {
        let count = usesOccurrences ? list.occurrences(ngram) : list.predecessors(ngram)
        total.tally.add(order: Int(context.depth) + 1, count: count)
        if context.depth == 1 { predecessors[Int(code.word(list.word(ngram)))] += 1 }
      }
    }
    let countsOfCounts = (2...order).map { total.tally.countsOfCounts(order: $0) }
    let ngramCounts = (2...order).map { total.tally.ngramCount(order: $0) }
    let sizes = LevelSizes(sizesOfPasses, order: order)
    var keptCounts = ngramCounts
    if rule != nil {
      keptCounts = (2...order).map { order in
        let shared = zip(contexts, keptAfterFrequent).reduce(0) {
          $1.0.depth + 1 == order ? $0 + $1.1 : $0
        }
        return groupOfBlock.indices.reduce(shared) { $0 + Int(sizes[$1, order - 1, .ngrams]) }
      }
    }
    return Result(
      countsOfCounts: countsOfCounts,
      ngramCounts: ngramCounts,
      keptCounts: keptCounts,
      predecessors: predecessors,
      frequent: frequent,
      contexts: contexts,
      keptAfterFrequent: keptAfterFrequent,
      groupOfBlock: groupOfBlock,
      sizes: sizes
    )
  }

  /// The figures of the whole text.
  struct Result {
    /// The counts-of-counts of each order from 2 up, at index order − 2.
    var countsOfCounts: [CountsOfCounts]

    /// The number of n-grams of each order from 2 up, at index order − 2.
    var ngramCounts: [Int]

    /// The number of those that stay in the model.
    var keptCounts: [Int]

    /// The number of different words before each word.
    var predecessors: [UInt32]

    /// The n-grams of the frequent contexts.
    var frequent: FrequentNGrams

    /// The frequent contexts.
    var contexts: [FrequentContext]

    /// The number of n-grams of each of them that stay in the model.
    var keptAfterFrequent: [Int]

    /// The group of each block.
    var groupOfBlock: [UInt32]

    /// The part that each block adds to its region.
    var sizes: LevelSizes
  }

  /// The counts of one thread.
  private struct ThreadTally: Sendable {
    let tally: NGramTally
    let predecessors: UnsynchronizedBuffer<UInt32>

    init(order: Int, vocabularySize: Int) {
      tally = NGramTally(order: order)
      predecessors = UnsynchronizedBuffer(repeating: 0, count: vocabularySize)
    }

    func add(
      _ scan: borrowing BlockScan,
      lowerOrderCounts: LowerOrderCounts,
      code: WordCode
    ) {
      for index in 0..<scan.ngramCount {
        let ngram = scan.ngrams[index]
        let depth = Int(scan.contextDepth[Int(ngram.context)])
        // The n-grams of a shared context are counted when those of its blocks have been added.
        if scan.sharesItsContext && depth == scan.baseDepth { continue }
        tally.add(order: depth + 1, count: scan.count(ngram, depth: depth, lowerOrderCounts))
        if depth == 1 { predecessors[Int(code.word(ngram.word))] += 1 }
      }
      for tail in 0..<scan.tailCount {
        for depth in scan.tailDepth(tail)...scan.tailEnd(tail) {
          tally.add(order: depth + 1, count: 1)
        }
      }
    }
  }
}

/// The number of n-grams of each order, and of each order and small count.
private struct NGramTally: Sendable {
  private static let width = CountsOfCounts.limit + 2
  private let numbers: UnsynchronizedBuffer<UInt64>
  private let order: Int

  init(order: Int) {
    self.order = order
    numbers = UnsynchronizedBuffer(repeating: 0, count: Self.width * (order - 1))
  }

  @inline(__always)
  func add(order: Int, count: UInt32) {
    let column = min(Int(count), CountsOfCounts.limit + 1)
    numbers[(order - 2) * Self.width + column] += 1
  }

  func add(_ other: NGramTally) {
    for index in 0..<numbers.count { numbers[index] += other.numbers[index] }
  }

  func ngramCount(order: Int) -> Int {
    let row = (order - 2) * Self.width
    return Int((row..<row + Self.width).reduce(0) { $0 + numbers[$1] })
  }

  func countsOfCounts(order: Int) -> CountsOfCounts {
    let row = (order - 2) * Self.width
    return CountsOfCounts((1...CountsOfCounts.limit).map { numbers[row + $0] })
  }
}

extension BlockScan {
  /// The n-grams of the context that the block shares with others, by the code of their last word.
  var sharedNGrams: [FrequentNGram] {
    var shared: [FrequentNGram] = []
    for index in 0..<ngramCount where order(index) == baseDepth + 1 {
      let ngram = ngrams[index]
      shared.append(
        FrequentNGram(
          word: ngram.word,
          occurrences: ngram.occurrences,
          predecessors: ngram.predecessors
        )
      )
    }
    return shared
  }
}
