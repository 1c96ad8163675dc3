import InformationTheory
import TestSupport
import Testing

@testable import BytePrediction

@Suite("The gated model as an input of another")
struct GatedInputTests {
  @Test(
    "Predicting and advancing byte by byte gives what reading and asking gives, summed up bit by bit",
    arguments: [true, false]
  )
  func predictingAndAdvancing(learns: Bool) {
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
      let sums = (0..<512).map { input.sums.base[$0] }
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

  @Test("A table lends, copies and adds what was put into it")
  func tables() {
    let table = Table<Float>(repeating: 1, count: 16)
    table[9] = 4
    table.add(SIMD8(0, 1, 2, 3, 4, 5, 6, 7), to: 8)
    let other = Table<Float>(repeating: 0, count: 16)
    other.copy(table)
    #expect(other.lanes(8) == SIMD8(1, 5, 3, 4, 5, 6, 7, 8))
    #expect(other.lanes(0) == SIMD8(repeating: 1))
    #expect(other.withBytes { $0.count } == 64)
    other.fill(3)
    #expect((0..<16).allSatisfy { other[$0] == 3 })
  }
}
