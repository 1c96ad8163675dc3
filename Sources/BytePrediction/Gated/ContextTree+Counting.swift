extension ContextTree {
  /// A new context of `length` bytes, which `byte` followed once.
  @inline(__always)
  mutating func addContext(_ byte: UInt8, length: Int) -> UInt32 {
    let context = UInt32(truncatingIfNeeded: contextCount)
    contextCount += 1
    let words = contexts + 4 * Int(context)
    words[0] = 1
    words[1] = 1 | 1 << 9 | (length == maximumLength ? Self.longestFlag : 0)
    words[2] = 0
    words[3] = UInt32(byte)
    countsOfCounts[4 * length] += 1
    return context
  }

  /// Counts `byte`, which has no entry in `context` yet; where that is now.
  @inline(__always)
  mutating func add(_ byte: UInt8, to context: UInt32, length: Int) -> Place {
    let words = contexts + 4 * Int(context)
    let typeCount = Int(words[1] & 511)
    countsOfCounts[4 * length] += 1
    words[0] += 1
    if typeCount == 0 {
      words[1] |= 1 | 1 << 9
      words[3] = UInt32(byte)
      return Self.inContext
    }
    if typeCount == 1 || typeCount == Self.room(typeCount) {
      moveEntries(of: context, typeCount: typeCount, length: length)
    }
    words[1] += 1 | 1 << 9
    words[3] = UInt32(byte)
    let place = Int(words[2]) + typeCount
    blocks[place] = UInt32(byte) | 1 << 8
    if length < maximumLength { blocks[place + Self.room(typeCount + 1)] = 0 }
    return place
  }

  /// Counts `byte`, whose entry in `context` is at `place`; where that is now.
  @inline(__always)
  mutating func increment(
    _ place: Place,
    _ byte: UInt8,
    in context: UInt32,
    length: Int
  ) -> Place {
    let words = contexts + 4 * Int(context)
    let count = place == Self.inContext ? words[0] : blocks[place] >> 8
    words[0] += 1
    words[3] = UInt32(byte)
    if count <= 4 {
      let ofOrder = countsOfCounts + 4 * length - 1
      ofOrder[Int(count)] -= 1
      if count < 4 { ofOrder[Int(count) + 1] += 1 }
      // Entries with count 1 become some with count 2, those others.
      if count == 1 { words[1] = words[1] &- 1 << 9 &+ 1 << 18 }
      if count == 2 { words[1] = words[1] &- 1 << 18 }
    }
    if place == Self.inContext {
      if count == Self.maximumCount - 1 { halve(context, length: length) }
      return place
    }
    blocks[place] += 1 << 8
    var now = place
    // Frequent bytes come first, so that searches are short.
    if place > Int(words[2]), blocks[place - 1] >> 8 < count + 1 {
      swap(place, place - 1)
      if length < maximumLength {
        let room = Self.room(Int(words[1] & 511))
        swap(place + room, place - 1 + room)
      }
      now -= 1
    }
    if count == Self.maximumCount - 1 { halve(context, length: length) }
    return now
  }

  @inline(__always)
  private func swap(_ first: Int, _ second: Int) {
    let word = blocks[first]
    blocks[first] = blocks[second]
    blocks[second] = word
  }

  /// Moves the entries of `context` to a block with room for one more.
  private mutating func moveEntries(of context: UInt32, typeCount: Int, length: Int) {
    let words = contexts + 4 * Int(context)
    let isLongest = length == maximumLength
    let start = takeBlock(room: Self.room(typeCount + 1), isLongest: isLongest)
    let newRoom = Self.room(typeCount + 1)
    if typeCount == 1 {
      // The last byte is the only one.
      blocks[start] = words[3] | (words[0] - 1) << 8
      if !isLongest { blocks[start + newRoom] = words[2] }
    } else {
      let old = Int(words[2])
      (blocks + start).update(from: blocks + old, count: typeCount)
      if !isLongest {
        (blocks + start + newRoom).update(from: blocks + old + typeCount, count: typeCount)
      }
      let freeClass = Self.freeClass(room: typeCount, isLongest: isLongest)
      blocks[old] = freeBlocks[freeClass]
      freeBlocks[freeClass] = UInt32(truncatingIfNeeded: old + 1)
    }
    words[2] = UInt32(truncatingIfNeeded: start)
  }

  /// Where a block with `room` for entries begins.
  mutating func takeBlock(room: Int, isLongest: Bool) -> Int {
    let freeClass = Self.freeClass(room: room, isLongest: isLongest)
    let free = Int(freeBlocks[freeClass])
    if free > 0 {
      freeBlocks[freeClass] = blocks[free - 1]
      return free - 1
    }
    let start = blockWordCount
    blockWordCount += isLongest ? room : 2 * room
    return start
  }

  private static func freeClass(room: Int, isLongest: Bool) -> Int {
    2 * room.trailingZeroBitCount + (isLongest ? 1 : 0)
  }

  /// Halves the counts of `context`, rounded up.
  private mutating func halve(_ context: UInt32, length: Int) {
    let words = contexts + 4 * Int(context)
    let typeCount = Int(words[1] & 511)
    if typeCount == 1 {
      words[0] = (words[0] + 1) / 2
      return
    }
    let ofOrder = countsOfCounts + 4 * length - 1
    var summary: (total: UInt32, once: UInt32, twice: UInt32) = (0, 0, 0)
    for place in Int(words[2])..<Int(words[2]) + typeCount {
      let count = blocks[place] >> 8
      let half = (count + 1) / 2
      if count <= 4 { ofOrder[Int(count)] -= 1 }
      if half <= 4 { ofOrder[Int(half)] += 1 }
      blocks[place] = blocks[place] & 0xFF | half << 8
      summary.total += half
      summary.once += half == 1 ? 1 : 0
      summary.twice += half == 2 ? 1 : 0
    }
    words[0] = summary.total
    words[1] =
      words[1] & Self.longestFlag | UInt32(typeCount) | summary.once << 9 | summary.twice << 18
  }
}
