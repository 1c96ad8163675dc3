import Files
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// The look-up of n-grams, and the arithmetic on what it finds.
@Suite struct ContextPathTests {
  static let text = randomText(words: 50, lines: isWantedSlow ? 250 : 120, length: 7, seed: 31)

  /// Much of the training text, words that the model lacks, and lines that come again.
  static let test =
    text.prefix(600) + "\n" + randomText(words: 70, lines: 30, length: 9, seed: 32) + "\n"
    + text.suffix(300) + "\n" + randomText(words: 70, lines: 15, length: 9, seed: 32)

  /// Every method in every form, whole and with some n-grams left out.
  static let recipes = (isWantedSlow ? [1, 2, 3, 4, 5, 6] : [1, 2, 4, 6]).flatMap { order in
    Recipe.forms(order: order).flatMap { recipe in
      (order == 4 ? [[], [0, 1], [0, 0, 1, 2]] : [[]]).map { prune in
        var recipe = recipe
        recipe.prune = prune
        return recipe
      }
    }
  }

  @Test(arguments: recipes)
  func `both fast walks have the scores of the plain one to the bit`(recipe: Recipe) throws {
    try expectPlainScores(of: recipe.model(Self.text))
  }

  @Test(
    arguments: recipes.filter {
      $0.method != .stupidBackOff && ($0.method != .additive || $0.usesBackOff)
        && (isWantedSlow || $0.order == 4)
    }
  )
  func `both fast walks have the plain scores in an ARPA file too`(recipe: Recipe) throws {
    try expectPlainScores(of: recipe.model(Self.text).throughARPA())
  }

  private func expectPlainScores(of model: NGramModel) throws {
    // The document at the end is out of sight of its <s>.
    let lines = model.sentences(String(Self.test))
    let tokens = lines + lines.filter { $0 != .beginSentence && $0 != .endSentence }
    let plain = tokens.indices.map { model.plainScore(of: tokens[$0], after: tokens[..<$0]) }
    #expect(bits(model.scores(tokens)) == bits(plain))
    let batch = SortedBatch(model, tokens, [0..<tokens.count], threads: 1)
    batch.score()
    batch.withScores(0..<tokens.count) { scores in
      #expect(bits(scores.indices.map { scores[$0] }) == bits(plain))
    }
  }

  private func bits(_ scores: [TokenScore]) -> [[UInt64]] {
    scores.map { [$0.logProbability.bits.bitPattern, UInt64($0.matchedLength)] }
  }

  @Test(arguments: [1, 2, 3, 5])
  func `the contexts of a path are those of the training text`(order: Int) throws {
    let recipe = Recipe(method: .wittenBell, order: order)
    let model = try recipe.model(Self.text)
    // Lines without words are sequences, too.
    let training = Self.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .flatMap { [.beginSentence] + model.tokens(String($0)) + [.endSentence] }
    var followers: [[TokenID]: Set<TokenID>] = [:]
    for index in training.indices where training[index] != .beginSentence {
      let history = model.context(of: training[..<index])
      for depth in 1..<max(1, order) where depth <= history.count {
        followers[Array(history.suffix(depth)), default: []].insert(training[index])
      }
    }
    let tokens = model.sentences(String(Self.test))
    for index in tokens.indices where tokens[index] != .beginSentence {
      let history = model.context(of: tokens[..<index])
      var path = ContextPath(of: history, in: model)
      // A word that nothing follows is a context all the same.
      let known = (0...history.count).last { $0 < 2 || followers[Array(history.suffix($0))] != nil }
      #expect(path.depth == known)
      while path.depth > 0 {
        var listed: Set<TokenID> = []
        path.forEachNGram { word, value in
          listed.insert(TokenID(UInt32(word)))
          #expect(path.value(of: TokenID(UInt32(word))) == value)
        }
        #expect(listed == followers[Array(history.suffix(path.depth)), default: []])
        _ = path.backOff()
      }
    }
  }

  @Test func `a path that backed off is extended as one that was not`() throws {
    let model = try Recipe(order: 5).model(Self.text)
    let tokens = model.sentences(Self.text)
    for index in tokens.indices.dropFirst(5).prefix(500) {
      let history = model.context(of: tokens[..<index])
      let whole = ContextPath(of: history, in: model)
      var path = whole
      _ = path.backOff()
      while path.depth < history.count,
        path.extend(by: history[history.count - 1 - path.depth], in: model)
      {}
      #expect(path.depth == whole.depth && path.isSingleton == whole.isSingleton)
      #expect(path.weight == whole.weight)
      #expect(path.value(of: tokens[index]) == whole.value(of: tokens[index]))
    }
  }

  @Test func `each rule combines in its own way`() {
    func description(_ combination: Combination) -> ModelDescription {
      ModelDescription(
        order: 3,
        settings: TextSettings(tokenizer: .words),
        smoothing: "s",
        combination: combination
      )
    }
    func probability(_ rule: BackOffRule, _ match: NGramMatch) -> Double {
      rule.score(match).logProbability.probability
    }
    var match = NGramMatch(value: 0.5, weight: 0.25, matched: 0, known: 1, depth: 2)
    let linear = BackOffRule(description(.backOff), outcomeCount: 8)
    #expect(linear.step(linear.start, 0.5) == 0.5)
    #expect(probability(linear, match) == 0.125)
    // The history is not known, so each of 8 tokens has the same.
    let uniform = BackOffRule(description(.uniform), outcomeCount: 8)
    #expect(probability(uniform, match) == 0.125)
    #expect(uniform.score(match).matchedLength == 0)
    // Two words shorter, each time half of it.
    let fixed = BackOffRule(description(.fixedWeight(0.5)), outcomeCount: 8)
    #expect(probability(fixed, match) == 0.125)
    #expect(fixed.gamma(nil) == 0.5)
    var imported = description(.interpolated)
    imported.scale = .log10
    let log10 = BackOffRule(imported, outcomeCount: 8)
    #expect(log10.step(log10.start, -0.5) == -0.5)
    #expect(log10.step(-1, -99) == -.infinity)
    match.value = -0.5
    match.weight = -0.5
    #expect(isClose(probability(log10, match), 0.1, within: 1e-15))
    #expect(
      probability(log10, NGramMatch(value: -99, weight: 0, matched: 0, known: 0, depth: 0)) == 0
    )
  }
}
