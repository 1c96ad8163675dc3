import InformationTheory
import TestSupport
import Testing

@testable import Statistics

struct PairedComparisonTests {
  @Test func `a clear difference is found by both tests`() {
    let blocks = Blocks(100)
    let comparison = Resampling.quick.pairedComparison(of: blocks.numerators, per: blocks.sizes)
    #expect(comparison.difference == blocks.ratio)
    #expect(comparison.bootstrapPValue.map { $0 < 0.001 } == true)
    #expect(comparison.permutationPValue == 1.0 / 2001)
  }

  @Test(arguments: 1...20)
  func `the p-value is below 0.05 where the interval leaves zero out`(seed: UInt64) throws {
    let blocks = Blocks(25, seed: seed)
    let comparison = Resampling.quick.pairedComparison(of: blocks.differences, per: blocks.sizes)
    let interval = try #require(comparison.interval)
    let pValue = try #require(comparison.bootstrapPValue)
    let leavesZeroOut = interval.low > 0 || interval.high < 0
    // At the very edge, one resample in 2,000 may decide otherwise.
    #expect(leavesZeroOut == (pValue < 0.05) || abs(pValue - 0.05) < 0.0015)
  }

  @Test func `exchanging the models turns the difference and keeps the tests`() throws {
    let blocks = Blocks(50, seed: 4)
    let one = Resampling.quick.pairedComparison(of: blocks.differences, per: blocks.sizes)
    let other = Resampling.quick.pairedComparison(
      of: blocks.differences.map { -$0 },
      per: blocks.sizes
    )
    #expect(one.difference == -other.difference)
    #expect(one.permutationPValue == other.permutationPValue)
    #expect(isClose(try #require(one.bootstrapPValue), try #require(other.bootstrapPValue)))
  }

  @Test func `a model is no better than itself`() {
    let comparison = Resampling.quick.pairedComparison(
      of: [Double](repeating: 0, count: 30),
      per: [Double](repeating: 7, count: 30)
    )
    #expect(
      comparison
        == PairedComparison(
          difference: 0,
          interval: Interval(low: 0, high: 0, blocks: 30),
          bootstrapPValue: 1,
          permutationPValue: 1
        )
    )
  }

  @Test func `an infinite difference has neither interval nor p-value`() {
    let blocks = Blocks(30)
    let comparison = Resampling.quick.pairedComparison(
      of: [.infinity] + blocks.differences,
      per: [1] + blocks.sizes
    )
    #expect(comparison.difference == .infinity && comparison.interval == nil)
    #expect(comparison.bootstrapPValue == nil && comparison.permutationPValue == nil)
  }

  @Test func `all signs of few blocks are tried`() {
    // Of the 8 sums ±1 ±2 ±3, two are as far from zero as 6; of ±1 ±2 ±4 around 3, six.
    #expect(SignFlips([1, 2, 3]).pValue(resamples: 100, seed: 1, threads: 1) == 0.25)
    #expect(SignFlips([1, -2, 4]).pValue(resamples: 100, seed: 1, threads: 1) == 0.75)
    #expect(SignFlips([0.1, 0.2, -0.3]).pValue(resamples: 100, seed: 1, threads: 1) == 1)
    #expect(SignFlips([]).pValue(resamples: 100, seed: 1, threads: 1) == 1)
  }

  @Test(arguments: [14, 15, 16, 17])
  func `drawn signs agree with all signs`(count: Int) {
    let differences = Blocks(count, seed: UInt64(count)).differences
    let total = differences.reduce(0, +).magnitude
    var sums = [0.0]
    for difference in differences { sums = sums.flatMap { [$0 + difference, $0 - difference] } }
    let exact = Double(sums.count { $0.magnitude >= total - 1e-9 }) / Double(sums.count)
    let drawn = SignFlips(differences).pValue(resamples: 20_000, seed: 1, threads: 2)
    #expect(abs(drawn - exact) < 4 * (exact * (1 - exact) / 20_000).squareRoot() + 1e-4)
  }

  @Test func `the permutation test does not care how large blocks are or how they are ordered`() {
    let differences = Blocks(12, seed: 5).differences
    let plain = Resampling.quick.pairedComparison(of: differences, per: differences.map { _ in 1 })
    let other = Resampling.quick.pairedComparison(
      of: differences.reversed(),
      per: differences.map { _ in 9 }
    )
    #expect(plain.permutationPValue == other.permutationPValue)
  }
}
