import Files
import Tokenization

/// Some positions whose histories end alike: what is counted at a time, in the cache.
struct ContextBlock: BitwiseCopyable {
  /// The first of its positions among all.
  var start: Int
  /// The number of its positions.
  var count: Int
  /// The group of the last words of its contexts.
  var group: UInt32
  /// The frequent context that all its histories end in, or ``none``: then it is all of its group.
  var owner: UInt32

  static let none = UInt32.max
}

/// A context with more positions than a block holds: the n-grams that follow it are counted in
/// several blocks, and their counts added.
struct FrequentContext: BitwiseCopyable {
  /// The number of its words.
  var depth: UInt32
  /// The code of its first word.
  var word: UInt32
  /// The frequent context one word shorter, or ``ContextBlock/none``.
  var parent: UInt32
  /// The number of blocks that it owns, and of frequent contexts one word longer.
  var partCount: UInt32
  /// The first block after it, in the order of reversed histories.
  var firstBlock: UInt32
  /// The group of its last word.
  var group: UInt32
}

/// The positions of a text in blocks, in the order of their reversed histories.
///
/// Groups are cut where they have more positions than ``positionLimit``: by the word before the last,
/// by the one before that, as far as it takes. So no block is larger, whatever the text, and what is
/// counted of a block fits the cache. Where they are cut changes no number of the model.
final class ContextBlocks: Sendable {
  /// The largest number of positions of a block; measured best from 4096 to 8192.
  static let positionLimit = 4096

  let order: Int
  let vocabularySize: Int
  let text: TrainingText
  let groups: WordGroups

  /// The codes that words are sorted by; regions are searched by them.
  let code: WordCode

  /// The blocks, group by group.
  let blocks: [ContextBlock]

  /// The frequent contexts, each before the longer ones it is a part of.
  let frequent: [FrequentContext]

  /// The first block of each group, and one past the last.
  let firstBlock: [Int]

  /// The first frequent context of each group, and one past the last.
  let firstFrequent: [Int]

  private let positions: Buffer<UInt32>

  /// Partitions the positions of `text` for n-grams up to `order`, which is at least 2.
  ///
  /// - Complexity: O(tokens), in memory 4 bytes a token and two numbers a word and thread.
  init(
    _ text: TrainingText,
    vocabularySize: Int,
    order: Int,
    threads: Int = 1,
    positionLimit: Int = ContextBlocks.positionLimit,
    groupLimit: Int = WordGroups.positionLimit
  ) throws {
    precondition(order >= 2, "order must be at least 2, not \(order)")
    self.text = text
    self.order = order
    self.vocabularySize = vocabularySize
    let code = WordCode(vocabularySize: vocabularySize)
    self.code = code
    let groups = WordGroups(
      sizes: try Self.countLastWords(text, vocabularySize, threads: threads),
      positionLimit: groupLimit
    )
    self.groups = groups
    let positions = Buffer<UInt32>(count: groups.start[groups.count])
    try Self.distribute(text, groups, vocabularySize, threads: threads, into: positions)

    let large = (0..<groups.count).filter {
      groups.words($0).count == 1 && groups.size($0) > positionLimit
    }
    let dispenser = Dispenser(large.count)
    let divided = try Parallel.run(threads) { _ in
      var divider = BlockDivider(text, code: code, order: order, positionLimit: positionLimit)
      var found: [Int: BlockDivider.Parts] = [:]
      while let turn = dispenser.take() {
        let group = large[turn]
        found[group] = divider.divide(
          positions,
          groups.start[group]..<groups.start[group + 1],
          group: UInt32(group),
          word: code.code(groups.firstWord[group])
        )
      }
      return found
    }
    let parts = divided.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    var blocks: [ContextBlock] = []
    var frequent: [FrequentContext] = []
    var firstBlock: [Int] = []
    var firstFrequent: [Int] = []
    for group in 0..<groups.count {
      firstBlock.append(blocks.count)
      firstFrequent.append(frequent.count)
      if let parts = parts[group] {
        parts.append(to: &blocks, &frequent)
      } else {
        blocks.append(
          ContextBlock(
            start: groups.start[group],
            count: groups.size(group),
            group: UInt32(group),
            owner: ContextBlock.none
          )
        )
      }
    }
    firstBlock.append(blocks.count)
    firstFrequent.append(frequent.count)
    self.positions = positions
    self.blocks = blocks
    self.frequent = frequent
    self.firstBlock = firstBlock
    self.firstFrequent = firstFrequent
  }

  /// The number of words that all contexts of `block` end in, and so know already.
  func sharedDepth(_ block: ContextBlock) -> Int {
    block.owner == ContextBlock.none ? 0 : Int(frequent[Int(block.owner)].depth)
  }

  /// The `index`th position of `block`.
  @inline(__always)
  func position(_ block: ContextBlock, _ index: Int) -> Int { Int(positions[block.start + index]) }

  // MARK: Partition by the last word

  /// The part of the text that `thread` of `threads` looks at; the first token follows nothing.
  private static func share(_ text: TrainingText, _ thread: Int, of threads: Int) -> Range<Int> {
    max(1, text.count * thread / threads)..<max(1, text.count * (thread + 1) / threads)
  }

  /// How many positions follow each word.
  private static func countLastWords(
    _ text: TrainingText,
    _ vocabularySize: Int,
    threads: Int
  ) throws -> Buffer<UInt32> {
    let beginSentence = TokenID.beginSentence.rawValue
    let parts = try Parallel.run(threads) { thread in
      let sizes = SharedBuffer<UInt32>(repeating: 0, count: vocabularySize)
      for index in share(text, thread, of: threads) where text.tokens[index] != beginSentence {
        sizes.buffer[Int(text.tokens[index - 1])] += 1
      }
      return sizes
    }
    let sizes = Buffer<UInt32>(repeating: 0, count: vocabularySize)
    for part in parts {
      for word in 0..<vocabularySize { sizes[word] += part.buffer[word] }
    }
    return sizes
  }

  /// Puts the positions of each group side by side, those of a group in the order of the text.
  private static func distribute(
    _ text: TrainingText,
    _ groups: WordGroups,
    _ vocabularySize: Int,
    threads: Int,
    into positions: borrowing Buffer<UInt32>
  ) throws {
    let beginSentence = TokenID.beginSentence.rawValue
    let groupOfWord = SharedBuffer<UInt32>(repeating: 0, count: vocabularySize)
    groups.forEachWord { word, group in groupOfWord.buffer[word] = UInt32(group) }
    let cursors = try Parallel.run(threads) { thread in
      let sizes = SharedBuffer<Int>(repeating: 0, count: groups.count)
      for index in share(text, thread, of: threads) where text.tokens[index] != beginSentence {
        sizes.buffer[Int(groupOfWord.buffer[Int(text.tokens[index - 1])])] += 1
      }
      return sizes
    }
    for group in 0..<groups.count {
      var next = groups.start[group]
      for cursor in cursors {
        let size = cursor.buffer[group]
        cursor.buffer[group] = next
        next += size
      }
    }
    _ = try Parallel.run(threads) { thread in
      let cursor = cursors[thread]
      for index in share(text, thread, of: threads) where text.tokens[index] != beginSentence {
        let group = Int(groupOfWord.buffer[Int(text.tokens[index - 1])])
        let place = cursor.buffer[group]
        positions[place] = UInt32(truncatingIfNeeded: index)
        cursor.buffer[group] = place + 1
      }
    }
  }
}
