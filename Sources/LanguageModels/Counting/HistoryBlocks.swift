import Files
import Tokenization

/// Positions whose histories end alike, few enough to be counted in the cache.
struct HistoryBlock: BitwiseCopyable {
  /// The first of its positions among all.
  var start: Int
  /// The number of its positions.
  var count: Int
  /// The group of the last words of its contexts.
  var group: UInt32
  /// The frequent context that all its histories end in, or ``none``: then it is all of its group.
  var owner: UInt32
  /// The number of words of that context.
  var sharedDepth: UInt32

  static let none = UInt32.max
}

/// A context with more positions than a block holds: the n-grams that follow it are counted in
/// several blocks, and their counts added.
struct FrequentContext: BitwiseCopyable {
  /// The number of its words.
  var depth: UInt32
  /// The code of its first word.
  var word: UInt32
  /// The frequent context one word shorter, or ``HistoryBlock/none``.
  var parent: UInt32
  /// The number of blocks that it owns in its pass, and of frequent contexts one word longer.
  var childCount: UInt32
  /// The first block after it, in the order of reversed histories.
  var firstBlock: UInt32
  /// The group of its last word.
  var group: UInt32
}

/// The positions of a text, or of one pass, in blocks, in the order of their reversed histories.
///
/// Groups with more positions than ``positionLimit`` are cut: by the word before the last, by the
/// one before that, and so on. So no block is larger, whatever the text, and the counts of a block
/// fit the cache. The cuts change no number of the model.
final class HistoryBlocks: Sendable {
  /// The largest number of positions of a block: their counts fit a cache of 1 MB.
  static let positionLimit = 4096

  let order: Int
  let text: TrainingText
  let groups: WordGroups

  /// The codes that words are sorted by; regions are searched by them.
  let code: WordCode

  /// The blocks, group by group.
  let blocks: [HistoryBlock]

  /// The frequent contexts that are new in this pass, each before the longer ones that end in it.
  let frequent: [FrequentContext]

  /// The number of blocks in the passes before.
  let firstBlock: Int

  /// A frequent context of the pass before that goes on here, and the number of its children here.
  let continuation: (context: UInt32, childCount: UInt32)?

  /// The blocks of different workers share no position.
  private let positions: UnsynchronizedBuffer<UInt32>

  /// For each position in a block that was sorted: the number of words of its history, and of those
  /// that it shares with the one before.
  private let levels: UnsynchronizedBuffer<UInt8>

  /// The numbers at which the blocks and contexts of a pass begin.
  struct Numbering: Sendable {
    /// The number of frequent contexts so far.
    var frequentCount = 0
    /// The number of blocks so far.
    var blockCount = 0
    /// The group of the last block so far, where it is large.
    var openGroup: Int?
    /// The frequent context that is the word of that group.
    var openContext: UInt32 = 0
  }

  /// Partitions the positions of one `pass` for n-grams up to `order`, which is at least 2.
  ///
  /// - Complexity: O(tokens), in memory 5 bytes a token and two numbers a group and thread.
  init(
    _ text: TrainingText,
    _ groups: WordGroups,
    of pass: TextPasses.Pass,
    code: WordCode,
    order: Int,
    threads: Int,
    positionLimit: Int,
    keepsOrder: Bool = false,
    after numbering: Numbering = Numbering()
  ) throws {
    precondition(order >= 2, "order must be at least 2, not \(order)")
    self.text = text
    self.order = order
    self.code = code
    self.groups = groups
    var starts: [Int] = []
    positions = try Self.distribute(
      text,
      groups,
      in: pass.groups,
      threads: threads,
      starts: &starts
    )
    levels = UnsynchronizedBuffer(repeating: 0, count: keepsOrder ? positions.count : 0)
    let divisions = Self.divide(
      positions,
      starts,
      pass.groups,
      of: groups,
      threads: threads,
      positionLimit: positionLimit
    ) { BlockDivider(text, code: code, order: order, positionLimit: positionLimit) }
    var blocks: [HistoryBlock] = []
    var frequent: [FrequentContext] = []
    var continuation: (context: UInt32, childCount: UInt32)?
    for group in pass.groups {
      let index = group - pass.groups.lowerBound
      if var division = divisions[group] {
        if group == numbering.openGroup {
          continuation = (numbering.openContext, division.frequent[0].childCount)
          division.continue(numbering.openContext)
        }
        division.append(
          to: &blocks,
          &frequent,
          firstBlock: numbering.blockCount,
          firstFrequent: numbering.frequentCount
        )
      } else {
        blocks.append(
          HistoryBlock(
            start: starts[index],
            count: starts[index + 1] - starts[index],
            group: UInt32(group),
            owner: HistoryBlock.none,
            sharedDepth: 0
          )
        )
      }
    }
    firstBlock = numbering.blockCount
    self.blocks = blocks
    self.frequent = frequent
    self.continuation = continuation
  }

  /// The divisions of those `pass` groups that are a word with too many positions, by group.
  private static func divide(
    _ positions: UnsynchronizedBuffer<UInt32>,
    _ starts: [Int],
    _ pass: Range<Int>,
    of groups: WordGroups,
    threads: Int,
    positionLimit: Int,
    divider makeDivider: @Sendable () -> BlockDivider
  ) -> [Int: BlockDivider.Division] {
    let large = pass.filter { groups.words($0).count == 1 && groups.size($0) > positionLimit }
    let divided = Parallel.map(
      large.count,
      threads: threads,
      state: { _ in makeDivider() }
    ) { divider, turn in
      let group = large[turn]
      let index = group - pass.lowerBound
      return divider.divide(
        positions,
        starts[index]..<starts[index + 1],
        group: UInt32(group),
        word: divider.code.code(groups.firstWord[group])
      )
    }
    return Dictionary(uniqueKeysWithValues: zip(large, divided))
  }

  /// The numbering of the pass after this one, which came after `numbering`.
  func numbering(after numbering: Numbering) -> Numbering {
    var next = numbering
    next.frequentCount += frequent.count
    next.blockCount += blocks.count
    if let last = blocks.last, last.owner != HistoryBlock.none {
      if numbering.openGroup != Int(last.group) {
        let root = frequent.firstIndex { $0.group == last.group } ?? 0
        next.openContext = UInt32(numbering.frequentCount + root)
      }
      next.openGroup = Int(last.group)
    } else {
      next.openGroup = nil
    }
    return next
  }

  /// The order of a block is kept from one scan to the next.
  var keepsOrder: Bool { levels.count > 0 }

  /// Keeps the position at `index` of `block` in the order of reversed histories: its history has
  /// `depth` words, of which it shares `shared` with the one before.
  @inline(__always)
  func keep(_ position: UInt32, at index: Int, of block: HistoryBlock, depth: UInt8, shared: UInt8)
  {
    positions[block.start + index] = position
    // A depth is never zero: zero is a position that was not kept.
    levels[block.start + index] = depth << 4 | shared
  }

  /// The numbers that were kept for the position at `index` of `block`; depth 0 where none were.
  @inline(__always)
  func kept(_ block: HistoryBlock, _ index: Int) -> (depth: UInt8, shared: UInt8) {
    let level = levels[block.start + index]
    return (level >> 4, level & 15)
  }

  /// The `index`th position of `block`.
  @inline(__always)
  func position(_ block: HistoryBlock, _ index: Int) -> Int { Int(positions[block.start + index]) }

  // MARK: Partition by the last word

  /// Puts the positions of each group of `range` side by side; `starts` gets the start of each, and
  /// the end of all.
  private static func distribute(
    _ text: TrainingText,
    _ groups: WordGroups,
    in range: Range<Int>,
    threads: Int,
    starts: inout [Int]
  ) throws -> UnsynchronizedBuffer<UInt32> {
    starts = [0]
    let beginSentence = TokenID.beginSentence.rawValue
    let first = UInt32(range.lowerBound)
    let step = text.stride
    // The first token follows nothing; of a window, the last is counted.
    let firstIndex = max(1, step - 1)
    let indexCount = max(0, text.count - firstIndex + step - 1) / step
    @Sendable func share(_ thread: Int) -> StrideTo<Int> {
      stride(
        from: firstIndex + indexCount * thread / threads * step,
        to: firstIndex + indexCount * (thread + 1) / threads * step,
        by: step
      )
    }
    let cursors = Parallel.map(threads, threads: threads) { thread in
      let sizes = UnsynchronizedBuffer<Int>(repeating: 0, count: max(1, range.count))
      for index in share(thread) where text.tokens[index] != beginSentence {
        sizes[Int(groups.group(of: text.tokens[index - 1]) - first)] += 1
      }
      return sizes
    }
    for index in 0..<range.count {
      var next = starts[index]
      for cursor in cursors {
        let size = cursor[index]
        cursor[index] = next
        next += size
      }
      starts.append(next)
    }
    let positions = UnsynchronizedBuffer(Buffer<UInt32>(count: starts[range.count]))
    Parallel.forEach(threads, threads: threads) { thread in
      let cursor = cursors[thread]
      for index in share(thread) where text.tokens[index] != beginSentence {
        let group = Int(groups.group(of: text.tokens[index - 1]) - first)
        let target = cursor[group]
        positions[target] = UInt32(truncatingIfNeeded: index)
        cursor[group] = target + 1
      }
    }
    return positions
  }
}
