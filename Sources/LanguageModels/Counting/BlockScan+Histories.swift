import Files
import Tokenization

/// The histories of a block's positions, in the order of their words from the last to the first.
extension BlockScan {
  /// Keeps the result of ``sortHistories(_:of:)`` for the next scan.
  func keepHistories(_ block: HistoryBlock, in blocks: HistoryBlocks) {
    for index in 0..<block.count {
      blocks.keep(
        histories.items[index].position,
        at: index,
        of: block,
        depth: depth[index],
        shared: shared[index]
      )
    }
  }

  /// Takes the result that an earlier scan kept.
  mutating func takeHistories(_ block: HistoryBlock, of blocks: HistoryBlocks) {
    let text = blocks.text
    for index in 0..<block.count {
      if index + Self.lookAhead < block.count {
        text.tokens.prefetch(blocks.position(block, index + Self.lookAhead) - 1)
      }
      let position = blocks.position(block, index)
      histories.items[index] = HistoryItem(
        radixKey: 0,
        position: UInt32(truncatingIfNeeded: position),
        word: code.code(text.tokens[position])
      )
      let kept = blocks.kept(block, index)
      depth[index] = kept.depth
      shared[index] = kept.shared
    }
  }

  /// Sorts the positions by reversed history, and leaves for each how many words of it there are
  /// (`depth`) and how many it shares with the position before (`shared`).
  mutating func sortHistories(_ block: HistoryBlock, of blocks: HistoryBlocks) {
    let count = block.count
    let sharedDepth = Int(block.sharedDepth)
    let text = blocks.text
    let words = blocks.groups.words(Int(block.group))
    let firstWord = words.lowerBound
    let wordBits =
      sharedDepth > 0 || words.count <= 1
      ? 0 : UInt64.bitWidth - UInt64(words.count - 1).leadingZeroBitCount
    // The last word is known or in the key by itself.
    let known = max(1, sharedDepth)
    let fieldCount = min(maximumDepth - known, (UInt64.bitWidth - wordBits) / fieldBits)
    for index in 0..<count {
      // Histories lie all over the text: each is prefetched some turns ahead.
      if index + Self.lookAhead < count {
        text.tokens.prefetch(blocks.position(block, index + Self.lookAhead) - 1)
      }
      let position = blocks.position(block, index)
      let first = text.tokens[position - known]
      let key = fields(
        position: position,
        from: known + 1,
        count: fieldCount,
        isEnded: first == TokenID.beginSentence.rawValue,
        onto: sharedDepth > 0 ? 0 : UInt64(Int(first) - firstWord)
      )
      histories.items[index] = HistoryItem(
        radixKey: key,
        position: UInt32(truncatingIfNeeded: position),
        word: code.code(text.tokens[position])
      )
    }
    histories.sort(0..<count, bitCount: wordBits + fieldCount * fieldBits)
    measure(0..<count, covered: known, fieldCount: fieldCount)
    if count > 0 { shared[0] = UInt8(truncatingIfNeeded: known - 1) }

    var covered = known + fieldCount
    while covered < maximumDepth {
      let fieldCount = min(maximumDepth - covered, UInt64.bitWidth / fieldBits)
      var start = 0
      while start < count {
        var end = start + 1
        while end < count && Int(shared[end]) >= covered { end += 1 }
        if Int(depth[start]) == covered {
          if end == start + 1 {
            depth[start] = fullDepth(Int(histories.items[start].position), from: covered)
          } else {
            refine(start..<end, covered: covered, fieldCount: fieldCount)
          }
        }
        start = end
      }
      covered += fieldCount
    }
  }

  /// The number of words of the history of `position`, of which the first `depth` are known.
  @inline(__always)
  private func fullDepth(_ position: Int, from depth: Int) -> UInt8 {
    var depth = depth
    while depth < maximumDepth
      && text.tokens[position - depth] != TokenID.beginSentence.rawValue
    {
      depth += 1
    }
    return UInt8(truncatingIfNeeded: depth)
  }

  /// Sorts positions that share `covered` words by the `fieldCount` words before those.
  private mutating func refine(_ range: Range<Int>, covered: Int, fieldCount: Int) {
    for index in range {
      let position = Int(histories.items[index].position)
      histories.items[index].radixKey = fields(
        position: position,
        from: covered + 1,
        count: fieldCount,
        isEnded: text.tokens[position - covered] == TokenID.beginSentence.rawValue,
        onto: 0
      )
    }
    histories.sort(range, bitCount: fieldCount * fieldBits)
    let before = shared[range.lowerBound]
    measure(range, covered: covered, fieldCount: fieldCount)
    shared[range.lowerBound] = before
  }

  /// Packs the words at distances `from` and on before `position` behind `key`.
  @inline(__always)
  private func fields(
    position: Int,
    from: Int,
    count: Int,
    isEnded: Bool,
    onto key: UInt64
  ) -> UInt64 {
    var key = key
    var isEnded = isEnded
    for distance in from..<(from + count) {
      key <<= UInt64(fieldBits)
      if isEnded { continue }
      let word = text.tokens[position - distance]
      key |= UInt64(code.code(word))
      isEnded = word == TokenID.beginSentence.rawValue
    }
    return key
  }

  /// Reads `depth` and `shared` off the sorted keys of `range`, whose last `fieldCount` fields are
  /// the words after the first `covered`.
  private mutating func measure(_ range: Range<Int>, covered: Int, fieldCount: Int) {
    let bits = fieldCount * fieldBits
    let mask: UInt64 = bits >= 64 ? .max : (1 << UInt64(bits)) - 1
    var previous: UInt64 = 0
    for index in range {
      let key = histories.items[index].radixKey
      let low = key & mask
      depth[index] = UInt8(
        truncatingIfNeeded: low == 0
          ? covered : covered + fieldCount - low.trailingZeroBitCount / fieldBits
      )
      let difference = key ^ previous
      if difference == 0 {
        shared[index] = depth[index]
      } else {
        let highest = 63 - difference.leadingZeroBitCount
        shared[index] =
          highest >= bits
          ? 0 : UInt8(truncatingIfNeeded: covered + (bits - 1 - highest) / fieldBits)
      }
      previous = key
    }
  }
}
