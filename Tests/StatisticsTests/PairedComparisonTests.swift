import InformationTheory
import TestSupport
import Testing

@testable import Statistics

struct PairedComparisonTests {
  @Test func `a clear difference is found`() throws {
    let blocks = Blocks(100)
    let comparison = Resampling.quick.pairedComparison(of: blocks.numerators, per: blocks.sizes)
    #expect(comparison.difference == blocks.ratio)
    #expect(comparison.pValue == 1.0 / 2001)
    #expect(try #require(comparison.interval).low > 0)
  }

  @Test(arguments: 1...30, [6, 9, 13, 14, 25, 200])
  func `the p-value is at most 0.05 where the interval leaves zero out`(
    seed: UInt64,
    count: Int
  ) throws {
    let blocks = Blocks(count, seed: seed)
    for units in [Resampling.Units.lines, .texts] {
      var resampling = Resampling.quick
      resampling.units = units
      let comparison = resampling.pairedComparison(of: blocks.differences, per: blocks.sizes)
      let interval = try #require(comparison.interval)
      #expect(interval.low <= comparison.difference && comparison.difference <= interval.high)
      let leavesZeroOut = interval.low > 0 || interval.high < 0
      #expect(leavesZeroOut == (try #require(comparison.pValue) <= 0.05))
    }
  }

  @Test(arguments: [0.5, 0.9, 0.99])
  func `interval and p-value agree at any level`(level: Double) throws {
    for seed in 1...20 {
      let blocks = Blocks(40, seed: UInt64(seed))
      var resampling = Resampling.quick
      resampling.level = level
      let comparison = resampling.pairedComparison(of: blocks.differences, per: blocks.sizes)
      let interval = try #require(comparison.interval)
      let leavesZeroOut = interval.low > 0 || interval.high < 0
      #expect(leavesZeroOut == (try #require(comparison.pValue) <= 1 - level + 1e-12))
    }
  }

  @Test func `exchanging the models turns the difference and keeps the test`() throws {
    let blocks = Blocks(50, seed: 4)
    let one = Resampling.quick.pairedComparison(of: blocks.differences, per: blocks.sizes)
    let other = Resampling.quick.pairedComparison(
      of: blocks.differences.map { -$0 },
      per: blocks.sizes
    )
    #expect(one.difference == -other.difference)
    #expect(one.pValue == other.pValue)
    let (left, right) = (try #require(one.interval), try #require(other.interval))
    #expect(isClose(left.low, -right.high) && isClose(left.high, -right.low))
  }

  @Test func `a model is no better than itself`() {
    let comparison = Resampling.quick.pairedComparison(
      of: [Double](repeating: 0, count: 30),
      per: [Double](repeating: 7, count: 30)
    )
    let expected = PairedComparison(
      difference: 0,
      interval: Interval(low: 0, high: 0, blocks: 30),
      pValue: 1
    )
    #expect(comparison == expected)
  }

  @Test func `an infinite difference has neither interval nor p-value`() {
    let blocks = Blocks(30)
    let comparison = Resampling.quick.pairedComparison(
      of: [.infinity] + blocks.differences,
      per: [1] + blocks.sizes
    )
    #expect(comparison.difference == .infinity && comparison.interval == nil)
    #expect(comparison.pValue == nil)
  }

  @Test func `all signs of few blocks are tried`() {
    // Of the 8 sums ±1 ±2 ±3, two are as far from zero as 6; of ±1 ±2 ±4 around 3, six.
    #expect(SignFlips(.quick).pValue(of: [1, 2, 3]) == 0.25)
    #expect(SignFlips(.quick).pValue(of: [1, -2, 4]) == 0.75)
    #expect(SignFlips(.quick).pValue(of: [0.1, 0.2, -0.3]) == 1)
    #expect(SignFlips(.quick).pValue(of: []) == 1)
  }

  @Test func `the ends are where the test of the ratio just does not reject it`() throws {
    // By bisection on the test of each ratio over all 256 signs.
    let comparison = Resampling.quick.pairedComparison(
      of: [31, -4, 55, 12, 18, 40, -9, 27],
      per: [900, 1200, 2500, 400, 800, 1600, 700, 1000]
    )
    #expect(comparison.pValue == 0.0390625)
    let interval = try #require(comparison.interval)
    #expect(isClose(interval.low, 0.002_727_272_727, within: 1e-9))
    #expect(isClose(interval.high, 0.029_047_619_048, within: 1e-9))
  }

  @Test(arguments: [14, 15, 16, 17])
  func `drawn signs agree with all signs`(count: Int) {
    let differences = Blocks(count, seed: UInt64(count)).differences
    let total = differences.reduce(0, +).magnitude
    var sums = [0.0]
    for difference in differences { sums = sums.flatMap { [$0 + difference, $0 - difference] } }
    let exact = Double(sums.count { $0.magnitude >= total - 1e-9 }) / Double(sums.count)
    var resampling = Resampling()
    resampling.resamples = 20_000
    let drawn = SignFlips(resampling).pValue(of: differences)
    #expect(abs(drawn - exact) < 4 * (exact * (1 - exact) / 20_000).squareRoot() + 1e-4)
  }

  @Test func `the test does not care how large few blocks are or how they are ordered`() {
    let differences = Blocks(12, seed: 5).differences
    let plain = Resampling.quick.pairedComparison(of: differences, per: differences.map { _ in 1 })
    let other = Resampling.quick.pairedComparison(
      of: differences.reversed(),
      per: differences.map { _ in 9 }
    )
    #expect(plain.pValue == other.pValue)
  }

  @Test func `fewer than six lines have a p-value and no interval at 95 %`() {
    let comparison = Resampling.quick.pairedComparison(of: [1, 2, 3, 4, 5], per: [1, 1, 1, 1, 1])
    #expect(comparison.pValue == 0.0625 && comparison.interval == nil)
  }

  @Test func `four texts are tested by Student's t, two are not tested`() throws {
    var resampling = Resampling.quick
    resampling.units = .texts
    let four = resampling.pairedComparison(of: [30, 55, 11, 42], per: [1000, 1500, 700, 1100])
    let interval = try #require(four.interval)
    #expect(isClose(try #require(four.pValue), 0.005_424_400_105, within: 1e-9))
    #expect(isClose(interval.low, 0.018_807_252_045, within: 1e-9))
    #expect(isClose(interval.high, 0.045_378_794_467, within: 1e-9))
    let two = resampling.pairedComparison(of: [30, 55], per: [1000, 1500])
    #expect(two.pValue == nil && two.interval == nil)
  }

  @Test func `neighbours that are alike raise the p-value and widen the interval`() throws {
    let (numerators, sizes) = Blocks.alike
    let differences = zip(numerators, sizes).map { $0 - 2.7 * $1 }
    var resampling = Resampling.quick
    resampling.blockLimit = 40
    let lines = resampling.pairedComparison(of: differences, per: sizes)
    resampling.units = .texts
    let texts = resampling.pairedComparison(of: differences, per: sizes)
    #expect(try #require(lines.pValue) > (try #require(texts.pValue)))
    let (wide, narrow) = (try #require(lines.interval), try #require(texts.interval))
    let ratio = (wide.high - wide.low) / (narrow.high - narrow.low)
    #expect(isClose(ratio, 1.717492899, within: 1e-8))
  }
}
