import Foundation
import InformationTheory
import Testing

struct LossTallyTests {
  private struct Row {
    var label: Int
    var logits: [Double]
  }

  private static let rows: [Row] = {
    var random = SplitMix64(seed: 3)
    return (0..<500).map { _ in
      Row(
        label: Int.random(in: 0..<5, using: &random),
        logits: (0..<5).map { _ in Double.random(in: -4...4, using: &random) }
      )
    }
  }()

  private func tally(_ rows: Range<Int>, options: LossOptions = LossOptions()) -> LossTally {
    var tally = LossTally(classCount: 5, options: options)
    for index in rows {
      let logits = Self.rows[index].logits
      tally.add(label: Self.rows[index].label, logits: logits.span, row: index)
    }
    return tally
  }

  @Test(arguments: [0, 1, 77, 250, 499, 500])
  func `tallies of two parts make that of the whole`(_ cut: Int) {
    var merged = tally(0..<cut)
    merged.merge(tally(cut..<500))
    let (parts, whole) = (merged.summary, tally(0..<500).summary)
    #expect(parts.rows == whole.rows)
    #expect(parts.costliest == whole.costliest)
    #expect(parts.accuracy == whole.accuracy)
    #expect((parts.crossEntropyNats - whole.crossEntropyNats).magnitude < 1e-15)
    #expect((parts.brier - whole.brier).magnitude < 1e-15)
    #expect((parts.calibration.expectedError - whole.calibration.expectedError).magnitude < 1e-15)
    for (part, whole) in zip(parts.classes, whole.classes) {
      #expect((part.crossEntropyNats - whole.crossEntropyNats).magnitude < 1e-14)
      #expect(part.precision == whole.precision)
    }
  }

  @Test func `figures are those of the single rows`() {
    let summary = tally(0..<500).summary
    let losses = Self.rows.map { CrossEntropyLoss.nats(label: $0.label, logits: $0.logits) }
    #expect((summary.crossEntropyNats - losses.reduce(0, +) / 500).magnitude < 1e-13)
    #expect(summary.costliest.map(\.lossNats)[0] == losses.max())
    #expect(summary.costliest.count == 10)
    let focal = Self.rows.reduce(0) { sum, row in
      sum + FocalLoss.nats(probability: Logits.softmax(row.logits)[row.label], gamma: 2)
    }
    #expect((summary.focalNats - focal / 500).magnitude < 1e-13)
    let norm = Self.rows.reduce(0) { sum, row in
      let target = CrossEntropyLoss.oneHot(row.label, classCount: 5)
      let gradient = SquaredErrorLoss.gradient(target: target, logits: row.logits)
      return sum + gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    #expect((summary.squaredErrorGradientNorm - norm / 500).magnitude < 1e-13)
    let byClass = summary.classes.reduce(0) { $0 + $1.crossEntropyNats * Double($1.rows) }
    #expect((byClass / 500 - summary.crossEntropyNats).magnitude < 1e-13)
  }

  @Test func `a row of zero probability makes the mean infinite and is named`() {
    var tally = LossTally(classCount: 2, options: LossOptions())
    tally.add(label: 0, positiveProbability: 0.25, row: 11)
    tally.add(label: 1, positiveProbability: 0, row: 12)
    let summary = tally.summary
    #expect(summary.crossEntropyNats == .infinity)
    #expect(summary.perplexity == .infinity)
    #expect(summary.zeroProbabilityRows == 1)
    #expect(summary.firstZeroProbabilityRow == 12)
    #expect(summary.costliest[0].row == 12)
  }

  @Test func `a floor is told with the figure that it hides`() throws {
    var options = LossOptions()
    options.floor = 0.01
    var tally = LossTally(classCount: 2, options: options)
    tally.add(label: 0, positiveProbability: 0.5, row: 1)
    tally.add(label: 1, positiveProbability: 0, row: 2)
    let summary = tally.summary
    #expect((summary.crossEntropyNats - (log(2) + log(100)) / 2).magnitude < 1e-15)
    let effect = try #require(summary.floorEffect)
    #expect(effect.rows == 1)
    #expect(effect.crossEntropyNats == .infinity)
  }

  @Test func `millions of rows keep their digits`() {
    var tally = LossTally(classCount: 2, options: LossOptions())
    for row in 0..<300_000 { tally.add(label: 1, positiveProbability: 0.9, row: row) }
    #expect((tally.summary.crossEntropyNats + log(0.9)).magnitude < 1e-16)
  }

  @Test func `rows that are no predictions are found`() {
    func probabilities(_ values: [Double]) -> RowFault? { .ofProbabilities(values.span) }
    func logits(_ values: [Double]) -> RowFault? { .ofLogits(values.span) }
    #expect(probabilities([0.5, 0.5]) == nil)
    #expect(probabilities([0.5, 0.4]) == .sum(0.9))
    #expect(probabilities([1.5, -0.5]) == .notAProbability(column: 0, value: 1.5))
    #expect(probabilities([0.5, .nan]) != nil)
    #expect(logits([1e300, -.infinity]) == nil)
    #expect(logits([0, .nan]) != nil)
    #expect(logits([.infinity, 0]) == .notALogit(column: 0, value: .infinity))
    #expect(logits([-.infinity, -.infinity]) == .nothingPossible)
  }

  @Test func `confidences fall into bins that are closed above`() {
    var calibration = Calibration(binCount: 4)
    for confidence in [0, 0.25, 0.26, 0.5, 1] {
      calibration.add(confidence: confidence, isCorrect: confidence > 0.3)
    }
    #expect(calibration.bins.map(\.count) == [2, 2, 0, 1])
    #expect(calibration.bins.map(\.correctCount) == [0, 1, 0, 1])
    let expected = (2 * 0.125 + 2 * 0.12) / 5
    #expect((calibration.expectedError - expected).magnitude < 1e-15)
  }
}
