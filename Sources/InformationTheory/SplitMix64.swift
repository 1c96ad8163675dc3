/// A small generator of random numbers whose whole state is one 64-bit word.
///
/// ```swift
/// var generator = SplitMix64(seed: 0)
/// generator.next()  // 0xe220_a839_7b1d_cdaf
/// ```
///
/// A counter goes forward by a fixed odd step, and each value of it is mixed to an output:
///
///     s ← s + γ
///     z ← (s ⊕ (s ≫ 30)) · m₁
///     z ← (z ⊕ (z ≫ 27)) · m₂
///     output z ⊕ (z ≫ 31)
///
/// where *s* is the state, γ the odd integer nearest to 2⁶⁴ divided by the golden ratio, *m₁* and
/// *m₂* the constants of Stafford's variant 13, and all arithmetic is modulo 2⁶⁴. Each 64-bit word
/// comes once in the period of 2⁶⁴.
///
/// Guy L. Steele Jr., Doug Lea and Christine H. Flood: *Fast Splittable Pseudorandom Number
/// Generators*, OOPSLA 2014; in the form without splits and with these constants it is Sebastiano
/// Vigna's `splitmix64.c`.
///
/// The outputs for a seed never change, unlike those of the standard library's `shuffled(using:)`
/// and `random(in:using:)`, which may use a generator differently from one release to the next. It
/// is not for secrets: one output betrays all that follow.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates a generator whose outputs are a function of `seed`; every seed is as good.
  public init(seed: UInt64) {
    state = seed
  }

  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Returns a number drawn uniformly from the 2⁵³ multiples of 2⁻⁵³ in [0, 1).
  public mutating func nextUnit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}

extension SplitMix64 {
  /// Returns an index drawn uniformly from `0..<count`, for counts far below 2⁵³.
  mutating func nextIndex(below count: Int) -> Int {
    precondition(count > 0, "count must be positive, not \(count)")
    return Int(nextUnit() * Double(count))
  }

  /// Returns `count` different elements of `elements` in a random order.
  mutating func sample<Element>(_ count: Int, of elements: [Element]) -> [Element] {
    precondition(count <= elements.count, "cannot draw \(count) of \(elements.count) elements")
    var elements = elements
    // The first steps of a Fisher-Yates shuffle.
    for index in 0..<count {
      elements.swapAt(index, index + nextIndex(below: elements.count - index))
    }
    return Array(elements.prefix(count))
  }
}
