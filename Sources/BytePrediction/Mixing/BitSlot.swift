/// The statistics of one binary decision in a context, in 32 bits.
///
/// From the highest bits: 18 of the probability of a 1; 6 of the number of observations, up to a
/// limit; 8 of the latest outcomes: at most seven, behind a leading 1. 0 is a slot that has seen
/// nothing.
enum BitSlot {
  static let maximumCount: UInt32 = 63

  /// The index of the slot's rate in ``LogisticTables/slotRates``: the number of its observations.
  @inline(__always)
  static func rateIndex(_ slot: UInt32) -> Int { Int(slot >> 8 & 63) }

  /// The slot after one more outcome; the probability moves by `rate` / 65536 of its error.
  @inline(__always)
  static func updated(
    _ slot: UInt32,
    bit: UInt32,
    rate: UInt32,
    limit: UInt32
  ) -> UInt32 {
    let known = slot == 0 ? (1 << 31) | 1 : slot
    let probability = Int64(known >> 14)
    let count = known >> 8 & 63
    let target = bit == 0 ? Int64(0) : (1 << 18) - 1
    let moved = probability + ((target - probability) * Int64(rate)) >> 16
    let history = known & 0xFF
    // Counts from 48 on stand for eight observations each: one in eight counts, chosen by the low
    // bits of the probability.
    let counts: UInt32 = count < limit && (count < 48 || probability & 7 == 0) ? 1 : 0
    let appended = history << 1 | bit
    let kept = history >= 128 ? 128 | (appended & 127) : appended
    return UInt32(truncatingIfNeeded: moved) << 14 | (count + counts) << 8 | kept
  }

  /// The number of observations, up to the limit.
  @inline(__always)
  static func count(_ slot: UInt32) -> UInt32 { slot >> 8 & 63 }

  /// Tells whether `bit` is among the latest outcomes.
  @inline(__always)
  static func recalls(_ slot: UInt32, _ bit: UInt32) -> Bool {
    guard slot != 0 else { return false }
    let history = slot & 0xFF
    let length = UInt32(7 - (history | 1).leadingZeroBitCount + 24)
    let outcomes = history & ((1 << length) - 1)
    return bit == 1 ? outcomes != 0 : outcomes != (1 << length) - 1
  }
}

/// An entry of an adaptive map: a probability of 22 bits, and the number of its observations.
enum MapEntry {
  /// An entry of this probability that has `count` observations.
  static func initial(_ probability: Double, count: UInt32 = 0) -> UInt32 {
    UInt32(probability * 4_194_303) << 10 | count
  }

  /// Moves `entry` by one more outcome.
  @inline(__always)
  static func update(
    _ entry: inout UInt32,
    bit: UInt32,
    rates: borrowing UncheckedBuffer<UInt32>,
    limit: UInt32
  ) {
    let probability = Int64(entry >> 10)
    let count = entry & 1023
    let target = bit == 0 ? Int64(0) : (1 << 22) - 1
    let moved = probability + ((target - probability) * Int64(rates[Int(count)])) >> 16
    entry = UInt32(truncatingIfNeeded: moved) << 10 | (count < limit ? count + 1 : count)
  }
}
