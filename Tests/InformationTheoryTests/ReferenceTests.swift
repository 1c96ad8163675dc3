import Foundation
import InformationTheory
import Testing

/// Agreement with SciPy, scikit-learn and PyTorch; see Fixtures/README.md.
struct ReferenceTests {
  private struct Reference: Decodable {
    struct Pair: Decodable {
      var p: [Double]
      var q: [Double]
      var entropy_bits: Double
      var divergence_bits: Double
      var jensen_shannon_bits: Double
    }
    struct Softmax: Decodable {
      var logits: [String]
      var log_sum_exp: Double
      var softmax: [Double]
    }
    struct Losses: Decodable {
      var smoothing: Double
      var logits: [[Double]]
      var labels: [Int]
      var targets: [[Double]]
      var student: [[Double]]
      var cross_entropy: Double
      var smoothed: Double
      var soft: Double
      var gradient: [[Double]]
      var soft_gradient: [[Double]]
      var squared_error: Double
      var squared_error_gradient: [[Double]]
      var distillation: [Double]
      var log_loss: Double
      var brier: Double
      var accuracy: Double
    }
    struct Binary: Decodable {
      var logits: [Double]
      var loss_of_0: [Double]
      var loss_of_1: [Double]
    }
    var distributions: [Pair]
    var softmax: [Softmax]
    var losses: [Losses]
    var binary: Binary
  }

  private let reference: Reference

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    reference = try JSONDecoder().decode(
      Reference.self,
      from: Data(contentsOf: folder.appending(path: "Fixtures/reference.json"))
    )
  }

  private func isClose(_ value: Double, _ expected: Double) -> Bool {
    value == expected || (value - expected).magnitude <= 1e-12 * max(1, expected.magnitude)
  }

  private func isClose(_ values: [Double], _ expected: [Double]) -> Bool {
    values.count == expected.count && zip(values, expected).allSatisfy { isClose($0, $1) }
  }

  @Test func `entropy and divergences are SciPy's`() throws {
    for pair in reference.distributions {
      let p = try Distribution(pair.p)
      let q = try Distribution(pair.q)
      #expect(isClose(p.entropyBits, pair.entropy_bits))
      #expect(isClose(p.divergenceBits(from: q), pair.divergence_bits))
      #expect(isClose(p.jensenShannonBits(to: q), pair.jensen_shannon_bits))
      #expect(isClose(p.crossEntropyBits(predictedBy: q), pair.entropy_bits + pair.divergence_bits))
    }
  }

  @Test func `softmax and the logarithm of a sum are SciPy's, huge and impossible logits too`() {
    for row in reference.softmax {
      let logits = row.logits.compactMap { Double($0) }
      #expect(isClose(Logits.logSumExp(logits), row.log_sum_exp))
      #expect(isClose(Logits.softmax(logits), row.softmax))
    }
  }

  @Test func `losses and gradients are PyTorch's and scikit-learn's`() {
    for losses in reference.losses {
      var options = LossOptions()
      options.labelSmoothing = losses.smoothing
      let classCount = losses.logits[0].count
      var labelled = LossTally(classCount: classCount, options: options)
      var soft = LossTally(classCount: classCount, options: LossOptions())
      var distillation: [Double] = []
      for (row, logits) in losses.logits.enumerated() {
        let label = losses.labels[row]
        let target = losses.targets[row]
        let oneHot = CrossEntropyLoss.oneHot(label, classCount: classCount)
        labelled.add(label: label, logits: logits.span, row: row)
        soft.add(target: target.span, logits: logits.span, row: row)
        if losses.smoothing == 0 {
          #expect(
            isClose(CrossEntropyLoss.gradient(target: oneHot, logits: logits), losses.gradient[row])
          )
        }
        #expect(
          isClose(
            CrossEntropyLoss.gradient(target: target, logits: logits),
            losses.soft_gradient[row]
          )
        )
        #expect(
          isClose(
            SquaredErrorLoss.gradient(target: oneHot, logits: logits),
            losses.squared_error_gradient[row]
          )
        )
        for temperature in [1.0, 3] {
          distillation.append(
            DistillationLoss.nats(
              teacher: logits,
              student: losses.student[row],
              temperature: temperature
            )
          )
        }
      }
      let summary = labelled.summary
      #expect(isClose(summary.crossEntropyNats, losses.cross_entropy))
      #expect(isClose(summary.crossEntropyNats, losses.log_loss))
      #expect(
        isClose(summary.smoothedCrossEntropyNats ?? summary.crossEntropyNats, losses.smoothed)
      )
      #expect(isClose(soft.summary.crossEntropyNats, losses.soft))
      #expect(isClose(summary.meanSquaredError, losses.squared_error))
      #expect(isClose(summary.brier, losses.brier))
      #expect(isClose(summary.accuracy, losses.accuracy))
      #expect(isClose(distillation, losses.distillation))
    }
  }

  @Test func `binary losses from logits are PyTorch's`() {
    for (index, logit) in reference.binary.logits.enumerated() {
      #expect(
        isClose(
          CrossEntropyLoss.binaryNats(label: 0, logit: logit),
          reference.binary.loss_of_0[index]
        )
      )
      #expect(
        isClose(
          CrossEntropyLoss.binaryNats(label: 1, logit: logit),
          reference.binary.loss_of_1[index]
        )
      )
    }
  }
}
