import InformationTheory
import RealFunctions
import TestSupport
import Testing

@testable import BytePrediction

@Suite struct GatedNGramTests {
  @Test(arguments: [true, false])
  func `probabilities sum to one after every history, and scores have the same bits`(learns: Bool) {
    let model = GatedNGram(order: 6)
    model.train(sentences(100).span)
    model.finishTraining()
    model.learns = learns
    for byte in sentences(6, seed: 2) + randomBytes(200) {
      let probabilities = model.probabilities()
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
      #expect(probabilities.allSatisfy { $0 >= 0x1p-24 })
      #expect(model.surprisals([byte]) == [-log2(probabilities[Int(byte)])])
    }
  }

  @Test func `after one byte, the probabilities are those worked out by hand`() {
    let model = GatedNGram(order: 3)
    model.train(Array("a".utf8).span)
    model.finishTraining()
    // One entry with count 1, so Y = 1 and D₁ = 1 − 0, which is cut to 0.98. The gate has learned
    // nothing: its order 1 has exp 2, the two recent bytes, both "a", exp −2 each.
    let estimate = (1 - 0.98) + 0.98 / 256
    let weight = exp(2.0) / (exp(2.0) + 2 * exp(-2.0))
    let probabilities = model.probabilities()
    let ofA = (1 - 0x1p-16) * (weight * estimate + (1 - weight)) + 0x1p-24
    let ofB = (1 - 0x1p-16) * weight * 0.98 / 256 + 0x1p-24
    #expect(abs(probabilities[97] - ofA) < 1e-6)
    #expect(abs(probabilities[98] - ofB) < 1e-8)
  }

  @Test func `before anything was counted, all bytes have the same probability`() {
    let model = GatedNGram()
    #expect(model.probabilities() == [Double](repeating: 1.0 / 256, count: 256))
    model.finishTraining()
    #expect(model.surprisals([7, 8]) == [8, 8])
  }

  @Test func `counts of shorter contexts are continuation counts`() {
    let text = sentences(30)
    let order = 5
    let model = GatedNGram(order: order)
    // Each n-gram with what came before it, or nothing at the start of the text.
    var extensions: [[UInt8]: Set<[UInt8]>] = [:]
    var longest: [[UInt8]: Int] = [:]
    for (place, byte) in text.enumerated() {
      _ = model.surprisals([byte])
      for length in 1...order where length <= place + 1 {
        let gram = Array(text[place + 1 - length...place])
        if length == order {
          longest[gram, default: 0] += 1
        } else {
          let start = max(0, place - length)
          extensions[gram, default: []].insert(Array(text[start...place]))
        }
      }
      guard place.isMultiple(of: 73) else { continue }
      model.mixture.tree.checkInvariants()
      for next in Set(text) {
        for row in model.explanation(of: next).orders {
          let gram = Array(text[place + 2 - row.order..<place + 1]) + [next]
          let count = row.order == order ? longest[gram] : extensions[gram]?.count
          #expect(row.count == count ?? 0)
        }
      }
    }
  }

  @Test func `an explanation's parts make the probability`() {
    let model = GatedNGram(order: 7)
    model.train(sentences(200).span)
    model.finishTraining()
    for byte in sentences(5, seed: 3) {
      let explanation = model.explanation(of: byte)
      var sum = 0x1p-24
      for row in explanation.orders { sum += row.weight * row.estimate }
      for (recent, weight) in zip(explanation.recentBytes, explanation.recentWeights) {
        sum += recent == byte ? weight : 0
      }
      #expect(abs(sum - explanation.probability) < 1e-12)
      #expect(explanation.probability == model.probabilities()[Int(byte)])
      _ = model.surprisals([byte])
    }
  }

  @Test func `it does not matter how a training text is cut into parts`() {
    let text = sentences(2500)
    let whole = GatedNGram(order: 4)
    whole.train(text.span)
    whole.finishTraining()
    let parts = GatedNGram(order: 4)
    var start = 0
    for length in [1, 5000, 40_000, text.count] {
      let part = Array(text[start..<min(text.count, start + length)])
      parts.train(part.span)
      start += part.count
    }
    parts.finishTraining()
    let test = sentences(10, seed: 4)
    #expect(whole.surprisals(test) == parts.surprisals(test))
  }

  @Test
  func `frozen, a text has the same scores as often as it is read; learning, it becomes cheaper`() {
    let model = GatedNGram(order: 6)
    model.train(sentences(100).span)
    model.finishTraining()
    let test = sentences(30, seed: 5)
    model.beginText()
    let first = model.surprisals(test)
    model.beginText()
    #expect(model.surprisals(test) == first)
    model.learns = true
    model.beginText()
    let learning = model.surprisals(test)
    model.beginText()
    #expect(model.surprisals(test).reduce(0, +) < learning.reduce(0, +))
  }

  @Test func `learning may begin and end in the middle of a text`() {
    let model = GatedNGram(order: 6)
    for part in 0..<40 {
      model.learns = part.isMultiple(of: 3)
      _ = model.surprisals(sentences(1, seed: UInt64(part)) + randomBytes(20, seed: UInt64(part)))
      #expect(abs(model.probabilities().reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test func `a score tells the length of what was known together`() {
    let model = GatedNGram(order: 4)
    model.train(Array("abcdabcd".utf8).span)
    model.finishTraining()
    model.beginText()
    #expect(model.scores(Array("abcdax".utf8)).map(\.matchedLength) == [1, 2, 3, 4, 4, 0])
  }

  @Test(arguments: GatedNGram.orders) func `every order predicts and learns`(order: Int) {
    let model = GatedNGram(order: order)
    model.train(sentences(60).span)
    model.finishTraining()
    #expect(abs(model.probabilities().reduce(0, +) - 1) < 1e-12)
    let test = sentences(10, seed: 6)
    #expect(model.surprisals(test).reduce(0, +) < 5 * Double(test.count))
  }
}
