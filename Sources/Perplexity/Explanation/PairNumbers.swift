import Files

/// A numbering of pairs of numbers, by first occurrence.
struct PairNumbers: ~Copyable, Sendable {
  /// The number of pairs.
  private(set) var count = 0

  /// A pair's number plus one; `0` marks an empty slot.
  private var slots = Buffer<UInt32>(repeating: 0, count: 1 << 10)
  private var keys = Buffer<UInt64>(count: 1 << 9)

  /// The pair with the number `index`.
  subscript(_ index: Int) -> (UInt32, UInt32) {
    (UInt32(truncatingIfNeeded: keys[index] >> 32), UInt32(truncatingIfNeeded: keys[index]))
  }

  /// The number of a pair, assigned if it is new.
  @inline(__always)
  mutating func insert(_ first: UInt32, _ second: UInt32) -> (index: Int, isNew: Bool) {
    let key = UInt64(first) << 32 | UInt64(second)
    let slot = slot(of: key)
    if slots[slot] > 0 { return (Int(slots[slot]) - 1, false) }
    slots[slot] = UInt32(count + 1)
    keys.grow(to: count + 1)
    keys[count] = key
    count += 1
    if count * 2 > slots.count { rehash() }
    return (count - 1, true)
  }

  /// The slot of a pair, or the free slot for it.
  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    let mask = slots.count - 1
    var slot =
      Int(truncatingIfNeeded: fold(key ^ 0x9e37_79b9_7f4a_7c15, 0xe703_7ed1_a0b4_28db)) & mask
    while slots[slot] != 0, keys[Int(slots[slot]) - 1] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func rehash() {
    slots = Buffer(repeating: 0, count: slots.count * 2)
    for index in 0..<count { slots[slot(of: keys[index])] = UInt32(index + 1) }
  }
}
