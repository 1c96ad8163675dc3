import Perplexity
import Statistics

/// The figures of `score`, for people and for programs.
struct ScoreReport {
  let subject: Scorer
  let resampling: Resampling?
  private(set) var total = Evaluation()
  /// The breakdown of all texts, where it was asked for.
  var breakdown: Breakdown?
  let names: [String]
  private(set) var texts: [Text] = []

  /// The figures of one text, and the time of scoring it.
  struct Text {
    var evaluation: Evaluation
    var seconds: Double
  }

  /// Adds the figures of the next text.
  mutating func append(_ evaluation: Evaluation, seconds: Double) {
    texts.append(Text(evaluation: evaluation, seconds: seconds))
    total = total + evaluation
  }

  /// The breakdown to print, where it was asked for.
  var breakdownReport: BreakdownReport? {
    breakdown.map { BreakdownReport(breakdown: $0, namesTexts: names.count > 1) }
  }
}
