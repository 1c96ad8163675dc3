import Files
import InformationTheory

/// The sums that differences would have if each could as well have the other sign.
///
/// Ronald A. Fisher: *The Design of Experiments*, 1935, section 21; E. J. G. Pitman: *Significance
/// Tests Which May Be Applied to Samples from Any Populations*, 1937.
struct SignFlips: Sendable {
  /// The most differences whose signs are all enumerated.
  static let exactBlockCount = 13

  private let differences: [Double]
  private let total: Double
  /// The least sum that counts as large as the observed one; rounding must not decide between equals.
  private let threshold: Double

  /// The sums of `differences`.
  init(_ differences: [Double]) {
    self.differences = differences
    total = differences.reduce(0, +)
    let magnitude = differences.reduce(0) { $0 + $1.magnitude }
    threshold = total.magnitude - 0x1p-40 * magnitude
  }

  /// The share of sums that are as far from zero as the one observed.
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

  /// The share among all choices of signs, the one observed among them.
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

  /// The sums of all subsets of each four differences: sixteen of them, by the bits of the subset.
  ///
  /// With them one look-up draws the signs of four blocks.
  private var quadSums: Buffer<Double> {
    let quadCount = (differences.count + 3) / 4
    var sums = Buffer<Double>(repeating: 0, count: quadCount * 16)
    for quad in 0..<quadCount {
      for subset in 1..<16 {
        let place = quad * 4 + subset.trailingZeroBitCount
        let rest = sums[quad * 16 + subset & (subset - 1)]
        sums[quad * 16 + subset] = rest + (place < differences.count ? differences[place] : 0)
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
