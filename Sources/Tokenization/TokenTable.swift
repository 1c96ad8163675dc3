import Files

/// The tokens of a growing vocabulary, numbered from 0 by first occurrence.
///
/// A hash slot stores the bytes of a token of at most eight bytes, as most are, beside the number,
/// so the token is found without another access. Tokens are numbered in groups, in three steps:
/// hashes, then the spellings of longer tokens, then the look-ups. Each step prefetches the memory
/// of the next, so that a hundred slots load at the same time.
struct TokenTable: ~Copyable, Sendable {
  /// The number of a token that a closed or full table lacks.
  static let none = UInt32.max

  /// The number of tokens looked up together.
  static let groupCount = 128

  /// The entry of a token in the table, or the key that is searched.
  struct Slot: BitwiseCopyable {
    /// The bytes of a token of at most eight bytes, padded with zeros.
    ///
    /// For a longer token, it is the offset of its bytes, or 0 in a key.
    var spelling: UInt64
    /// Number + 1 below, then the length (255 for longer ones) and 24 bits of the hash; 0: empty.
    var entry: UInt64

    static var empty: Slot { Slot(spelling: 0, entry: 0) }
    static var numberMask: UInt64 { 0xffff_ffff }

    /// True if length and hash equal those of `other`.
    @inline(__always)
    func agrees(with other: Slot) -> Bool { (entry ^ other.entry) >> 32 == 0 }
  }

  /// The search key of a token.
  struct Key: BitwiseCopyable {
    var slot: Slot
    var hash: UInt64
  }

  private var slots: Buffer<Slot>
  private var mask: Int
  private var offsets: Buffer<UInt64>
  private var arena: Buffer<UInt8>
  /// Number + 1 of each token of one byte, or 0.
  private var singles = Buffer<UInt32>(repeating: 0, count: 256)
  private var keys = Buffer<Key>(count: TokenTable.groupCount)
  /// The indices of ``keys`` that belong to tokens of more than eight bytes.
  private var longKeys = Buffer<UInt8>(count: TokenTable.groupCount + 1)

  /// The number of tokens.
  private(set) var count = 0

  /// An empty table.
  init() {
    slots = Buffer(repeating: .empty, count: 1 << 12)
    mask = (1 << 12) - 1
    offsets = Buffer(repeating: 0, count: 1 << 11)
    arena = Buffer(count: 1 << 16)
  }

  /// Removes the tokens from number `newCount` on, but keeps the memory.
  mutating func truncate(to newCount: Int) {
    guard newCount < count else { return }
    count = newCount
    slots.fill(0..<slots.count, with: .empty)
    for byte in 0..<singles.count where singles[byte] > count { singles[byte] = 0 }
    for id in 0..<count {
      let key = key(of: id)
      slots[freeSlot(for: key.hash)] = slot(key, id)
    }
  }

  /// The range of the token `id` in the concatenated bytes of all tokens.
  func byteRange(_ id: Int) -> Range<Int> { Int(offsets[id])..<Int(offsets[id + 1]) }

  /// Lends the bytes of `range` of the concatenated tokens, in the order of their numbers.
  func withBytes<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try arena.withBytes(range, body)
  }

  /// Lends the ends of the tokens: `count + 1` numbers of eight bytes, beginning with 0.
  func withOffsets<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try offsets.withBytes(0..<(count + 1), body)
  }

  /// The number of a token; ``none`` if it is new and the table `isClosed`.
  mutating func number(_ token: Span<UInt8>, isClosed: Bool) -> UInt32 {
    number(Self.key(token, 0..<token.count), token, 0..<token.count, isClosed: isClosed)
  }

  /// Appends the numbers of the tokens at `ranges` of `text`.
  ///
  /// - Complexity: O(bytes of the tokens) and about one access to the table per token.
  mutating func number(
    _ ranges: Span<Range<Int>>,
    of text: Span<UInt8>,
    isClosed: Bool,
    into numbers: inout OutputSpan<TokenID>
  ) {
    var start = 0
    while true {
      appendSingles(ranges, from: &start, of: text, to: &numbers)
      if start == ranges.count { break }
      let end = makeKeys(ranges, from: start, of: text)
      for index in start..<end {
        let key = keys[index - start]
        let found = slots[Int(truncatingIfNeeded: key.hash) & mask]
        // False for a longer token, since no token's bytes begin at 0.
        if found.agrees(with: key.slot) && found.spelling == key.slot.spelling {
          numbers.append(TokenID(UInt32(truncatingIfNeeded: found.entry) &- 1))
        } else {
          let id = number(key, text, ranges[index], isClosed: isClosed)
          numbers.append(id == Self.none ? .outOfVocabulary : TokenID(id))
        }
      }
      start = end
    }
  }

  /// Numbers the known one-byte tokens from `start` on.
  ///
  /// Characters and bytes come in runs of these, which need no hash.
  private func appendSingles(
    _ ranges: Span<Range<Int>>,
    from start: inout Int,
    of text: Span<UInt8>,
    to numbers: inout OutputSpan<TokenID>
  ) {
    while start < ranges.count {
      let range = ranges[start]
      guard range.count == 1 else { return }
      let number = singles[Int(text[range.lowerBound])]
      if number == 0 { return }
      numbers.append(TokenID(number &- 1))
      start += 1
    }
  }

  /// Fills ``keys`` for the tokens from `start` on, and prefetches the memory of their look-ups.
  ///
  /// - Returns: The end of the group.
  private mutating func makeKeys(
    _ ranges: Span<Range<Int>>,
    from start: Int,
    of text: Span<UInt8>
  ) -> Int {
    let limit = min(start + Self.groupCount, ranges.count)
    var index = start
    var singlesInARow = 0
    var longCount = 0
    while index < limit && singlesInARow < 4 {
      let range = ranges[index]
      singlesInARow = range.count == 1 ? singlesInARow &+ 1 : 0
      let key = Self.key(text, range)
      keys[index &- start] = key
      longKeys[longCount] = UInt8(truncatingIfNeeded: index &- start)
      longCount &+= range.count > 8 ? 1 : 0
      slots.prefetch(Int(truncatingIfNeeded: key.hash) & mask)
      index &+= 1
    }
    for long in 0..<longCount {
      let key = keys[Int(longKeys[long])]
      let first = slots[Int(truncatingIfNeeded: key.hash) & mask]
      if first.agrees(with: key.slot) { arena.prefetch(Int(first.spelling)) }
    }
    return index
  }

  @inline(never)
  private mutating func number(
    _ key: Key,
    _ text: Span<UInt8>,
    _ range: Range<Int>,
    isClosed: Bool
  ) -> UInt32 {
    var slot = Int(truncatingIfNeeded: key.hash) & mask
    while true {
      let found = slots[slot]
      if found.agrees(with: key.slot) {
        let isFound =
          range.count <= 8
          ? found.spelling == key.slot.spelling : isSpelt(found, text, range)
        if isFound { return UInt32(truncatingIfNeeded: found.entry & Slot.numberMask) - 1 }
      } else if found.entry == 0 {
        break
      }
      slot = (slot + 1) & mask
    }
    return isClosed ? Self.none : insert(key, text, range, into: slot)
  }

  private mutating func insert(
    _ key: Key,
    _ text: Span<UInt8>,
    _ range: Range<Int>,
    into slot: Int
  ) -> UInt32 {
    guard count < VocabularyBuilder.capacity else { return Self.none }
    let id = count
    let start = Int(offsets[id])
    arena.grow(to: start + range.count)
    arena.copy(text.extracting(range), to: start)
    count += 1
    offsets.grow(to: count + 1)
    offsets[count] = UInt64(start + range.count)
    if range.count == 1 { singles[Int(text[range.lowerBound])] = UInt32(count) }
    slots[slot] = self.slot(key, id)
    if count * 3 > slots.count * 2 { growTable() }
    return UInt32(truncatingIfNeeded: id)
  }

  private mutating func growTable() {
    slots = Buffer(repeating: .empty, count: slots.count * 2)
    mask = slots.count - 1
    for id in 0..<count {
      let key = key(of: id)
      slots[freeSlot(for: key.hash)] = slot(key, id)
    }
  }

  /// Checks that every token is found by its bytes and that the table has no other entries.
  func checkInvariants() {
    precondition((0..<slots.count).count { slots[$0].entry != 0 } == count, "a slot is lost")
    precondition(offsets[0] == 0, "the first token does not begin at 0")
    for id in 0..<count {
      let range = byteRange(id)
      let expected = slot(key(of: id), id)
      var slot = Int(truncatingIfNeeded: key(of: id).hash) & mask
      while slots[slot].entry != 0 && slots[slot].entry != expected.entry {
        slot = (slot + 1) & mask
      }
      precondition(
        slots[slot].entry == expected.entry && slots[slot].spelling == expected.spelling,
        "token \(id) is lost"
      )
      if range.count == 1 {
        let single = arena.withBytes(range) { singles[Int($0[0])] }
        precondition(single == UInt32(id + 1), "token \(id) of one byte is lost")
      }
    }
    for byte in 0..<singles.count {
      precondition(singles[byte] <= count, "a token of one byte is beyond the last")
    }
  }

  private func freeSlot(for hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot].entry != 0 { slot = (slot + 1) & mask }
    return slot
  }

  /// True if the long token of `slot` equals `text[range]`; their lengths agree up to 255.
  private func isSpelt(_ slot: Slot, _ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = Int(slot.spelling)
    if range.count >= 255, byteRange(Int(slot.entry & Slot.numberMask) - 1).count != range.count {
      return false
    }
    return arena.withBytes(start..<start + range.count) {
      $0.isEqual(to: text.extracting(range))
    }
  }

  /// The slot of the token `id`, whose bytes are in the arena.
  private func slot(_ key: Key, _ id: Int) -> Slot {
    Slot(
      spelling: byteRange(id).count <= 8 ? key.slot.spelling : offsets[id],
      entry: key.slot.entry | UInt64(id + 1)
    )
  }

  private func key(of id: Int) -> Key {
    arena.withBytes(0..<arena.count) { Self.key($0, byteRange(id)) }
  }

  @inline(__always)
  private static func key(_ text: Span<UInt8>, _ range: Range<Int>) -> Key {
    let count = range.upperBound &- range.lowerBound
    let length = UInt64(truncatingIfNeeded: min(count, 255))
    var spelling: UInt64 = 0
    let hash: UInt64
    if count <= 8 {
      spelling = text.upToEightBytes(of: range)
      hash = fold(spelling ^ 0x9e37_79b9_7f4a_7c15, length ^ 0xe703_7ed1_a0b4_28db)
    } else if count <= 16 {
      let first = text.upToEightBytes(of: range.lowerBound..<range.lowerBound &+ 8)
      let last = text.upToEightBytes(of: range.upperBound &- 8..<range.upperBound)
      hash = fold(first ^ 0x9e37_79b9_7f4a_7c15, last ^ length ^ 0xe703_7ed1_a0b4_28db)
    } else {
      hash = hash64(text.extracting(range))
    }
    let tag = hash & 0xffff_ff00_0000_0000
    return Key(slot: Slot(spelling: spelling, entry: tag | length << 32), hash: hash)
  }
}

extension Span<UInt8> {
  /// The bytes of `range`, at most eight, the first one lowest, padded with zeros.
  @inline(__always)
  func upToEightBytes(of range: Range<Int>) -> UInt64 {
    if range.lowerBound &+ 8 <= count && !range.isEmpty {
      return word(at: range.lowerBound)
        & (~0 &>> UInt64(truncatingIfNeeded: 64 &- 8 &* range.count))
    }
    var word: UInt64 = 0
    for index in range.reversed() { word = word << 8 | UInt64(self[index]) }
    return word
  }
}
