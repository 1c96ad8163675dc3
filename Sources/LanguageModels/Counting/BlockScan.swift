import Files
import Tokenization

/// The contexts and the n-grams of one block, counted.
///
/// Contexts stand in the order of their reversed histories, so that each follows the shorter one it
/// ends in (preorder); n-grams stand by their last word, then by context, so that each follows the
/// shorter n-gram it ends in. One scan of positions sorted so finds every distinct n-gram of every
/// order, its count, and the number of different words before it.
///
/// Most contexts of a text are seen once. From where a history is like no other, all is known of
/// the longer contexts and of their one n-gram each: they are not listed, but left as the *tail* of
/// the position.
struct BlockScan: ~Copyable {
  /// An n-gram of two words or more, and its counts.
  struct NGram: BitwiseCopyable {
    /// The code of its last word.
    var word: UInt32
    /// The context that the last word follows.
    var context: UInt32
    /// The n-gram one word shorter at the front; ``none`` for the shortest of the block.
    var parent: UInt32
    /// How often it occurs.
    var occurrences: UInt32 = 0
    /// How many different words precede it.
    var predecessors: UInt32 = 0
  }

  /// The number of contexts.
  private(set) var contextCount = 0
  /// The context one word shorter; ``none`` for the shortest of the block.
  private(set) var contextParent = Buffer<UInt32>()
  /// The code of the context's first word.
  private(set) var contextWord = Buffer<UInt32>()
  /// The number of words of the context.
  private(set) var contextDepth = Buffer<UInt8>()

  /// The number of n-grams.
  private(set) var ngramCount = 0
  /// The n-grams.
  private(set) var ngrams = Buffer<NGram>()

  /// The number of positions that have a tail.
  private(set) var tailCount = 0
  /// Each tail's position in the block.
  private(set) var tailItem = Buffer<UInt32>()

  /// For each held-out position of the block, its longest n-gram.
  private(set) var heldOutNGrams: [UInt32] = []

  /// Stands for no context and no n-gram.
  static let none = UInt32.max

  /// The number of words of the shortest contexts of the block.
  private(set) var baseDepth = 1

  /// Whether the shortest context of the block goes on in other blocks.
  private(set) var isPart = false

  /// The frequent context that all contexts of the block end in; of a frequent context, the shorter
  /// one.
  private(set) var owner = ContextBlock.none

  /// Whether n-grams were taken out.
  private(set) var isPruned = false
  /// What those had, once ``isPruned``.
  var pruned = PrunedCounts()

  private static let lookAhead = 24

  private var text = TrainingText(TrainingTextBuilder())
  let code: WordCode
  private let beginSentence: UInt32
  private let fieldBits: Int
  private let maximumDepth: Int
  private let wantsTails: Bool
  private var hasTails = false
  private var histories = RadixSorter<HistoryItem>()
  private var words = RadixSorter<WordItem>()
  private var shared = Buffer<UInt8>()
  private var depth = Buffer<UInt8>()
  private var deepest = Buffer<UInt32>()
  private var longest = Buffer<UInt32>()

  /// A scanner for n-grams up to `order`, used for one block after the other; `hasTails` where
  /// contexts seen once are not to be listed.
  init(order: Int, code: WordCode, hasTails: Bool) {
    self.code = code
    maximumDepth = order - 1
    wantsTails = hasTails
    beginSentence = code.code(TokenID.beginSentence.rawValue)
    // A field holds a word's code, zero stands for "before the sentence".
    fieldBits = code.bitCount
  }

  /// What a method counts for n-gram `index`: occurrences at the highest order and where the n-gram
  /// begins with `<s>`, else as `lowerOrderCounts` says.
  @inline(__always)
  func count(_ index: Int, _ lowerOrderCounts: LowerOrderCounts) -> UInt32 {
    let ngram = ngrams[index]
    return count(ngram, depth: Int(contextDepth[Int(ngram.context)]), lowerOrderCounts)
  }

  /// What a method counts for `ngram`, whose context has `depth` words.
  @inline(__always)
  func count(_ ngram: NGram, depth: Int, _ lowerOrderCounts: LowerOrderCounts) -> UInt32 {
    let isWhole =
      lowerOrderCounts == .occurrences || depth == maximumDepth
      || contextWord[Int(ngram.context)] == beginSentence
    return isWhole ? ngram.occurrences : ngram.predecessors
  }

  /// The order of n-gram `index`.
  @inline(__always)
  func order(_ index: Int) -> Int { Int(contextDepth[Int(ngrams[index].context)]) + 1 }

  /// Counts `block` of `blocks`.
  mutating func scan(_ block: ContextBlock, of blocks: ContextBlocks) {
    text = blocks.text
    // A held-out position is no occurrence, so what is alone there was not seen once.
    hasTails = wantsTails && !text.hasHeldOut
    owner = block.owner
    isPruned = false
    let count = block.count
    let sharedDepth = Int(block.sharedDepth)
    baseDepth = max(1, sharedDepth)
    isPart = sharedDepth > 0
    histories.reserve(count)
    words.reserve(count)
    shared.grow(to: count)
    depth.grow(to: count)
    deepest.grow(to: count)
    longest.grow(to: count)
    tailItem.grow(to: count)
    if blocks.keepsOrder && count > 0 && blocks.kept(block, 0).depth > 0 {
      takeHistories(block, of: blocks)
    } else {
      sortHistories(block, of: blocks)
      if blocks.keepsOrder { keepHistories(block, in: blocks) }
    }
    numberContexts(count)
    words.sort(0..<count, bitCount: code.bitCount)
    numberNGrams(count)
  }

  /// Takes a frequent context and the n-grams that follow it, counted elsewhere, as the only ones.
  mutating func load(_ context: FrequentContext, _ list: FrequentNGrams.List) {
    baseDepth = Int(context.depth)
    isPart = false
    owner = context.parent
    isPruned = false
    tailCount = 0
    contextCount = 1
    reserveContexts(1)
    contextParent[0] = Self.none
    contextWord[0] = context.word
    contextDepth[0] = UInt8(truncatingIfNeeded: context.depth)
    ngramCount = list.count
    ngrams.grow(to: ngramCount)
    for index in 0..<ngramCount {
      ngrams[index] = NGram(
        word: list.word(index),
        context: 0,
        parent: Self.none,
        occurrences: list.occurrences(index),
        predecessors: list.predecessors(index)
      )
    }
  }

  /// Takes note that only the first contexts and n-grams stay, and no tail.
  mutating func shorten(contexts: Int, ngrams: Int) {
    contextCount = contexts
    ngramCount = ngrams
    tailCount = 0
    isPruned = true
  }

  // MARK: Tails

  /// The number of words of the shortest context of the tail `index`.
  @inline(__always)
  func tailDepth(_ index: Int) -> Int {
    Int(contextDepth[Int(deepest[Int(tailItem[index])])]) + 1
  }

  /// The number of words of the longest context of the tail `index`.
  @inline(__always)
  func tailEnd(_ index: Int) -> Int { Int(depth[Int(tailItem[index])]) }

  /// The context that the tail `index` makes longer.
  @inline(__always)
  func tailContext(_ index: Int) -> UInt32 { deepest[Int(tailItem[index])] }

  /// The n-gram of that context and the tail's last word.
  @inline(__always)
  func tailNGram(_ index: Int) -> UInt32 { longest[Int(tailItem[index])] }

  /// The code of the word at `distance` before the last word of the tail `index`.
  @inline(__always)
  func tailWord(_ index: Int, distance: Int) -> UInt32 {
    code.code(text.tokens[Int(histories.items[Int(tailItem[index])].position) - distance])
  }

  // MARK: Histories

  /// Keeps what ``sortHistories(_:of:)`` found for the next scan.
  private func keepHistories(_ block: ContextBlock, in blocks: ContextBlocks) {
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

  /// Takes what was kept of an earlier scan.
  private func takeHistories(_ block: ContextBlock, of blocks: ContextBlocks) {
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
      (depth[index], shared[index]) = blocks.kept(block, index)
    }
  }

  /// Sorts the positions by reversed history, and leaves for each how many words of it there are
  /// (`depth`) and how many it shares with the position before (`shared`).
  private mutating func sortHistories(_ block: ContextBlock, of blocks: ContextBlocks) {
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
      // Histories lie all over the text: each is asked for some turns ahead.
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
            refine(start..<end, covered, fieldCount)
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
  private mutating func refine(_ range: Range<Int>, _ covered: Int, _ fieldCount: Int) {
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
    tailCount = 0
    // A context has at most as many new ones as the history has words.
    reserveContexts(count * maximumDepth)
    var stack = InlineArray<17, UInt32>(repeating: Self.none)
    for index in 0..<count {
      let item = histories.items[index]
      let end = Int(depth[index])
      var level = Int(shared[index])
      var limit = end
      if hasTails {
        let next = index + 1 < count ? Int(shared[index + 1]) : 0
        limit = min(end, max(level, next, baseDepth))
        if limit < end {
          tailItem[tailCount] = UInt32(truncatingIfNeeded: index)
          tailCount += 1
        }
      }
      while level < limit {
        let word = code.code(text.tokens[Int(item.position) - level - 1])
        contextParent[contextCount] = level < baseDepth ? Self.none : stack[level]
        contextWord[contextCount] = word
        level += 1
        contextDepth[contextCount] = UInt8(truncatingIfNeeded: level)
        stack[level] = UInt32(truncatingIfNeeded: contextCount)
        contextCount += 1
      }
      deepest[index] = stack[limit]
      words.items[index] = WordItem(word: item.word, index: UInt32(truncatingIfNeeded: index))
    }
  }

  private mutating func numberNGrams(_ count: Int) {
    ngramCount = 0
    heldOutNGrams.removeAll(keepingCapacity: true)
    let hasHeldOut = text.hasHeldOut
    var contexts = InlineArray<17, UInt32>(repeating: Self.none)
    var path = InlineArray<17, UInt32>(repeating: Self.none)
    var chain = InlineArray<17, UInt32>(repeating: 0)
    var previousWord = Self.none
    var previousDepth = 0
    let base = baseDepth - 1
    for position in 0..<count {
      let item = words.items[position]
      let index = Int(item.index)
      let deepest = deepest[index]
      let end = Int(contextDepth[Int(deepest)])
      let common = item.word == previousWord ? previousDepth : base
      var context = deepest
      var level = end
      while level > base {
        if level <= common && contexts[level] == context { break }
        chain[level] = context
        context = contextParent[Int(context)]
        level -= 1
      }
      if level < end { ngrams.grow(to: ngramCount + end - level) }
      while level < end {
        let parent = level == base ? Self.none : path[level]
        level += 1
        contexts[level] = chain[level]
        path[level] = UInt32(truncatingIfNeeded: ngramCount)
        ngrams[ngramCount] = NGram(word: item.word, context: chain[level], parent: parent)
        if parent != Self.none { ngrams[Int(parent)].predecessors += 1 }
        ngramCount += 1
      }
      let longest = path[end]
      self.longest[index] = longest
      if end < Int(depth[index]) { ngrams[Int(longest)].predecessors += 1 }
      let isHeldOut =
        hasHeldOut && text.weight(Int(histories.items[index].position)) == 0
      if isHeldOut {
        heldOutNGrams.append(longest)
      } else {
        ngrams[Int(longest)].occurrences += 1
      }
      previousWord = item.word
      previousDepth = end
    }
    // A shorter n-gram occurs wherever a longer one does; parents stand before their children.
    for index in stride(from: ngramCount - 1, through: 0, by: -1) {
      let ngram = ngrams[index]
      if ngram.parent != Self.none { ngrams[Int(ngram.parent)].occurrences += ngram.occurrences }
    }
  }

  private mutating func reserveContexts(_ count: Int) {
    guard count > contextParent.count else { return }
    contextParent.grow(to: count)
    contextWord.grow(to: contextParent.count)
    contextDepth.grow(to: contextParent.count)
  }
}
