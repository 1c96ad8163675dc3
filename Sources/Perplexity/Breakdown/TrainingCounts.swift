import Files
import LanguageModels
import Records
import Synchronization
import Tokenization

/// The training counts of the n-grams of a test text.
///
/// The training text is read once. Only n-grams of the test text are counted, so memory does not
/// grow with the training text.
struct TrainingCounts: Sendable {
  /// The n-grams of the test text.
  let test: SharedNGrams

  /// The number of tokens of the training text, with `</s>` and without `<s>`.
  let tokenCount: Int

  /// The number of bytes of the training text.
  let byteCount: Int

  /// The records of the training text; nil for plain text.
  let records: RecordTally?

  private let counts: UnsynchronizedBuffer<UInt64>

  /// Counts `ngrams` in `text`; `progress` gets the number of bytes done.
  ///
  /// - Throws: `FileError`, `TextError`.
  init(
    _ ngrams: consuming NGramCosts,
    in text: TrainingSource,
    progress: (Int) -> Void
  ) throws {
    let test = SharedNGrams(ngrams)
    let size = test.ngrams.tree.count
    let idle = Mutex<[UnsynchronizedBuffer<UInt64>]>([])
    (byteCount, records) = try text.visit(order: test.ngrams.order, progress: progress) {
      tokens,
      new in
      let counts =
        idle.withLock { $0.popLast() } ?? UnsynchronizedBuffer(repeating: 0, count: size + 1)
      test.count(tokens, new, counts)
      idle.withLock { $0.append(counts) }
    }
    let all = idle.withLock { $0 }
    let sum = all.first ?? UnsynchronizedBuffer(repeating: 0, count: size + 1)
    for other in all.dropFirst() {
      for node in 0..<size + 1 { sum[node] &+= other[node] }
    }
    // Each n-gram also counts for its suffix, which the match passed over.
    for node in (0..<size).reversed() where node != NGramTree.root {
      sum[test.ngrams.tree.suffix(of: node)] &+= sum[node]
    }
    tokenCount = Int(clamping: sum[size])
    self.test = test
    counts = sum
  }

  /// The count of a node's n-gram.
  func count(_ node: Int) -> Int { Int(clamping: counts[node]) }
}

/// The n-grams of a test text, shared by threads.
final class SharedNGrams: Sendable {
  let ngrams: NGramCosts

  init(_ ngrams: consuming NGramCosts) { self.ngrams = ngrams }

  /// Counts the longest n-gram that ends in each token of `range`.
  ///
  /// The element after the nodes' counts gets the number of tokens other than `<s>`.
  func count(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    _ counts: UnsynchronizedBuffer<UInt64>
  ) {
    var match = NGramMatch(order: ngrams.order)
    match.skip(to: range.lowerBound, of: tokens, in: ngrams.tree)
    var tokenCount: UInt64 = 0
    for index in range {
      match.step(to: tokens[index], in: ngrams.tree)
      counts[match.node] &+= 1
      if tokens[index] != .beginSentence { tokenCount += 1 }
    }
    counts[ngrams.tree.count] &+= tokenCount
  }

  /// Counts the tokens of `range` that follow the wanted contexts.
  ///
  /// `nearest` has the longest wanted suffix of each node, or ``none``.
  func countFollowers(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    nearest: borrowing Buffer<UInt32>,
    into followers: inout FollowerCounts
  ) {
    var match = NGramMatch(order: ngrams.order)
    match.skip(to: range.lowerBound, of: tokens, in: ngrams.tree)
    for index in range {
      let token = tokens[index]
      if token != .beginSentence {
        var context = nearest[match.context(in: ngrams.tree)]
        while context != Self.none {
          followers.add(1, context: Int(context), token: UInt32(token.index))
          if context == NGramTree.root { break }
          context = nearest[ngrams.tree.suffix(of: Int(context))]
        }
      }
      match.step(to: token, in: ngrams.tree)
    }
  }

  /// The mark of a node without a wanted context.
  static let none = UInt32.max
}

/// The counts of tokens after contexts.
struct FollowerCounts: ~Copyable {
  /// The node of a context in the upper half, a token in the lower.
  private var keys = Buffer<UInt64>(repeating: 0, count: 1 << 12)
  /// The count of each slot; `0` marks an empty slot.
  private var counts = Buffer<UInt64>(repeating: 0, count: 1 << 12)
  private var used = 0

  /// Adds `count` to the count of `token` after `context`.
  @inline(__always)
  mutating func add(_ count: UInt64, context: Int, token: UInt32) {
    add(count, UInt64(context) << 32 | UInt64(token))
  }

  /// Adds the counts of `other`.
  mutating func add(_ other: borrowing FollowerCounts) {
    for slot in 0..<other.keys.count where other.counts[slot] > 0 {
      add(other.counts[slot], other.keys[slot])
    }
  }

  private mutating func add(_ count: UInt64, _ key: UInt64) {
    let slot = slot(key)
    if counts[slot] == 0 {
      keys[slot] = key
      used += 1
    }
    counts[slot] &+= count
    if used * 2 > keys.count { grow() }
  }

  @inline(__always)
  private func slot(_ key: UInt64) -> Int {
    let mask = keys.count - 1
    var slot =
      Int(truncatingIfNeeded: fold(key ^ 0x9e37_79b9_7f4a_7c15, 0xe703_7ed1_a0b4_28db)) & mask
    while counts[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    var larger = FollowerCounts(slotCount: keys.count * 2)
    for slot in 0..<keys.count where counts[slot] > 0 {
      let target = larger.slot(keys[slot])
      larger.keys[target] = keys[slot]
      larger.counts[target] = counts[slot]
    }
    larger.used = used
    self = larger
  }

  init() {}

  private init(slotCount: Int) {
    keys = Buffer(repeating: 0, count: slotCount)
    counts = Buffer(repeating: 0, count: slotCount)
  }

  /// The count of a token after a context.
  typealias Entry = (context: Int, token: UInt32, count: Int)

  /// All entries, by context and then by token.
  var sorted: [Entry] {
    (0..<keys.count).filter { counts[$0] > 0 }
      .map { (keys[$0], Int(clamping: counts[$0])) }
      .sorted { $0.0 < $1.0 }
      .map { (Int($0 >> 32), UInt32(truncatingIfNeeded: $0), $1) }
  }
}

/// The counter of one thread.
final class FollowerCounter: @unchecked Sendable {
  // One thread at a time uses it: it is taken from a list and put back.
  var counts = FollowerCounts()
}
