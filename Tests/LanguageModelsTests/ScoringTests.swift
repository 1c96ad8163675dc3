import Files
import InformationTheory
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// The same result however the work is divided.
@Suite struct ScoringTests {
  static let text = randomText(words: 60, lines: isWantedSlow ? 4000 : 1500, length: 6, seed: 4)

  @Test(arguments: SmoothingMethod.allCases)
  func `a model has the same bytes on any number of threads`(method: SmoothingMethod) throws {
    var recipe = Recipe(method: method, order: 4)
    let data = try recipe.data(Self.text)
    let expected = bytes(try recipe.file(data))
    for threads in isWantedSlow ? [2, 7] : [3] {
      recipe.threads = threads
      let found = bytes(try recipe.file(data))
      #expect(found == expected, "\(threads) threads")
    }
  }

  @Test(arguments: Recipe.forms(order: 4))
  func `a model has the same bytes however its blocks are cut`(recipe: Recipe) throws {
    let data = try recipe.data(Self.text)
    let expected = bytes(try recipe.file(data))
    for limit in isWantedSlow ? [30, 500] : [30] {
      let found = bytes(try recipe.file(data, positionLimit: limit))
      #expect(found == expected, "blocks of \(limit)")
    }
  }

  @Test(arguments: SmoothingMethod.allCases, [[], [0, 0, 1]])
  func `a model has the same bytes where its text is spilled`(
    method: SmoothingMethod,
    prune: [Int]
  ) throws {
    var recipe = Recipe(method: method, order: 4)
    recipe.threads = 2
    recipe.prune = prune
    if !prune.isEmpty {
      recipe.minimumCount = isWantedSlow ? 120 : 45
      recipe.rareTokens = .drop
    }
    let expected = bytes(try recipe.file(recipe.data(Self.text)))
    for byteCount in isWantedSlow ? [1 << 14, 1 << 17] : [1 << 14] {
      let bound = MemoryBound(
        byteCount,
        folder: ScratchFile.defaultFolder,
        order: 4,
        textByteCount: nil
      )
      let data = try recipe.data(Self.text, bound: bound)
      #expect(data.text.isSpilled)
      for limit in isWantedSlow ? [40, HistoryBlocks.positionLimit] : [40] {
        let found = bytes(try recipe.file(data, positionLimit: limit))
        #expect(found == expected, "\(byteCount) bytes, blocks of \(limit)")
      }
    }
  }

  /// What is spilled of a text, at the edges of what a window can be.
  @Test(arguments: [
    (Recipe(order: 2), Self.text), (Recipe(order: 16), Self.text),
    (Recipe(method: .wittenBell, order: 5, tokenizer: .bytes), String(Self.text.prefix(9000))),
    // One context has all positions, whatever they are divided by.
    (Recipe(method: .wittenBell, order: 4), String(repeating: "a ", count: 9000) + "\n"),
    (Recipe(method: .katz, order: 3), String(repeating: "a\n", count: 5000)),
  ])
  func `a text of any kind gives the same bytes where it is spilled`(
    recipe: Recipe,
    text: String
  ) throws {
    try expectSameSpilled(recipe, text)
  }

  @Test(arguments: isWantedSlow ? [1, 2, 4, 16] : [1, 4])
  func `weights fitted on held-out text are the same where both texts are spilled`(
    order: Int
  ) throws {
    try expectSameSpilled(
      Recipe(method: .jelinekMercer, order: order),
      String(Self.text.prefix(20000)),
      heldOut: randomText(words: 70, lines: 500, length: 6, seed: 14)
    )
  }

  private func expectSameSpilled(_ recipe: Recipe, _ text: String, heldOut: String? = nil) throws {
    var recipe = recipe
    let expected = bytes(try recipe.file(recipe.data(text, heldOut: heldOut)))
    recipe.threads = 2
    for byteCount in isWantedSlow ? [1 << 14, 1 << 16] : [1 << 14] {
      let bound = MemoryBound(
        byteCount,
        folder: ScratchFile.defaultFolder,
        order: recipe.order,
        textByteCount: text.utf8.count
      )
      let data = try recipe.data(text, heldOut: heldOut, bound: bound)
      #expect(data.text.isSpilled)
      #expect(data.tuningText?.isSpilled != false)
      let found = bytes(try recipe.file(data))
      #expect(found == expected, "\(byteCount) bytes")
    }
  }

  /// Frequent contexts of one word and more are pruned, some of their words dropped.
  @Test(
    arguments: SmoothingMethod.allCases,
    isWantedSlow ? [[0, 4], [0, 0, 1], [0, 0, 0, 2], []] : [[0, 4], [0, 0, 1]]
  )
  func `a pruned model has the same bytes however its blocks are cut`(
    method: SmoothingMethod,
    prune: [Int]
  ) throws {
    var recipe = Recipe(method: method, order: 4)
    recipe.usesBackOff = method.hasBackOffForm && prune.count < 3
    recipe.prune = prune
    if prune.count != 3 {
      recipe.minimumCount = 40
      recipe.rareTokens = .drop
    }
    let data = try recipe.data(
      randomText(words: 60, lines: isWantedSlow ? 1000 : 500, length: 6, seed: 4)
    )
    let expected = bytes(try recipe.file(data))
    recipe.threads = 3
    for limit in isWantedSlow ? [30, 300] : [30] {
      let found = bytes(try recipe.file(data, positionLimit: limit))
      #expect(found == expected, "blocks of \(limit)")
    }
  }

  @Test(
    arguments: [SmoothingMethod.modifiedKneserNey, .additive, .stupidBackOff, .katz],
    [1, 3, 5]
  )
  func `a text scored in parts has the same scores`(method: SmoothingMethod, order: Int) throws {
    let model = try Recipe(method: method, order: order).model(Self.text)
    let tokens = model.sentences(randomText(words: 70, lines: 60, seed: 5))
    let whole = model.scores(tokens)
    for size in isWantedSlow ? [1, 2, 7, 63, 64, 65, 128] : [1, 7, 64, 65] {
      var parts: [TokenScore] = []
      for start in stride(from: 0, to: tokens.count, by: size) {
        parts += model.scores(tokens, start..<min(tokens.count, start + size))
      }
      #expect(parts.map(\.logProbability) == whole.map(\.logProbability), "parts of \(size)")
      #expect(parts.map(\.matchedLength) == whole.map(\.matchedLength), "parts of \(size)")
    }
  }

  @Test(arguments: [2, 3, 5])
  func `only as many tokens as the history's length matter`(order: Int) throws {
    let model = try Recipe(order: order).model(Self.text)
    let tokens = model.sentences(randomText(words: 70, lines: 20, seed: 6))
    let whole = model.scores(tokens)
    let length = try #require(model.historyLength)
    for index in tokens.indices {
      let start = max(0, index - length)
      let tail = Array(tokens[start...index])
      let score = model.scores(tail, (index - start)..<(index - start + 1))[0]
      #expect(score.logProbability == whole[index].logProbability)
    }
  }

  @Test func `the start of a sentence is certain`() throws {
    let model = try Recipe(method: .wittenBell).model(iAmSam)
    let scores = model.scores(model.sentences("I am Sam\nSam I am"))
    #expect(scores[0].logProbability == .one && scores[0].matchedLength == 0)
    #expect(scores[5].logProbability == .one && scores[5].matchedLength == 0)
    // Sentences do not see each other.
    let alone = model.scores(model.sentences("Sam I am"))
    #expect(alone.map(\.logProbability) == scores[5...].map(\.logProbability))
  }

  @Test func `no tokens have no scores`() throws {
    let model = try Recipe().model(iAmSam)
    #expect(model.scores([]).isEmpty)
    #expect(model.scores(model.sentences("I am"), 2..<2).isEmpty)
  }

  @Test func `a number that no vocabulary has is impossible and not a crash`() throws {
    let model = try Recipe(method: .wittenBell).model(iAmSam)
    let scores = model.scores([.beginSentence, TokenID(500), TokenID(5), .endSentence])
    #expect(scores[1].logProbability.probability == 0)
    #expect(scores[2].logProbability.probability > 0)
    #expect(model.distribution(after: [TokenID(500), TokenID(0x7fff_fffe)]).count == 13)
  }

  private func bytes(_ file: Bytes) -> [UInt8] { file.withBytes(0..<file.count) { Array($0) } }
}

/// Drawing from a model.
@Suite struct SamplerTests {
  private func model() throws -> NGramModel {
    try Recipe(method: .wittenBell, order: 2).model(iAmSam)
  }

  private func draw(_ sampler: Sampler, seed: UInt64) -> [TokenID] {
    var generator = SplitMix64(seed: seed)
    return (0..<10).flatMap { _ in sampler.sample(after: [], using: &generator) + [.endSentence] }
  }

  @Test func `a seed gives one text`() throws {
    let sampler = Sampler(try model())
    #expect(draw(sampler, seed: 1) == draw(sampler, seed: 1))
    #expect(draw(sampler, seed: 1) != draw(sampler, seed: 2))
  }

  @Test func `first tokens are as frequent as the model says`() throws {
    let model = try model()
    var sampler = Sampler(model)
    sampler.maximumLength = 1
    var generator = SplitMix64(seed: 11)
    var frequencies = [Double](repeating: 0, count: model.vocabulary.count)
    let draws = 4000
    for _ in 0..<draws {
      let token = sampler.sample(after: [], using: &generator).first ?? .endSentence
      frequencies[token.index] += 1 / Double(draws)
    }
    // Four standard deviations of a proportion, at most 4 · ½ / √4000 = 0.032.
    for (frequency, probability) in zip(
      frequencies,
      model.distribution(after: [.beginSentence])
    ) {
      let deviation = (probability * (1 - probability) / Double(draws)).squareRoot()
      #expect(abs(frequency - probability) <= 4 * deviation)
    }
  }

  @Test func `a cold sampler takes the likeliest and a hot one anything`() throws {
    let model = try model()
    var sampler = Sampler(model)
    sampler.maximumLength = 6
    sampler.temperature = 0.01
    // I after <s>, am after I; after am, Sam and </s> are equal but for their unigrams: </s> has more.
    #expect(draw(sampler, seed: 1) == (0..<10).flatMap { _ in model.tokens("I am </s>") })
    sampler.temperature = 1000
    sampler.maximumLength = 1
    var generator = SplitMix64(seed: 3)
    var seen: Set<TokenID> = []
    for _ in 0..<400 {
      seen.formUnion(sampler.sample(after: [], using: &generator))
    }
    // All but <s> and </s>, which are never drawn as text.
    #expect(seen.count == model.vocabulary.count - 2)
  }

  @Test func `only the likeliest that make up the mass are drawn`() throws {
    let model = try model()
    var sampler = Sampler(model)
    sampler.maximumLength = 1
    // After <s>: I (2 + 2 · 0.14)/5 = 0.456, Sam (1 + 2 · 0.10)/5 = 0.242, the others below 0.06.
    for (mass, expected) in [(0.0001, ["I"]), (0.45, ["I"]), (0.5, ["I", "Sam"])] {
      sampler.topProbability = mass
      var generator = SplitMix64(seed: 3)
      var seen: Set<String> = []
      for _ in 0..<100 {
        for token in sampler.sample(after: [], using: &generator) {
          seen.insert(model.vocabulary[token])
        }
      }
      #expect(seen == Set(expected), "\(mass)")
    }
  }

  @Test func `a prompt is continued and the length is kept`() throws {
    let model = try Recipe(method: .maximumLikelihood, order: 3).model("a b c a b c a b c a b c\n")
    var sampler = Sampler(model)
    sampler.maximumLength = 4
    sampler.topProbability = 0.5
    var generator = SplitMix64(seed: 1)
    // After "a b" only c was ever seen; after "b c" mostly a.
    let drawn = sampler.sample(after: model.tokens("a b"), using: &generator)
    #expect(drawn == model.tokens("c a b c"))
    #expect(String(decoding: sampler.text(of: drawn), as: UTF8.self) == "c a b c")
  }

  @Test func `characters are joined without spaces`() throws {
    let model = try Recipe(tokenizer: .characters).model("ab c\n")
    let tokens = ["a", "é", " ", "c", "\n"].map { model.vocabulary[$0] }
    let text = Sampler(model).text(of: tokens.filter { !$0.isOutOfVocabulary })
    #expect(String(decoding: text, as: UTF8.self) == "a c\n")
  }
}
