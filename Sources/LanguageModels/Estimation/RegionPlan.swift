import Files
import Tokenization

/// Three numbers for each length that a context can have: of contexts, of the n-grams that follow
/// them, and of the 4-byte words of tails that begin there.
struct LevelSizes: Sendable {
  /// The kinds of entry that a level has.
  enum Kind: Int { case nodes, ngrams, tailWords }

  private let numbers: UnsynchronizedBuffer<UInt32>
  private let levelCount: Int

  /// Zeros for every block; contexts have 1 to `order` − 1 words.
  init(blockCount: Int, order: Int) {
    levelCount = order
    numbers = UnsynchronizedBuffer(repeating: 0, count: blockCount * 3 * levelCount)
  }

  /// The numbers of all blocks, those of each of `parts` after the other.
  init(_ parts: [LevelSizes], order: Int) {
    levelCount = order
    numbers = UnsynchronizedBuffer(
      repeating: 0,
      count: parts.reduce(0) { $0 + $1.numbers.count }
    )
    var next = 0
    for part in parts {
      let count = part.numbers.count
      numbers.copy(0..<count, of: part.numbers.buffer, to: next)
      next += count
    }
  }

  @inline(__always)
  private func index(_ block: Int, _ depth: Int, _ part: Kind) -> Int {
    (block * levelCount + depth - 1) * 3 + part.rawValue
  }

  /// The number of `block` for contexts of `depth` words, 1 to order.
  @inline(__always)
  subscript(_ block: Int, depth: Int, part: Kind) -> UInt32 {
    get { numbers[index(block, depth, part)] }
    nonmutating set { numbers[index(block, depth, part)] = newValue }
  }

  /// Sets what the block that `scan` counted adds to its region.
  ///
  /// Contexts of one word are there in any case, one for each word of the group; a context that the
  /// block shares with others, and what follows it, is no part of it.
  func set(_ block: Int, _ scan: borrowing BlockScan, order: Int) {
    var nodes = InlineArray<18, UInt32>(repeating: 0)
    var ngrams = InlineArray<18, UInt32>(repeating: 0)
    for context in 0..<scan.contextCount { nodes[Int(scan.contextDepth[context])] += 1 }
    for ngram in 0..<scan.ngramCount { ngrams[scan.order(ngram) - 1] += 1 }
    for depth in 1...order {
      if depth > scan.baseDepth { self[block, depth, .nodes] = nodes[depth] }
      if depth > scan.baseDepth || !scan.sharesItsContext {
        self[block, depth, .ngrams] = ngrams[depth]
      }
    }
    for tail in 0..<scan.tailCount {
      let depth = scan.tailDepth(tail)
      self[block, depth, .tailWords] += UInt32(Region.tailStride(depth: depth, order: order))
    }
  }
}

/// The place of each block and each frequent context in its region.
struct RegionPlan {
  /// The place of a frequent context, of the first n-gram that follows it, and of the first longer
  /// context and tail.
  struct ContextOffsets: BitwiseCopyable {
    var node: UInt32
    var firstNGram: UInt32
    var firstChild: UInt32
    var firstTail: UInt32
  }

  /// The size of each region; its place in the file is not known yet.
  private(set) var entries: [RegionEntry] = []

  /// The place of each frequent context.
  private(set) var frequent: [ContextOffsets] = []

  /// The start of each block at each level, 1 to order.
  let blocks: LevelSizes

  /// Lays the parts of each region of `groups` one after the other, level by level; words that
  /// `vocabulary` lacks have none.
  ///
  /// - Throws: ``EstimationError`` for a region with more than 2^31 values of a kind.
  init(
    _ groups: WordGroups,
    _ census: BlockCensus.Result,
    order: Int,
    vocabulary: Vocabulary
  ) throws(EstimationError) {
    let sizes = census.sizes
    let groupOfBlock = census.groupOfBlock
    let contexts = census.contexts
    blocks = LevelSizes(blockCount: groupOfBlock.count, order: order)
    var blockEnd = 0
    var frequentEnd = 0
    for group in 0..<groups.count {
      let words = groups.words(group).clamped(to: 0..<vocabulary.count)
      let blockStart = blockEnd
      while blockEnd < groupOfBlock.count && groupOfBlock[blockEnd] == group { blockEnd += 1 }
      let frequentStart = frequentEnd
      while frequentEnd < contexts.count && contexts[frequentEnd].group == group {
        frequentEnd += 1
      }
      let blockRange = blockStart..<blockEnd
      let frequentRange = frequentStart..<frequentEnd
      var totals = [[UInt32]](repeating: [0, 0, 0], count: order + 1)
      var sums = [0, 0, 0]
      func add(_ depth: Int, _ part: LevelSizes.Kind, _ number: UInt32) {
        totals[depth][part.rawValue] &+= number
        sums[part.rawValue] += Int(number)
      }
      if frequentRange.isEmpty { add(1, .nodes, UInt32(words.count)) }
      for index in frequentRange {
        let depth = Int(contexts[index].depth)
        let kept = census.keptAfterFrequent[index]
        add(depth, .nodes, depth == 1 ? UInt32(words.count) : kept > 0 ? 1 : 0)
        add(depth, .ngrams, UInt32(kept))
      }
      for block in blockRange {
        for depth in 1...order {
          for part in [LevelSizes.Kind.nodes, .ngrams, .tailWords] {
            add(depth, part, sizes[block, depth, part])
          }
        }
      }
      if sums.contains(where: { $0 > Int(Int32.max) }) {
        throw .regionTooLarge(word: vocabulary[TokenID(UInt32(words.lowerBound))])
      }
      // From sizes to places: the levels follow one another.
      var next = [UInt32](repeating: 0, count: 3)
      for depth in 1...order {
        for part in 0..<3 {
          let size = totals[depth][part]
          totals[depth][part] = next[part]
          next[part] += size
        }
      }
      entries.append(
        RegionEntry(
          firstWord: UInt32(words.lowerBound),
          wordCount: UInt32(words.count),
          nodeCount: next[0],
          ngramCount: next[1],
          tailWordCount: next[2]
        )
      )
      var nextFrequent = frequentRange.lowerBound
      for block in blockRange {
        while nextFrequent < frequentRange.upperBound,
          contexts[nextFrequent].firstBlock == block
        {
          let depth = Int(contexts[nextFrequent].depth)
          frequent.append(
            ContextOffsets(
              node: totals[depth][0],
              firstNGram: totals[depth][1],
              firstChild: totals[depth + 1][0],
              firstTail: totals[depth + 1][2]
            )
          )
          let kept = census.keptAfterFrequent[nextFrequent]
          add(depth, .nodes, depth == 1 ? UInt32(words.count) : kept > 0 ? 1 : 0)
          add(depth, .ngrams, UInt32(kept))
          nextFrequent += 1
        }
        for depth in 1...order {
          for part in [LevelSizes.Kind.nodes, .ngrams, .tailWords] {
            blocks[block, depth, part] = totals[depth][part.rawValue]
            add(depth, part, sizes[block, depth, part])
          }
        }
      }
    }
  }

  /// Checks that what the blocks of a region add lies at each level one after the other, and the
  /// levels one after the other.
  func checkInvariants(_ census: BlockCensus.Result, order: Int) {
    var first = 0
    for block in 0..<census.groupOfBlock.count {
      let group = Int(census.groupOfBlock[block])
      if block > 0 && census.groupOfBlock[block - 1] != group { first = block }
      let isLast =
        block + 1 == census.groupOfBlock.count || census.groupOfBlock[block + 1] != group
      let entry = entries[group]
      for (part, total) in [
        (LevelSizes.Kind.nodes, entry.nodeCount), (.ngrams, entry.ngramCount),
        (.tailWords, entry.tailWordCount),
      ] {
        for depth in 1...order {
          let end = blocks[block, depth, part] + census.sizes[block, depth, part]
          if !isLast { precondition(end <= blocks[block + 1, depth, part], "blocks overlap") }
          let limit = depth == order ? total : blocks[first, depth + 1, part]
          precondition(end <= limit, "level \(depth) of block \(block) overlaps the next")
        }
      }
    }
    precondition(frequent.count == census.contexts.count, "a frequent context has no place")
  }
}
