import Statistics
import TestSupport
import Testing

@testable import Perplexity

/// Intervals of one text and of several.
struct EvaluationIntervalTests {
  private let model = StubModel.unigrams(["a": 0.5, "b": 0.125, "</s>": 0.25])

  private var resampling: Resampling {
    var resampling = Resampling()
    resampling.resamples = 1000
    return resampling
  }

  /// Lines of as many `a` and `b` as a function of the line and the text says.
  private func evaluation(ofTexts lineCounts: [Int]) throws -> Evaluation {
    var sum = Evaluation()
    for (text, count) in lineCounts.enumerated() {
      let lines = (0..<count).map { line in
        String(repeating: "a ", count: 1 + line % 3)
          + String(repeating: "b ", count: (text * 7 + line * line) % 4)
      }
      sum = sum + (try evaluate(model, lines.joined(separator: "\n") + "\n"))
    }
    return sum
  }

  @Test func `the lines of one text are drawn in blocks`() throws {
    let interval = try #require(try evaluation(ofTexts: [60]).interval(resampling))
    #expect(interval.form == .calibrated && interval.effectiveTexts == nil)
    #expect(interval.method == "bootstrap, calibrated percentiles, of 60 lines in 32 blocks")
    #expect(interval.description == interval.method + ", drawn 1000 times (seed 1)")
    #expect(try evaluation(ofTexts: [60]).meanOverTexts(resampling) == nil)
  }

  @Test func `two texts have no interval, however long they are`() throws {
    let evaluation = try evaluation(ofTexts: [60, 60])
    #expect(evaluation.interval(resampling) == nil)
    #expect(evaluation.intervalObstacle == .fewTexts)
    let mean = try #require(evaluation.meanOverTexts(resampling))
    #expect(mean.weights.count == 2 && mean.interval == nil)
  }

  @Test func `three texts have the interval of Student's t over texts, not over lines`() throws {
    let evaluation = try evaluation(ofTexts: [60, 50, 55])
    let interval = try #require(evaluation.interval(resampling))
    #expect(interval.description == "Student's t, jackknife, of 3 texts")
    #expect(interval.blockCount == 3)
    let bits = evaluation.crossEntropyBits
    #expect(interval.crossEntropyBits.low < bits && bits < interval.crossEntropyBits.high)
    let bytes = try #require(interval.bitsPerByte)
    #expect(bytes.low < evaluation.bitsPerByte && evaluation.bitsPerByte < bytes.high)
  }

  @Test func `twenty texts are drawn whole`() throws {
    let evaluation = try evaluation(ofTexts: [Int](repeating: 5, count: 19) + [9])
    let interval = try #require(evaluation.interval(resampling))
    #expect(interval.form == .calibrated)
    #expect(interval.method == "bootstrap, calibrated percentiles, of 20 texts")
    let effective = try #require(interval.effectiveTexts)
    #expect(effective > 17 && effective < 20)
  }

  @Test func `a text that outweighs the others is named, and the mean over texts stands in`() throws
  {
    let evaluation = try evaluation(ofTexts: [5, 5, 400] + [Int](repeating: 5, count: 30))
    #expect(evaluation.interval(resampling) == nil)
    guard case .dominated(let weights) = evaluation.intervalObstacle else {
      Issue.record("the text outweighs the others")
      return
    }
    #expect(weights.largest == 2 && weights.count == 33)
    #expect(weights.largestShare > 0.6 && weights.effectiveCount < 3)
    let mean = try #require(evaluation.meanOverTexts(resampling))
    let interval = try #require(mean.interval)
    let bits = try #require(mean.crossEntropyBits)
    #expect(interval.low < bits && bits < interval.high)
    // The mean of the cross-entropies of the texts, by hand.
    let blocks = evaluation.units.blocks(of: .documents).blocks
    let expected = blocks.reduce(0) { $0 + $1.bits / Double($1.tokens) } / 33
    #expect(isClose(bits, expected, within: 1e-12))
  }

  @Test func `texts of which all but one are equal have no interval`() throws {
    let equal = try evaluate(model, "a a\n")
    let other = try evaluate(model, "b b\n")
    let evaluation = (0..<25).reduce(other) { sum, _ in sum + equal }
    #expect(evaluation.interval(resampling) == nil && evaluation.intervalObstacle == .alikeTexts)
  }

  @Test func `an infinite perplexity has no interval and says why`() throws {
    let strict = StubModel.unigrams(["a": 0.5, "b": 0, "</s>": 0.5])
    let text = try evaluate(strict, String(repeating: "a\n", count: 30) + "b\n")
    #expect(text.interval(resampling) == nil && text.intervalObstacle == .infinite)
    #expect((text + text + text).meanOverTexts(resampling)?.crossEntropyBits == nil)
  }
}
