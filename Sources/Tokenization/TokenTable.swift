import Files
import Prefetch

/// The tokens of a growing vocabulary in memory, numbered from 0 in the order in which they came.
///
/// A slot of the hash table has the first eight bytes of its token beside the number, so a token of
/// at most eight bytes, as most are, is found without a look at its spelling. Many tokens together
/// are numbered in two steps, hashes first and then look-ups, so that the memory of a hundred slots
/// is fetched at the same time.
struct TokenTable: ~Copyable, Sendable {
  /// What a closed or full table gives for a token that it lacks.
  static let none = UInt32.max

  /// How many tokens are looked up together.
  static let groupCount = 128

  /// What is kept of a token in the table, and what is sought there.
  struct Slot: BitwiseCopyable {
    /// The first eight bytes, zeros after the end of a shorter token.
    var prefix: UInt64
    /// Number + 1 below, then the length (255 for longer ones) and 24 bits of the hash; 0: empty.
    var entry: UInt64

    static var empty: Slot { Slot(prefix: 0, entry: 0) }
    static var numberMask: UInt64 { 0xffff_ffff }

    /// The same with the number `id`.
    func with(number id: Int) -> Slot {
      Slot(prefix: prefix, entry: entry & ~Self.numberMask | UInt64(id + 1))
    }
  }

  /// A token that is to be looked up.
  struct Key: BitwiseCopyable {
    var slot: Slot
    var hash: UInt64
  }

  private var slots: Buffer<Slot>
  private var mask: Int
  private var offsets: Buffer<UInt64>
  private var arena: Buffer<UInt8>
  private let keys = Buffer<Key>(count: TokenTable.groupCount)

  /// The number of tokens so far.
  private(set) var count = 0

  /// A table without tokens.
  init() {
    slots = Buffer(repeating: .empty, count: 1 << 12)
    mask = (1 << 12) - 1
    offsets = Buffer(repeating: 0, count: 1 << 11)
    arena = Buffer(count: 1 << 16)
  }

  /// Forgets all tokens from number `newCount` on, and keeps the memory.
  mutating func truncate(to newCount: Int) {
    guard newCount < count else { return }
    count = newCount
    slots.fill(0..<slots.count, with: .empty)
    for id in 0..<count {
      let key = key(of: id)
      slots[freeSlot(for: key.hash)] = key.slot.with(number: id)
    }
  }

  /// Where the token of number `id` lies among the bytes of all.
  func byteRange(_ id: Int) -> Range<Int> { Int(offsets[id])..<Int(offsets[id + 1]) }

  /// Lends the bytes of `range` of all tokens' bytes, which lie in the order of their numbers.
  func withBytes<Result>(
    _ range: Range<Int>,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try arena.withBytes(range, body)
  }

  /// Lends the ends of the tokens, `count + 1` numbers of eight bytes, the first of them 0.
  func withOffsets<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try offsets.withBytes(0..<(count + 1), body)
  }

  /// The number of one token; ``none`` where it has none and `isClosed`.
  mutating func number(_ token: UnsafeRawBufferPointer, isClosed: Bool) -> UInt32 {
    number(Self.key(token, 0..<token.count), token, 0..<token.count, isClosed: isClosed)
  }

  /// Appends the numbers of the tokens at `ranges` of `text`.
  ///
  /// - Complexity: O(bytes of the tokens) and about one access to the table a token.
  mutating func number(
    _ ranges: Span<Range<Int>>,
    of text: UnsafeRawBufferPointer,
    isClosed: Bool,
    into numbers: inout OutputSpan<TokenID>
  ) {
    var start = 0
    while start < ranges.count {
      let end = min(start + Self.groupCount, ranges.count)
      slots.withBytes(0..<slots.count) { table in
        for index in start..<end {
          let key = Self.key(text, ranges[index])
          keys[index - start] = key
          let slot = Int(truncatingIfNeeded: key.hash) & mask
          if let base = table.baseAddress { prefetch_line(base + slot * MemoryLayout<Slot>.stride) }
        }
      }
      for index in start..<end {
        let id = number(keys[index - start], text, ranges[index], isClosed: isClosed)
        numbers.append(id == Self.none ? .outOfVocabulary : TokenID(id))
      }
      start = end
    }
  }

  @inline(__always)
  private mutating func number(
    _ key: Key,
    _ text: UnsafeRawBufferPointer,
    _ range: Range<Int>,
    isClosed: Bool
  ) -> UInt32 {
    var slot = Int(truncatingIfNeeded: key.hash) & mask
    while true {
      let found = slots[slot]
      if found.prefix == key.slot.prefix, (found.entry ^ key.slot.entry) >> 32 == 0 {
        let id = Int(found.entry & Slot.numberMask) - 1
        if range.count <= 8 || isSpelt(id, text, range) { return UInt32(truncatingIfNeeded: id) }
      } else if found.entry == 0 {
        break
      }
      slot = (slot + 1) & mask
    }
    return isClosed ? Self.none : insert(key, text, range, into: slot)
  }

  private mutating func insert(
    _ key: Key,
    _ text: UnsafeRawBufferPointer,
    _ range: Range<Int>,
    into slot: Int
  ) -> UInt32 {
    guard count < VocabularyBuilder.capacity else { return Self.none }
    let id = count
    let start = Int(offsets[id])
    arena.grow(to: start + range.count)
    arena.copy(UnsafeRawBufferPointer(rebasing: text[range]), to: start)
    count += 1
    offsets.grow(to: count + 1)
    offsets[count] = UInt64(start + range.count)
    slots[slot] = key.slot.with(number: id)
    if count * 2 > slots.count { growTable() }
    return UInt32(truncatingIfNeeded: id)
  }

  private mutating func growTable() {
    slots = Buffer(repeating: .empty, count: slots.count * 2)
    mask = slots.count - 1
    for id in 0..<count {
      let key = key(of: id)
      slots[freeSlot(for: key.hash)] = key.slot.with(number: id)
    }
  }

  private func freeSlot(for hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot].entry != 0 { slot = (slot + 1) & mask }
    return slot
  }

  private func isSpelt(_ id: Int, _ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    let spelling = byteRange(id)
    guard spelling.count == range.count else { return false }
    return arena.withBytes(spelling) {
      equalBytes($0, UnsafeRawBufferPointer(rebasing: text[range]))
    }
  }

  private func key(of id: Int) -> Key {
    arena.withBytes(0..<arena.count) { Self.key($0, byteRange(id)) }
  }

  @inline(__always)
  private static func key(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Key {
    let prefix = text.firstEightBytes(of: range)
    let length = UInt64(min(range.count, 255))
    let hash =
      range.count <= 8
      ? fold(prefix ^ 0x9e37_79b9_7f4a_7c15, length ^ 0xe703_7ed1_a0b4_28db)
      : hash64(UnsafeRawBufferPointer(rebasing: text[range]))
    let tag = hash & 0xffff_ff00_0000_0000
    return Key(slot: Slot(prefix: prefix, entry: tag | length << 32), hash: hash)
  }
}

extension UnsafeRawBufferPointer {
  /// The first eight bytes of `range`, the first lowest, zeros for those after its end.
  @inline(__always)
  func firstEightBytes(of range: Range<Int>) -> UInt64 {
    if range.isEmpty { return 0 }
    if range.lowerBound + 8 <= count {
      let word = UInt64(
        littleEndian: loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self)
      )
      return word & (~0 &>> UInt64(truncatingIfNeeded: 64 - 8 * Swift.min(range.count, 8)))
    }
    var word: UInt64 = 0
    for index in range.prefix(8) {
      word |= UInt64(self[index]) << UInt64(8 * (index - range.lowerBound))
    }
    return word
  }
}

/// Whether two byte strings of the same length are equal.
func equalBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  var index = 0
  while index + 8 <= left.count {
    if left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      != right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    {
      return false
    }
    index += 8
  }
  while index < left.count {
    if left[index] != right[index] { return false }
    index += 1
  }
  return true
}
