import Files
@testable import LanguageModels
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
    [1, 2, 3, 4, 5, 6, 9, 16].flatMap { order in
      [false, true].flatMap { isModified in
        [3, 6, 10].map { words in
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
    let twin = PlainKneserNey(
      (0..<data.text.count).map { data.text.tokens[$0] },
      order: example.order,
      vocabularySize: model.vocabulary.count,
      isModified: example.isModified
    )

    for order in 1...example.order {
      for (discount, expected) in zip(model.description.discounts[order - 1], twin.discounts[order])
      {
        #expect(agree(discount, expected, within: 1e-12), "order \(order)")
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
      guard !agree(found, expected, within: 1e-6) else { continue }
      Issue.record("\(found) and not \(expected) for \(token.index) after \(history)")
      return
    }
  }
}

/// The formulas of Chen and Goodman (1998) written down one by one.
struct PlainKneserNey {
  /// The discounts of each order: one, or three.
  private(set) var discounts: [[Double]] = [[]]

  private let counts: PlainCounts
  private let vocabularySize: Int
  private var followers: [[UInt32]: [UInt32]] = [:]

  init(_ tokens: [UInt32], order: Int, vocabularySize: Int, isModified: Bool) {
    counts = PlainCounts(tokens, order: order)
    self.vocabularySize = vocabularySize
    for ngram in counts.occurrences.keys where ngram.last != TokenID.beginSentence.rawValue {
      followers[Array(ngram.dropLast()), default: []].append(ngram[ngram.count - 1])
    }
    for order in 1...order {
      var numbers = [Int](repeating: 0, count: 5)
      for ngram in counts.occurrences.keys where ngram.count == order {
        numbers[min(counts.continuations(ngram), 5) % 5] += 1
      }
      discounts.append(Self.discounts(numbers, isModified))
    }
  }

  private static func discounts(_ numbers: [Int], _ isModified: Bool) -> [Double] {
    let n = numbers.map { Double($0) }
    if !isModified { return n[1] == 0 || n[2] == 0 ? [0.75] : [n[1] / (n[1] + 2 * n[2])] }
    if n[1] == 0 || n[2] == 0 || n[3] == 0 { return [0.5, 1, 1.5] }
    let y = n[1] / (n[1] + 2 * n[2])
    let values = [1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]]
    let isValid = zip(values, [1.0, 2, 3]).allSatisfy { $0 >= 0 && $0 <= $1 }
    return isValid ? values : [0.5, 1, 1.5]
  }

  private func discount(_ count: Int, order: Int) -> Double {
    if count == 0 { return 0 }
    let values = discounts[order]
    return values[min(count, values.count) - 1]
  }

  /// p(word | history): `history` has the length that the order asks for, or begins with `<s>`.
  func probability(_ word: UInt32, after history: [UInt32]) -> Double {
    let words = followers[history] ?? []
    let lower =
      history.isEmpty
      ? 1 / Double(vocabularySize - 1) : probability(word, after: Array(history.dropFirst()))
    if words.isEmpty { return lower }
    let order = history.count + 1
    var total = 0
    var released = 0.0
    for follower in words {
      let count = counts.continuations(history + [follower])
      total += count
      released += discount(count, order: order)
    }
    let count = counts.continuations(history + [word])
    return (Double(count) - discount(count, order: order) + released * lower) / Double(total)
  }
}
