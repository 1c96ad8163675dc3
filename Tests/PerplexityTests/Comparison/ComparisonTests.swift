import Files
import Foundation
import LanguageModels
import Statistics
import Testing
import Tokenization

@testable import Perplexity

@Suite struct ComparisonTests {
  private let words = ["a", "b", "c"]

  private func entry(_ name: String, _ model: any LanguageModel) -> Comparison.Entry {
    Comparison.Entry(
      name: name,
      scorer: Evaluator(model, threads: 1),
      terms: ScoringTerms(of: model)
    )
  }

  private func compare(
    _ models: [any LanguageModel],
    on text: String,
    baseline: Int = 0,
    forcesPerplexity: Bool = false
  ) throws -> Comparison {
    try withText(text.utf8) { source in
      var resampling = Resampling()
      resampling.resamples = 500
      return try Comparison(
        models.enumerated().map { entry("model \($0)", $1) },
        on: [source],
        baseline: baseline,
        forcesPerplexity: forcesPerplexity,
        resampling: resampling
      )
    }
  }

  @Test func `a model compared with its equal neither wins nor loses`() throws {
    let model = StubModel.uniform(words)
    let comparison = try compare([model, model], on: String(repeating: "a b\nc\n", count: 50))
    let difference = try #require(comparison.models[1].difference)
    #expect(comparison.obstacles.isEmpty)
    #expect(comparison.unit == .token)
    #expect(difference.paired.difference == 0)
    #expect(difference.adjustedPValue == 1)
    #expect(difference.spans.won == 0 && difference.spans.tied == 250)
    #expect(difference.lines.won == 0 && difference.lines.tied == 100)
    #expect(difference.gains.isEmpty && difference.losses.isEmpty)
  }

  @Test func `differences, wins and lines are those of arithmetic by hand`() throws {
    let even = StubModel.unigrams(["a": 0.25, "b": 0.25, "c": 0.25, "</s>": 0.25])
    let skewed = StubModel.unigrams(["a": 0.5, "b": 0.125, "c": 0.125, "</s>": 0.25])
    let text = String(repeating: "a a\n", count: 30) + String(repeating: "b\n", count: 10)
    let comparison = try compare([even, skewed], on: text)
    let difference = try #require(comparison.models[1].difference)
    // 60 tokens cost a bit less, 10 a bit more, 40 `</s>` the same.
    #expect(abs(difference.paired.difference + 50.0 / 110) < 1e-12)
    #expect(difference.spans.count == 110)
    #expect(difference.spans.won == 60 && difference.spans.tied == 40)
    #expect(difference.lines.count == 40 && difference.lines.won == 30)
    #expect(difference.gains.map(\.line) == [1, 2, 3, 4, 5])
    #expect(difference.gains.allSatisfy { $0.bits == -2 && $0.excerpt == "a a" })
    #expect(difference.losses.map(\.line) == [31, 32, 33, 34, 35])
    #expect(difference.spanGains.map(\.span) == ["a", "a", "a", "a", "a"])
    #expect(difference.spanGains.map(\.line) == [1, 1, 2, 2, 3])
    #expect(difference.spanLosses.map(\.span) == ["b", "b", "b", "b", "b"])
    #expect(difference.spanLosses.allSatisfy { $0.bits == 1 })
    #expect(comparison.ranking == [1, 0])
    let interval = try #require(difference.paired.interval)
    #expect(interval.low < -50.0 / 110 && -50.0 / 110 < interval.high)
    // Thirty lines in a row that say one thing, and ten the other, are like two topics.
    #expect(try #require(difference.adjustedPValue) > 0.05)
  }

  @Test func `the baseline is the one that is named`() throws {
    let even = StubModel.unigrams(["a": 0.25, "b": 0.25, "</s>": 0.25])
    let skewed = StubModel.unigrams(["a": 0.5, "b": 0.125, "</s>": 0.25])
    let text = String(repeating: "a b a\n", count: 20)
    let forward = try compare([even, skewed], on: text)
    let backward = try compare([even, skewed], on: text, baseline: 1)
    #expect(backward.models[1].difference == nil)
    let difference = try #require(backward.models[0].difference).paired.difference
    #expect(difference == -(try #require(forward.models[1].difference).paired.difference))
  }

  @Test func `words and bytes are held against each other where both end a token`() throws {
    let text = String(repeating: "ab  b\n\n", count: 40)
    let wordModel = StubModel.uniform(["ab", "b"])
    let byteModel = StubModel.uniform(
      ["a", "b", " ", "\n"],
      TextSettings(tokenizer: .bytes, sequence: .document)
    )
    let comparison = try compare([wordModel, byteModel], on: text)
    #expect(comparison.unit == .byte)
    #expect(comparison.obstacles.map(\.subject) == [.tokens, .sentenceEnds])
    let difference = try #require(comparison.models[1].difference)
    // "ab", "  b", the line end, the blank line.
    #expect(difference.spans.count == 160)
    // Three bytes, one of six each, beside a word, one of four.
    #expect(difference.spanGains.isEmpty)
    #expect(difference.spanLosses.map(\.span) == ["b", "b", "b", "b", "b"])
    #expect(difference.spanLosses.allSatisfy { abs($0.bits - (3 * log2(6) - 2)) < 1e-6 })
    #expect(difference.lines.count == 80)
    let bits = comparison.models.map { -$0.evaluation.total.bits }
    #expect(
      abs(difference.paired.difference - (bits[1] - bits[0]) / Double(text.utf8.count)) < 1e-9
    )
  }

  @Test func `unknown words are an obstacle only where the vocabularies differ`() throws {
    let text = String(repeating: "a b z\n", count: 20)
    let small = StubModel.uniform(["a", "b"])
    let large = StubModel.uniform(["a", "b", "c"])
    #expect(try compare([small, small], on: text).obstacles.isEmpty)
    #expect(try compare([small, large], on: text).obstacles.map(\.subject) == [.vocabulary])
    #expect(try compare([small, large], on: text).unit == .byte)
    #expect(try compare([small, large], on: text, forcesPerplexity: true).unit == .token)
    #expect(try compare([small, large], on: "a b\nb\n").obstacles.isEmpty)
  }

  @Test func `pairing finds a difference on 6 KB that two intervals call noise`() throws {
    let stories = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: "/\(stories)/corpora/stories/\(name).txt", encoding: .utf8)
    }
    let settings = TextSettings(tokenizer: .characters, sequence: .line)
    let models = try [SmoothingMethod.additive, .wittenBell].map {
      try train(try text("train"), settings, order: 3, $0, alpha: 0.1)
    }
    let comparison = try compare(models, on: try text("held-out"))
    #expect(comparison.models[0].evaluation.measure.bytes < 7_000)
    let intervals = try comparison.models.map {
      try #require($0.evaluation.interval(Resampling())).crossEntropyBits
    }
    #expect(intervals[1].high > intervals[0].low)
    let paired = try #require(comparison.models[1].difference?.paired)
    let interval = try #require(paired.interval)
    #expect(interval.high < -0.05)
    #expect(try #require(paired.pValue) < 0.01)
  }

  @Test func `a normalised text is another text`() throws {
    let plain = StubModel.uniform(words)
    let lowered = StubModel.uniform(
      words,
      TextSettings(tokenizer: .whitespace, normalization: Normalization(lowercases: true))
    )
    let comparison = try compare([plain, lowered], on: String(repeating: "a b\n", count: 20))
    #expect(comparison.obstacles.map(\.subject) == [.normalization])
  }

  @Test func `p-values are corrected for the number of models`() throws {
    let models = [0.25, 0.26, 0.3].map { StubModel.unigrams(["a": $0, "b": 1 - $0, "</s>": 0.5]) }
    let text = (0..<40).map { $0.isMultiple(of: 4) ? "a b\n" : "b\n" }.joined()
    let comparison = try compare(models, on: text)
    let differences = comparison.models.compactMap(\.difference)
    let plain = differences.compactMap(\.paired.pValue)
    #expect(differences.compactMap(\.adjustedPValue) == Holm.adjusted(plain))
  }

  @Test func `a token that one model holds to be impossible leaves no interval`() throws {
    let strict = StubModel.unigrams(["a": 0.5, "b": 0, "</s>": 0.5])
    let text = String(repeating: "a\n", count: 20) + "b\n"
    let comparison = try compare([StubModel.uniform(words), strict], on: text)
    let difference = try #require(comparison.models[1].difference)
    #expect(difference.paired.difference == .infinity)
    #expect(difference.paired.interval == nil && difference.adjustedPValue == nil)
    #expect(comparison.ranking == [0, 1])
  }

  @Test func `a text that changes between two models is an error`() throws {
    try withText("a b\n".utf8) { first in
      try withText("a c\n".utf8) { second in
        let model = StubModel.uniform(words)
        let other = Swapped(scorer: Evaluator(model), source: second)
        #expect(throws: ComparisonError.self) {
          try Comparison(
            [
              entry("one", model),
              Comparison.Entry(name: "two", scorer: other, terms: ScoringTerms(of: model)),
            ],
            on: [first],
            resampling: Resampling()
          )
        }
      }
    }
  }

  /// Scores another text than it is asked to.
  private struct Swapped: TextScorer {
    let scorer: Evaluator
    let source: TextSource

    func evaluate(_: TextSource, progress: (Int) -> Void) throws -> Evaluation {
      try scorer.evaluate(source, progress: progress)
    }

    func evaluate(
      _: TextSource,
      visit: (ScoredText) throws -> Void,
      progress: (Int) -> Void
    ) throws -> Evaluation {
      try scorer.evaluate(source, visit: visit, progress: progress)
    }
  }
}
