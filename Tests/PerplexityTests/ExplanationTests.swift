import Files
import Foundation
import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

/// Probabilities made again from the counts of the training text.
@Suite struct ExplanationTests {
  /// A method, its form, an order and count cut-offs.
  struct Case: Sendable, CustomTestStringConvertible {
    var method: SmoothingMethod
    var usesBackOff: Bool
    var order: Int
    var prune: [Int] = []
    var testDescription: String {
      "\(method.rawValue)\(usesBackOff ? " back-off" : ""), order \(order), cut-offs \(prune)"
    }
  }

  static let cases: [Case] = SmoothingMethod.allCases.flatMap { method in
    [false, true].filter { !$0 || method.hasBackOffForm }.flatMap { usesBackOff in
      [
        Case(method: method, usesBackOff: usesBackOff, order: 1),
        Case(method: method, usesBackOff: usesBackOff, order: 2),
        Case(method: method, usesBackOff: usesBackOff, order: 4),
        Case(method: method, usesBackOff: usesBackOff, order: 3, prune: [0, 0, 1]),
      ]
    }
  }

  private func model(_ text: String, _ recipe: Case) throws -> NGramModel {
    try train(
      text,
      order: recipe.order,
      recipe.method,
      usesBackOff: recipe.usesBackOff,
      alpha: 0.3,
      prune: recipe.prune
    )
  }

  private static let sentences = ["w1 w2 w0 zebra w3", "w0 w0 w1 w7 w30", "w41 w1 w2 w2 w0 w4"]

  @Test(arguments: cases)
  func `counts make the numbers that the model has`(recipe: Case) throws {
    let training = randomText(3000)
    let model = try model(training, recipe)
    var sequences = try Self.sentences.flatMap {
      try Explainer(model).explain($0, called: "a test")
    }
    for threads in [1, 3] {
      let tokens = try withText(training.utf8) {
        try sequences.count(in: TrainingSource([$0], of: model, threads: threads), of: model)
          .tokenCount
      }
      #expect(tokens == model.description.tokenCount)
      #expect(sequences.firstAtOdds?.text == nil)
    }
    var compared = 0
    for token in sequences.flatMap(\.tokens) {
      for (step, counted) in zip(token.explanation.steps, token.countedSteps) {
        guard let counted, let alpha = counted.alpha else { continue }
        compared += 1
        #expect(abs(alpha - step.alpha) <= 2e-6 * step.estimate, "\(step) \(counted)")
        if let gamma = counted.gamma {
          // What is left after a history is a difference of rounded numbers.
          let left = counted.remainder.map { 1 - $0.covered } ?? 1
          #expect(
            abs(gamma - step.gamma) <= 2e-6 * max(1, gamma) / max(1e-6, left),
            "\(step) \(counted)"
          )
        }
        let isBackOff = model.description.combination == .backOff
        #expect((counted.remainder != nil) == (isBackOff && step.order > 1 && !step.isFound))
      }
    }
    // Of 19 tokens each by itself, and most after a word; an additive model looks at one history.
    let isAdditive = recipe.method == .additive && !recipe.usesBackOff
    let least = recipe.order == 1 ? 19 : isAdditive ? 3 : 30
    #expect(compared >= least, "\(compared)")
  }

  @Test func `counts of another text are at odds with the model`() throws {
    let model = try model(randomText(3000), Case(method: .wittenBell, usesBackOff: false, order: 2))
    var sequences = try Explainer(model).explain("w1 w2", called: "a test")
    let other = "w1 w2 w1 w3\nw0 w2\n"
    let tokens = try withText(other.utf8) {
      try sequences.count(in: TrainingSource([$0], of: model), of: model).tokenCount
    }
    // Six words and two sentence ends.
    #expect(tokens == 8)
    #expect(sequences.firstAtOdds?.text == "w1")
    // w1 begins one of two sentences.
    let step = try #require(sequences[0].tokens[0].countedSteps[0])
    #expect(step.count == 1 && step.historyCount == 2 && step.typeCount == 2)
  }

  @Test func `Kneser-Ney counts different words before, and occurrences after the beginning`()
    throws
  {
    let training = "a b c\nb b c\na b d\n"
    let model = try model(training, Case(method: .kneserNey, usesBackOff: false, order: 3))
    var sequences = try Explainer(model).explain("b c", called: "a test")
    _ = try withText(training.utf8) {
      try sequences.count(in: TrainingSource([$0], of: model), of: model).tokenCount
    }
    let steps = sequences[0].tokens[1].countedSteps.map { $0?.count }
    // <s> b c never occurs; b c follows a and b; c follows b alone.
    #expect(steps == [0, 2, 1, nil])
    // <s> b begins a sentence once, and is counted so; b follows <s>, a and b.
    #expect(sequences[0].tokens[0].countedSteps.map { $0?.count } == [1, 3, nil])
  }

  @Test func `a text is explained as it is scored`() throws {
    let model = try train(randomText(3000), order: 3, .modifiedKneserNey, spellsUnknown: true)
    let text = "w1 w2 zebra\n\n  w0 w0  \n"
    let evaluation = try evaluate(model, text)
    let sequences = try withText(text.utf8) { try Explainer(model).explain($0).sequences }
    #expect(sequences.map(\.text) == ["w1 w2 zebra", "", "w0 w0"])
    #expect(sequences.map(\.tokens.count) == [4, 1, 3])
    let all = ExplainedSequence(joining: sequences)
    #expect(isClose(all.total.bits, evaluation.total.bits))
    #expect(isClose(all.perplexity, evaluation.perplexity))
    #expect(isClose(all.perplexityFromBits, evaluation.perplexity))
    let zebra = sequences[0].tokens[2]
    #expect(zebra.text == "zebra" && zebra.spelling.bits < 0)
    #expect(zebra.logProbability.bits < zebra.explanation.score.logProbability.bits)
  }

  @Test func `the perplexity by its definition does not underflow`() throws {
    let settings = TextSettings(tokenizer: .whitespace, sequence: .document)
    let model = try train("a b c d e f g h", settings, order: 1, .wittenBell)
    let text = String(repeating: "a b zebra ", count: 300)
    let sequence = try #require(try Explainer(model).explain(text, called: "a test").first)
    #expect(sequence.total.probability == 0)
    #expect(isClose(sequence.perplexity, sequence.perplexityFromBits))
    #expect(sequence.perplexity < 100)
    #expect(throws: TextError.empty(paths: ["a test"])) {
      try Explainer(model).explain(" ", called: "a test")
    }
  }

  @Test func `a text of too many tokens is refused before they fill the memory`() throws {
    let model = try train("a b\n", order: 2, .wittenBell)
    let line = String(repeating: "a ", count: Explainer.tokenLimit - 1)
    #expect(try Explainer(model).explain(line + "\n", called: "t").first?.tokens.count == 10_000)
    #expect(throws: TextError.tooLongToExplain(path: "t", limit: 10_000)) {
      try Explainer(model).explain(line + "a\n", called: "t")
    }
  }
}
