/// A permutation of word numbers that spreads them evenly: the codes that regions are sorted by.
///
///     code(w) = (w + 1) · m  mod 2^b        m odd, b the bits of the vocabulary's size
///
/// The frequent words have small numbers; their codes lie evenly over 1 ... 2^b − 1 (Knuth, vol. 3,
/// section 6.4, on multiplicative hashing). So the index of a code in a sorted list can be computed
/// nearly: a search touches two or three cache lines where bisection touches a dozen. Zero is no
/// word's code.
struct WordCode: BitwiseCopyable, Sendable {
  /// The number of bits of a code.
  let bitCount: Int

  private let mask: UInt32
  private let multiplier: UInt32
  private let inverse: UInt32

  /// The codes of a vocabulary of `vocabularySize` words, at most 2^31.
  init(vocabularySize: Int) {
    bitCount = UInt64.bitWidth - UInt64(vocabularySize).leadingZeroBitCount
    mask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(bitCount)) - 1)
    // The golden ratio's share of 2^b, made odd.
    let golden: UInt64 = 0x9e37_79b9
    multiplier = UInt32(truncatingIfNeeded: golden >> UInt64(32 - min(32, bitCount))) | 1
    var inverse = multiplier
    for _ in 0..<5 { inverse = inverse &* (2 &- multiplier &* inverse) }
    self.inverse = inverse
  }

  /// The code of `word`.
  @inline(__always)
  func code(_ word: UInt32) -> UInt32 { (word &+ 1) &* multiplier & mask }

  /// The word of `code`; an unused code gives a number outside the vocabulary.
  @inline(__always)
  func word(_ code: UInt32) -> UInt32 { (code &* inverse & mask) &- 1 }
}
