import Prefetch

/// What was seen after each context: one bounded memory for the contexts of all kinds.
///
/// A context that only ever had one follower is a *run*: 32 bits with that byte and how often it
/// came. Most long contexts stay so. At the second different follower it is *expanded* into
/// buckets of 15 ``BitSlot``s, one bucket for the upper four bits of the next byte and one for the
/// lower four after each upper four, as if it had been so from the start. A bucket is one cache
/// line. Both tables are hashed with check bits of 16; where one is full, what was seen least goes.
final class ContextTables {
  /// Check bits (16), follower (8), number of times (8); groups of four.
  let runs: AlignedMemory<UInt32>
  /// Sixteen slots each; the first holds the check bits.
  let buckets: AlignedMemory<UInt32>
  /// The buckets of the contexts that are numbered instead of hashed: 17 for each.
  let directBuckets: AlignedMemory<UInt32>

  static let slotsPerBucket = 16
  static let bucketsPerByte = 17
  /// The number of times that says that a run was expanded.
  static let expanded: UInt32 = 255

  private let runGroupCount: UInt64
  private let bucketCount: UInt64
  private let rates = LogisticTables.shared.slotRates.base
  private let runSlots = LogisticTables.shared.runSlots.base
  private let countLimit: UInt32

  init(
    runs: AlignedMemory<UInt32>,
    buckets: AlignedMemory<UInt32>,
    direct: AlignedMemory<UInt32>,
    countLimit: Int
  ) {
    self.runs = runs
    self.buckets = buckets
    directBuckets = direct
    runGroupCount = UInt64(runs.count / 4)
    // Probes change the lowest two bits of an index.
    bucketCount = UInt64(buckets.count / 16) & ~3
    self.countLimit = UInt32(min(63, max(1, countLimit)))
  }

  // MARK: Looking up

  /// The hash scaled to the size of a table, which need be no power of two.
  @inline(__always)
  private func runIndex(_ hash: UInt64) -> Int {
    Int(hash.multipliedFullWidth(by: runGroupCount).high) * 4
  }

  @inline(__always)
  private func bucketIndex(_ bucketHash: UInt64) -> Int {
    Int(bucketHash.multipliedFullWidth(by: bucketCount).high)
  }

  @inline(__always)
  func prefetchRun(_ hash: UInt64) { prefetch_line(runs.base + runIndex(hash)) }

  /// What is known of the context: its entry, or 0.
  @inline(__always)
  func entry(_ hash: UInt64) -> UInt32 {
    let group = runs.base + runIndex(hash)
    let check = UInt32(truncatingIfNeeded: hash) >> 16
    for index in 0..<4 where group[index] >> 16 == check && group[index] & 0xFF != 0 {
      return group[index]
    }
    return 0
  }

  /// The hash of the bucket of the upper four bits, or of the lower after the upper ones.
  @inline(__always)
  static func bucketHash(_ hash: UInt64, upper: UInt32) -> UInt64 {
    // Upper bits are 0...15 with a leading 1 in front; 0 stands for none known yet.
    let mixed = (hash ^ UInt64(upper) &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
    return mixed ^ mixed >> 32
  }

  @inline(__always)
  func prefetchBucket(_ bucketHash: UInt64) {
    prefetch_line(buckets.base + bucketIndex(bucketHash) * 16)
  }

  @inline(__always)
  private func check(_ bucketHash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: bucketHash) & 0xFFFF | 0x10000
  }

  /// The bucket, or nil; nothing is changed.
  @inline(__always)
  func bucket(_ bucketHash: UInt64) -> UnsafeMutablePointer<UInt32>? {
    let index = bucketIndex(bucketHash)
    let wanted = check(bucketHash)
    for probe in 0..<4 {
      let bucket = buckets.base + (index ^ probe) * 16
      if bucket[0] == wanted { return bucket }
    }
    return nil
  }

  /// The bucket, an empty one in the place of the least seen where it was not there.
  @inline(__always)
  private func makeBucket(_ bucketHash: UInt64) -> UnsafeMutablePointer<UInt32> {
    if let bucket = bucket(bucketHash) { return bucket }
    let index = bucketIndex(bucketHash)
    var chosen = buckets.base + index * 16
    var least = BitSlot.count(chosen[1])
    for probe in 1..<4 {
      let other = buckets.base + (index ^ probe) * 16
      let count = BitSlot.count(other[1])
      if count < least {
        least = count
        chosen = other
      }
    }
    chosen.update(repeating: 0, count: 16)
    chosen[0] = check(bucketHash)
    return chosen
  }

  // MARK: Learning

  /// Learns that `byte` followed the context.
  func learn(_ hash: UInt64, _ byte: UInt32) {
    let group = runs.base + runIndex(hash)
    let check = UInt32(truncatingIfNeeded: hash) >> 16
    var weakest = 0
    var least: UInt32 = 256
    for index in 0..<4 {
      let entry = group[index]
      let count = entry & 0xFF
      if entry >> 16 == check && count != 0 {
        let follower = entry >> 8 & 0xFF
        if count == Self.expanded {
          update(hash, byte)
        } else if follower == byte {
          if count < Self.expanded - 1 { group[index] = entry + 1 }
        } else {
          expand(hash, follower, count)
          group[index] = entry | Self.expanded
          update(hash, byte)
        }
        return
      }
      if count < least {
        least = count
        weakest = index
      }
    }
    group[weakest] = check << 16 | byte << 8 | 1
  }

  /// Puts what a run says into buckets.
  private func expand(_ hash: UInt64, _ byte: UInt32, _ count: UInt32) {
    let upper = makeBucket(Self.bucketHash(hash, upper: 0))
    fillRun(upper, byte >> 4, count)
    let lower = makeBucket(Self.bucketHash(hash, upper: byte >> 4 | 16))
    fillRun(lower, byte & 15, count)
  }

  /// Sets the slots of the path of four bits to those of a run, and leaves the others.
  @inline(__always)
  func fillRun(_ bucket: UnsafeMutablePointer<UInt32>, _ bits: UInt32, _ count: UInt32) {
    var node: UInt32 = 1
    for step: UInt32 in 1...4 {
      let bit = bits >> (4 - step) & 1
      bucket[Int(node)] = runSlots[Int(bit << 8 | count)]
      node = node << 1 | bit
    }
  }

  @inline(__always)
  private func update(_ hash: UInt64, _ byte: UInt32) {
    updatePath(makeBucket(Self.bucketHash(hash, upper: 0)), byte >> 4)
    updatePath(makeBucket(Self.bucketHash(hash, upper: byte >> 4 | 16)), byte & 15)
  }

  /// Learns that `byte` followed the context of this number.
  @inline(__always)
  func learn(direct number: Int, _ byte: UInt32) {
    let base = directBuckets.base + number * (Self.bucketsPerByte * 16)
    updatePath(base, byte >> 4)
    updatePath(base + Int((byte >> 4) + 1) * 16, byte & 15)
  }

  @inline(__always)
  private func updatePath(_ bucket: UnsafeMutablePointer<UInt32>, _ bits: UInt32) {
    var node: UInt32 = 1
    for step: UInt32 in 1...4 {
      let bit = bits >> (4 - step) & 1
      bucket[Int(node)] = BitSlot.updated(
        bucket[Int(node)],
        bit: bit,
        rates: rates,
        limit: countLimit
      )
      node = node << 1 | bit
    }
  }
}
