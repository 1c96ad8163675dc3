import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

/// What Chen and Goodman (1998) saw when they set the tokens that a model expects of n-grams seen so
/// often against those that are there, on the package's own corpora with trigrams.
@Suite struct ExpectedCountsTests {
  /// A method and the ranges that its ratios are in, where training counts are 0, 1 and 2.
  struct Row: Sendable, CustomTestStringConvertible {
    var method: SmoothingMethod
    var never: ClosedRange<Double>
    var once: ClosedRange<Double>
    var twice: ClosedRange<Double>
    var testDescription: String { method.rawValue }
  }

  static let rows = [
    // A discount for each of the low counts: near 1 at all of them.
    Row(method: .modifiedKneserNey, never: 0.8...1.25, once: 0.7...1.25, twice: 0.7...1.25),
    // Too little for what was seen once or twice.
    Row(method: .katz, never: 1.1...1.3, once: 0...0.5, twice: 0...0.6),
    // Far too much for what was seen once, far too little for what was not.
    Row(method: .wittenBell, never: 0...0.6, once: 2...5, twice: 1.1...2),
    // Nearly all goes to what was never seen.
    Row(method: .additive, never: 1.25...2, once: 0...0.1, twice: 0...0.1),
  ]

  @Test(arguments: rows)
  func `methods expect too much and too little where they are known to`(row: Row) throws {
    let pair = Pair.corpora
    let model = try pair.model(pair.data(), Method(name: row.method), order: 3)
    var collector = BreakdownCollector(limit: 0, order: TrainingSource.order(for: model))
    for path in pair.test {
      collector.beginText(path)
      _ = try Evaluator(model).evaluate(.file(path), visit: { collector.add($0) })
    }
    let breakdown = try collector.breakdown(
      counting: TrainingSource(pair.training.map { .file($0) }, of: model)
    )
    let cells = try #require(breakdown.expectedCounts).cells.filter { $0.order == 3 }
    for (key, range) in [("0", row.never), ("1", row.once), ("2", row.twice)] {
      let ratio = try #require(cells.first { $0.key == key }).ratio
      #expect(range.contains(ratio), "\(key): \(ratio)")
    }
    #expect(breakdown.trainingTokens == model.description.tokenCount)
    #expect(breakdown.worstDeviation < 1e-9)
  }
}
