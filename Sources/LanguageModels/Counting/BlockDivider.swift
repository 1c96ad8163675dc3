import Files
import Tokenization

/// Cuts the positions of a frequent word into blocks, word by word of their histories.
///
/// It distributes the positions by the highest bits of the next word's code, a digit at a time,
/// like a radix sort that begins at the top, and gathers digits with few positions to blocks. A
/// single word with too many positions is a ``FrequentContext``, and is cut by the word before it.
struct BlockDivider: ~Copyable {
  /// The blocks and frequent contexts of a group, numbered from 0.
  struct Division: Sendable {
    var blocks: [HistoryBlock] = []
    var frequent: [FrequentContext] = []

    /// The number of the first frequent context where the pass before has it; else nil.
    private var root: UInt32?

    /// Takes the frequent context `root` of the pass before for the first one.
    mutating func `continue`(_ root: UInt32) { self.root = root }

    /// Appends blocks and frequent contexts; their numbers begin at `firstBlock` and
    /// `firstFrequent`, after those that are there.
    func append(
      to blocks: inout [HistoryBlock],
      _ frequent: inout [FrequentContext],
      firstBlock: Int,
      firstFrequent: Int
    ) {
      let blockBase = UInt32(firstBlock + blocks.count)
      let frequentBase = UInt32(firstFrequent + frequent.count)
      func number(_ context: UInt32) -> UInt32 {
        if context == HistoryBlock.none { return context }
        guard let root else { return frequentBase + context }
        return context == 0 ? root : frequentBase + context - 1
      }
      for block in self.blocks {
        var block = block
        block.owner = number(block.owner)
        blocks.append(block)
      }
      for context in self.frequent.dropFirst(root == nil ? 0 : 1) {
        var context = context
        context.firstBlock += blockBase
        context.parent = number(context.parent)
        frequent.append(context)
      }
    }
  }

  /// The largest number of buckets of one step, as bits.
  private static let maximumDigit = 10

  private let text: TrainingText
  let code: WordCode
  private let maximumDepth: Int
  private let positionLimit: Int
  private var digits = Buffer<UInt16>()
  private var other = Buffer<UInt32>()
  private var division = Division()
  private var group: UInt32 = 0

  init(_ text: TrainingText, code: WordCode, order: Int, positionLimit: Int) {
    self.text = text
    self.code = code
    maximumDepth = order - 1
    self.positionLimit = positionLimit
  }

  /// Cuts the positions at `range`, whose contexts all end in the word with the code `word`, and
  /// sorts them by part.
  mutating func divide(
    _ positions: UnsynchronizedBuffer<UInt32>,
    _ range: Range<Int>,
    group: UInt32,
    word: UInt32
  ) -> Division {
    self.group = group
    division = Division()
    digits.grow(to: range.count)
    other.grow(to: range.count)
    divide(positions, range, byWord: word, after: HistoryBlock.none, depth: 1)
    return division
  }

  /// Makes the context of `depth` words a frequent one and cuts its positions.
  private mutating func divide(
    _ positions: UnsynchronizedBuffer<UInt32>,
    _ range: Range<Int>,
    byWord word: UInt32,
    after parent: UInt32,
    depth: Int
  ) {
    let context = division.frequent.count
    division.frequent.append(
      FrequentContext(
        depth: UInt32(depth),
        word: word,
        parent: parent,
        childCount: 0,
        firstBlock: UInt32(division.blocks.count),
        group: group
      )
    )
    if parent != HistoryBlock.none { division.frequent[Int(parent)].childCount += 1 }
    if depth == maximumDepth || word == code.code(TokenID.beginSentence.rawValue) {
      // All histories are the same: any cut will do.
      for start in stride(from: range.lowerBound, to: range.upperBound, by: positionLimit) {
        append(start..<min(start + positionLimit, range.upperBound), to: context)
      }
    } else {
      divide(positions, range, in: context, depth: depth, bitsDone: 0)
    }
  }

  /// Cuts positions that share the context and the highest `bitsDone` bits of the code before it.
  private mutating func divide(
    _ positions: UnsynchronizedBuffer<UInt32>,
    _ range: Range<Int>,
    in context: Int,
    depth: Int,
    bitsDone: Int
  ) {
    let wanted = 2 + Int.bitWidth - (range.count / positionLimit).leadingZeroBitCount
    let digit = min(code.bitCount - bitsDone, Self.maximumDigit, wanted)
    let shift = UInt32(code.bitCount - bitsDone - digit)
    let starts = distribute(positions, range, distance: depth + 1, shift: shift, digit: digit)
    var open = range.lowerBound
    for bucket in 0..<(1 << digit) {
      let bucketRange = starts[bucket]..<starts[bucket + 1]
      if bucketRange.upperBound - open > positionLimit {
        if bucketRange.lowerBound > open { append(open..<bucketRange.lowerBound, to: context) }
        open = bucketRange.lowerBound
      }
      guard bucketRange.count > positionLimit else { continue }
      if bitsDone + digit == code.bitCount {
        let word = code.code(text.tokens[Int(positions[open]) - depth - 1])
        divide(positions, bucketRange, byWord: word, after: UInt32(context), depth: depth + 1)
      } else {
        divide(positions, bucketRange, in: context, depth: depth, bitsDone: bitsDone + digit)
      }
      open = bucketRange.upperBound
    }
    if open < range.upperBound { append(open..<range.upperBound, to: context) }
  }

  private mutating func append(_ range: Range<Int>, to context: Int) {
    division.frequent[context].childCount += 1
    division.blocks.append(
      HistoryBlock(
        start: range.lowerBound,
        count: range.count,
        group: group,
        owner: UInt32(context),
        sharedDepth: division.frequent[context].depth
      )
    )
  }

  /// Sorts by one digit of the code of the word at `distance`, and gives where each bucket begins.
  private mutating func distribute(
    _ positions: UnsynchronizedBuffer<UInt32>,
    _ range: Range<Int>,
    distance: Int,
    shift: UInt32,
    digit: Int
  ) -> [Int] {
    let mask = UInt32(1 << digit - 1)
    var starts = [Int](repeating: 0, count: 1 << digit + 1)
    for index in range {
      if index + BlockScan.lookAhead < range.upperBound {
        text.tokens.prefetch(Int(positions[index + BlockScan.lookAhead]) - distance)
      }
      let word = text.tokens[Int(positions[index]) - distance]
      let bucket = code.code(word) >> shift & mask
      digits[index - range.lowerBound] = UInt16(truncatingIfNeeded: bucket)
      starts[Int(bucket) + 1] += 1
    }
    starts[0] = range.lowerBound
    for bucket in 0..<(1 << digit) { starts[bucket + 1] += starts[bucket] }
    var cursor = starts
    for index in range {
      let bucket = Int(digits[index - range.lowerBound])
      other[cursor[bucket] - range.lowerBound] = positions[index]
      cursor[bucket] += 1
    }
    positions.copy(0..<range.count, of: other, to: range.lowerBound)
    return starts
  }
}
