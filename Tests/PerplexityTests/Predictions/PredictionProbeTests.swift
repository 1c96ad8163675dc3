import Foundation
import InformationTheory
import LanguageModels
import Perplexity
import Testing
import Tokenization

@Suite("Predictions")
struct PredictionProbeTests {
  /// The tokens of `text` as `model` reads it.
  private func tokens(_ text: String, _ model: any LanguageModel) throws -> [TokenID] {
    var numbering = model.vocabulary
    return try TextEncoder(model.settings)
      .encode(TextChunk(text), of: "text", numbering: &numbering).tokens
  }

  @Test(
    "each place has the entropy, the rank and the likeliest tokens of its own distribution",
    arguments: [SmoothingMethod.wittenBell, .modifiedKneserNey, .maximumLikelihood]
  )
  func places(method: SmoothingMethod) throws {
    let model = try train(randomText(3000), order: 3, method)
    let tokens = try tokens("w1 w2 w3 unheard w7\n" + randomText(300), model)
    let found = PredictionProbe(model, alternativeCount: 4, threads: 1).predictions(of: tokens)
    let places = tokens.indices.filter { tokens[$0] != .beginSentence }
    try #require(found.positions.count == places.count)
    var expectedBits = 0.0
    for (prediction, place) in zip(found.positions, places) {
      let start = tokens[..<place].lastIndex(of: .beginSentence) ?? 0
      let distribution = model.distribution(after: Array(tokens[start..<place]))
      let entropy = distribution.filter { $0 > 0 }.reduce(0) { $0 - $1 * log2($1) }
      #expect(abs(prediction.expectedBits - entropy) < 1e-9)
      let own = distribution[tokens[place].index]
      #expect(prediction.rank == 1 + distribution.count { $0 > own })
      let sorted = distribution.indices.filter { distribution[$0] > 0 }
        .sorted { (-distribution[$0], $0) < (-distribution[$1], $1) }.prefix(4)
      #expect(prediction.likeliest.map(\.token.index) == Array(sorted))
      #expect(prediction.likeliest.map(\.probability) == sorted.map { distribution[$0] })
      expectedBits += entropy
    }
    #expect(abs(found.reliability.expectedBits - expectedBits) < 1e-6)
    #expect(found.reliability.positionCount == places.count)
  }

  @Test("in all bands together one token is expected in each place, and one comes")
  func wholes() throws {
    let model = try train(randomText(3000), order: 3, .wittenBell)
    let reliability = PredictionProbe(model, alternativeCount: 1, threads: 1)
      .predictions(of: try tokens(randomText(2000), model)).reliability
    let places = Double(reliability.positionCount)
    #expect(abs(reliability.bands.reduce(0) { $0 + $1.expected } - places) < 1e-4)
    #expect(reliability.bands.reduce(0) { $0 + $1.actual } == reliability.positionCount)
    #expect(reliability.first <= reliability.amongFive)
    #expect(reliability.amongFive <= reliability.amongTen)
  }

  @Test("a text drawn from the model bears its probabilities out, another does not")
  func drawnText() throws {
    let model = try train(randomText(3000), order: 2, .wittenBell)
    var sampler = Sampler(model)
    sampler.maximumLength = 50
    var random = SplitMix64(seed: 5)
    var drawn: [TokenID] = []
    while drawn.count < 5000 {
      let sentence = sampler.sample(after: [], using: &random)
      drawn += [.beginSentence] + sentence
      if sentence.count < sampler.maximumLength { drawn.append(.endSentence) }
    }
    let own = PredictionProbe(model, alternativeCount: 1).predictions(of: drawn).reliability
    let deviation = (own.actualBits - own.expectedBits) / own.varianceBits.squareRoot()
    #expect(abs(deviation) < 4)
    for band in own.bands where band.expected > 20 {
      #expect(abs(band.ratio - 1) < 5 * band.standardError, "octave \(band.octave)")
    }
    let other = try tokens(String(repeating: "w49 w48 w47 w46\n", count: 200), model)
    let strange = PredictionProbe(model, alternativeCount: 1).predictions(of: other).reliability
    #expect(
      (strange.actualBits - strange.expectedBits) / strange.varianceBits.squareRoot() > 20
    )
  }

  @Test("the result has the same bits on any number of threads")
  func threads() throws {
    let model = try train(randomText(3000), order: 3, .kneserNey)
    let tokens = try tokens(randomText(8000), model)
    #expect(tokens.count > 1000)
    let one = PredictionProbe(model, alternativeCount: 3, threads: 1).predictions(of: tokens)
    let three = PredictionProbe(model, alternativeCount: 3, threads: 3).predictions(of: tokens)
    #expect(one == three)
  }

  @Test("what a model holds for impossible is ranked last and makes the bits infinite")
  func impossible() throws {
    let model = StubModel.unigrams(["a": 0.5, "b": 0.25, "c": 0, "</s>": 0.25])
    let found = PredictionProbe(model, alternativeCount: 9, threads: 1)
      .predictions(of: try tokens("a c\n", model))
    #expect(found.positions.map(\.rank) == [1, 4, 2])
    #expect(found.positions.allSatisfy { $0.likeliest.count == 3 && $0.expectedBits == 1.5 })
    #expect(found.reliability.actualBits == .infinity)
  }
}
