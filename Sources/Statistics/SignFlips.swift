import Files
import InformationTheory

/// The sums of blocks whose signs are flipped at random: a test, and the interval that it makes.
///
/// The test asks how many sums Σ ±*xᵢ* are as far from zero as Σ *xᵢ*. Applied to *xᵢ* = *nᵢ* − θ·*dᵢ*, it
/// tests whether the ratio is θ, and the θ that it does not reject form an interval. For the signs *s*
/// let *E* = Σ *sᵢeᵢ*, *B* = Σ *sᵢdᵢ*, *D* = Σ *dᵢ*. The sum is as far from zero as the observed one if
///
///     r − θ ≤ E/(D − B) if E > 0, −E/(D + B) if not        for θ < r
///     θ − r ≤ E/(D + B) if E > 0, −E/(D − B) if not        for θ > r
///
/// so each draw has a reach on either side, and the ends are quantiles of the reaches. An interval and
/// a p-value of the same draws agree.
///
/// Ronald A. Fisher: *The Design of Experiments*, 1935, section 21; E. J. G. Pitman: *Significance
/// Tests Which May Be Applied to Samples from Any Populations*, 1937.
struct SignFlips: Sendable {
  /// The largest number of blocks with all signs enumerated.
  static let exactBlockCount = 13

  private let resamples: Int
  private let seed: UInt64
  private let threads: Int

  /// As many flips as `resampling` has resamples.
  init(_ resampling: Resampling) {
    resamples = resampling.resamples
    // The draws must differ from the bootstrap's.
    seed = ~resampling.seed
    threads = resampling.threads
  }

  /// The fraction of sums that are at least as far from zero as the observed one.
  ///
  /// - Complexity: O(*r* · *m* / 4), *r* resamples of *m* blocks.
  func pValue(of differences: [Double]) -> Double {
    let total = differences.reduce(0, +)
    let magnitude = differences.reduce(0) { $0 + $1.magnitude }
    // The threshold tolerates rounding between equal sums.
    let threshold = total.magnitude - 0x1p-40 * magnitude
    let reached = draws(of: differences.map { SIMD2($0, 0) }) { flipped in
      (total - 2 * flipped.x).magnitude >= threshold
    }
    let count = (0..<reached.count).reduce(0) { $0 + (reached[$1] ? 1 : 0) }
    return isExact(differences.count)
      ? Double(count) / Double(reached.count) : Double(count + 1) / Double(reached.count + 1)
  }

  /// The ends at which the test of `sample` has a p-value just above 1 − `level`, each as a distance
  /// from the ratio; infinite if so few blocks cannot have such a p-value.
  func reaches(of sample: BlockSample, level: Double) -> (below: Double, above: Double) {
    let size = sample.size
    let reaches = draws(of: (0..<sample.count).map { sample.blocks[$0] }) { flipped in
      // D − B is twice the flipped size, D + B twice the rest, E minus twice the flipped excess.
      let rest = size - flipped.y
      guard flipped.y > 0x1p-40 * size, rest > 0x1p-40 * size else {
        return SIMD2<Double>(repeating: .infinity)
      }
      let near = flipped.x.magnitude / flipped.y
      let far = flipped.x.magnitude / rest
      return flipped.x < 0 ? [near, far] : [far, near]
    }
    let count = reaches.count
    // The p-value is above 1 − level if this many draws reach an end.
    let share = 1 - level + 0x1p-40
    let needed =
      isExact(sample.count)
      ? Int(share * Double(count)) + 1 : Int(share * Double(count + 1))
    func end(_ reach: (Int) -> Double) -> Double {
      needed < 1 ? .infinity : (0..<count).map(reach).sorted()[count - needed]
    }
    return (end { reaches[$0].x }, end { reaches[$0].y })
  }

  private func isExact(_ count: Int) -> Bool { count <= Self.exactBlockCount }

  /// The results of `body` for the sum of each flipped subset.
  private func draws<Result: BitwiseCopyable & Sendable>(
    of values: [SIMD2<Double>],
    _ body: @Sendable (SIMD2<Double>) -> Result
  ) -> UnsynchronizedBuffer<Result> {
    let count = isExact(values.count) ? 1 << values.count : resamples
    let results = UnsynchronizedBuffer<Result>(repeating: body(.zero), count: count)
    if isExact(values.count) {
      for choice in 0..<count {
        results[choice] = body(
          values.indices.reduce(.zero) { choice >> $1 & 1 == 1 ? $0 + values[$1] : $0 }
        )
      }
      return results
    }
    let quads = UnsynchronizedBuffer(Self.quadSums(of: values))
    ResamplingChunks(count: count, seed: seed).run(on: threads) { range, generator in
      for index in range { results[index] = body(Self.draw(quads.buffer, using: &generator)) }
    }
    return results
  }

  /// The sums of all sixteen subsets of each four values, indexed by the subset's bits.
  ///
  /// With them one look-up draws the signs of four blocks.
  private static func quadSums(of values: [SIMD2<Double>]) -> Buffer<SIMD2<Double>> {
    let quadCount = (values.count + 3) / 4
    var sums = Buffer<SIMD2<Double>>(repeating: .zero, count: quadCount * 16)
    for quad in 0..<quadCount {
      for subset in 1..<16 {
        let member = quad * 4 + subset.trailingZeroBitCount
        let rest = sums[quad * 16 + subset & (subset - 1)]
        sums[quad * 16 + subset] = rest + (member < values.count ? values[member] : .zero)
      }
    }
    return sums
  }

  /// The sum of a random subset.
  private static func draw(
    _ quads: borrowing Buffer<SIMD2<Double>>,
    using generator: inout SplitMix64
  ) -> SIMD2<Double> {
    let quadCount = quads.count / 16
    var sum = SIMD2<Double>.zero
    var start = 0
    while start < quadCount {
      var random = generator.next()
      let end = min(quadCount, start + 16)
      for quad in start..<end {
        sum += quads[quad * 16 + Int(truncatingIfNeeded: random & 15)]
        random >>= 4
      }
      start = end
    }
    return sum
  }
}
