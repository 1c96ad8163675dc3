@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// How a probability is made up.
@Suite struct ExplanationTests {
  private static let text = randomText(words: 40, lines: 300, length: 7, seed: 21)

  /// Every method in every form, of short and long n-grams, whole and with some left out.
  static let recipes = SmoothingMethod.allCases.flatMap { method in
    (isWantedSlow ? [1, 2, 3, 5] : [1, 3]).flatMap { order in
      [false, true].filter { !$0 || method.hasBackOffForm }.map { usesBackOff in
        var recipe = Recipe(method: method, usesBackOff: usesBackOff, order: order)
        if order == 3 { recipe.prune = [0, 0, 1] }
        return recipe
      }
    }
  }

  @Test(arguments: recipes)
  func `shares sum to the probability that scoring gives`(recipe: Recipe) throws {
    try expectShares(of: recipe.model(Self.text))
  }

  @Test(
    arguments: recipes.filter {
      $0.method != .stupidBackOff && ($0.method != .additive || $0.usesBackOff)
    }
  )
  func `shares sum to the probability in an ARPA file too`(recipe: Recipe) throws {
    let model = try recipe.model(Self.text)
    let imported = try model.throughARPA()
    #expect(imported.description.uniformShare == model.description.uniformShare)
    try expectShares(of: imported)
  }

  private func expectShares(of model: NGramModel) throws {
    // Words beyond those of training, too.
    let tokens = model.sentences(randomText(words: 44, lines: 25, length: 7, seed: 22))
    let scores = model.scores(tokens)
    for index in tokens.indices where tokens[index] != .beginSentence {
      let explanation = model.explanation(of: tokens[index], after: tokens[..<index])
      #expect(explanation.score.logProbability == scores[index].logProbability)
      #expect(explanation.orderUsed == Int(scores[index].matchedLength))
      let probability = scores[index].logProbability.probability
      let sum = explanation.steps.reduce(0) { $0 + $1.share }
      guard isClose(sum, probability, within: 1e-12) else {
        Issue.record("\(sum), not \(probability): \(explanation)")
        return
      }
      expectSoundSteps(explanation, of: model)
    }
  }

  private func expectSoundSteps(_ explanation: TokenExplanation, of model: NGramModel) {
    let steps = explanation.steps
    #expect(steps.map(\.order) == steps.map(\.order).sorted(by: >))
    #expect(steps.allSatisfy { $0.alpha >= 0 && $0.gamma >= 0 && $0.share >= 0 })
    for (step, below) in zip(steps, steps.dropFirst()) {
      #expect(isClose(step.estimate, step.alpha + step.gamma * below.estimate, within: 1e-12))
      #expect(below.gammaAbove == step.gammaAbove * step.gamma)
    }
    #expect(steps.allSatisfy { $0.isHistoryKnown || !$0.isFound })
    let found = steps.first { $0.isFound && $0.order > 0 }
    if explanation.orderUsed > 0 { #expect(found?.order == explanation.orderUsed) }
    if model.description.combination != .interpolated,
      let found, found.order > 1, model.description.combination != .uniform
    {
      #expect(isClose(found.share, steps.reduce(0) { $0 + $1.share }, within: 1e-12))
    }
  }

  // MARK: Worked by hand: 17 tokens of 11 types, 12 that can follow

  @Test func `Witten-Bell lends a context its types`() throws {
    let steps = try steps(Recipe(method: .wittenBell, order: 2), "Sam", after: "am")
    // am is followed twice, by two types: 1 / (2 + 2), and 2 / (2 + 2) for the unigram.
    expect(steps, alpha: [1.0 / 4, 2.0 / 28, 1.0 / 12], gamma: [2.0 / 4, 11.0 / 28, 0])
    expect(steps, share: [0.25, 1.0 / 28, 11.0 / 56 / 12])
  }

  @Test func `Kneser-Ney counts the words before a word`() throws {
    var recipe = Recipe(method: .kneserNey, order: 2)
    recipe.discount = 0.5
    let steps = try steps(recipe, "Sam", after: "am")
    // Of 15 bigram types two end in Sam; each of the 11 types gives up a half.
    expect(steps, alpha: [0.5 / 2, 1.5 / 15, 1.0 / 12], gamma: [1.0 / 2, 5.5 / 15, 0])
  }

  @Test func `additive smoothing gives every token its uniform part`() throws {
    let steps = try steps(Recipe(method: .additive, order: 2), "Sam", after: "am")
    #expect(steps.map(\.order) == [2, 0])
    expect(steps, alpha: [1.0 / 14, 1.0 / 12], gamma: [12.0 / 14, 0])
    let unseen = try self.steps(Recipe(method: .additive, order: 2), "ham", after: "am")
    expect(unseen, alpha: [0, 1.0 / 12], gamma: [12.0 / 14, 0])
    #expect(unseen.map(\.isFound) == [false, true])
  }

  @Test func `maximum likelihood is a ratio of counts or nothing`() throws {
    let recipe = Recipe(method: .maximumLikelihood, order: 2)
    expect(try steps(recipe, "am", after: "I"), alpha: [2.0 / 3, 2.0 / 17], gamma: [0, 0])
    let unseen = try steps(recipe, "Sam", after: "I")
    expect(unseen, alpha: [0, 2.0 / 17], gamma: [0, 0])
    #expect(unseen[0].isHistoryKnown && unseen[0].estimate == 0)
  }

  @Test func `a back-off model takes the longest n-gram alone`() throws {
    var recipe = Recipe(method: .wittenBell, order: 2)
    recipe.usesBackOff = true
    let seen = try steps(recipe, "Sam", after: "am")
    expect(seen, alpha: [1.0 / 4, 2.0 / 28, 1.0 / 12], gamma: [0, 11.0 / 28, 0])
    expect(seen, share: [1.0 / 4, 0, 0])
    // Sam and </s> have 1 - 2/4 after am, and by themselves 2/28 + 3/28 + 2 · 11/28/12.
    let unseen = try steps(recipe, "ham", after: "am")
    let left = 1 - (5.0 / 28 + 22.0 / 28 / 12)
    expect(unseen, alpha: [0, 1.0 / 28, 1.0 / 12], gamma: [0.5 / left, 11.0 / 28, 0])
  }

  @Test func `stupid back-off has a fixed weight and scores`() throws {
    let recipe = Recipe(method: .stupidBackOff, order: 3)
    let steps = try steps(recipe, "ham", after: "I am")
    #expect(steps.map(\.gamma) == [0.4, 0.4, 0])
    expect(steps, share: [0, 0, 0.16 / 17])
  }

  @Test func `the history begins with the sentence and is no longer than the model's`() throws {
    let model = try Recipe(method: .wittenBell, order: 3).model(iAmSam)
    let tokens = model.sentences("I am Sam\nSam zebra I am")
    func history(_ index: Int) -> [String] {
      model.explanation(of: tokens[index], after: tokens[..<index]).history.map {
        $0.isOutOfVocabulary ? "?" : model.vocabulary[$0]
      }
    }
    #expect(history(1) == ["<s>"])
    #expect(history(4) == ["am", "Sam"])
    #expect(history(6) == ["<s>"])
    #expect(history(8) == ["Sam", "?"])
    let explanation = model.explanation(of: tokens[8], after: tokens[..<8])
    #expect(explanation.steps.map(\.isHistoryKnown) == [false, false, true, true])
    #expect(explanation.history(of: explanation.steps[0]).count == 2)
    #expect(explanation.history(of: explanation.steps[1]) == [.outOfVocabulary])
    #expect(explanation.history(of: explanation.steps[3]).isEmpty)
  }

  @Test func `a model whose uniform share is not known keeps its unigrams whole`() throws {
    let arpa = """
      \\data\\
      ngram 1=4
      ngram 2=1

      \\1-grams:
      -1	<unk>
      -99	<s>	-0.3
      -0.5	a
      -0.3	</s>

      \\2-grams:
      -0.2	<s> a

      \\end\\

      """
    try withTemporaryFile(arpa) { path in
      let model = try ModelFile.openNGrams(path)
      let unknown = model.explanation(of: .outOfVocabulary, after: [.beginSentence])
      #expect(unknown.steps.map(\.order) == [2, 1])
      #expect(isClose(unknown.steps[1].alpha, 0.1, within: 1e-6))
      #expect(isClose(unknown.steps[1].gammaAbove, 0.501187, within: 1e-6))
      let seen = model.explanation(of: model.vocabulary["a"], after: [.beginSentence])
      #expect(seen.steps.map(\.gamma) == [0, 0])
    }
  }

  private func steps(_ recipe: Recipe, _ word: String, after context: String) throws -> [OrderStep]
  {
    let model = try recipe.model(iAmSam)
    return model.explanation(of: model.vocabulary[word], after: model.tokens(context)).steps
  }

  private func expect(
    _ steps: [OrderStep],
    alpha: [Double]? = nil,
    gamma: [Double]? = nil,
    share: [Double]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (expected, found) in [
      (alpha, steps.map(\.alpha)), (gamma, steps.map(\.gamma)), (share, steps.map(\.share)),
    ] {
      guard let expected else { continue }
      // Values are stored with 24 bits.
      let isEqual =
        expected.count == found.count
        && zip(expected, found).allSatisfy { abs($0 - $1) <= 1e-6 * max($0, $1) }
      #expect(isEqual, "\(found), not \(expected)", sourceLocation: sourceLocation)
    }
  }
}
