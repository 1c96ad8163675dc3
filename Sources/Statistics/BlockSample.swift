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

  /// Σ *dᵢ*.
  let size: Double

  /// The weight of each block by its size.
  let weights: UnitWeights

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
    size = kept.reduce(0) { $0 + $1.size }
    ratio = kept.reduce(0) { $0 + $1.numerator } / size
    guard ratio.isFinite else { return nil }
    weights = UnitWeights(kept.map(\.size))
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

extension BlockSample {
  /// The jackknife's standard error, from the ratios without one block each.
  ///
  /// Without block *i* the ratio is *r* − *eᵢ* / (Σ *d* − *dᵢ*), so a block that has most of the size
  /// makes it large.
  var jackknifeError: Double {
    guard count > 1, standardError > 0 else { return 0 }
    var sum = 0.0
    var squares = 0.0
    for index in 0..<count {
      let shift = blocks[index].x / (size - blocks[index].y)
      sum += shift
      squares += shift * shift
    }
    let spread = squares - sum * sum / Double(count)
    return (max(0, spread) * Double(count - 1) / Double(count)).squareRoot()
  }

  /// The correlation of an excess with the next one, corrected for its bias over few blocks.
  ///
  /// An estimate within a standard error of zero, 1/√*m*, counts as none, so that chance alone widens
  /// few intervals, and one of *z* standard errors is smaller by a share of 1/*z*⁴, so that the width is
  /// continuous. Of fewer than 20 blocks no correlation can be told. It is held to 0.85: above, as good
  /// as nothing is known from so few blocks.
  var autocorrelation: Double {
    guard count >= 20, standardError > 0 else { return 0 }
    var products = 0.0
    var squares = 0.0
    for index in 0..<count {
      let excess = blocks[index].x
      squares += excess * excess
      if index > 0 { products += excess * blocks[index - 1].x }
    }
    let raw = products / squares
    let corrected = raw + (1 + 3 * raw) / Double(count)
    // One over the square of the estimate in standard errors.
    let doubt = 1 / (corrected * corrected * Double(count))
    return corrected > 0 && doubt < 1 ? min(corrected * (1 - doubt * doubt), 0.85) : 0
  }

  /// The factor by which neighbours that depend on each other widen an interval of `level`.
  ///
  /// With the autocorrelation ρ, *m* blocks say as much as *m*·(1 − ρ)/(1 + ρ) independent ones, both
  /// for the standard error and for the degrees of freedom.
  func widening(level: Double) -> Double {
    let correlation = autocorrelation
    guard correlation > 0 else { return 1 }
    let share = (1 - correlation) / (1 + correlation)
    let freedom = Double(count - 1)
    let probability = (1 + level) / 2
    return StudentDistribution(degreesOfFreedom: freedom * share).quantile(probability)
      / StudentDistribution(degreesOfFreedom: freedom).quantile(probability)
      / share.squareRoot()
  }

  /// The mean of the blocks' own ratios, each block as heavy as the others, and its standard error.
  var meanOfRatios: (mean: Double, standardError: Double) {
    var sum = 0.0
    var squares = 0.0
    for index in 0..<count {
      let deviation = blocks[index].x / blocks[index].y
      sum += deviation
      squares += deviation * deviation
    }
    let spread = max(0, squares - sum * sum / Double(count))
    let hasSpread = standardError > 0 && count > 1
    return (
      ratio + sum / Double(count),
      hasSpread ? (spread / Double(count * (count - 1))).squareRoot() : 0
    )
  }
}
