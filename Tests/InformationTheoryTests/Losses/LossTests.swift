import Foundation
import InformationTheory
import Testing

struct LossTests {
  private static let logits = [0.3, -1.2, 2.5, 0]
  private static let target = [0.1, 0.2, 0.3, 0.4]

  /// The slope of `function` along each logit, by central differences.
  private func slopes(_ logits: [Double], _ function: ([Double]) -> Double) -> [Double] {
    logits.indices.map { index in
      var (above, below) = (logits, logits)
      above[index] += 1e-5
      below[index] -= 1e-5
      return (function(above) - function(below)) / 2e-5
    }
  }

  private func expectEqual(_ values: [Double], _ expected: [Double]) {
    for (value, expected) in zip(values, expected) {
      #expect((value - expected).magnitude < 1e-9)
    }
  }

  @Test func `gradients are slopes`() {
    let (logits, target) = (Self.logits, Self.target)
    expectEqual(
      CrossEntropyLoss.gradient(target: target, logits: logits),
      slopes(logits) { CrossEntropyLoss.nats(target: target, logits: $0) }
    )
    expectEqual(
      SquaredErrorLoss.gradient(target: target, logits: logits),
      slopes(logits) { SquaredErrorLoss.value(target: target, logits: $0) }
    )
    expectEqual(
      DistillationLoss.gradient(teacher: target, student: logits, temperature: 2),
      slopes(logits) { DistillationLoss.nats(teacher: target, student: $0, temperature: 2) }
    )
  }

  @Test func `a sure mistake moves cross-entropy and hardly squared error`() {
    let target = [1.0, 0]
    let logits = [-20.0, 20]
    #expect(CrossEntropyLoss.gradient(target: target, logits: logits)[0] < -0.999)
    #expect(SquaredErrorLoss.gradient(target: target, logits: logits)[0].magnitude < 1e-15)
  }

  @Test func `probabilities and logits, labels and one-hot targets give one loss`() {
    let probabilities = Logits.softmax(Self.logits)
    for label in 0..<4 {
      let oneHot = CrossEntropyLoss.oneHot(label, classCount: 4)
      let losses = [
        CrossEntropyLoss.nats(label: label, probabilities: probabilities),
        CrossEntropyLoss.nats(label: label, logits: Self.logits),
        CrossEntropyLoss.nats(target: oneHot, probabilities: probabilities),
        CrossEntropyLoss.nats(target: oneHot, logits: Self.logits),
        FocalLoss.nats(probability: probabilities[label], gamma: 0),
      ]
      for loss in losses { #expect((loss - losses[0]).magnitude < 1e-14) }
    }
  }

  @Test func `a loss that no probability can hold is exact from logits`() {
    #expect(CrossEntropyLoss.nats(label: 1, logits: [1e300, -1e300]) == 2e300)
    #expect(CrossEntropyLoss.nats(label: 1, logits: [1000, 0]) == 1000)
    #expect(CrossEntropyLoss.nats(label: 1, logits: [0, -.infinity]) == .infinity)
    #expect(CrossEntropyLoss.binaryNats(label: 1, logit: -1e300) == 1e300)
  }

  @Test func `the floor of soft and smoothed targets is their entropy`() {
    let target = CrossEntropyLoss.smoothed(CrossEntropyLoss.oneHot(2, classCount: 4), by: 0.1)
    #expect(target == [0.025, 0.025, 0.925, 0.025])
    let best = CrossEntropyLoss.nats(target: target, probabilities: target)
    #expect((best * bitsPerNat - entropyBits(of: target)).magnitude < 1e-14)
    #expect(CrossEntropyLoss.nats(target: target, logits: Self.logits) > best)
  }

  @Test func `of 0.51 and 0.99 both are right and their losses are not equal`() {
    var hesitant = LossTally(classCount: 2, options: LossOptions())
    var sure = LossTally(classCount: 2, options: LossOptions())
    hesitant.add(label: 1, positiveProbability: 0.51, row: 1)
    sure.add(label: 1, positiveProbability: 0.99, row: 1)
    #expect(hesitant.summary.accuracy == 1 && sure.summary.accuracy == 1)
    #expect((hesitant.summary.crossEntropyBits - 0.9714).magnitude < 5e-5)
    #expect((sure.summary.crossEntropyBits - 0.0145).magnitude < 5e-5)
  }

  @Test func `a student that agrees with its teacher loses nothing`() {
    let loss = DistillationLoss.nats(teacher: [1, 2, 3], student: [11, 12, 13], temperature: 4)
    #expect(loss < 1e-13)
  }
}
