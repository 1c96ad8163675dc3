import Files
import InformationTheory
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// Count cut-offs and dropped words, for every method.
@Suite struct PruningTests {
  @Test func `there is a rule where something can be left out, and its last cut-off repeats`()
    throws
  {
    #expect(PruningRule([], vocabularySize: 9, typeCount: 9) == nil)
    #expect(PruningRule([0, 0], vocabularySize: 9, typeCount: 9) == nil)
    let dropping = try #require(PruningRule([], vocabularySize: 9, typeCount: 10))
    #expect(dropping.keeps(order: 16, occurrences: 1) && !dropping.leavesNoTails)
    #expect(dropping.keeps(word: 8) && !dropping.keeps(word: 9))
    let rule = try #require(PruningRule([0, 1, 3], vocabularySize: 9, typeCount: 9))
    #expect(rule.keeps(order: 2, occurrences: 2) && !rule.keeps(order: 2, occurrences: 1))
    #expect(rule.keeps(order: 16, occurrences: 4) && !rule.keeps(order: 16, occurrences: 3))
    #expect(rule.leavesNoTails)
  }

  static let text = randomText(words: 20, lines: 80, seed: 5)

  /// The methods in both forms.
  static let whole: [Recipe] = [1, 3, 4].flatMap { Recipe.forms(order: $0) }

  /// The same with n-grams left out: by cut-offs, by words, by both; a third of them, or all.
  static let pruned = allPruned.enumerated().filter { isWantedSlow || $0.offset % 3 == 1 }
    .map(\.element)

  private static let allPruned: [Recipe] = whole.flatMap { recipe -> [Recipe] in
    let cutoffs = [[0, 1], [0, 0, 2, 3], [0, 0, 400]].filter { $0.count <= recipe.order }
    var recipes: [Recipe] = []
    for prune in cutoffs + [[]] {
      for rareTokens in RareTokens.allCases where !prune.isEmpty || rareTokens == .drop {
        var pruned = recipe
        pruned.prune = prune
        pruned.minimumCount = rareTokens == .drop ? 8 : 1
        pruned.rareTokens = rareTokens
        recipes.append(pruned)
      }
    }
    return recipes
  }

  @Test(arguments: whole)
  func `the model has the plain formulas' probabilities`(recipe: Recipe) throws {
    try expectAgreement(recipe)
  }

  @Test(arguments: pruned)
  func `a pruned model has the plain formulas' probabilities`(recipe: Recipe) throws {
    try expectAgreement(recipe)
  }

  @Test(arguments: pruned.filter { $0.method != .stupidBackOff })
  func `the plain formulas sum to one whatever is left out`(recipe: Recipe) throws {
    let data = try recipe.data(Self.text)
    let plain = PlainNGramModel(data, recipe, weights: Self.weights(recipe))
    #expect(plain.ngramCounts != plain.countedNGrams)
    for context in Self.contexts(data, order: recipe.order) {
      let sum = plain.distribution(after: context).reduce(0, +)
      guard abs(sum - 1) > 1e-9 else { continue }
      Issue.record("\(sum) after \(context)")
      return
    }
  }

  @Test(arguments: pruned.filter { $0.method != .stupidBackOff })
  func `a pruned model's probabilities sum to one after any context`(recipe: Recipe) throws {
    let data = try recipe.data(Self.text)
    let model = try recipe.model(data)
    for context in Self.contexts(data, order: recipe.order) {
      let sum = model.distribution(after: context.map { TokenID($0) }).reduce(0, +)
      guard abs(sum - 1) > 1e-6 else { continue }
      Issue.record("\(sum) after \(context)")
      return
    }
  }

  @Test(arguments: whole.filter { $0.order == 3 })
  func `cut-offs of zero change no byte`(recipe: Recipe) throws {
    let data = try recipe.data(Self.text)
    var zeros = recipe
    for prune in [[0], [0, 0, 0]] {
      zeros.prune = prune
      #expect(try bytes(zeros.file(data)) == bytes(recipe.file(data)))
    }
  }

  @Test(arguments: pruned)
  func `a pruned model says how many n-grams it has and how many there were`(
    recipe: Recipe
  ) throws {
    let data = try recipe.data(Self.text)
    let model = try recipe.model(data)
    let plain = PlainNGramModel(data, recipe, weights: Self.weights(recipe))
    #expect(model.description.ngramCounts == plain.ngramCounts)
    #expect(model.description.countedNGrams == plain.countedNGrams)
    #expect(
      model.description.pruning
        == (recipe.prune.isEmpty
          ? [] : (0..<recipe.order).map { recipe.prune[min($0, recipe.prune.count - 1)] })
    )
    let stored = model.regions.all.reduce(0) { $0 + Int($1.entry.ngramCount) }
    #expect(stored == plain.ngramCounts.dropFirst().reduce(0, +))
    #expect(model.vocabulary.count == plain.ngramCounts[0])
  }

  @Test(
    arguments: pruned.filter { $0.method == .modifiedKneserNey && $0.order > 1 }
  )
  func `pruning changes no discount, and threads no byte`(recipe: Recipe) throws {
    let data = try recipe.data(Self.text)
    var whole = recipe
    whole.prune = []
    whole.minimumCount = 1
    whole.rareTokens = .unknown
    #expect(
      try recipe.model(data).description.discounts == whole.model(Self.text).description.discounts
    )
    var parallel = recipe
    parallel.threads = 3
    #expect(try bytes(recipe.file(data)) == bytes(parallel.file(data)))
  }

  @Test(arguments: pruned.filter { $0.method == .katz && $0.order == 3 })
  func `a pruned model comes back from an ARPA file`(recipe: Recipe) throws {
    let data = try recipe.data(Self.text)
    try expectReturn(of: recipe.model(data), Self.text)
  }

  /// Regions are sorted by codes that depend on how many words were counted.
  @Test func `so does one with fewer words than half of those counted`() throws {
    let recipe = Recipe(order: 3, minimumCount: 40, rareTokens: .drop)
    let text = randomText(words: 60, lines: 300, seed: 8)
    let data = try recipe.data(text)
    #expect(
      WordCode(vocabularySize: data.vocabulary.count).bitCount
        < WordCode(vocabularySize: data.typeCount).bitCount
    )
    try expectReturn(of: recipe.model(data), text)
  }

  private func expectReturn(of model: NGramModel, _ text: String) throws {
    let back = try model.throughARPA()
    #expect(back.description.pruning == model.description.pruning)
    #expect(back.description.countedNGrams == model.description.countedNGrams)
    let tokens = model.sentences(text)
    for (found, expected) in zip(back.scores(back.sentences(text)), model.scores(tokens)) {
      #expect(found.matchedLength == expected.matchedLength)
      #expect(abs(found.logProbability.bits - expected.logProbability.bits) < 1e-5)
    }
  }

  private func bytes(_ file: Bytes) -> [UInt8] { file.withBytes(0..<file.count) { Array($0) } }

  /// Holds the model's distributions against the twin's after contexts seen and unseen.
  private func expectAgreement(_ recipe: Recipe) throws {
    let data = try recipe.data(Self.text)
    let model = try recipe.model(data)
    let plain = PlainNGramModel(data, recipe, weights: model.description.discounts)
    for context in Self.contexts(data, order: recipe.order) {
      let found = model.distribution(after: context.map { TokenID($0) })
      let expected = plain.distribution(after: context)
      let differs = zip(found, expected).contains { abs($0 - $1) > 1e-6 * $1 + 1e-9 }
      guard found.count != expected.count || differs else { continue }
      Issue.record("\(found) and not \(expected) after \(context)")
      return
    }
  }

  /// Made-up weights for Jelinek-Mercer, whose own are fitted.
  private static func weights(_ recipe: Recipe) -> [[Double]] {
    [[Double]](
      repeating: (0..<JelinekMercer.bucketCount).map { 0.9 - 0.03 * Double($0) },
      count: recipe.order
    )
  }

  /// The start of a sentence, contexts of the text and some that it does not have.
  private static func contexts(_ data: TrainingData, order: Int) -> [[UInt32]] {
    var contexts: Set<[UInt32]> = [[1], [0]]
    let limit = UInt32(data.vocabulary.count)
    for index in stride(from: 0, to: data.text.count, by: 5) {
      var context: [UInt32] = []
      for position in stride(from: index, through: 0, by: -1) {
        let token = data.text.tokens[position]
        if token == TokenID.endSentence.rawValue { break }
        context.insert(token < limit ? token : TokenID.unknown.rawValue, at: 0)
        if token == TokenID.beginSentence.rawValue { break }
      }
      contexts.insert(context.suffix(order - 1))
    }
    var generator = SplitMix64(seed: 3)
    for _ in 0..<30 {
      contexts.insert(
        (0..<(order - 1)).map { _ in UInt32(3 + generator.skewed(Int(limit) - 3)) }
      )
    }
    return contexts.map { Array($0.suffix(order - 1)) }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}

/// The numbers of a training text's tokens where some are not to be in its vocabulary.
@Suite struct RareTokensTests {
  // b three times, a and c twice, d once.
  static let text = "a b d c\nb a c b\n"

  private func tokens(_ recipe: Recipe) throws -> (tokens: [String], typeCount: Int) {
    let data = try recipe.data(Self.text)
    let tokens = (0..<data.text.count).map { index in
      let token = data.text.tokens[index]
      return Int(token) < data.vocabulary.count ? data.vocabulary[TokenID(token)] : "\(token)"
    }
    return (tokens, data.typeCount)
  }

  @Test func `rare words are the unknown word`() throws {
    let found = try tokens(Recipe(tokenizer: .whitespace, minimumCount: 2))
    #expect(
      found.tokens == ["<s>", "a", "b", "<unk>", "c", "</s>", "<s>", "b", "a", "c", "b", "</s>"]
    )
    #expect(found.typeCount == 6)
  }

  @Test func `dropped words keep numbers of their own behind the vocabulary's`() throws {
    let rare = try tokens(Recipe(minimumCount: 2, rareTokens: .drop))
    #expect(rare.tokens == ["<s>", "a", "b", "6", "c", "</s>", "<s>", "b", "a", "c", "b", "</s>"])
    #expect(rare.typeCount == 7)

    // The list comes first and need not be in the text: c, x and b are 3, 4 and 5.
    let listed = try tokens(Recipe(vocabulary: "c\nx\nb\n", rareTokens: .drop))
    #expect(
      listed.tokens == ["<s>", "6", "b", "7", "c", "</s>", "<s>", "b", "6", "c", "b", "</s>"]
    )
    #expect(listed.typeCount == 8)

    let both = try tokens(Recipe(minimumCount: 3, vocabulary: "c\nb\n", rareTokens: .drop))
    #expect(both.tokens == ["<s>", "5", "b", "6", "4", "</s>", "<s>", "b", "5", "4", "b", "</s>"])
  }

  @Test(arguments: RareTokens.allCases)
  func `a text of which nothing is kept is refused`(rareTokens: RareTokens) {
    #expect(throws: TextError.self) {
      try tokens(Recipe(minimumCount: 4, rareTokens: rareTokens))
    }
    #expect(throws: TextError.self) {
      try tokens(Recipe(vocabulary: "x\n", rareTokens: rareTokens))
    }
  }

  @Test func `without a limit every type is in the vocabulary`() throws {
    let data = try Recipe().data(Self.text)
    #expect(data.typeCount == data.vocabulary.count)
  }
}
