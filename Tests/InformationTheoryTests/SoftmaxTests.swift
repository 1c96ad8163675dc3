import Foundation
import InformationTheory
import Testing

struct SoftmaxTests {
  @Test
  func `a constant added to all logits changes the sum by it and the distribution not at all`() {
    let logits: [Double] = [0.5, -2, 3, -.infinity]
    let shifted = logits.map { $0 + 700 }
    #expect((Logits.logSumExp(shifted) - Logits.logSumExp(logits) - 700).magnitude < 1e-12)
    for (one, other) in zip(Logits.softmax(logits), Logits.softmax(shifted)) {
      #expect((one - other).magnitude < 1e-14)
    }
  }

  @Test func `logits of any size give a distribution`() {
    let rows: [[Double]] = [
      [1e300, -1e300], [-1e300, -1e300], [1e300, 1e300, 0], [-.infinity, 5],
    ]
    for logits in rows {
      let sum = Logits.softmax(logits).reduce(0, +)
      #expect((sum - 1).magnitude < 1e-15)
      #expect(Logits.softmax(logits, temperature: 1e-9).reduce(0, +) == sum)
    }
  }

  @Test func `what are no logits gives no number`() {
    #expect(Logits.logSumExp([]) == -.infinity)
    #expect(Logits.softmax([-.infinity, -.infinity]).allSatisfy { $0.isNaN })
    #expect(Logits.softmax([.infinity, 0]).allSatisfy { $0.isNaN })
    #expect(Logits.softmax([0, .nan]).allSatisfy { $0.isNaN })
    #expect(Logits.logSumExp([0, .nan]).isNaN)
  }

  @Test func `a temperature is a division of the logits`() {
    let logits = [1.0, 4, -2]
    for (one, other) in zip(
      Logits.softmax(logits, temperature: 2.5),
      Logits.softmax(logits.map { $0 / 2.5 })
    ) {
      #expect((one - other).magnitude < 1e-15)
    }
  }

  @Test(arguments: [-800, -30, -1, 0, 1e-9, 2, 40, 900.0])
  func `the probabilities of both labels sum to one and their losses differ by the logit`(
    _ logit: Double
  ) {
    let sum = Logits.sigmoid(logit) + Logits.sigmoid(-logit)
    #expect((sum - 1).magnitude < 1e-15)
    let difference = Logits.softplus(logit) - Logits.softplus(-logit)
    #expect((difference - logit).magnitude <= 1e-15 * max(1, logit.magnitude))
  }
}
