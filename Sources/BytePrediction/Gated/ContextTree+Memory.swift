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
  /// Entries are written without the room between them, in the order of their contexts; so a file
  /// holds no start of a list.
  func write(_ write: (RawSpan) throws -> Void) rethrows {
    let entryCount = entryCount
    let heads = UncheckedBuffer<UInt32>(zeroed: 4 * contextCount)
    let entries = UncheckedBuffer<UInt32>(zeroed: entryCount)
    let followings = UncheckedBuffer<UInt32>(zeroed: entryCount)
    var written = 0
    for context in 0..<contextCount {
      let head = 4 * context
      for word in 0..<4 { heads[head, word] = contexts[head, word] }
      let typeCount = Int(contexts[head, 1] & 511)
      guard typeCount > 1 else { continue }
      heads[head, 2] = 0
      let start = Int(contexts[head, 2])
      for index in start..<start + typeCount {
        entries[written] = lists[index]
        if contexts[head, 1] & Self.longestFlag == 0 {
          followings[written] = lists[index, Self.room(typeCount)]
        }
        written += 1
      }
    }
    try heads.withBytes(write)
    try entries.withBytes(write)
    try followings.withBytes(write)
  }

  /// Takes what ``write(_:)`` showed into a tree that has seen nothing.
  ///
  /// Look-ups follow indices without a check, so this checks all words of a file: an entry leads to
  /// a context that comes later, is one byte longer and is led to only once; each byte of a context
  /// has one entry; the list's length is that of the entries in the file. Sums are made anew.
  mutating func read(
    _ memory: inout PredictorMemory,
    contextCount: Int,
    entryCount: Int
  ) throws(PredictorError) {
    guard 1...1 << 30 ~= contextCount else { throw PredictorError("contexts") }
    guard 0...1 << 32 ~= entryCount else { throw PredictorError("entries") }
    let heads: UncheckedBuffer<UInt32> = try memory.next("contexts", count: 4 * contextCount)
    let entries: UncheckedBuffer<UInt32> = try memory.next("entries", count: entryCount)
    let followings: UncheckedBuffer<UInt32> = try memory.next(
      "following contexts",
      count: entryCount
    )
    try reserve(heads, contextCount: contextCount, entryCount: entryCount)

    let lengths = UncheckedBuffer<UInt8>(repeating: .max, count: contextCount)
    lengths[0] = 0
    self.contextCount = contextCount
    var taken = 0
    for context in 0..<contextCount {
      let head = 4 * context
      for word in 0..<4 { contexts[head, word] = heads[head, word] }
      let length = Int(lengths[context])
      let typeCount = Int(contexts[head, 1] & 511)
      let isLongest = length == maximumLength
      guard length <= maximumLength, contexts[head, 3] < 256,
        isLongest == (contexts[head, 1] & Self.longestFlag != 0)
      else { throw PredictorError("contexts") }
      if typeCount <= 1 {
        try checkSingle(head, isLongest: isLongest, length: length, isEmpty: typeCount == 0)
        try Self.lead(to: contexts[head, 2], from: context, lengths)
        continue
      }
      let start = takeList(room: Self.room(typeCount), isLongest: isLongest)
      contexts[head, 2] = UInt32(truncatingIfNeeded: start)
      try sum(entries, taken..<taken + typeCount, head, length: length)
      for entry in 0..<typeCount {
        lists[start + entry] = entries[taken + entry]
        let following = followings[taken + entry]
        if isLongest {
          guard following == 0 else { throw PredictorError("following contexts") }
        } else {
          try Self.lead(to: following, from: context, lengths)
          lists[start + entry, Self.room(typeCount)] = following
        }
      }
      taken += typeCount
    }
  }

  /// Makes room for the contexts of `heads` and their entries, of which there are `entryCount`.
  private mutating func reserve(
    _ heads: borrowing UncheckedBuffer<UInt32>,
    contextCount: Int,
    entryCount: Int
  ) throws(PredictorError) {
    var wordCount = 0
    var typeSum = 0
    for context in 0..<contextCount {
      let typeCount = Int(heads[4 * context, 1] & 511)
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

  /// Checks the context at `head`, which has one entry or, as the root of an empty tree, none.
  private func checkSingle(
    _ head: Int,
    isLongest: Bool,
    length: Int,
    isEmpty: Bool
  ) throws(PredictorError) {
    let total = contexts[head]
    let flag = contexts[head, 1] & Self.longestFlag
    guard !isLongest || contexts[head, 2] == 0,
      isEmpty
        ? length == 0 && contextCount == 1 && total == 0 : 1..<Self.maximumCount ~= total
    else { throw PredictorError("contexts") }
    contexts[head, 1] =
      isEmpty ? flag : flag | 1 | (total == 1 ? 1 << 9 : 0) | (total == 2 ? 1 << 18 : 0)
    if 1...4 ~= total { countsOfCounts[4 * length - 1, Int(total)] += 1 }
  }

  /// Sums the counts of `range` of `entries` into the context at `head`.
  private func sum(
    _ entries: borrowing UncheckedBuffer<UInt32>,
    _ range: Range<Int>,
    _ head: Int,
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
      if count <= 4 { countsOfCounts[4 * length - 1, Int(count)] += 1 }
    }
    contexts[head] = total
    contexts[head, 1] =
      contexts[head, 1] & Self.longestFlag | UInt32(range.count) | once << 9 | twice << 18
  }

  /// Notes that an entry of `context` leads to `following`.
  private static func lead(
    to following: UInt32,
    from context: Int,
    _ lengths: borrowing UncheckedBuffer<UInt8>
  ) throws(PredictorError) {
    guard following != root else { return }
    let index = Int(following)
    guard index > context, index < lengths.count, lengths[index] == .max else {
      throw PredictorError("following contexts")
    }
    lengths[index] = lengths[context] + 1
  }
}
