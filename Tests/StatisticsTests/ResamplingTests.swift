import InformationTheory
import TestSupport
import Testing

@testable import Statistics

struct ResamplingTests {
  @Test(arguments: [10, 11, 50, 999])
  func `an interval holds its estimate and is not empty`(count: Int) throws {
    let blocks = Blocks(count)
    let interval = try #require(Resampling.quick.interval(of: blocks.numerators, per: blocks.sizes))
    #expect(interval.low < blocks.ratio && blocks.ratio < interval.high)
  }

  @Test(arguments: [1, 10, 37, 1000])
  func `the number of threads changes no bit`(count: Int) {
    let blocks = Blocks(count)
    var resampling = Resampling.quick
    resampling.resamples = 1000
    let results = [1, 2, 3].map { threads in
      resampling.threads = threads
      return resampling.pairedComparison(of: blocks.differences, per: blocks.sizes)
    }
    #expect(results[0] == results[1] && results[1] == results[2])
    #expect(results[0].pValue != nil)
  }

  @Test func `more blocks than the limit are gathered, consecutive ones, as evenly as can be`() {
    var resampling = Resampling.quick
    resampling.blockLimit = 10
    let sums = resampling.gathered((1...23).map(Double.init))
    // Three, two, two, three and so on.
    #expect(sums.prefix(4) == [6, 9, 13, 27] && sums.count == 10 && sums.reduce(0, +) == 276)
    #expect(resampling.gathered([1, 2]) == [1, 2])
    let blocks = Blocks(200)
    #expect(
      resampling.interval(of: blocks.numerators, per: blocks.sizes)
        == resampling.interval(
          of: resampling.gathered(blocks.numerators),
          per: resampling.gathered(blocks.sizes)
        )
    )
  }

  @Test func `what sentences of a document have in common widens the interval over long blocks`()
    throws
  {
    // Documents of 25 sentences, some of them harder.
    let blocks = Blocks(2000)
    var generator = SplitMix64(seed: 1)
    let excesses = (0..<80).map { _ in 3 * generator.nextUnit() }
    let numerators = blocks.numerators.enumerated().map { index, value in
      value + excesses[index / 25] * blocks.sizes[index]
    }
    var bySentence = Resampling.quick
    bySentence.blockLimit = .max
    let narrow = try #require(bySentence.interval(of: numerators, per: blocks.sizes))
    let wide = try #require(Resampling.quick.interval(of: numerators, per: blocks.sizes))
    #expect(narrow.blocks == 2000 && wide.blocks == 32)
    #expect(wide.high - wide.low > 1.5 * (narrow.high - narrow.low))
  }

  @Test func `the example of the documentation`() throws {
    let bits = [12.5, 31.0, 18.2, 25.1, 40.9, 9.3, 22.0, 28.7, 17.7, 35.4]
    let tokens = [5.0, 11, 8, 9, 14, 4, 10, 10, 7, 13]
    let interval = try #require(Resampling().interval(of: bits, per: tokens))
    #expect(isClose(interval.low, 2.4393320033, within: 1e-9))
    #expect(isClose(interval.high, 2.8529756890, within: 1e-9))
  }

  @Test func `another seed gives other draws and nearly the same interval`() throws {
    let blocks = Blocks(200)
    var other = Resampling.quick
    other.seed = 2
    let first = try #require(Resampling.quick.interval(of: blocks.numerators, per: blocks.sizes))
    let second = try #require(other.interval(of: blocks.numerators, per: blocks.sizes))
    #expect(first != second)
    #expect(abs(first.low - second.low) < 0.1 * (first.high - first.low))
    #expect(abs(first.high - second.high) < 0.1 * (first.high - first.low))
  }

  @Test func `numerators in another unit give the interval in that unit`() throws {
    let blocks = Blocks(40)
    let plain = try #require(Resampling.quick.interval(of: blocks.numerators, per: blocks.sizes))
    let scaled = try #require(
      Resampling.quick.interval(
        of: blocks.numerators.map { $0 * 8 },
        per: blocks.sizes.map { $0 * 2 }
      )
    )
    #expect(scaled == Interval(low: plain.low * 4, high: plain.high * 4, blocks: 32))
    let shifted = try #require(
      Resampling.quick.interval(
        of: zip(blocks.numerators, blocks.sizes).map { $0 + 3 * $1 },
        per: blocks.sizes
      )
    )
    #expect(isClose(shifted.low, plain.low + 3, within: 1e-9))
    #expect(isClose(shifted.high, plain.high + 3, within: 1e-9))
  }

  @Test func `turning the signs turns the interval`() throws {
    let blocks = Blocks(40)
    let plain = try #require(Resampling.quick.interval(of: blocks.numerators, per: blocks.sizes))
    let turned = try #require(
      Resampling.quick.interval(of: blocks.numerators.map { -$0 }, per: blocks.sizes)
    )
    #expect(isClose(turned.low, -plain.high) && isClose(turned.high, -plain.low))
  }

  @Test func `the order of blocks matters no more than the seed`() throws {
    let blocks = Blocks(100)
    let plain = try #require(Resampling.quick.interval(of: blocks.numerators, per: blocks.sizes))
    let reversed = try #require(
      Resampling.quick.interval(of: blocks.numerators.reversed(), per: blocks.sizes.reversed())
    )
    #expect(abs(plain.low - reversed.low) < 0.1 * (plain.high - plain.low))
    #expect(abs(plain.high - reversed.high) < 0.1 * (plain.high - plain.low))
  }

  @Test func `with many blocks the interval is that of the normal distribution`() throws {
    let blocks = Blocks(1000)
    var resampling = Resampling.quick
    resampling.blockLimit = .max
    let sample = try #require(BlockSample(blocks.numerators, per: blocks.sizes))
    let interval = try #require(resampling.interval(of: blocks.numerators, per: blocks.sizes))
    let width = 2 * NormalDistribution.quantile(0.975) * sample.standardError
    #expect(abs(interval.high - interval.low - width) < 0.1 * width)
  }

  @Test func `a higher level gives a wider interval`() throws {
    let blocks = Blocks(60)
    var wide = Resampling.quick
    wide.level = 0.99
    let plain = try #require(Resampling.quick.interval(of: blocks.numerators, per: blocks.sizes))
    let wider = try #require(wide.interval(of: blocks.numerators, per: blocks.sizes))
    #expect(wider.low < plain.low && plain.high < wider.high)
  }

  @Test func `blocks of one ratio have an interval of no width`() {
    let interval = Resampling.quick.interval(
      of: (1...20).map { Double($0) * 0.3 },
      per: (1...20).map(Double.init)
    )
    #expect(interval.map { isClose($0.low, 0.3) && isClose($0.high, 0.3) } == true)
  }

  @Test func `a block without size or numerator is no block`() {
    let blocks = Blocks(30)
    let plain = Resampling.quick.interval(of: blocks.numerators, per: blocks.sizes)
    let padded = Resampling.quick.interval(of: [0] + blocks.numerators, per: [0] + blocks.sizes)
    #expect(plain == padded)
  }

  @Test func `there is no interval for too few blocks`() {
    let blocks = Blocks(Resampling.minimumBlockCount - 1)
    #expect(Resampling.quick.interval(of: blocks.numerators, per: blocks.sizes) == nil)
    #expect(Resampling.quick.interval(of: [], per: []) == nil)
  }

  @Test(arguments: [Double.infinity, -.infinity, .nan])
  func `there is no interval around what is not finite`(value: Double) {
    let blocks = Blocks(20)
    #expect(
      Resampling.quick.interval(of: [value] + blocks.numerators, per: [1] + blocks.sizes) == nil
    )
    #expect(
      Resampling.quick.interval(of: [1] + blocks.numerators, per: [value] + blocks.sizes) == nil
    )
  }

  @Test func `there is no interval where a block without size has a numerator`() {
    let blocks = Blocks(20)
    #expect(Resampling.quick.interval(of: [1] + blocks.numerators, per: [0] + blocks.sizes) == nil)
    #expect(Resampling.quick.interval(of: [1] + blocks.numerators, per: [-1] + blocks.sizes) == nil)
  }

  @Test func `there is no interval where all blocks but one are equal`() {
    let numerators = [9.0] + [Double](repeating: 2, count: 19)
    #expect(Resampling.quick.interval(of: numerators, per: numerators.map { _ in 1 }) == nil)
  }

  @Test func `a resample's own error is the formula's`() throws {
    // Two blocks: a resample has the first twice, the second twice, or both.
    let sample = try #require(BlockSample([3, 1], per: [1, 3]))
    #expect(sample.ratio == 1)
    // Excesses 2 and -2: √(2/1 · 8) / 4.
    #expect(sample.standardError == 1)
    let draws = BlockResamples(of: sample, count: 1000, seed: 1, threads: 1)
    #expect(Set(draws.deviations) == [2, 0, -2.0 / 3])
    #expect(Set(draws.studentized) == [.infinity, 0, -.infinity])
    let share = Double(draws.deviations.count { $0 == 0 }) / 1000
    #expect(abs(share - 0.5) < 0.06)
  }

  @Test func `each block is drawn as often as the others`() throws {
    // The size of a block is a power of 64, so that the sum of sizes tells how often each came.
    let sizes = (0..<5).map { Double(1 << (6 * $0)) }
    let numerators = [1.0, 0, 0, 0, 0]
    let sample = try #require(BlockSample(numerators, per: sizes))
    let draws = BlockResamples(of: sample, count: 20_000, seed: 3, threads: 2)
    // A ratio of zero is a resample without the first block: (4/5)⁵ of them.
    let share = draws.deviations.count { ($0 + sample.ratio).magnitude < 1e-12 }
    #expect(abs(Double(share) / 20_000 - 0.32768) < 0.015)
  }
}
