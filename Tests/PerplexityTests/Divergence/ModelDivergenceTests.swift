import Files
import Foundation
import InformationTheory
import LanguageModels
import Perplexity
import Testing
import Tokenization

private let trainingText = """
  the old dog sleeps in the house
  the dog and the ferry cross the river
  a ferry sleeps by the river in the rain
  in the rain the old ferry sleeps

  """

private let testText = """
  the dog sleeps in the rain
  a dog sleeps the old river
  the dog sleeps in the house

  """

/// The divergence of two models on `texts`.
private func divergence(
  _ first: any LanguageModel,
  _ second: any LanguageModel,
  on texts: String...,
  contextCount: Int? = nil,
  top: Int = 10,
  threads: Int = 1
) throws -> ModelDivergence {
  func measure(_ rest: ArraySlice<String>, _ sources: [TextSource]) throws -> ModelDivergence {
    guard let text = rest.first else {
      return try DivergenceMeasurement(first, "p", second, "q", threads: threads)
        .divergence(on: sources, contextCount: contextCount, top: top)
    }
    return try withText(text.utf8) { try measure(rest.dropFirst(), sources + [$0]) }
  }
  return try measure(texts[...], [])
}

/// What it must be: each place by itself, each pair of distributions by the formula.
private func plain(
  _ first: any LanguageModel,
  _ second: any LanguageModel,
  on text: String
) throws -> (forward: Double, backward: Double, count: Int) {
  var numbering = first.vocabulary
  let tokens = try TextEncoder(first.settings)
    .encode(TextChunk(text), of: "text", numbering: &numbering).tokens
  var sum = (forward: 0.0, backward: 0.0, count: 0)
  for index in tokens.indices where tokens[index] != .beginSentence {
    let start = tokens[..<index].lastIndex(of: .beginSentence) ?? 0
    let history = Array(tokens[start..<index])
    let p = first.distribution(after: history)
    let q = second.distribution(after: history)
    for token in p.indices where p[token] > 0 || q[token] > 0 {
      if p[token] > 0 { sum.forward += p[token] * log2(p[token] / q[token]) }
      if q[token] > 0 { sum.backward += q[token] * log2(q[token] / p[token]) }
    }
    sum.count += 1
  }
  return (sum.forward / Double(sum.count), sum.backward / Double(sum.count), sum.count)
}

@Suite struct ModelDivergenceTests {
  @Test(arguments: [(1, 3), (2, 3), (3, 2), (4, 1)])
  func `the means are those of every place by itself`(orders: (Int, Int)) throws {
    let first = try train(trainingText, order: orders.0, .wittenBell)
    let second = try train(trainingText, order: orders.1, .kneserNey)
    let found = try divergence(first, second, on: testText)
    let expected = try plain(first, second, on: testText)
    #expect(found.contextCount == expected.count)
    #expect(found.positionCount == expected.count)
    #expect(abs(found.mean.forwardBits - expected.forward) < 1e-6)
    #expect(abs(found.mean.backwardBits - expected.backward) < 1e-6)
    #expect(found.unshared.first.count == 0)
    #expect(found.unshared.second.count == 0)
    // Two sentences begin alike.
    #expect(found.distinctContextCount < found.contextCount)
  }

  @Test func `a model lies nowhere from itself`() throws {
    let model = try train(trainingText, order: 3, .wittenBell)
    let found = try divergence(model, model, on: testText)
    #expect(found.mean.forwardBits == 0)
    #expect(found.mean.jensenShannonBits == 0)
    #expect(found.top1Agreement == 1)
    #expect(found.tokens.isEmpty)
    #expect(found.contexts.isEmpty)
  }

  @Test func `turned round, forward is backward and the rest is the same`() throws {
    let first = try train(trainingText, order: 3, .wittenBell)
    let second = try train(trainingText, order: 2, .absoluteDiscounting)
    let found = try divergence(first, second, on: testText)
    let turned = try divergence(second, first, on: testText)
    #expect(found.mean.forwardBits > 0)
    #expect(abs(found.mean.forwardBits - turned.mean.backwardBits) < 1e-12)
    #expect(abs(found.mean.jensenShannonBits - turned.mean.jensenShannonBits) < 1e-12)
    #expect(found.mean.jensenShannonBits <= 1)
    #expect(found.top1Agreement == turned.top1Agreement)
  }

  @Test func `threads change nothing`() throws {
    let first = try train(trainingText, order: 3, .wittenBell)
    let second = try train(trainingText, order: 2, .absoluteDiscounting)
    let text = String(repeating: testText + trainingText, count: 3)
    let one = try divergence(first, second, on: text)
    for threads in [2, 5] {
      let several = try divergence(first, second, on: text, threads: threads)
      #expect(several.mean == one.mean)
      #expect(several.tokens == one.tokens)
      #expect(several.contexts == one.contexts)
    }
  }

  @Test func `a sample is spread evenly and has the number asked for`() throws {
    let first = try train(trainingText, order: 2, .wittenBell)
    let second = try train(trainingText, order: 1, .wittenBell)
    let all = try divergence(first, second, on: testText)
    for count in [1, 2, 7, 20, 21] {
      let found = try divergence(first, second, on: testText, contextCount: count, top: 100)
      #expect(found.contextCount == min(count, all.positionCount))
      #expect(found.positionCount == all.positionCount)
      #expect(found.contexts.reduce(0) { $0 + $1.count } <= found.contextCount)
    }
    // The middle one of 21 places, in the second line.
    let middle = try divergence(first, second, on: testText, contextCount: 1)
    #expect(middle.contexts.map(\.location.line) == [2])
  }

  /// Samples of a third of the places, each begun at another one, around the mean of all.
  @Test func `a sample's mean lies within some standard errors of that of all places`() throws {
    let text = randomText(3000)
    let first = try train(text, order: 2, .wittenBell)
    let second = try train(text, order: 1, .wittenBell)
    let all = try divergence(first, second, on: text)
    #expect(all.standardErrors.forwardBits == 0)
    #expect(all.standardErrors.jensenShannonBits == 0)
    var worst = 0.0
    for count in stride(from: 100, through: 300, by: 20) {
      let sample = try divergence(first, second, on: text, contextCount: count)
      let error = sample.standardErrors.forwardBits
      #expect(error > 0)
      worst = max(worst, abs(sample.mean.forwardBits - all.mean.forwardBits) / error)
    }
    #expect(worst < 4)
  }

  @Test func `tokens and contexts that differ most are named with their places`() throws {
    let first = StubModel.unigrams(["a": 0.5, "b": 0.25, "</s>": 0.25])
    let second = StubModel.unigrams(["a": 0.5, "b": 0.125, "</s>": 0.375])
    let found = try divergence(first, second, on: "a b\n", "b\nb\n")
    #expect(found.tokens.map(\.token) == ["b", "</s>"])
    #expect(found.tokens.map(\.firstProbability) == [0.25, 0.25])
    #expect(found.tokens.map(\.secondProbability) == [0.125, 0.375])
    let sum = found.tokens.reduce(0) { $0 + $1.jensenShannonBits }
    #expect(abs(sum - found.mean.jensenShannonBits) < 1e-15)
    #expect(found.top1Agreement == 1)
    // Without looking back all contexts are one.
    #expect(found.distinctContextCount == 1)
    #expect(found.contexts.map(\.count) == [7])
    #expect(found.contexts.map(\.location.text) == [0])
    #expect(found.contexts.map(\.likeliest.first.token) == ["a"])
  }

  @Test func `what only one model holds for possible is named and makes KL infinite`() throws {
    let first = try train("a b\na b\na c\n", order: 2, .maximumLikelihood)
    let second = try train("a b\na b\n", order: 2, .wittenBell)
    let found = try divergence(second, first, on: "a b\nb\n")
    #expect(found.mean.forwardBits == .infinity)
    #expect(found.mean.backwardBits.isFinite)
    #expect(found.mean.jensenShannonBits.isFinite)
    let impossible = try #require(found.forwardImpossible)
    #expect(impossible.count > 0)
    #expect(impossible.location.context.first == "<s>")
    #expect(impossible.location.line == 1)
    #expect(found.backwardImpossible == nil)
  }

  /// P has c where Q has d: p(c) and p(`<unk>`) of P against q(d) and q(`<unk>`) of Q.
  @Test func `tokens of one model alone count as <unk>, and their probability is told`() throws {
    let first = StubModel.unigrams(["a": 0.5, "c": 0.25, "</s>": 0.125, "<unk>": 0.125])
    let second = StubModel.unigrams(["d": 0.125, "a": 0.25, "</s>": 0.5, "<unk>": 0.125])
    let found = try divergence(first, second, on: "a\n")
    #expect(found.unshared.first.count == 1)
    #expect(found.unshared.first.mass == 0.25)
    #expect(found.unshared.second.count == 1)
    #expect(found.unshared.second.mass == 0.125)
    let expected = Divergence(of: [0.375, 0.125, 0.5], and: [0.25, 0.5, 0.25])
    #expect(abs(found.mean.forwardBits - expected.forwardBits) < 1e-12)
    #expect(abs(found.mean.jensenShannonBits - expected.jensenShannonBits) < 1e-12)
  }

  /// The likeliest token is P's own `<unk>` or a word, not what others make of it.
  @Test func `agreement is about tokens, not about what is taken together`() throws {
    let first = StubModel.unigrams(["a": 0.375, "c": 0.3125, "d": 0.3125])
    let second = StubModel.unigrams(["a": 0.75, "</s>": 0.25])
    #expect(try divergence(first, second, on: "a\n").top1Agreement == 1)
  }

  @Test func `models that cut text otherwise, and scores, are refused`() throws {
    let words = try train(trainingText, order: 2, .wittenBell)
    let characters = try train(
      trainingText,
      TextSettings(tokenizer: .characters),
      order: 2,
      .wittenBell
    )
    let scores = try train(trainingText, order: 2, .stupidBackOff)
    #expect(
      throws: ComparisonError.differentTokens(
        first: "p",
        second: "q",
        difference: "whitespace, characters"
      )
    ) { try divergence(words, characters, on: testText) }
    #expect(throws: ComparisonError.noProbabilities(path: "q")) {
      try divergence(words, scores, on: testText)
    }
    #expect(throws: TextError.self) { try divergence(words, words, on: "") }
  }
}
