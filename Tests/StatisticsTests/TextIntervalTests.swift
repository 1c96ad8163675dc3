import TestSupport
import Testing

@testable import Statistics

/// Intervals over texts, whose sizes differ.
struct TextIntervalTests {
  private let resampling: Resampling = {
    var resampling = Resampling.quick
    resampling.units = .texts
    return resampling
  }()

  @Test func `few texts have the interval of Student's t with the jackknife's error`() throws {
    let numerators = [8200.0, 12900, 5100, 9900, 15000]
    let sizes = [1000.0, 1500, 700, 1100, 2000]
    let sample = try #require(BlockSample(numerators, per: sizes))
    #expect(isClose(sample.jackknifeError, 0.346_684_086_048, within: 1e-11))
    #expect(isClose(sample.weights.effectiveCount, 4.434_636_871_508, within: 1e-11))
    let interval = try #require(resampling.interval(of: numerators, per: sizes))
    #expect(isClose(interval.low, 7.082_736_880_308, within: 1e-9))
    #expect(isClose(interval.high, 9.139_485_341_914, within: 1e-9))
    let mean = try #require(resampling.meanOfRatios(of: numerators, per: sizes))
    #expect(isClose(mean.mean, 8.117_142_857_143, within: 1e-11))
    #expect(isClose(mean.interval.low, 7.219_274_714_805, within: 1e-9))
    #expect(isClose(mean.interval.high, 9.015_010_999_480, within: 1e-9))
  }

  @Test func `calibrated percentiles are near those of a double bootstrap`() throws {
    // 4,000 resamples, 1,000 of each, drawn elsewhere: 7.618 to 8.522.
    let texts = Texts(30)
    var resampling = resampling
    resampling.resamples = 10_000
    let interval = try #require(resampling.interval(of: texts.numerators, per: texts.sizes))
    #expect(abs(interval.low - 7.618) < 0.06)
    #expect(abs(interval.high - 8.522) < 0.06)
  }

  @Test(arguments: [3, 7, 19, 20, 50, 200])
  func `an interval holds its estimate, whatever the order`(count: Int) throws {
    let texts = Texts(count, spread: 0.5)
    let plain = try #require(resampling.interval(of: texts.numerators, per: texts.sizes))
    let reversed = try #require(
      resampling.interval(of: texts.numerators.reversed(), per: texts.sizes.reversed())
    )
    #expect(plain.blocks == count)
    #expect(plain.low < texts.ratio && texts.ratio < plain.high)
    // Below 20 texts nothing is drawn.
    let tolerance = count < 20 ? 1e-9 : 0.1 * (plain.high - plain.low)
    #expect(abs(plain.low - reversed.low) <= tolerance)
    #expect(abs(plain.high - reversed.high) <= tolerance)
  }

  @Test func `intervals at higher levels hold those at lower ones`() throws {
    for count in [5, 40] {
      let texts = Texts(count, spread: 0.5)
      let intervals = try [0.5, 0.9, 0.95, 0.99].map { level in
        var resampling = resampling
        resampling.level = level
        return try #require(resampling.interval(of: texts.numerators, per: texts.sizes))
      }
      for (inner, outer) in zip(intervals, intervals.dropFirst()) {
        #expect(outer.low < inner.low && inner.high < outer.high)
      }
    }
  }

  @Test(arguments: [0, 1, 2])
  func `fewer than three texts have no interval`(count: Int) {
    let texts = Texts(count)
    #expect(resampling.interval(of: texts.numerators, per: texts.sizes) == nil)
    #expect(resampling.meanOfRatios(of: texts.numerators, per: texts.sizes) == nil)
  }

  @Test func `a text that outweighs the others leaves no interval but that of the mean`() throws {
    var texts = Texts(202, spread: 0)
    texts.sizes.append(310_000)
    texts.numerators.append(310_000 * 9.5)
    #expect(resampling.interval(of: texts.numerators, per: texts.sizes) == nil)
    let weights = UnitWeights(texts.sizes)
    #expect(weights.largest == 202 && weights.count == 203 && weights.isDominated)
    #expect(isClose(weights.largestShare, 310.0 / 512, within: 1e-12))
    // 512² / (202 + 310²)
    #expect(isClose(weights.effectiveCount, 262_144.0 / 96_302, within: 1e-12))
    let mean = try #require(resampling.meanOfRatios(of: texts.numerators, per: texts.sizes))
    #expect(mean.interval.high - mean.interval.low < 0.3)
    #expect(mean.interval.low < mean.mean && mean.mean < mean.interval.high)
  }

  @Test func `one text far from the others cannot drive the ends beyond the texts`() throws {
    // The ratios of the other texts are 8; one of 30 has 16 and a tenth of the tokens.
    let sizes = [Double](repeating: 1000, count: 29) + [3200]
    let numerators = (0..<29).map { 8000 + Double($0 % 5) } + [3200.0 * 16]
    let interval = try #require(resampling.interval(of: numerators, per: sizes))
    #expect(interval.low >= 8 && interval.high < 16)
  }

  @Test func `equal texts weigh as many as they are, and texts without size do not count`() {
    #expect(UnitWeights([5, 5, 0, 5, 5]).effectiveCount == 4)
    #expect(UnitWeights([5, 5, 0, 5, 5]).count == 4)
    #expect(!UnitWeights([1, 1, 1]).isDominated)
    #expect(UnitWeights([]).isDominated == false && UnitWeights([]).count == 0)
    #expect(UnitWeights([0, 3, 9]).largest == 2)
  }

  @Test func `texts of one ratio have an interval of no width`() throws {
    for count in [4, 30] {
      let sizes = (1...count).map { 100.0 + Double($0) }
      let interval = try #require(resampling.interval(of: sizes.map { $0 * 2 }, per: sizes))
      #expect(interval.low == 2 && interval.high == 2)
      let comparison = resampling.pairedComparison(of: sizes.map { $0 * 2 }, per: sizes)
      #expect(try #require(comparison.interval).low == 2)
      #expect(try #require(comparison.pValue) < 0.05)
    }
  }

  @Test func `lines that are alike to their neighbours have a wider interval, texts have not`()
    throws
  {
    let (numerators, sizes) = Blocks.alike
    let sample = try #require(BlockSample(numerators, per: sizes))
    #expect(isClose(sample.autocorrelation, 0.451741352516, within: 1e-9))
    #expect(isClose(sample.widening(level: 0.95), 1.717492899, within: 1e-8))
    var lines = Resampling.quick
    lines.blockLimit = 40
    let wide = try #require(lines.interval(of: numerators, per: sizes))
    let forms = try #require(
      lines.intervals(of: numerators, per: sizes, forms: [.calibrated])
    )
    let plain = forms[0].high - forms[0].low
    #expect(isClose(wide.high - wide.low, 1.717492899 * plain, within: 1e-8))
  }

  @Test func `of fewer than 20 blocks no correlation can be told`() throws {
    let values = (0..<19).map { Double($0) }
    #expect(try #require(BlockSample(values, per: values.map { _ in 1 })).autocorrelation == 0)
    let more = (0..<20).map { Double($0) }
    #expect(try #require(BlockSample(more, per: more.map { _ in 1 })).autocorrelation > 0.8)
  }
}
