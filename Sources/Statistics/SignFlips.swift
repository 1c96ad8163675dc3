import Files
import InformationTheory

/// The sums of differences whose signs are flipped at random.
///
/// Ronald A. Fisher: *The Design of Experiments*, 1935, section 21; E. J. G. Pitman: *Significance
/// Tests Which May Be Applied to Samples from Any Populations*, 1937.
struct SignFlips: Sendable {
  /// The largest number of differences with all signs enumerated.
  static let exactBlockCount = 13

  private let differences: [Double]
  private let total: Double
  /// The threshold of a sum as large as the observed one; it tolerates rounding between equal sums.
  private let threshold: Double

  /// The sums of `differences`.
  init(_ differences: [Double]) {
    self.differences = differences
    total = differences.reduce(0, +)
    let magnitude = differences.reduce(0) { $0 + $1.magnitude }
    threshold = total.magnitude - 0x1p-40 * magnitude
  }

  /// The fraction of sums that are at least as far from zero as the observed one.
  ///
  /// - Complexity: O(*r* · *m* / 4), *r* resamples of *m* blocks.
  func pValue(resamples: Int, seed: UInt64, threads: Int) -> Double {
    if differences.count <= Self.exactBlockCount { return exactPValue }
    let reached = UnsynchronizedBuffer<Bool>(repeating: false, count: resamples)
    let quads = UnsynchronizedBuffer(quadSums)
    let total = total
    let threshold = threshold
    ResamplingChunks(count: resamples, seed: seed).run(on: threads) { range, generator in
      for index in range {
        let flipped = Self.draw(quads.buffer, using: &generator)
        reached[index] = (total - 2 * flipped).magnitude >= threshold
      }
    }
    let count = (0..<resamples).reduce(0) { $0 + (reached[$1] ? 1 : 0) }
    return Double(count + 1) / Double(resamples + 1)
  }

  /// The fraction among all choices of signs, including the observed one.
  private var exactPValue: Double {
    let choiceCount = 1 << differences.count
    let count = (0..<choiceCount).count { choice in
      let sum = differences.indices.reduce(0) { sum, index in
        sum + (choice >> index & 1 == 1 ? -differences[index] : differences[index])
      }
      return sum.magnitude >= threshold
    }
    return Double(count) / Double(choiceCount)
  }

  /// The sums of all sixteen subsets of each four differences, indexed by the subset's bits.
  ///
  /// With them one look-up draws the signs of four blocks.
  private var quadSums: Buffer<Double> {
    let quadCount = (differences.count + 3) / 4
    var sums = Buffer<Double>(repeating: 0, count: quadCount * 16)
    for quad in 0..<quadCount {
      for subset in 1..<16 {
        let member = quad * 4 + subset.trailingZeroBitCount
        let rest = sums[quad * 16 + subset & (subset - 1)]
        sums[quad * 16 + subset] = rest + (member < differences.count ? differences[member] : 0)
      }
    }
    return sums
  }

  /// The sum of a random subset.
  private static func draw(
    _ quads: borrowing Buffer<Double>,
    using generator: inout SplitMix64
  ) -> Double {
    let quadCount = quads.count / 16
    var sum = 0.0
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
