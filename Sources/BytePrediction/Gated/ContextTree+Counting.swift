extension ContextTree {
  /// Adds a context of `length` bytes, which `byte` followed once.
  @inline(__always)
  mutating func addContext(_ byte: UInt8, length: Int) -> UInt32 {
    let context = UInt32(truncatingIfNeeded: contextCount)
    contextCount += 1
    let head = Self.head(context)
    contexts[head] = 1
    contexts[head, 1] = 1 | 1 << 9 | (length == maximumLength ? Self.longestFlag : 0)
    contexts[head, 2] = 0
    contexts[head, 3] = UInt32(byte)
    countsOfCounts[4 * length] += 1
    return context
  }

  /// Counts `byte`, which has no entry in `context` yet; returns the index of the new entry.
  @inline(__always)
  mutating func add(_ byte: UInt8, to context: UInt32, length: Int) -> EntryIndex {
    let head = Self.head(context)
    let typeCount = Int(contexts[head, 1] & 511)
    countsOfCounts[4 * length] += 1
    contexts[head] += 1
    if typeCount == 0 {
      contexts[head, 1] |= 1 | 1 << 9
      contexts[head, 3] = UInt32(byte)
      return Self.onlyEntry
    }
    if typeCount == 1 || typeCount == Self.room(typeCount) {
      moveEntries(of: context, typeCount: typeCount, length: length)
    }
    contexts[head, 1] += 1 | 1 << 9
    contexts[head, 3] = UInt32(byte)
    let index = Int(contexts[head, 2]) + typeCount
    lists[index] = UInt32(byte) | 1 << 8
    if length < maximumLength { lists[index, Self.room(typeCount + 1)] = 0 }
    return index
  }

  /// Counts `byte`, whose entry in `context` is at `index`; returns its index afterwards.
  @inline(__always)
  mutating func increment(
    _ index: EntryIndex,
    _ byte: UInt8,
    in context: UInt32,
    length: Int
  ) -> EntryIndex {
    let head = Self.head(context)
    let count = index == Self.onlyEntry ? contexts[head] : lists[index] >> 8
    contexts[head] += 1
    contexts[head, 3] = UInt32(byte)
    if count <= 4 {
      countsOfCounts[4 * length - 1, Int(count)] -= 1
      if count < 4 { countsOfCounts[4 * length, Int(count)] += 1 }
      // Entries with count 1 become some with count 2, those others.
      if count == 1 { contexts[head, 1] = contexts[head, 1] &- 1 << 9 &+ 1 << 18 }
      if count == 2 { contexts[head, 1] = contexts[head, 1] &- 1 << 18 }
    }
    if index == Self.onlyEntry {
      if count == Self.maximumCount - 1 { halve(context, length: length) }
      return index
    }
    lists[index] += 1 << 8
    var now = index
    // Frequent bytes come first, so that searches are short.
    if index > Int(contexts[head, 2]), lists[index - 1] >> 8 < count + 1 {
      swap(index, index - 1)
      if length < maximumLength {
        let room = Self.room(Int(contexts[head, 1] & 511))
        swap(index + room, index - 1 + room)
      }
      now -= 1
    }
    if count == Self.maximumCount - 1 { halve(context, length: length) }
    return now
  }

  @inline(__always)
  private func swap(_ first: Int, _ second: Int) {
    let word = lists[first]
    lists[first] = lists[second]
    lists[second] = word
  }

  /// Moves the entries of `context` to a list with room for one more.
  private mutating func moveEntries(of context: UInt32, typeCount: Int, length: Int) {
    let head = Self.head(context)
    let isLongest = length == maximumLength
    let newRoom = Self.room(typeCount + 1)
    let start = takeList(room: newRoom, isLongest: isLongest)
    if typeCount == 1 {
      // The last byte is the only one.
      lists[start] = contexts[head, 3] | (contexts[head] - 1) << 8
      if !isLongest { lists[start, newRoom] = contexts[head, 2] }
    } else {
      let old = Int(contexts[head, 2])
      lists.copy(old..<old + typeCount, to: start)
      if !isLongest { lists.copy(old + typeCount..<old + 2 * typeCount, to: start + newRoom) }
      let freeClass = Self.freeClass(room: typeCount, isLongest: isLongest)
      lists[old] = freeLists[freeClass]
      freeLists[freeClass] = UInt32(truncatingIfNeeded: old + 1)
    }
    contexts[head, 2] = UInt32(truncatingIfNeeded: start)
  }

  /// Takes a list with room for `room` entries; returns its start.
  mutating func takeList(room: Int, isLongest: Bool) -> Int {
    let freeClass = Self.freeClass(room: room, isLongest: isLongest)
    let free = Int(freeLists[freeClass])
    if free > 0 {
      freeLists[freeClass] = lists[free - 1]
      return free - 1
    }
    let start = listWordCount
    listWordCount += isLongest ? room : 2 * room
    return start
  }

  private static func freeClass(room: Int, isLongest: Bool) -> Int {
    2 * room.trailingZeroBitCount + (isLongest ? 1 : 0)
  }

  /// Halves the counts of `context`, rounded up.
  private mutating func halve(_ context: UInt32, length: Int) {
    let head = Self.head(context)
    let typeCount = Int(contexts[head, 1] & 511)
    if typeCount == 1 {
      contexts[head] = (contexts[head] + 1) / 2
      return
    }
    var total: UInt32 = 0
    var (once, twice): (UInt32, UInt32) = (0, 0)
    for index in Int(contexts[head, 2])..<Int(contexts[head, 2]) + typeCount {
      let count = lists[index] >> 8
      let half = (count + 1) / 2
      if count <= 4 { countsOfCounts[4 * length - 1, Int(count)] -= 1 }
      if half <= 4 { countsOfCounts[4 * length - 1, Int(half)] += 1 }
      lists[index] = lists[index] & 0xFF | half << 8
      total += half
      once += half == 1 ? 1 : 0
      twice += half == 2 ? 1 : 0
    }
    contexts[head] = total
    contexts[head, 1] =
      contexts[head, 1] & Self.longestFlag | UInt32(typeCount) | once << 9 | twice << 18
  }
}
