/// The contexts of a text and how often each byte followed each of them.
///
/// A context is a string of at most ``maximumLength`` bytes; the bytes that followed it, with their
/// counts, are its *entries*. Contexts form a tree: the entry for byte *w* of context *s* leads to
/// the context *s w*, if anything ever followed that. So a reader that holds the contexts of all
/// lengths at one place of the text finds those of the next place by one access to each, and no
/// access waits for another.
///
/// Two flat arrays of 32-bit words that grow with need hold everything. A context takes four words:
///
///     0  the sum of the counts
///     1  the number of entries, of those with count 1, and of those with count 2: 9 bits each; and
///        a flag for contexts of the greatest length
///     2  one entry: the context that it leads to, or 0; several: the start of their list
///     3  the byte that was counted last
///
/// A context with several entries also has a *list*: a word for each entry (byte, and count from
/// bit 8 on), then a word for the context that each leads to, which contexts of the greatest length
/// lack. Lists have room for 2, 4, 8 … 256 entries; those grown out of are used again.
///
/// A context comes after the one that leads to it, and no other leads to it. The methods here
/// follow the words without a check, so ``read(_:contextCount:entryCount:)`` checks all words of a
/// file.
///
/// When another step might not find room, the tree is full for good: it adds no context and no
/// entry any more, and goes on counting those that it has.
struct ContextTree: ~Copyable {
  /// The index of an entry's word in the lists, or ``onlyEntry``, or ``noEntry``.
  typealias EntryIndex = Int

  /// The index of an entry that is its context's only one, which has no list.
  static let onlyEntry: EntryIndex = -1

  /// The index of an entry that does not exist.
  static let noEntry: EntryIndex = -2

  /// The greatest count; a context that reaches it halves all of its counts.
  static let maximumCount: UInt32 = 1 << 24 - 1

  /// The flag of a context of the greatest length: its entries lead to no context.
  static let longestFlag: UInt32 = 1 << 27

  /// The empty context, which every tree has.
  static let root: UInt32 = 0

  /// The number of bytes of the longest contexts.
  let maximumLength: Int

  /// The most words that a step takes: it adds a context and moves a list for each length.
  let wordsPerStep: Int

  /// The most words that the two arrays take.
  let maximumWordCount: Int

  /// The tree has no room left: counts go on, but nothing is added any more.
  var isFull = false

  /// The number of contexts.
  var contextCount = 1

  /// The number of words of lists, free ones among them.
  var listWordCount = 0

  /// The numbers of entries with count 1, 2, 3 and 4 of contexts of length *k*: at 4 *k* and after.
  let countsOfCounts: UncheckedBuffer<Int>

  /// The first free list of each size and length class, plus one; its first word has the next.
  let freeLists: UncheckedBuffer<UInt32>

  /// The words of the contexts.
  private(set) var contexts: UncheckedBuffer<UInt32>

  /// The words of the lists.
  private(set) var lists: UncheckedBuffer<UInt32>

  /// A tree that has seen nothing.
  init(maximumLength: Int, memoryByteCount: Int) {
    self.maximumLength = maximumLength
    wordsPerStep = (maximumLength + 1) * (4 + 512)
    // Indices of words are 32-bit numbers.
    maximumWordCount = min(memoryByteCount / 4, 1 << 32 - 1 << 16)
    countsOfCounts = UncheckedBuffer(zeroed: 4 * (maximumLength + 1))
    freeLists = UncheckedBuffer(zeroed: 18)
    contexts = UncheckedBuffer(zeroed: 1 << 14)
    lists = UncheckedBuffer(zeroed: max(1 << 14, wordsPerStep))
    if maximumLength == 0 { contexts[1] = Self.longestFlag }
  }

  /// The bytes of memory that contexts and lists take.
  var memoryByteCount: Int { 16 * contextCount + 4 * listWordCount }

  /// Makes sure that one step finds room, or that the tree is full.
  @inline(__always)
  mutating func makeRoomForStep() {
    if 4 * (contextCount + maximumLength + 1) > contexts.count
      || listWordCount + wordsPerStep > lists.count
      || 4 * contextCount + listWordCount + wordsPerStep > maximumWordCount
    {
      grow()
    }
  }

  private mutating func grow() {
    guard 4 * contextCount + listWordCount + wordsPerStep <= maximumWordCount else {
      isFull = true
      return
    }
    reserve(
      contextCount: contextCount + maximumLength + 1,
      wordCount: listWordCount + wordsPerStep
    )
  }

  /// Makes room for `contextCount` contexts and `wordCount` words of lists.
  mutating func reserve(contextCount: Int, wordCount: Int) {
    contexts.grow(to: 4 * contextCount)
    lists.grow(to: wordCount)
  }
}

// MARK: - Look-up

extension ContextTree {
  /// The total and the numbers of entries of a context.
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

  /// The index of the first of the four words of `context`.
  @inline(__always)
  static func head(_ context: UInt32) -> Int { 4 * Int(context) }

  /// The total and the numbers of entries of `context`.
  @inline(__always)
  func summary(_ context: UInt32) -> Summary {
    let head = Self.head(context)
    return Summary(total: contexts[head], packedTypes: contexts[head, 1])
  }

  /// The byte that was counted last in `context`.
  @inline(__always)
  func lastByte(_ context: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: contexts[Self.head(context), 3])
  }

  /// Asks for the memory of `context`.
  @inline(__always)
  func prefetch(_ context: UInt32) { contexts.prefetch(Self.head(context)) }

  /// Asks for the memory of the first entries of `context`.
  @inline(__always)
  func prefetchEntries(_ context: UInt32) {
    // With a single entry the word is a context: then this asks for something useless, or nothing.
    lists.prefetch(Int(contexts[Self.head(context), 2]))
  }

  /// The index and the count of the entry of `byte`; ``noEntry`` and 0 without one.
  @inline(__always)
  func find(_ byte: UInt8, in context: UInt32) -> (index: EntryIndex, count: UInt32) {
    let head = Self.head(context)
    let typeCount = Int(contexts[head, 1] & 511)
    if typeCount == 1 {
      return contexts[head, 3] == UInt32(byte)
        ? (Self.onlyEntry, contexts[head]) : (Self.noEntry, 0)
    }
    let start = Int(contexts[head, 2])
    let wanted = UInt32(byte)
    var index = start
    while index < start + typeCount {
      let entry = lists[index]
      if entry & 0xFF == wanted { return (index, entry >> 8) }
      index += 1
    }
    return (Self.noEntry, 0)
  }

  /// Hands the byte and the count of each entry of `context` to `body`.
  @inline(__always)
  func forEachEntry(_ context: UInt32, _ body: (UInt8, UInt32) -> Void) {
    let head = Self.head(context)
    let typeCount = Int(contexts[head, 1] & 511)
    if typeCount == 1 {
      body(UInt8(truncatingIfNeeded: contexts[head, 3]), contexts[head])
      return
    }
    let start = Int(contexts[head, 2])
    for index in start..<start + typeCount {
      let entry = lists[index]
      body(UInt8(truncatingIfNeeded: entry), entry >> 8)
    }
  }

  /// The context that the entry at `index` of `context` leads to, or 0.
  @inline(__always)
  func following(_ index: EntryIndex, of context: UInt32) -> UInt32 {
    let head = Self.head(context)
    if index == Self.onlyEntry { return contexts[head, 2] }
    return lists[index, Self.room(Int(contexts[head, 1] & 511))]
  }

  /// Makes the entry at `index` of `context` lead to the context `following`.
  @inline(__always)
  func setFollowing(_ index: EntryIndex, of context: UInt32, to following: UInt32) {
    let head = Self.head(context)
    if index == Self.onlyEntry {
      contexts[head, 2] = following
    } else {
      lists[index, Self.room(Int(contexts[head, 1] & 511))] = following
    }
  }

  /// The number of entries that a list for `typeCount` of them has room for; at least 2.
  @inline(__always)
  static func room(_ typeCount: Int) -> Int {
    1 << (Int.bitWidth - max(1, typeCount - 1).leadingZeroBitCount)
  }
}
