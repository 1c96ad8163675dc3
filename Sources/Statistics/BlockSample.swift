import Files

/// The two sums of each block of a text, their ratio and its standard error.
///
/// A block *i* has a numerator *nᵢ* and a size *dᵢ*. With
///
///     r = Σ nᵢ / Σ dᵢ        eᵢ = nᵢ − r·dᵢ        s = √(m/(m−1) · Σ eᵢ²) / Σ dᵢ
///
/// *r* is the ratio, *eᵢ* the excess of a block over the value expected from its size, *m* the
/// number of blocks and *s* the standard error of *r* (by linearisation; William G. Cochran:
/// *Sampling Techniques*, 1977, section 6.4).
struct BlockSample: Sendable {
  /// Σ *nᵢ* / Σ *dᵢ*.
  let ratio: Double

  /// The excess and the size of each block; blocks without size are left out.
  let blocks: UnsynchronizedBuffer<SIMD2<Double>>

  /// *s*; zero if all blocks have the same ratio.
  let standardError: Double

  /// The third standardised moment of the excesses over 6 √*m*: the acceleration of BCa.
  let acceleration: Double

  /// The number of blocks with a size.
  var count: Int { blocks.count }

  /// The sample of the given blocks.
  ///
  /// It is nil if no block has a size, a number is not finite, a size is negative, or a block
  /// without size has a numerator other than zero.
  init?(_ numerators: [Double], per denominators: [Double]) {
    precondition(numerators.count == denominators.count, "each block has a numerator and a size")
    var kept: [(numerator: Double, size: Double)] = []
    kept.reserveCapacity(numerators.count)
    for (numerator, size) in zip(numerators, denominators) {
      guard numerator.isFinite, size.isFinite, size > 0 || (size == 0 && numerator == 0) else {
        return nil
      }
      if size > 0 { kept.append((numerator, size)) }
    }
    let size = kept.reduce(0) { $0 + $1.size }
    ratio = kept.reduce(0) { $0 + $1.numerator } / size
    guard ratio.isFinite else { return nil }
    var buffer = Buffer<SIMD2<Double>>(count: kept.count)
    var squares = 0.0
    var cubes = 0.0
    // The largest excess that rounding can leave in place of zero.
    var roundingSquares = 0.0
    for (index, block) in kept.enumerated() {
      let excess = block.numerator - ratio * block.size
      let rounding = 0x1p-48 * max(block.numerator.magnitude, (ratio * block.size).magnitude)
      buffer[index] = [excess, block.size]
      squares += excess * excess
      cubes += excess * excess * excess
      roundingSquares += rounding * rounding
    }
    blocks = UnsynchronizedBuffer(buffer)
    let count = Double(kept.count)
    let hasSpread = squares > roundingSquares && kept.count > 1
    standardError = hasSpread ? (count / (count - 1) * squares).squareRoot() / size : 0
    acceleration = hasSpread ? cubes / (6 * squares * squares.squareRoot()) : 0
  }
}
