import Foundation
import Pages
import Testing

@testable import PerplexCommands

@Suite struct SweepCurvesTests {
  private func models() -> [SweepCurves.Model] {
    var models: [SweepCurves.Model] = []
    for (size, tokens) in [100, 1000].enumerated() {
      for (index, method) in ["good", "poor"].enumerated() {
        for order in 1...3 {
          var model = SweepCurves.Model(
            smoothing: method,
            order: order,
            trainingTokens: tokens,
            crossEntropyBits: Double(9 - 2 * size + index) - Double(min(order, 2))
          )
          model.trainingCrossEntropyBits = 2
          model.differenceBits = index == 0 ? 0 : 1
          models.append(model)
        }
      }
    }
    return models
  }

  private func curves(_ models: [SweepCurves.Model]) -> SweepCurves {
    SweepCurves(
      models: models,
      baseline: "good",
      level: "95 %",
      entropyBits: 3,
      format: { String(format: "%.\($1)f", $0) }
    )
  }

  @Test func `orders are drawn for the largest text, sizes at the order that is best there`() throws
  {
    let plots = curves(models()).plots
    #expect(plots.map(\.id) == ["by-order", "overfitting", "learning", "relative"])
    let byOrder = plots[0].curves[0]
    #expect(byOrder.points.map(\.x) == [1, 2, 3])
    #expect(byOrder.points.map(\.y) == [6, 5, 5])
    #expect(plots[0].reference?.value == 3)
    let learning = plots[2].curves
    // Orders 2 and 3 are equally good: the lower one.
    #expect(learning.map(\.label) == ["good:2", "poor:2"])
    #expect(learning[1].points.map(\.x) == [100, 1000])
    #expect(learning[1].points.map(\.y) == [8, 6])
    #expect(plots[3].curves[1].points.map(\.y) == [1, 1])
    #expect(plots[1].curves.map(\.isBroken) == [false, true, false, true])
  }

  @Test func `what does not vary has no curve`() {
    let oneSize = models().filter { $0.trainingTokens == 1000 }
    #expect(curves(oneSize).plots.map(\.id) == ["by-order", "overfitting", "relative"])
    let oneOrder = models().filter { $0.order == 2 }
    #expect(curves(oneOrder).plots.map(\.id) == ["learning", "relative"])
    #expect(curves([]).plots.isEmpty)
  }
}
