import Files
import Prefetch

/// The contexts of a text and how often each byte followed each of them.
///
/// A context is a string of at most ``maximumLength`` bytes; the bytes that followed it, with their
/// counts, are its *entries*. They form a tree: the entry for byte *w* of context *s* leads to the
/// context *s w*, if anything ever followed that. So whoever holds the contexts of all lengths that
/// end at one place finds those of the next place by one look into each, and the looks do not wait
/// for each other.
///
/// All is kept in two flat arrays of 32-bit words that grow with need. A context takes four words:
///
///     0  the sum of the counts
///     1  the number of entries, of those with count 1, and of those with count 2: 9 bits each; and
///        whether its length is the greatest
///     2  one entry: the context that it leads to, or 0; several: where their block begins
///     3  the byte that was counted last
///
/// and one with several entries a block: a word for each entry (byte, and count from bit 8 on), then
/// a word for the context that each leads to, which contexts of the greatest length lack. Blocks have
/// room for 2, 4, 8 … 256 entries; those grown out of are used again.
///
/// A context comes after the one that leads to it, and no other leads to it. This file and its
/// extensions follow what the words say without a check, so ``read(_:contextCount:entryCount:)``
/// checks all of a file's.
///
/// When another step might not find room, the tree is full for good: no context and no entry is added
/// any more, and those that are there go on counting.
struct ContextTree: ~Copyable {
  /// Where an entry is: in the context itself, or at this word of the blocks.
  typealias Place = Int

  /// The place of an entry that is its context's only one.
  static let inContext: Place = -1

  /// The place of an entry that is not there.
  static let nowhere: Place = -2

  /// The greatest count; a context that reaches it halves all of its counts.
  static let maximumCount: UInt32 = 1 << 24 - 1

  /// What marks a context of the greatest length: its entries lead nowhere.
  static let longestFlag: UInt32 = 1 << 27

  /// The context of no bytes, which is there from the start.
  static let root: UInt32 = 0

  /// The number of bytes of the longest contexts.
  let maximumLength: Int

  /// The words that a step may take at most: it adds a context and moves a block for each length.
  let wordsPerStep: Int

  /// What the two arrays may take.
  let maximumWordCount: Int

  /// Whether there is no room left: counts go on, but nothing is added any more.
  var isFull = false

  /// The number of contexts.
  var contextCount = 1

  /// The number of words of blocks, free ones among them.
  var blockWordCount = 0

  /// How many entries of contexts of length *k* have count 1, 2, 3 and 4: at 4 *k* and after.
  let countsOfCounts: UnsafeMutablePointer<Int>

  /// The first free block for each size and length class, plus one; its first word has the next.
  let freeBlocks: UnsafeMutablePointer<UInt32>

  private var contextStore: Buffer<UInt32>
  private var blockStore: Buffer<UInt32>

  /// The words of the contexts.
  private(set) var contexts: UnsafeMutablePointer<UInt32>

  /// The words of the blocks.
  private(set) var blocks: UnsafeMutablePointer<UInt32>

  /// A tree that has seen nothing.
  init(maximumLength: Int, memoryByteCount: Int) {
    self.maximumLength = maximumLength
    wordsPerStep = (maximumLength + 1) * (4 + 512)
    // Places of words are 32-bit numbers.
    maximumWordCount = min(memoryByteCount / 4, 1 << 32 - 1 << 16)
    let counts = 4 * (maximumLength + 1)
    countsOfCounts = .allocate(capacity: counts)
    countsOfCounts.initialize(repeating: 0, count: counts)
    freeBlocks = .allocate(capacity: 18)
    freeBlocks.initialize(repeating: 0, count: 18)
    contextStore = Buffer(count: 1 << 14)
    blockStore = Buffer(count: max(1 << 14, wordsPerStep))
    contexts = UnsafeMutablePointer(mutating: contextStore.baseAddress)
    blocks = UnsafeMutablePointer(mutating: blockStore.baseAddress)
    contexts.update(repeating: 0, count: 4)
    if maximumLength == 0 { contexts[1] = Self.longestFlag }
  }

  deinit {
    countsOfCounts.deallocate()
    freeBlocks.deallocate()
  }

  /// The bytes of memory that contexts and blocks take.
  var memoryByteCount: Int { 16 * contextCount + 4 * blockWordCount }

  /// Makes sure that one step finds room, or that the tree is full.
  @inline(__always)
  mutating func makeRoomForStep() {
    // A search may look at four words from the last entry on.
    if 4 * (contextCount + maximumLength + 1) > contextStore.count
      || blockWordCount + wordsPerStep + 4 > blockStore.count
      || 4 * contextCount + blockWordCount + wordsPerStep > maximumWordCount
    {
      grow()
    }
  }

  private mutating func grow() {
    guard 4 * contextCount + blockWordCount + wordsPerStep <= maximumWordCount else {
      isFull = true
      return
    }
    reserve(
      contextCount: contextCount + maximumLength + 1,
      wordCount: blockWordCount + wordsPerStep
    )
  }

  /// Makes room for so many contexts, and words of blocks.
  mutating func reserve(contextCount: Int, wordCount: Int) {
    contextStore.grow(to: 4 * contextCount)
    blockStore.grow(to: wordCount + 4)
    contexts = UnsafeMutablePointer(mutating: contextStore.baseAddress)
    blocks = UnsafeMutablePointer(mutating: blockStore.baseAddress)
  }
}

// MARK: - Looking

extension ContextTree {
  /// What a context has, but for its entries.
  struct Summary {
    /// The sum of its counts.
    var total: UInt32
    /// The number of entries, of those with count 1, and of those with count 2: 9 bits each.
    var packedTypes: UInt32
    /// The number of entries.
    @inline(__always) var typeCount: Int { Int(packedTypes & 511) }
    /// The number of entries with count 1.
    @inline(__always) var onceCount: Int { Int(packedTypes >> 9 & 511) }
    /// The number of entries with count 2.
    @inline(__always) var twiceCount: Int { Int(packedTypes >> 18 & 511) }
  }

  /// What `context` has, but for its entries.
  @inline(__always)
  func summary(_ context: UInt32) -> Summary {
    let words = contexts + 4 * Int(context)
    return Summary(total: words[0], packedTypes: words[1])
  }

  /// The byte that was counted last in `context`.
  @inline(__always)
  func lastByte(_ context: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: contexts[4 * Int(context) + 3])
  }

  /// Asks for the memory of `context`.
  @inline(__always)
  func prefetch(_ context: UInt32) { prefetch_line(contexts + 4 * Int(context)) }

  /// Asks for the memory of the first entries of `context`.
  @inline(__always)
  func prefetchEntries(_ context: UInt32) {
    let words = contexts + 4 * Int(context)
    // With a single entry the word is a context: then this asks for something useless, or nothing.
    prefetch_line(blocks + Int(words[2]))
  }

  /// Where the entry of `byte` is, and its count; ``nowhere`` and 0 if there is none.
  @inline(__always)
  func find(_ byte: UInt8, in context: UInt32) -> (place: Place, count: UInt32) {
    let words = contexts + 4 * Int(context)
    let typeCount = Int(words[1] & 511)
    if typeCount == 1 {
      return words[3] == UInt32(byte) ? (Self.inContext, words[0]) : (Self.nowhere, 0)
    }
    let start = Int(words[2])
    let wanted = UInt32(byte)
    var place = start
    while place < start + typeCount {
      let entry = blocks[place]
      if entry & 0xFF == wanted { return (place, entry >> 8) }
      place += 1
    }
    return (Self.nowhere, 0)
  }

  /// Hands the byte and the count of each entry of `context` to `body`.
  @inline(__always)
  func forEachEntry(_ context: UInt32, _ body: (UInt8, UInt32) -> Void) {
    let words = contexts + 4 * Int(context)
    let typeCount = Int(words[1] & 511)
    if typeCount == 1 {
      body(UInt8(truncatingIfNeeded: words[3]), words[0])
      return
    }
    let start = Int(words[2])
    for place in start..<start + typeCount {
      let entry = blocks[place]
      body(UInt8(truncatingIfNeeded: entry), entry >> 8)
    }
  }

  /// The context that the entry at `place` of `context` leads to, or 0.
  @inline(__always)
  func following(_ place: Place, of context: UInt32) -> UInt32 {
    let words = contexts + 4 * Int(context)
    if place == Self.inContext { return words[2] }
    return blocks[place + Self.room(Int(words[1] & 511))]
  }

  /// Makes the entry at `place` of `context` lead to the context `following`.
  @inline(__always)
  func setFollowing(_ place: Place, of context: UInt32, to following: UInt32) {
    let words = contexts + 4 * Int(context)
    if place == Self.inContext {
      words[2] = following
    } else {
      blocks[place + Self.room(Int(words[1] & 511))] = following
    }
  }

  /// The number of entries that a block for `typeCount` of them has room for; at least 2.
  @inline(__always)
  static func room(_ typeCount: Int) -> Int {
    1 << (Int.bitWidth - max(1, typeCount - 1).leadingZeroBitCount)
  }
}
