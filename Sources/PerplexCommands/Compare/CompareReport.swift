import Perplexity
import Statistics
import Terminal
import Tokenization

/// The result of `compare`: what its table, its JSON and its page say.
struct CompareReport {
  let subjects: [Scorer]
  let comparison: Comparison
  let resampling: Resampling
  let texts: [String]
  let forcesPerplexity: Bool

  var unit: Comparison.Unit { comparison.unit }
  var baseline: Scorer { subjects[comparison.baseline] }

  var rankedBy: String { unit == .token ? "perplexity" : "bits per byte" }

  /// The reason why a difference has no interval, in few words.
  static func reasonForNoInterval(_ paired: PairedComparison) -> String {
    guard paired.difference.isFinite else { return "none" }
    return paired.pValue == nil ? "too few texts" : "too little text"
  }

  /// A p-value that does not look more exact than its resamples.
  static func pValue(_ value: Double) -> String {
    value < 0.001
      ? "<0.001" : NumberFormat.fixed(value, decimals: value < 0.1 ? 3 : 2)
  }

  var level: String { IntervalOptions.levelText(resampling.level) }

  /// The name of the text, or the number of texts.
  var textsName: String { texts.count == 1 ? texts[0] : "\(texts.count) texts" }

  /// The test that p-values come from.
  var test: String {
    let count = comparison.models.count { $0.difference?.adjustedPValue != nil }
    return (comparison.form == .flips ? "sign-flip permutation test" : "Student's t")
      + (count > 1 ? ", Holm's correction for \(count) comparisons" : "")
  }

  /// The method of the differences' intervals, and the units that they are computed from.
  var method: String { "\(comparison.form.description), of \(comparison.unitsDescription)" }

  private var draws: String {
    comparison.form == .flips
      ? ", drawn \(resampling.resamples) times (seed \(resampling.seed))" : ""
  }

  /// The meaning of the table's columns.
  var key: String {
    """
    difference: bits a \(unit.rawValue) less the baseline's, below zero is better; p: the chance of \
    such a difference between equally good models (\(test)). Intervals: \
    \(method)\(draws).
    """
  }

  /// The number of a line, after the name of its text where there are several.
  func location(of line: LineDifference) -> String { location(line.text, line.line) }

  func location(_ text: Int, _ line: TextPlace) -> String {
    texts.count > 1 ? "\(texts[text]):\(line)" : "\(line)"
  }

  /// The number of a line, after the name of its text where there are several.
  func location(_ text: String, _ line: TextPlace) -> String {
    texts.count > 1 ? "\(text):\(line)" : "\(line)"
  }
}
