import InformationTheory
import Statistics
import Testing

@testable import PerplexBenchmarks

struct UnitTrialTests {
  private func resampling(_ resamples: Int) -> Resampling {
    var resampling = Resampling()
    resampling.resamples = resamples
    return resampling
  }

  @Test(arguments: UnitTrial.lines.indices.filter { $0 % 5 == 0 })
  func `the ratio of many units goes to the true one`(index: Int) {
    let source = UnitTrial.lines[index].source
    // Pareto sizes, and neighbours at 0.99, are slow to go there.
    let (values, sizes) = source.draw(200_000, seed: 1)
    let ratio = values.reduce(0, +) / sizes.reduce(0, +)
    #expect(abs(ratio - source.trueRatio) < 0.15)
  }

  @Test(arguments: UnitTrial.texts.indices.filter { $0 % 9 == 0 })
  func `the ratios of many folders go to the true one`(index: Int) {
    let source = UnitTrial.texts[index].source
    let ratios = (0..<2000).map { seed in
      let (values, sizes) = source.draw(20, seed: UInt64(seed))
      return values.reduce(0, +) / sizes.reduce(0, +)
    }
    #expect(abs(ratios.reduce(0, +) / 2000 - source.trueRatio) < 0.08)
  }

  @Test func `a giant has its share`() {
    let source = UnitSource(sizes: .giant(share: 0.6, rest: 1000), difficulty: .normal)
    let sizes = source.draw(203, seed: 1).sizes
    #expect(abs(sizes[0] / sizes.reduce(0, +) - 0.6) < 1e-5)
    #expect(sizes.dropFirst().allSatisfy { $0 == 1000 })
  }

  @Test(arguments: [("independent", 50), ("lognormal(1.5)", 100)])
  func `counts are the same on any number of threads, and most intervals cover`(
    name: String,
    count: Int
  ) throws {
    let trials = UnitTrial.lines + UnitTrial.texts
    let trial = try #require(trials.first { $0.name == name && $0.count == count })
    let counts = [1, 3].map {
      UnitCounts(of: trial, draws: 60, resampling: resampling(200), threads: $0)
    }
    #expect(counts[0] == counts[1])
    #expect(counts[0].given > 50 && counts[0].covered > counts[0].given * 8 / 10)
    #expect(counts[0].differencesGiven == 60 && counts[0].disagreements == 0)
    #expect(counts[0].pValues.count == 60 && counts[0].pValues == counts[0].pValues.sorted())
    #expect(counts[0].medianWidth > 0 && counts[0].medianWidth <= counts[0].largeWidth)
  }

  @Test func `a text of 60 % has no interval, and its differences have`() {
    let trial = UnitTrial(
      name: "giant",
      source: UnitSource(sizes: .giant(share: 0.6, rest: 100), difficulty: .normal),
      units: .texts,
      count: 30
    )
    let counts = UnitCounts(of: trial, draws: 40, resampling: resampling(200), threads: 2)
    #expect(counts.given == 0 && counts.differencesGiven == 40)
    #expect(counts.meansCovered > 30)
  }
}
