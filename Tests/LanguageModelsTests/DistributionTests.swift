import Foundation
import InformationTheory
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// What every method, order and tokenizer promises.
@Suite struct DistributionTests {
  /// The methods in all their forms, but for the one whose scores are not probabilities.
  static let methods: [(SmoothingMethod, Bool)] =
    SmoothingMethod.allCases.filter { $0 != .stupidBackOff }.flatMap { method in
      method.hasBackOffForm ? [(method, false), (method, true)] : [(method, false)]
    }

  static let recipes: [Recipe] = methods.flatMap { method, usesBackOff in
    [
      (TokenizerName.words, TextSettings.Sequence.line), (.words, .document),
      (.characters, .document), (.characters, .line), (.bytes, .document),
    ].map { tokenizer, sequence in
      Recipe(
        method: method,
        usesBackOff: usesBackOff,
        tokenizer: tokenizer,
        sequence: sequence
      )
    }
  }

  static let orders = isWantedSlow ? [1, 2, 3, 4, 5, 6, 16] : [1, 2, 4]

  @Test(arguments: recipes)
  func `probabilities after any context sum to one and are the scores`(recipe: Recipe) throws {
    let data = try recipe.data(jack)
    for order in Self.orders {
      var recipe = recipe
      recipe.order = order
      let model = try recipe.model(data)
      #expect(model.isNormalized)
      let contexts = model.contexts(unseen: 20)
      for (index, context) in contexts.enumerated() {
        let sum = model.distribution(after: context).reduce(0, +)
        if abs(sum - 1) > 1e-6 {
          Issue.record("\(recipe): \(sum) after \(context.map { model.vocabulary[$0] })")
          break
        }
        if index % max(1, contexts.count / 15) == 0 {
          try expectAgreement(of: model, after: context, recipe)
        }
      }
    }
  }

  @Test func `stupid back-off's distribution has the scores of its tokens`() throws {
    for order in Self.orders {
      let recipe = Recipe(method: .stupidBackOff, order: order)
      let model = try recipe.model(jack)
      for context in model.contexts(unseen: 20) {
        try expectAgreement(of: model, after: context, recipe)
      }
    }
  }

  /// Holds `distribution(after:)` against `score` for each token of the vocabulary.
  private func expectAgreement(
    of model: NGramModel,
    after context: [TokenID],
    _ recipe: Recipe
  ) throws {
    let distribution = model.distribution(after: context)
    try #require(distribution.count == model.vocabulary.count)
    #expect(distribution[TokenID.beginSentence.index] == 0)
    for (token, probability) in distribution.enumerated() where token != 1 {
      let scored = model.probability(TokenID(UInt32(token)), after: context)
      guard !isClose(scored, probability, within: 1e-9) else { continue }
      Issue.record(
        "\(recipe): \(probability), scored \(scored), after \(context.map { model.vocabulary[$0] })"
      )
      return
    }
  }

  @Test(arguments: [TokenizerName.whitespace, .characters])
  func `the model's own check agrees`(tokenizer: TokenizerName) throws {
    let model = try Recipe(order: 4, tokenizer: tokenizer).model(jack)
    let verification = model.sumDistributions(atLeast: 200)
    #expect(verification.contextCount >= 200)
    #expect(verification.worstDeviation < 1e-6)
    try model.verifyChecksums(path: "test.perplex")
  }

  /// Every context that a text reaches sums to one: after no words 0.1 + 0.3 + 0.6; after `<s>`
  /// 0.7 + 0.75 (0.1 + 0.3); after "a" 0.5 + 0.4 + 0.1; after `<s> a` 0.8 + 0.4 (0.4 + 0.1).
  ///
  /// The weights after `</s>` and before `<s>` are arbitrary, as other programs write them.
  @Test func `contexts that no text reaches are not checked`() throws {
    let text = """
      \\data\\
      ngram 1=4
      ngram 2=5
      ngram 3=2

      \\1-grams:
      -1\t<unk>\t0
      -99\t<s>\t-0.124938737
      -0.522878745\t</s>\t-0.7
      -0.221848750\ta\t0

      \\2-grams:
      -0.154901960\t<s> a\t-0.397940009
      -0.301029996\ta a\t0
      -0.397940009\ta </s>\t-1.3
      -0.2\t</s> <s>\t-0.9
      -2\ta <s>\t-0.7

      \\3-grams:
      -0.096910013\t<s> a a
      -0.05\t</s> <s> a

      \\end\\

      """
    let model = try withTemporaryFile(text) { try ModelFile.openNGrams($0) }
    let verification = model.sumDistributions(atLeast: 100)
    #expect(verification.contextCount >= 100)
    #expect(verification.worstDeviation < 1e-6)
    // A weight that a text does reach is checked.
    let wrong = text.replacingOccurrences(of: "a\t-0.397940009", with: "a\t-0.39")
    let other = try withTemporaryFile(wrong) { try ModelFile.openNGrams($0) }
    let worst = other.sumDistributions(atLeast: 100)
    #expect(worst.worstContext == ["<s>", "a"])
    // 0.8 + 10^-0.39 · 0.5 - 1.
    #expect(abs(worst.worstDeviation - 0.003690) < 1e-6)
  }

  @Test(arguments: [1, 2, 3, 5, 16])
  func `a token out of the vocabulary scores as the unknown word`(order: Int) throws {
    let model = try Recipe(method: .wittenBell, order: order).model(jack)
    let known = model.sentences("the <unk> ate the rat")
    let unseen = model.sentences("the zebra ate the rat")
    #expect(unseen[2] == .outOfVocabulary)
    for (left, right) in zip(model.scores(known), model.scores(unseen)) {
      #expect(left.logProbability == right.logProbability)
      #expect(left.matchedLength == right.matchedLength)
    }
  }
}

extension NGramModel {
  /// The start of a sentence, every context of the model, and `unseen` random ones.
  func contexts(unseen: Int) -> [[TokenID]] {
    var contexts: [[TokenID]] = [[.beginSentence], [], [.unknown]]
    for region in regions.all {
      for node in 0..<Int(region.entry.nodeCount) {
        let words = region.words(ofContext: node) ?? []
        contexts.append(words.map { TokenID($0) })
        if let longer = region.firstTailWords(ofContext: node, words) {
          contexts.append(longer.map { TokenID($0) })
        }
      }
    }
    var generator = SplitMix64(seed: 3)
    for _ in 0..<unseen {
      contexts.append(
        (0..<max(1, description.order - 1)).map { _ in
          let word = UInt32(Int.random(in: 0..<vocabulary.count, using: &generator))
          return word == 1 || word == 2 ? .unknown : TokenID(word)
        }
      )
    }
    return contexts
  }
}
