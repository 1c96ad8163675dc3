import Pages
import Perplexity
import Terminal

extension ReportPage {
  /// The calibration of each model on the tokens that are drawn.
  @HTMLBuilder var reliabilities: HTML {
    if predictions.contains(where: { $0.reliability.positionCount > 0 }) {
      HTML.section("reliability", "Calibration") {
        HTML("p") {
          "Of all events given 10 %, about 10 % should happen. At each token shown above, every token "
            + "of the vocabulary is an event: it comes or does not come."
        }
        for index in comparison.ranking {
          let reliability = predictions[index].reliability
          if reliability.positionCount > 0 {
            HTML("p") { Self.summary(of: reliability, report.subjects[index].path) }
            plot(of: reliability, index).html
          }
        }
      }
    }
  }

  /// The expected and the observed cost of a model, and the share of tokens that it had right.
  static func summary(of reliability: Reliability, _ name: String) -> String {
    let count = Double(reliability.positionCount)
    let expected = reliability.expectedBits / count
    let actual = reliability.actualBits / count
    let error = 2 * reliability.varianceBits.squareRoot() / count
    let judgement =
      !actual.isFinite
      ? "it gave probability zero to tokens that came"
      : actual > expected + error
        ? "it is over-confident"
        : actual < expected - error ? "it is over-cautious" : "chance explains the difference"
    func share(_ hits: Int) -> String { NumberFormat.percent(Double(hits) / count) }
    return """
      \(name) expected to spend \(ComparePage.number(expected, 3)) bits a token, give or take \
      \(ComparePage.number(error, 3)) by chance, and spent \(ComparePage.number(actual, 3)): \
      \(judgement). In \(NumberFormat.grouped(reliability.positionCount)) places the actual token was \
      the likeliest in \(share(reliability.first)), among the 5 likeliest in \
      \(share(reliability.amongFive)) and among the 10 in \(share(reliability.amongTen)).
      """
  }

  private func plot(of reliability: Reliability, _ index: Int) -> IntervalPlot {
    let name = report.subjects[index].path
    var plot = IntervalPlot(
      id: "reliability-\(index)",
      title: "Observed over expected tokens, \(name)",
      remark: """
        By the probability that the model gave; intervals are two standard errors of chance. Left \
        of the line the model gave too much probability. Equal distances are equal ratios.
        """,
      quantity: "observed / expected",
      scale: .logarithmic,
      reference: .init(1, label: "1: as expected")
    )
    for group in Self.grouped(reliability.bands) {
      let expected = group.reduce(0) { $0 + $1.expected }
      let actual = group.reduce(0) { $0 + $1.actual }
      let error = 2 * group.reduce(0) { $0 + $1.variance }.squareRoot() / expected
      let ratio = Double(actual) / expected
      plot.rows.append(
        .init(
          label: Self.range(of: group),
          value: ratio,
          interval: (max(0, ratio - error), ratio + error),
          words: "\(ComparePage.number(ratio, 3)): \(NumberFormat.grouped(actual)) observed, "
            + "\(ComparePage.number(expected, 1)) expected"
        )
      )
    }
    return plot
  }

  /// The bands from likely to unlikely, each with as many of those below it as it takes for 20 to
  /// be expected.
  private static func grouped(_ bands: [Reliability.Band]) -> [[Reliability.Band]] {
    var groups: [[Reliability.Band]] = []
    var open: [Reliability.Band] = []
    for band in bands {
      open.append(band)
      guard open.reduce(0, { $0 + $1.expected }) >= 20 else { continue }
      groups.append(open)
      open = []
    }
    if !open.isEmpty {
      if groups.isEmpty { groups.append(open) } else { groups[groups.count - 1] += open }
    }
    return groups
  }

  private static func range(of group: [Reliability.Band]) -> String {
    guard let first = group.first, let last = group.last else { return "" }
    func percent(_ octave: Int) -> String {
      let share = octave == 0 ? 1 : Double(sign: .plus, exponent: -octave, significand: 1)
      return NumberFormat.significant(100 * share, digits: share > 0.01 ? 3 : 2)
    }
    return "given \(percent(last.octave + 1)) to \(percent(first.octave)) %"
  }
}
