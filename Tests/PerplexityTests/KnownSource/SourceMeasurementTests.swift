import InformationTheory
import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

@Suite struct SourceMeasurementTests {
  /// Half of the sentences are "a m x", the others "b m y": a bit a sentence, after its first word
  /// nothing is left to chance.
  private let pairs = MarkovSource { context in
    switch context {
    case []: [.init("a", 0.5), .init("b", 0.5)]
    case ["a"], ["b"]: [.init("m", 1)]
    case ["a", "m"]: [.init("x", 1)]
    case ["b", "m"]: [.init("y", 1)]
    default: [.init(nil, 1)]
    }
  }

  private func model(
    of source: MarkovSource,
    byteCount: Int = 2000,
    order: Int,
    _ method: SmoothingMethod
  ) throws -> NGramModel {
    let text = source.text(minimumByteCount: byteCount, seed: 1)
    return try train(String(decoding: text, as: UTF8.self), order: order, method)
  }

  @Test(
    arguments: (isWantedSlow ? [0, 7] : [7]) as [UInt64],
    [
      .modifiedKneserNey, .wittenBell, .jelinekMercer, .katz, .additive, .absoluteDiscounting,
    ] as [SmoothingMethod]
  )
  func `cross-entropy is entropy and divergence`(seed: UInt64, method: SmoothingMethod) throws {
    let source = MarkovSource.shared(seed: seed)
    for order in 1...3 {
      let measured = try #require(
        SourceMeasurement(try model(of: source, order: order, method), on: source)
      )
      let sum = measured.entropyBits + measured.divergenceBits
      #expect(abs(measured.crossEntropyBits - sum) < 1e-9)
      #expect(measured.crossEntropyBits.isFinite)
      // No model of the order does better than the best of them.
      #expect(
        measured.crossEntropyBits >= source.lowestCrossEntropyBitsPerToken(order: order) - 1e-9
      )
      #expect(measured.firstImpossible == nil)
    }
  }

  @Test func `the true unigrams reach the lowest cross-entropy of order one`() throws {
    // m and the end are every fourth token, the others every eighth.
    let model = StubModel.unigrams([
      "a": 0.125, "b": 0.125, "m": 0.25, "x": 0.125, "y": 0.125, "</s>": 0.25,
    ])
    let measured = try #require(SourceMeasurement(model, on: pairs))
    #expect(abs(measured.crossEntropyBits - 2.5) < 1e-12)
    #expect(abs(measured.divergenceBits - 2.25) < 1e-12)
    #expect(measured.entropyBits == 0.25)
  }

  @Test(arguments: isWantedSlow ? [0, 1, 2, 3] : [0, 1, 3])
  func `a longer memory that is not used changes nothing`(length: Int) throws {
    let source = MarkovSource.shared(seed: 3)
    var model = StubModel.looking(back: 0, source.words, TextSettings(tokenizer: .whitespace))
    let short = try #require(SourceMeasurement(model, on: source))
    model.historyLength = length
    let long = try #require(SourceMeasurement(model, on: source))
    #expect(abs(long.crossEntropyBits - short.crossEntropyBits) < 1e-9)
    #expect(long.historyCount == source.historyCount(length: length))
  }

  @Test func `a text of the source costs what the source does`() throws {
    let source = MarkovSource.shared(seed: 1)
    for order in [2, 4] {
      let model = try model(of: source, byteCount: 20_000, order: order, .wittenBell)
      let measured = try #require(SourceMeasurement(model, on: source))
      let text = source.text(minimumByteCount: 100_000, seed: 2)
      let evaluation = try evaluate(model, String(decoding: text, as: UTF8.self))
      // The mean of some 18,000 tokens, whose surprisals have a standard deviation of about 2.
      #expect(abs(evaluation.crossEntropyBits - measured.crossEntropyBits) < 0.06)
    }
  }

  @Test func `what the source may say and the model excludes is infinite and named`() throws {
    let model = try train("a m x\na m x\n", order: 2, .maximumLikelihood)
    let measured = try #require(SourceMeasurement(model, on: pairs))
    #expect(measured.crossEntropyBits == .infinity)
    #expect(measured.divergenceBits == .infinity)
    #expect(measured.firstImpossible?.token == "b")
    #expect(measured.firstImpossible?.context == ["<s>"])
    #expect(measured.unknownWordCount == 2, "b and y")
  }

  @Test func `a memory that tells too many histories apart is not measured`() throws {
    var model = StubModel.uniform(MarkovSource.shared(seed: 1).words)
    model.historyLength = 12
    #expect(SourceMeasurement(model, on: MarkovSource.shared(seed: 1)) == nil)
    model.historyLength = nil
    #expect(SourceMeasurement(model, on: MarkovSource.shared(seed: 1)) == nil)
  }
}
