import Files
import Tokenization

/// Some positions whose histories end alike: what is counted at a time, in the cache.
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
  /// The number of blocks that it owns in its part, and of frequent contexts one word longer.
  var partCount: UInt32
  /// The first block after it, in the order of reversed histories.
  var firstBlock: UInt32
  /// The group of its last word.
  var group: UInt32
}

/// The positions of a text, or of a part of it, in blocks, in the order of their reversed histories.
///
/// Groups are cut where they have more positions than ``positionLimit``: by the word before the last,
/// by the one before that, as far as it takes. So no block is larger, whatever the text, and what is
/// counted of a block fits the cache. Where they are cut changes no number of the model.
final class HistoryBlocks: Sendable {
  /// The largest number of positions of a block: what is counted of so many fits a cache of 1 MB.
  static let positionLimit = 4096

  let order: Int
  let text: TrainingText
  let groups: WordGroups

  /// The codes that words are sorted by; regions are searched by them.
  let code: WordCode

  /// The blocks, group by group.
  let blocks: [HistoryBlock]

  /// The frequent contexts that are new in this part, each before the longer ones it is a part of.
  let frequent: [FrequentContext]

  /// The number of blocks in the parts before.
  let firstBlock: Int

  /// Blocks and longer contexts that a frequent context of the part before has here too.
  let continuation: (context: UInt32, partCount: UInt32)?

  private let positions: Buffer<UInt32>

  /// Of each position in a block that was sorted, how much its history has and shares.
  private let levels: Buffer<UInt8>

  /// How the parts before this one are counted.
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

  /// Partitions the positions of `part` of a text for n-grams up to `order`, which is at least 2.
  ///
  /// - Complexity: O(tokens), in memory 5 bytes a token and two numbers a group and thread.
  init(
    _ text: TrainingText,
    _ groups: WordGroups,
    of part: TextParts.Part,
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
    var found = [0]
    let positions = try Self.distribute(text, groups, part.groups, threads: threads, &found)
    let starts = found

    let large = part.groups.filter {
      groups.words($0).count == 1 && groups.size($0) > positionLimit
    }
    let divided = Parallel.map(
      large.count,
      threads: threads,
      state: { _ in
        BlockDivider(text, code: code, order: order, positionLimit: positionLimit)
      }
    ) { divider, turn in
      let group = large[turn]
      let index = group - part.groups.lowerBound
      return divider.divide(
        positions,
        starts[index]..<starts[index + 1],
        group: UInt32(group),
        word: code.code(groups.firstWord[group])
      )
    }
    let parts = Dictionary(uniqueKeysWithValues: zip(large, divided))
    var blocks: [HistoryBlock] = []
    var frequent: [FrequentContext] = []
    var continuation: (context: UInt32, partCount: UInt32)?
    for group in part.groups {
      let index = group - part.groups.lowerBound
      if var parts = parts[group] {
        if group == numbering.openGroup {
          continuation = (numbering.openContext, parts.frequent[0].partCount)
          parts.continue(numbering.openContext)
        }
        parts.append(
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
    levels = Buffer(repeating: 0, count: keepsOrder ? positions.count : 0)
    self.positions = positions
    self.blocks = blocks
    self.frequent = frequent
    self.continuation = continuation
  }

  /// The numbering of the part after this one, which came after `numbering`.
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

  /// Whether the order of a block is kept from one scan to the next.
  var keepsOrder: Bool { levels.count > 0 }

  /// Keeps the position at `index` of `block` in the order of reversed histories: its history has
  /// `depth` words, of which it shares `shared` with the one before.
  @inline(__always)
  func keep(_ position: UInt32, at index: Int, of block: HistoryBlock, depth: UInt8, shared: UInt8)
  {
    positions[block.start + index] = position
    // A depth is never zero, so that this tells what was kept.
    levels[block.start + index] = depth << 4 | shared
  }

  /// What was kept of the position at `index` of `block`; depth 0 where nothing was.
  @inline(__always)
  func kept(_ block: HistoryBlock, _ index: Int) -> (depth: UInt8, shared: UInt8) {
    let level = levels[block.start + index]
    return (level >> 4, level & 15)
  }

  /// The `index`th position of `block`.
  @inline(__always)
  func position(_ block: HistoryBlock, _ index: Int) -> Int { Int(positions[block.start + index]) }

  // MARK: Partition by the last word

  /// Puts the positions of each group of `range` side by side; `starts` is where each begins.
  private static func distribute(
    _ text: TrainingText,
    _ groups: WordGroups,
    _ range: Range<Int>,
    threads: Int,
    _ starts: inout [Int]
  ) throws -> Buffer<UInt32> {
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
        sizes.buffer[Int(groups.group(of: text.tokens[index - 1]) - first)] += 1
      }
      return sizes
    }
    for index in 0..<range.count {
      var next = starts[index]
      for cursor in cursors {
        let size = cursor.buffer[index]
        cursor.buffer[index] = next
        next += size
      }
      starts.append(next)
    }
    let positions = Buffer<UInt32>(count: starts[range.count])
    Parallel.forEach(threads, threads: threads) { thread in
      let cursor = cursors[thread]
      for index in share(thread) where text.tokens[index] != beginSentence {
        let group = Int(groups.group(of: text.tokens[index - 1]) - first)
        let place = cursor.buffer[group]
        positions[place] = UInt32(truncatingIfNeeded: index)
        cursor.buffer[group] = place + 1
      }
    }
    return positions
  }
}
