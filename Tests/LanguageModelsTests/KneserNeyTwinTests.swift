import Files
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// Interpolated Kneser-Ney in its textbook form, with dictionaries, held against the model.
@Suite struct KneserNeyTwinTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var seed: UInt64
    var order: Int
    var isModified: Bool
    var words = 8
    var lines = 60

    var testDescription: String {
      "\(isModified ? "modified" : "plain"), order \(order), \(words) words, seed \(seed)"
    }
  }

  static let cases: [Case] =
    (isWantedSlow ? [1, 2, 3, 4, 5, 6, 9, 16] : [1, 2, 4, 9]).flatMap { order in
      [false, true].flatMap { isModified in
        (isWantedSlow ? [3, 6, 10] : [3, 10]).map { words in
          Case(
            seed: UInt64(order * 10 + words),
            order: order,
            isModified: isModified,
            words: words
          )
        }
      }
    } + [
      // More than 4,096 tokens: several groups, some of one word.
      Case(seed: 1, order: 3, isModified: true, words: 9, lines: 1500),
      Case(seed: 2, order: 4, isModified: false, words: 200, lines: 1500),
    ]

  @Test(arguments: cases)
  func `the model has the textbook's probabilities`(example: Case) throws {
    let recipe = Recipe(
      method: example.isModified ? .modifiedKneserNey : .kneserNey,
      order: example.order,
      threads: 2
    )
    let text = randomText(words: example.words, lines: example.lines, seed: example.seed)
    let data = try recipe.data(text)
    let model = try recipe.model(data)
    let twin = PlainNGramModel(
      PlainCounts((0..<data.text.count).map { data.text.tokens[$0] }, order: example.order),
      PlainNGramModel.Settings(
        example.isModified ? .modifiedKneserNey : .kneserNey(nil),
        typeCount: model.vocabulary.count
      )
    )

    for order in 1...example.order {
      for (discount, expected) in zip(
        model.description.discounts[order - 1],
        twin.parameters[order]
      ) {
        #expect(isClose(discount, expected, within: 1e-12), "order \(order)")
      }
    }
    // Seen text and unseen, with a word that the model lacks.
    let other = randomText(
      words: example.words + 1,
      lines: min(100, example.lines),
      seed: example.seed + 99
    )
    let tokens = model.sentences(text).prefix(1000) + model.sentences(other)
    let scores = model.scores(Array(tokens))
    for (index, token) in tokens.enumerated() where token != .beginSentence {
      var history: [UInt32] = []
      var position = index - 1
      while history.count < example.order - 1 {
        history.insert(UInt32(tokens[position].index), at: 0)
        if tokens[position] == .beginSentence { break }
        position -= 1
      }
      let expected = twin.probability(UInt32(token.index), after: history)
      let found = scores[index].logProbability.probability
      guard !isClose(found, expected, within: 1e-6) else { continue }
      Issue.record("\(found) and not \(expected) for \(token.index) after \(history)")
      return
    }
  }
}
