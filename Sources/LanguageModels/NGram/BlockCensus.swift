import Files
import Tokenization

/// The first pass over the blocks: what must be known of the whole text before any probability.
///
/// Four things are global: the counts-of-counts of each order, the number of different words before
/// each word, the n-grams of the contexts that several blocks have, and how large each region will
/// be.
struct BlockCensus {
  /// The counts-of-counts of each order from 2 up, at index order − 2.
  var countsOfCounts: [CountsOfCounts]

  /// The number of n-grams of each order from 2 up, at index order − 2.
  var ngramCounts: [Int]

  /// The number of different words before each word.
  var predecessors: [UInt32]

  /// The number of those that stay in the model.
  let keptCounts: [Int]

  /// The n-grams of the frequent contexts.
  let frequent: FrequentNGrams

  /// How many of those stay in the model, of each context.
  let keptAfterFrequent: [Int]

  /// What each block adds to its region.
  let sizes: LevelSizes

  /// Counts every block of `blocks`.
  init(
    _ blocks: ContextBlocks,
    _ lowerOrderCounts: LowerOrderCounts,
    hasTails: Bool,
    pruning rule: PruningRule? = nil,
    threads: Int,
    progress: @escaping @Sendable (Int) -> Void
  ) throws {
    let order = blocks.order
    let frequent = FrequentNGrams(blocks.frequent, bitCount: blocks.code.bitCount)
    let sizes = LevelSizes(blockCount: blocks.blocks.count, order: order)
    let dispenser = Dispenser(blocks.blocks.count)
    let parts = try Parallel.run(threads) { _ in
      let part = Part(order: order, vocabularySize: blocks.vocabularySize)
      var scan = BlockScan(blocks, hasTails: hasTails)
      while let index = dispenser.take() {
        let block = blocks.blocks[index]
        scan.scan(block)
        part.add(scan, lowerOrderCounts, code: blocks.code)
        if scan.isPart { frequent.add(scan.sharedNGrams, to: Int(block.owner)) }
        if let rule { scan.prune(rule, lowerOrderCounts) }
        sizes.set(index, scan, order: order)
        progress(block.count)
      }
      return part
    }
    let total = Part(order: order, vocabularySize: 0)
    var predecessors = [UInt32](repeating: 0, count: blocks.vocabularySize)
    for part in parts {
      total.tally.add(part.tally)
      for index in predecessors.indices { predecessors[index] += part.predecessors.buffer[index] }
    }
    var keptAfterFrequent: [Int] = []
    for (index, context) in blocks.frequent.enumerated() {
      let list = frequent.list(index)
      let isWhole =
        context.depth == order - 1
        || context.word == blocks.code.code(TokenID.beginSentence.rawValue)
      let usesOccurrences = isWhole || lowerOrderCounts == .occurrences
      keptAfterFrequent.append(rule.map { blocks.keptCount(list, after: index, $0) } ?? list.count)
      for ngram in 0..<list.count {
        let count = usesOccurrences ? list.occurrences(ngram) : list.predecessors(ngram)
        total.tally.add(order: Int(context.depth) + 1, count: count)
        if context.depth == 1 { predecessors[Int(blocks.code.word(list.word(ngram)))] += 1 }
      }
    }
    self.frequent = frequent
    self.sizes = sizes
    self.predecessors = predecessors
    self.keptAfterFrequent = keptAfterFrequent
    ngramCounts = (2...order).map { total.tally.ngramCount(order: $0) }
    if rule == nil {
      keptCounts = ngramCounts
    } else {
      keptCounts = (2...order).map { order in
        let shared = zip(blocks.frequent, keptAfterFrequent).reduce(0) {
          $1.0.depth + 1 == order ? $0 + $1.1 : $0
        }
        return blocks.blocks.indices.reduce(shared) {
          $0 + Int(sizes[$1, order - 1, .ngrams])
        }
      }
    }
    countsOfCounts = (2...order).map { total.tally.countsOfCounts(order: $0) }
  }

  /// What one thread found.
  private struct Part: Sendable {
    let tally: NGramTally
    let predecessors: SharedBuffer<UInt32>

    init(order: Int, vocabularySize: Int) {
      tally = NGramTally(order: order)
      predecessors = SharedBuffer(repeating: 0, count: vocabularySize)
    }

    func add(
      _ scan: borrowing BlockScan,
      _ lowerOrderCounts: LowerOrderCounts,
      code: WordCode
    ) {
      for index in 0..<scan.ngramCount {
        let order = scan.order(index)
        // The n-grams of a shared context are counted when their parts have been added.
        if scan.isPart && order == scan.baseDepth + 1 { continue }
        tally.add(order: order, count: scan.count(index, lowerOrderCounts))
        if order == 2 { predecessors.buffer[Int(code.word(scan.ngramWord[index]))] += 1 }
      }
      for tail in 0..<scan.tailCount {
        for depth in scan.tailDepth(tail)...scan.tailEnd(tail) {
          tally.add(order: depth + 1, count: 1)
        }
      }
    }
  }
}

/// How many n-grams there are of each order, and of each order and small count.
private struct NGramTally: Sendable {
  private static let width = CountsOfCounts.limit + 2
  private let numbers: SharedBuffer<UInt64>
  private let order: Int

  init(order: Int) {
    self.order = order
    numbers = SharedBuffer(repeating: 0, count: Self.width * (order - 1))
  }

  @inline(__always)
  func add(order: Int, count: UInt32) {
    let place = min(Int(count), CountsOfCounts.limit + 1)
    numbers.buffer[(order - 2) * Self.width + place] += 1
  }

  func add(_ other: NGramTally) {
    for index in 0..<numbers.buffer.count { numbers.buffer[index] += other.numbers.buffer[index] }
  }

  func ngramCount(order: Int) -> Int {
    let row = (order - 2) * Self.width
    return Int((row..<row + Self.width).reduce(0) { $0 + numbers.buffer[$1] })
  }

  func countsOfCounts(order: Int) -> CountsOfCounts {
    let row = (order - 2) * Self.width
    return CountsOfCounts((1...CountsOfCounts.limit).map { numbers.buffer[row + $0] })
  }
}

extension BlockScan {
  /// The n-grams of the context that the block shares with others, by the code of their last word.
  var sharedNGrams: [FrequentNGram] {
    var ngrams: [FrequentNGram] = []
    for index in 0..<ngramCount where order(index) == baseDepth + 1 {
      ngrams.append(
        FrequentNGram(
          word: ngramWord[index],
          occurrences: ngramOccurrences[index],
          predecessors: ngramPredecessors[index]
        )
      )
    }
    return ngrams
  }
}
