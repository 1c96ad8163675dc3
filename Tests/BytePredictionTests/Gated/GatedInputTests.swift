import InformationTheory
import TestSupport
import Testing

@testable import BytePrediction

@Suite struct GatedInputTests {
  @Test(arguments: [true, false])
  func `its sums are those of the model's distribution, and it advances as the model reads`(
    learns: Bool
  ) {
    let models = [GatedNGram(order: 6), GatedNGram(order: 6)]
    for model in models {
      model.train(sentences(50).span)
      model.finishTraining()
      model.learns = learns
    }
    let input = GatedInput(models[1])
    for byte in sentences(5, seed: 2) + randomBytes(50) {
      let expected = models[0].probabilities().map { Float($0) }
      input.predict(learns: learns)
      let sums = (0..<512).map { input.sums[$0] }
      #expect(Array(sums[256...]) == expected)
      for node in 1..<256 {
        let parts: Float = sums[2 * node] + sums[2 * node + 1]
        #expect(sums[node] == parts)
      }
      #expect(input.knownOrder == models[0].explanation(of: byte).orders.count)
      _ = models[0].surprisals([byte])
      input.advance(byte, learns: learns, trainsFrozenGate: false)
    }
  }
}
