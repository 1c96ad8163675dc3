import Files
import InformationTheory
@testable import LanguageModels
import Synchronization
import TestSupport
import Testing
import Tokenization

/// Tokens scored in the order of the model's file have the scores of the text's order.
@Suite struct SortedBatchTests {
  static let text = randomText(words: 60, lines: isWantedSlow ? 1000 : 500, length: 6, seed: 4)

  /// A text with much of the training text, words that the model lacks, and lines that come again.
  static let test =
    Self.text.prefix(1000) + "\n" + randomText(words: 90, lines: 40, seed: 5) + "\n"
    + Self.text.suffix(500) + "\n" + randomText(words: 90, lines: 40, seed: 5)

  private func expectSame(_ model: NGramModel, _ tokens: [TokenID]) {
    let expected = model.scores(tokens)
    // What stands before the first part is history.
    for start in [0, 7] {
      let borders = [start, tokens.count / 5, tokens.count / 5, tokens.count / 2, tokens.count]
      let parts = zip(borders, borders.dropFirst()).map { $0..<$1 }
      var previous: SortedBatch?
      for (threads, pieceLimit) in [(1, 1 << 14), (3, 50), (2, 1)] {
        let batch = SortedBatch(
          model,
          tokens,
          parts,
          threads: threads,
          reusing: previous,
          pieceLimit: pieceLimit
        )
        Parallel.forEach(threads, threads: threads) { _ in batch.score() }
        var scores: [TokenScore] = []
        for part in parts {
          batch.withScores(part) { part in
            for index in part.indices { scores.append(part[index]) }
          }
        }
        let bits = scores.map(\.logProbability.bits.bitPattern)
        #expect(bits == expected[start...].map(\.logProbability.bits.bitPattern))
        #expect(scores.map(\.matchedLength) == expected[start...].map(\.matchedLength))
        previous = batch
      }
    }
  }

  @Test(arguments: (isWantedSlow ? [1, 2, 3, 5] : [5]).flatMap { Recipe.forms(order: $0) })
  func `every method has the same scores in both orders`(recipe: Recipe) throws {
    let model = try recipe.model(Self.text)
    expectSame(model, model.sentences(String(Self.test)))
  }

  @Test(arguments: [2, 4])
  func `documents do too`(order: Int) throws {
    var recipe = Recipe(method: .modifiedKneserNey, order: order)
    recipe.sequence = .document
    let model = try recipe.model(Self.text)
    let tokens = model.sentences(String(Self.test))
    let document = [.beginSentence] + tokens.filter { $0.rawValue != 1 && $0.rawValue != 2 }
    expectSame(model, document)
    // The start of the document is out of sight.
    expectSame(model, Array(document[10...]))
  }

  @Test(arguments: [SmoothingMethod.modifiedKneserNey, .katz, .wittenBell], [1, 2, 4])
  func `models from ARPA files do too`(method: SmoothingMethod, order: Int) throws {
    var recipe = Recipe(method: method, order: order)
    recipe.usesBackOff = method.hasBackOffForm
    let model = try recipe.model(Self.text)
    let imported = try model.throughARPA()
    expectSame(imported, imported.sentences(String(Self.test)))
  }

  @Test(
    arguments: [SmoothingMethod.modifiedKneserNey, .katz],
    [[0, 1], [0, 0, 1], [0, 1, 1, 2]]
  )
  func `pruned models do too`(method: SmoothingMethod, prune: [Int]) throws {
    var recipe = Recipe(method: method, order: 4)
    recipe.usesBackOff = method.hasBackOffForm
    recipe.prune = prune
    let model = try recipe.model(Self.text)
    expectSame(model, model.sentences(String(Self.test)))
  }

  @Test(arguments: RareTokens.allCases)
  func `models without rare words do too`(rareTokens: RareTokens) throws {
    var recipe = Recipe(order: 4)
    recipe.minimumCount = 40
    recipe.rareTokens = rareTokens
    let data = try recipe.data(Self.text)
    let model = try recipe.model(data)
    #expect(model.vocabulary.count < 60)
    expectSame(model, model.sentences(String(Self.test)))
  }

  @Test(arguments: [SmoothingMethod.modifiedKneserNey, .stupidBackOff])
  func `histories longer than a key do too`(method: SmoothingMethod) throws {
    // 16 words of 10 bits are more than a key of 128 bits.
    let lines = randomText(words: 3000, lines: 90, length: 40, seed: 8).split(separator: "\n")
    var generator = SplitMix64(seed: 9)
    func draw(_ count: Int) -> String {
      (0..<count).map { _ in
        let words = lines[generator.skewed(lines.count)].split(separator: " ")
        let start = generator.skewed(max(1, words.count / 3))
        return words.dropFirst(start).joined(separator: " ")
      }.joined(separator: "\n") + "\n"
    }
    let model = try Recipe(method: method, order: 16).model(draw(150))
    #expect(model.vocabulary.count > 512)
    expectSame(model, model.sentences(draw(120)))
  }

  @Test func `numbers that the model lacks are no crash`() throws {
    let model = try Recipe(method: .wittenBell).model(iAmSam)
    let tokens: [TokenID] = [.beginSentence, TokenID(500), TokenID(5), .outOfVocabulary]
    let batch = SortedBatch(model, tokens, [0..<4], threads: 1)
    batch.score()
    batch.withScores(0..<4) { scores in
      #expect(scores[0].logProbability == .one)
      #expect(scores[1].logProbability.probability == 0)
      #expect(scores[2].logProbability.probability > 0)
      #expect(scores[3].logProbability.probability > 0)
    }
  }

  @Test func `few tokens are not sorted`() throws {
    let model = try Recipe().model(iAmSam)
    let few = [TokenID](repeating: .unknown, count: SortedBatch.minimumCount - 1)
    let many = few + [.unknown]
    let reading = model.reading(adapts: false)
    for (tokens, isSorted) in [(few, false), (many, true)] {
      let batch = reading.batch(tokens, [0..<tokens.count], threads: 1)
      let shown = Mutex(0)
      batch.score { _, scores in shown.withLock { $0 += scores.count } }
      #expect(shown.withLock { $0 } == (isSorted ? 0 : tokens.count))
      batch.finish(threads: 2) { _, scores in shown.withLock { $0 += scores.count } }
      #expect(shown.withLock { $0 } == tokens.count)
    }
  }
}
