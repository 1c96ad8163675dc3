import Files
import Tokenization

/// The contexts and the n-grams of one group, counted.
///
/// Contexts stand in the order of their reversed histories, so that each follows the shorter one it
/// ends in (preorder); n-grams stand by their last word, then by context, so that each follows the
/// shorter n-gram it ends in. One scan of positions sorted so finds every distinct n-gram of every
/// order, its count, and the number of different words before it.
struct GroupScan: ~Copyable {
  /// The number of contexts.
  private(set) var contextCount = 0
  /// The context one word shorter; ``none`` for those of one word.
  private(set) var contextParent = Buffer<UInt32>()
  /// The code of the context's first word.
  private(set) var contextWord = Buffer<UInt32>()
  /// The number of words of the context.
  private(set) var contextDepth = Buffer<UInt8>()

  /// The number of n-grams of order 2 and up.
  private(set) var ngramCount = 0
  /// The code of the n-gram's last word.
  private(set) var ngramWord = Buffer<UInt32>()
  /// The context that the last word follows.
  private(set) var ngramContext = Buffer<UInt32>()
  /// The n-gram one word shorter at the front; ``none`` for bigrams.
  private(set) var ngramParent = Buffer<UInt32>()
  /// How often the n-gram occurs.
  private(set) var ngramOccurrences = Buffer<UInt32>()
  /// How many different words precede the n-gram.
  private(set) var ngramPredecessors = Buffer<UInt32>()

  /// For each held-out position of the group, its longest n-gram.
  private(set) var heldOutNGrams: [UInt32] = []

  /// Stands for no context and no n-gram.
  static let none = UInt32.max

  /// The codes that words are sorted by; regions are searched by them.
  let code: WordCode

  private let groups: ContextGroups
  private let beginSentence: UInt32
  private let fieldBits: Int
  private let maximumDepth: Int
  private var histories = RadixSorter<HistoryItem>()
  private var words = RadixSorter<WordItem>()
  private var shared = Buffer<UInt8>()
  private var depth = Buffer<UInt8>()

  /// A scanner for groups of `groups`; it is used again for one after the other.
  init(_ groups: ContextGroups) {
    self.groups = groups
    maximumDepth = groups.order - 1
    code = WordCode(vocabularySize: groups.vocabularySize)
    beginSentence = code.code(TokenID.beginSentence.rawValue)
    // A field holds a word's code, zero stands for "before the sentence".
    fieldBits = code.bitCount
  }

  /// What a method counts for n-gram `index`: occurrences at the highest order and where the n-gram
  /// begins with `<s>`, else as `lowerOrderCounts` says.
  @inline(__always)
  func count(_ index: Int, _ lowerOrderCounts: LowerOrderCounts) -> UInt32 {
    if lowerOrderCounts == .occurrences { return ngramOccurrences[index] }
    let context = Int(ngramContext[index])
    let isWhole =
      Int(contextDepth[context]) == maximumDepth
      || contextWord[context] == beginSentence
    return isWhole ? ngramOccurrences[index] : ngramPredecessors[index]
  }

  /// The order of n-gram `index`.
  @inline(__always)
  func order(_ index: Int) -> Int { Int(contextDepth[Int(ngramContext[index])]) + 1 }

  /// Counts `group`.
  mutating func scan(_ group: Int) {
    let count = groups.positionCount(group)
    histories.reserve(count)
    words.reserve(count)
    shared.grow(to: count)
    depth.grow(to: count)
    sortHistories(group, count)
    numberContexts(count)
    words.sort(0..<count, bitCount: code.bitCount)
    numberNGrams(count)
  }

  // MARK: Histories

  /// Sorts the positions by reversed history, and leaves for each how many words of it there are
  /// (`depth`) and how many it shares with the position before (`shared`).
  private mutating func sortHistories(_ group: Int, _ count: Int) {
    let firstWord = groups.words(group).lowerBound
    let wordCount = groups.words(group).count
    let wordBits =
      wordCount <= 1
      ? 0
      : UInt64(wordCount - 1).bitWidth
        - UInt64(wordCount - 1).leadingZeroBitCount
    let fieldCount = min(maximumDepth - 1, (64 - wordBits) / fieldBits)
    let text = groups.text
    for index in 0..<count {
      let position = groups.position(group, index)
      let last = text.tokens[position - 1]
      let key = fields(
        position: position,
        from: 2,
        count: fieldCount,
        isEnded: last == TokenID.beginSentence.rawValue,
        onto: UInt64(Int(last) - firstWord)
      )
      histories.items[index] = HistoryItem(
        radixKey: key,
        position: UInt32(position),
        word: code.code(text.tokens[position])
      )
    }
    histories.sort(0..<count, bitCount: wordBits + fieldCount * fieldBits)
    measure(0..<count, covered: 1, fieldCount: fieldCount)
    if count > 0 { shared[0] = 0 }

    var covered = 1 + fieldCount
    while covered < maximumDepth {
      let fieldCount = min(maximumDepth - covered, 64 / fieldBits)
      var start = 0
      while start < count {
        var end = start + 1
        while end < count && Int(shared[end]) >= covered { end += 1 }
        if Int(depth[start]) == covered { refine(start..<end, covered, fieldCount) }
        start = end
      }
      covered += fieldCount
    }
  }

  /// Sorts positions that share `covered` words by the `fieldCount` words before those.
  private mutating func refine(_ range: Range<Int>, _ covered: Int, _ fieldCount: Int) {
    let text = groups.text
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
      let word = groups.text.tokens[position - distance]
      key |= UInt64(code.code(word))
      isEnded = word == TokenID.beginSentence.rawValue
    }
    return key
  }

  /// Reads `depth` and `shared` off the sorted keys of `range`, whose last `fieldCount` fields are
  /// the words after the first `covered`.
  private func measure(_ range: Range<Int>, covered: Int, fieldCount: Int) {
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

  // MARK: Contexts and n-grams

  private mutating func numberContexts(_ count: Int) {
    contextCount = 0
    var stack = InlineArray<17, UInt32>(repeating: Self.none)
    for index in 0..<count {
      let item = histories.items[index]
      let end = Int(depth[index])
      var level = Int(shared[index])
      if level < end {
        reserveContexts(contextCount + end - level)
        while level < end {
          let word = code.code(groups.text.tokens[Int(item.position) - level - 1])
          contextParent[contextCount] = level == 0 ? Self.none : stack[level]
          contextWord[contextCount] = word
          level += 1
          contextDepth[contextCount] = UInt8(truncatingIfNeeded: level)
          stack[level] = UInt32(truncatingIfNeeded: contextCount)
          contextCount += 1
        }
      }
      // The highest bit carries whether the position is held out, so that it survives the sort.
      let isHeldOut = groups.text.weight(Int(item.position)) == 0
      words.items[index] = WordItem(
        word: item.word,
        context: stack[end] | (isHeldOut ? Self.heldOutBit : 0)
      )
    }
  }

  private static let heldOutBit: UInt32 = 0x8000_0000

  private mutating func numberNGrams(_ count: Int) {
    ngramCount = 0
    heldOutNGrams.removeAll(keepingCapacity: true)
    var contexts = InlineArray<17, UInt32>(repeating: Self.none)
    var ngrams = InlineArray<17, UInt32>(repeating: Self.none)
    var chain = InlineArray<17, UInt32>(repeating: 0)
    var previousWord = Self.none
    var previousDepth = 0
    for index in 0..<count {
      let item = words.items[index]
      let isHeldOut = item.context & Self.heldOutBit != 0
      let deepest = item.context & ~Self.heldOutBit
      let end = Int(contextDepth[Int(deepest)])
      let common = item.word == previousWord ? previousDepth : 0
      var context = deepest
      var level = end
      while level > 0 {
        if level <= common && contexts[level] == context { break }
        chain[level] = context
        context = contextParent[Int(context)]
        level -= 1
      }
      if level < end { reserveNGrams(ngramCount + end - level) }
      while level < end {
        let parent = level == 0 ? Self.none : ngrams[level]
        level += 1
        contexts[level] = chain[level]
        ngrams[level] = UInt32(truncatingIfNeeded: ngramCount)
        ngramWord[ngramCount] = item.word
        ngramContext[ngramCount] = chain[level]
        ngramParent[ngramCount] = parent
        ngramOccurrences[ngramCount] = 0
        ngramPredecessors[ngramCount] = 0
        if parent != Self.none { ngramPredecessors[Int(parent)] += 1 }
        ngramCount += 1
      }
      let longest = ngrams[end]
      if isHeldOut {
        heldOutNGrams.append(longest)
      } else {
        ngramOccurrences[Int(longest)] += 1
      }
      previousWord = item.word
      previousDepth = end
    }
    // A shorter n-gram occurs wherever a longer one does; parents stand before their children.
    for index in stride(from: ngramCount - 1, through: 0, by: -1) {
      let parent = ngramParent[index]
      if parent != Self.none { ngramOccurrences[Int(parent)] += ngramOccurrences[index] }
    }
  }

  private mutating func reserveContexts(_ count: Int) {
    guard count > contextParent.count else { return }
    contextParent.grow(to: count)
    contextWord.grow(to: contextParent.count)
    contextDepth.grow(to: contextParent.count)
  }

  private mutating func reserveNGrams(_ count: Int) {
    guard count > ngramWord.count else { return }
    ngramWord.grow(to: count)
    ngramContext.grow(to: ngramWord.count)
    ngramParent.grow(to: ngramWord.count)
    ngramOccurrences.grow(to: ngramWord.count)
    ngramPredecessors.grow(to: ngramWord.count)
  }
}
