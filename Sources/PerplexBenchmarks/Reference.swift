import InformationTheory

/// A fixed piece of work, written plainly, that stages are compared with.
///
/// It sorts 2²² keys of 64 bits and counts 2²² draws in a table that no cache holds, which is what
/// training does too: memory that is waited for, and integers. A stage's time in units of it depends
/// little on the machine. It must stay as it is, or no baseline means anything.
struct Reference {
  private let keys: [UInt64]
  /// The drawn numbers, which are sorted and counted.
  let draws: [UInt64]
  // Kept from run to run, so that no run asks the system for memory.
  private var first: [UInt64]
  private var second: [UInt64]
  private var slots: [UInt64]
  private var counts: [UInt32]
  private let bitCount: Int

  /// The keys in order, after a run.
  var sorted: [UInt64] { second }

  /// Draws 2^`bitCount` keys.
  init(bitCount: Int = 22) {
    let count = 1 << bitCount
    var generator = SplitMix64(seed: 0)
    keys = (0..<count).map { _ in generator.next() }
    draws = (0..<count).map { _ in GeneratedText.number(generator.next()) }
    first = [UInt64](repeating: 0, count: count)
    second = first
    slots = first
    counts = [UInt32](repeating: 0, count: count)
    self.bitCount = bitCount
  }

  /// Does the work, and gives the number of different draws.
  mutating func run() -> Int {
    sort()
    return countDraws()
  }

  /// Least significant digit first, eight bits a pass.
  private mutating func sort() {
    Self.pass(keys, into: &first, shift: 0)
    for shift in stride(from: 8, to: 56, by: 16) {
      Self.pass(first, into: &second, shift: shift)
      Self.pass(second, into: &first, shift: shift + 8)
    }
    Self.pass(first, into: &second, shift: 56)
  }

  private static func pass(_ source: [UInt64], into target: inout [UInt64], shift: Int) {
    var places = [Int](repeating: 0, count: 257)
    for key in source { places[Int(key >> UInt64(shift) & 255) + 1] += 1 }
    for digit in 1...256 { places[digit] += places[digit - 1] }
    for key in source {
      let digit = Int(key >> UInt64(shift) & 255)
      target[places[digit]] = key
      places[digit] += 1
    }
  }

  private mutating func countDraws() -> Int {
    for slot in slots.indices {
      slots[slot] = 0
      counts[slot] = 0
    }
    let mask = slots.count - 1
    var typeCount = 0
    for draw in draws {
      var slot = Int(truncatingIfNeeded: (draw &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - bitCount))
      while slots[slot] != draw && slots[slot] != 0 { slot = (slot + 1) & mask }
      if slots[slot] == 0 {
        slots[slot] = draw
        typeCount += 1
      }
      counts[slot] += 1
    }
    return typeCount
  }
}
