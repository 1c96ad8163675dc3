/// The counts of what followed each context: one bounded memory for the contexts of all kinds.
///
/// A context that only ever had one follower is a *run*: 32 bits with that byte and its count. Most
/// long contexts stay runs. At the second different follower a run is *expanded* into buckets of 15
/// ``BitSlot``s, one bucket for the upper four bits of the next byte and one for the lower four
/// after each upper four, as if it had been so from the start. A bucket is one cache line. Both
/// tables are hashed with 16 check bits; where one is full, the entry with the smallest count goes.
final class ContextTables {
  /// Check bits (16), follower (8), count (8); in groups of four.
  let runs: UncheckedBuffer<UInt32>

  /// Buckets of 16 slots: the hashed ones, whose first slot holds the check bits; from
  /// ``directStart`` on those of the contexts that are numbered instead of hashed, 17 for each;
  /// from `spareStart` on those of ``runBucket(_:)`` and ``emptyBucket``.
  ///
  /// One buffer holds all of them, so that the index of the first slot names a bucket of any kind.
  let slots: UncheckedBuffer<UInt32>

  let directStart: Int
  private let spareStart: Int

  /// The first slot of a bucket that has seen nothing.
  var emptyBucket: Int { spareStart }

  static let slotsPerBucket = 16
  static let bucketsPerByte = 17
  /// The count that marks an expanded run.
  static let expanded: UInt32 = 255

  private let runGroupCount: UInt64
  private let bucketCount: UInt64
  private let logistic = LogisticTables.shared
  private let countLimit: UInt32

  /// Tables of these sizes that have seen nothing.
  convenience init(_ sizes: MixingSizes, _ layout: MixingLayout) {
    self.init(UncheckedBuffer(zeroed: sizes.runCount), sizes, layout)
  }

  /// The tables that ``write(_:)`` wrote.
  convenience init(
    _ sizes: MixingSizes,
    _ layout: MixingLayout,
    memory: inout PredictorMemory
  ) throws(PredictorError) {
    self.init(try memory.next("runs", count: sizes.runCount), sizes, layout)
    try memory.fill(slots, 0..<directStart, "buckets")
    try memory.fill(slots, directStart..<spareStart, "direct buckets")
  }

  private init(
    _ runs: consuming UncheckedBuffer<UInt32>,
    _ sizes: MixingSizes,
    _ layout: MixingLayout
  ) {
    runGroupCount = UInt64(sizes.runCount / 4)
    // Probes change the lowest two bits of an index.
    bucketCount = UInt64(sizes.bucketCount) & ~3
    self.runs = runs
    directStart = sizes.bucketCount * Self.slotsPerBucket
    spareStart = directStart + MixingLayout.directSlotCount
    slots = UncheckedBuffer(
      zeroed: spareStart + (1 + layout.contextCount) * Self.slotsPerBucket
    )
    countLimit = UInt32(min(63, max(1, layout.rates.slotCountLimit)))
  }

  /// Shows the tables to `write`.
  func write(_ write: (RawSpan) throws -> Void) rethrows {
    try runs.withBytes(write)
    try slots.withBytes(0..<directStart, write)
    try slots.withBytes(directStart..<spareStart, write)
  }

  // MARK: Look-up

  /// The start of the group of a hash, scaled to the size of the table, which need be no power of
  /// two.
  @inline(__always)
  private func runIndex(_ hash: UInt64) -> Int {
    Int(hash.multipliedFullWidth(by: runGroupCount).high) * 4
  }

  @inline(__always)
  private func bucketIndex(_ bucketHash: UInt64) -> Int {
    Int(bucketHash.multipliedFullWidth(by: bucketCount).high)
  }

  @inline(__always)
  func prefetchRun(_ hash: UInt64) { runs.prefetch(runIndex(hash)) }

  /// The run of the context, or 0.
  @inline(__always)
  func run(_ hash: UInt64) -> UInt32 {
    let group = runIndex(hash)
    let check = UInt32(truncatingIfNeeded: hash) >> 16
    for index in 0..<4 {
      let run = runs[group, index]
      if run >> 16 == check && run & 0xFF != 0 { return run }
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
  func prefetchBucket(_ bucketHash: UInt64) { slots.prefetch(bucketIndex(bucketHash) * 16) }

  @inline(__always)
  private func check(_ bucketHash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: bucketHash) & 0xFFFF | 0x10000
  }

  /// The first slot of the bucket, or ``emptyBucket``; changes nothing.
  @inline(__always)
  func bucket(_ bucketHash: UInt64) -> Int {
    let index = bucketIndex(bucketHash)
    let wanted = check(bucketHash)
    for probe in 0..<4 {
      let bucket = (index ^ probe) * 16
      if slots[bucket] == wanted { return bucket }
    }
    return emptyBucket
  }

  /// The first slot of the bucket; a new bucket replaces the one with the smallest count.
  @inline(__always)
  private func makeBucket(_ bucketHash: UInt64) -> Int {
    let found = bucket(bucketHash)
    if found != emptyBucket { return found }
    let index = bucketIndex(bucketHash)
    var chosen = index * 16
    var least = BitSlot.count(slots[chosen, 1])
    for probe in 1..<4 {
      let other = (index ^ probe) * 16
      let count = BitSlot.count(slots[other, 1])
      if count < least {
        least = count
        chosen = other
      }
    }
    slots.fill(chosen..<chosen + 16, 0)
    slots[chosen] = check(bucketHash)
    return chosen
  }

  /// The first slot of a bucket for what a run says of a context, to be filled by
  /// ``fillRun(_:_:_:)``.
  @inline(__always)
  func runBucket(_ context: Int) -> Int { spareStart + (1 + context) * 16 }

  /// The first slot of the bucket of the upper four bits after the context of this number.
  @inline(__always)
  func directBucket(_ number: Int) -> Int { directStart + number * (Self.bucketsPerByte * 16) }

  // MARK: Learning

  /// Learns that `byte` followed the context.
  func learn(_ hash: UInt64, _ byte: UInt32) {
    let group = runIndex(hash)
    let check = UInt32(truncatingIfNeeded: hash) >> 16
    var weakest = 0
    var least: UInt32 = 256
    for index in 0..<4 {
      let run = runs[group, index]
      let count = run & 0xFF
      if run >> 16 == check && count != 0 {
        let follower = run >> 8 & 0xFF
        if count == Self.expanded {
          update(hash, byte)
        } else if follower == byte {
          if count < Self.expanded - 1 { runs[group, index] = run + 1 }
        } else {
          expand(hash, follower, count)
          runs[group, index] = run | Self.expanded
          update(hash, byte)
        }
        return
      }
      if count < least {
        least = count
        weakest = index
      }
    }
    runs[group, weakest] = check << 16 | byte << 8 | 1
  }

  /// Fills buckets from a run.
  private func expand(_ hash: UInt64, _ byte: UInt32, _ count: UInt32) {
    fillRun(makeBucket(Self.bucketHash(hash, upper: 0)), byte >> 4, count)
    fillRun(makeBucket(Self.bucketHash(hash, upper: byte >> 4 | 16)), byte & 15, count)
  }

  /// Sets the slots of the path of four bits to those of a run, and leaves the others.
  @inline(__always)
  func fillRun(_ bucket: Int, _ bits: UInt32, _ count: UInt32) {
    var node: UInt32 = 1
    for step: UInt32 in 1...4 {
      let bit = bits >> (4 - step) & 1
      slots[bucket, Int(node)] = logistic.runSlots[Int(bit << 8 | count)]
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
    let bucket = directBucket(number)
    updatePath(bucket, byte >> 4)
    updatePath(bucket + Int((byte >> 4) + 1) * 16, byte & 15)
  }

  @inline(__always)
  private func updatePath(_ bucket: Int, _ bits: UInt32) {
    var node: UInt32 = 1
    for step: UInt32 in 1...4 {
      let bit = bits >> (4 - step) & 1
      let slot = slots[bucket, Int(node)]
      slots[bucket, Int(node)] = BitSlot.updated(
        slot,
        bit: bit,
        rate: logistic.slotRates[BitSlot.rateIndex(slot)],
        limit: countLimit
      )
      node = node << 1 | bit
    }
  }
}
