import Files

extension ContextTree {
  /// The number of entries of those contexts that have several.
  var entryCount: Int {
    var count = 0
    for context in 0..<contextCount {
      let typeCount = summary(UInt32(context)).typeCount
      if typeCount > 1 { count += typeCount }
    }
    return count
  }

  /// Shows contexts, entries, and the contexts that entries lead to.
  ///
  /// Entries are written without the room between them, in the order of their contexts; so nothing in
  /// a file says where they are.
  func write(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    let entryCount = entryCount
    let heads = Buffer<UInt32>(count: 4 * contextCount)
    let entries = Buffer<UInt32>(count: entryCount)
    let followings = Buffer<UInt32>(repeating: 0, count: entryCount)
    var written = 0
    for context in 0..<contextCount {
      let words = contexts + 4 * context
      for word in 0..<4 { heads[4 * context + word] = words[word] }
      let typeCount = Int(words[1] & 511)
      guard typeCount > 1 else { continue }
      heads[4 * context + 2] = 0
      let start = Int(words[2])
      for place in start..<start + typeCount {
        entries[written] = blocks[place]
        if words[1] & Self.longestFlag == 0 {
          followings[written] = blocks[place + Self.room(typeCount)]
        }
        written += 1
      }
    }
    try heads.withBytes(0..<heads.count, write)
    try entries.withBytes(0..<entryCount, write)
    try followings.withBytes(0..<entryCount, write)
  }

  /// Takes what ``write(_:)`` showed into a tree that has seen nothing.
  ///
  /// What follows a pointer later must hold whatever the file says, so all of it is checked: each
  /// context is led to once, from one before it that is one byte shorter; each byte of a context has
  /// one entry. Sums are made anew.
  mutating func read(
    _ memory: inout PredictorMemory,
    contextCount: Int,
    entryCount: Int
  ) throws(PredictorError) {
    guard 1...1 << 30 ~= contextCount else { throw PredictorError("contexts") }
    guard 0...1 << 32 ~= entryCount else { throw PredictorError("entries") }
    let heads: Buffer<UInt32> = try memory.next("contexts", count: 4 * contextCount)
    let entries: Buffer<UInt32> = try memory.next("entries", count: entryCount)
    let followings: Buffer<UInt32> = try memory.next("following contexts", count: entryCount)
    try reserve(heads, contextCount: contextCount, entryCount: entryCount)

    let lengths = Buffer<UInt8>(repeating: .max, count: contextCount)
    lengths[0] = 0
    self.contextCount = contextCount
    var taken = 0
    for context in 0..<contextCount {
      let words = contexts + 4 * context
      for word in 0..<4 { words[word] = heads[4 * context + word] }
      let length = Int(lengths[context])
      let typeCount = Int(words[1] & 511)
      let isLongest = length == maximumLength
      guard length <= maximumLength, words[3] < 256,
        isLongest == (words[1] & Self.longestFlag != 0)
      else { throw PredictorError("contexts") }
      if typeCount <= 1 {
        try checkSingle(words, isLongest: isLongest, length: length, isEmpty: typeCount == 0)
        try Self.lead(to: words[2], from: context, lengths)
        continue
      }
      let start = takeBlock(room: Self.room(typeCount), isLongest: isLongest)
      words[2] = UInt32(truncatingIfNeeded: start)
      try sum(entries, taken..<taken + typeCount, words, length: length)
      for entry in 0..<typeCount {
        blocks[start + entry] = entries[taken + entry]
        let following = followings[taken + entry]
        if isLongest {
          guard following == 0 else { throw PredictorError("following contexts") }
        } else {
          try Self.lead(to: following, from: context, lengths)
          blocks[start + Self.room(typeCount) + entry] = following
        }
      }
      taken += typeCount
    }
  }

  /// Makes room for what `heads` tell of.
  private mutating func reserve(
    _ heads: borrowing Buffer<UInt32>,
    contextCount: Int,
    entryCount: Int
  ) throws(PredictorError) {
    var wordCount = 0
    var typeSum = 0
    for context in 0..<contextCount {
      let typeCount = Int(heads[4 * context + 1] & 511)
      guard typeCount <= 256 else { throw PredictorError("contexts") }
      guard typeCount > 1 else { continue }
      wordCount += 2 * Self.room(typeCount)
      typeSum += typeCount
    }
    guard typeSum == entryCount, wordCount < 1 << 32 - 1 << 16 else {
      throw PredictorError("entries")
    }
    reserve(contextCount: contextCount, wordCount: wordCount)
  }

  /// Checks a context with one entry or, where it is the root of an empty tree, none.
  private func checkSingle(
    _ words: UnsafeMutablePointer<UInt32>,
    isLongest: Bool,
    length: Int,
    isEmpty: Bool
  ) throws(PredictorError) {
    let total = words[0]
    let flag = words[1] & Self.longestFlag
    guard !isLongest || words[2] == 0,
      isEmpty
        ? length == 0 && contextCount == 1 && total == 0 : 1..<Self.maximumCount ~= total
    else { throw PredictorError("contexts") }
    words[1] =
      isEmpty ? flag : flag | 1 | (total == 1 ? 1 << 9 : 0) | (total == 2 ? 1 << 18 : 0)
    if 1...4 ~= total { countsOfCounts[4 * length + Int(total) - 1] += 1 }
  }

  /// Sums the counts of `range` of `entries`.
  private func sum(
    _ entries: borrowing Buffer<UInt32>,
    _ range: Range<Int>,
    _ words: UnsafeMutablePointer<UInt32>,
    length: Int
  ) throws(PredictorError) {
    var seen = SIMD4<UInt64>()
    var (total, once, twice): (UInt32, UInt32, UInt32) = (0, 0, 0)
    for entry in range {
      let byte = Int(entries[entry] & 0xFF)
      let count = entries[entry] >> 8
      let bit: UInt64 = 1 << UInt64(byte & 63)
      guard seen[byte >> 6] & bit == 0, 1..<Self.maximumCount ~= count else {
        throw PredictorError("entries")
      }
      seen[byte >> 6] |= bit
      total += count
      once += count == 1 ? 1 : 0
      twice += count == 2 ? 1 : 0
      if count <= 4 { countsOfCounts[4 * length + Int(count) - 1] += 1 }
    }
    words[0] = total
    words[1] = words[1] & Self.longestFlag | UInt32(range.count) | once << 9 | twice << 18
  }

  /// Notes that an entry of `context` leads to `following`.
  private static func lead(
    to following: UInt32,
    from context: Int,
    _ lengths: borrowing Buffer<UInt8>
  ) throws(PredictorError) {
    guard following != root else { return }
    let index = Int(following)
    guard index > context, index < lengths.count, lengths[index] == .max else {
      throw PredictorError("following contexts")
    }
    lengths[index] = lengths[context] + 1
  }
}
