import Files
import Tokenization

/// The contexts and the n-grams of one block, counted.
///
/// Contexts stand in the order of their reversed histories, so that each follows the shorter one it
/// ends in (preorder); n-grams stand by their last word, then by context, so that each follows the
/// shorter n-gram it ends in. One scan of positions sorted so finds every distinct n-gram of every
/// order, its count, and the number of different words before it.
///
/// Most contexts of a text are seen once. Where a history is like no other, its longer contexts and
/// their one n-gram each follow from the position: they are not listed, but are the position's
/// *tail*.
struct BlockScan: ~Copyable {
  /// An n-gram of two words or more, and its counts.
  struct NGram: BitwiseCopyable {
    /// The code of its last word.
    var word: UInt32
    /// The context that the last word follows.
    var context: UInt32
    /// The n-gram one word shorter at the front; ``none`` for the shortest of the block.
    var parent: UInt32
    /// The number of times that it occurs.
    var occurrences: UInt32 = 0
    /// The number of different words before it.
    var predecessors: UInt32 = 0
  }

  /// The number of contexts.
  private(set) var contextCount = 0
  /// The context one word shorter; ``none`` for the shortest of the block.
  var contextParent = Buffer<UInt32>()
  /// The code of the context's first word.
  var contextWord = Buffer<UInt32>()
  /// The number of words of the context.
  var contextDepth = Buffer<UInt8>()

  /// The number of n-grams.
  private(set) var ngramCount = 0
  /// The n-grams.
  var ngrams = Buffer<NGram>()

  /// The number of positions that have a tail.
  private(set) var tailCount = 0
  /// Each tail's position in the block.
  private(set) var tailItem = Buffer<UInt32>()

  /// For each held-out position of the block, its longest n-gram.
  private(set) var heldOutNGrams: [UInt32] = []

  /// The number that means no context or no n-gram.
  static let none = UInt32.max

  /// The number of words of the shortest contexts of the block.
  private(set) var baseDepth = 1

  /// The shortest context of the block, number 0, goes on in other blocks.
  private(set) var sharesItsContext = false

  /// The frequent context that all contexts of the block end in; of a frequent context, the shorter
  /// one.
  private(set) var owner = HistoryBlock.none

  /// True if n-grams were removed.
  private(set) var isPruned = false
  /// The counts of the removed n-grams, if ``isPruned``.
  var pruned = PrunedCounts()

  static let lookAhead = 24

  var text = TrainingText(TrainingTextBuilder())
  let code: WordCode
  let beginSentence: UInt32
  let fieldBits: Int
  let maximumDepth: Int
  private let wantsTails: Bool
  private var hasTails = false
  var histories = RadixSorter<HistoryItem>()
  private var words = RadixSorter<WordItem>()
  var shared = Buffer<UInt8>()
  var depth = Buffer<UInt8>()
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

  /// The count that a method reads of n-gram `index`: occurrences at the highest order and where
  /// the n-gram begins with `<s>`, else `lowerOrderCounts`.
  @inline(__always)
  func count(_ index: Int, _ lowerOrderCounts: LowerOrderCounts) -> UInt32 {
    let ngram = ngrams[index]
    return count(ngram, depth: Int(contextDepth[Int(ngram.context)]), lowerOrderCounts)
  }

  /// The count that a method reads of `ngram`, whose context has `depth` words.
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
  mutating func scan(_ block: HistoryBlock, of blocks: HistoryBlocks) {
    text = blocks.text
    // A held-out position is no occurrence, so what is alone there was not seen once.
    hasTails = wantsTails && !text.hasHeldOut
    owner = block.owner
    isPruned = false
    let count = block.count
    let sharedDepth = Int(block.sharedDepth)
    baseDepth = max(1, sharedDepth)
    sharesItsContext = sharedDepth > 0
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
    sharesItsContext = false
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

  /// Keeps only the first contexts and n-grams, and no tail.
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
