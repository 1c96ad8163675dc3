import Files
import Foundation
import LanguageModels
import Perplexity
import Testing
import Tokenization

@Suite struct TrainingCountsTests {
  private typealias Counts = [[String]: Int]

  /// Sentences as lists of words between their markers; words not in `vocabulary` as `<unk>`.
  private func sentences(_ text: String, _ vocabulary: Vocabulary) -> [[String]] {
    text.split(separator: "\n").map { line in
      ["<s>"]
        + line.split(separator: " ").map { String($0) }
        .map { vocabulary[$0].isOutOfVocabulary ? "<unk>" : $0 } + ["</s>"]
    }
  }

  /// How often each n-gram of up to `order` words occurs, by the plainest way.
  private func counts(_ sentences: [[String]], order: Int) -> Counts {
    var counts: Counts = [:]
    for words in sentences {
      for end in words.indices {
        for length in 1...min(order, end + 1) {
          counts[Array(words[(end + 1 - length)...end]), default: 0] += 1
        }
      }
    }
    return counts
  }

  private func band(_ count: Int) -> String {
    let bands = Bands.trainingCounts
    return bands.key(bands.index(of: count))
  }

  static let methods: [SmoothingMethod] = [.modifiedKneserNey, .wittenBell, .katz]

  @Test(arguments: methods)
  func `counts and expectations are those of a plain twin`(method: SmoothingMethod) throws {
    let order = 3
    let training = randomText(4000)
    let text =
      "w1 w2 zebra w3\nw900 w0 w1\n"
      + String(randomText(5500).suffix(1500))
      .replacingOccurrences(of: "w7 ", with: "new ")
    let model = try train(training, order: order, method)
    let (breakdown, _) = try BreakdownTests.breakdown(model, text, training: training)

    let seen = counts(sentences(training, model.vocabulary), order: order)
    var byCount: [String: Int] = [:]
    var actual: [String: Int] = [:]
    var expected: [String: Double] = [:]
    for words in sentences(text, model.vocabulary) {
      for end in words.indices.dropFirst() {
        let longest = (1...min(order, end + 1)).last { length in
          seen[Array(words[(end + 1 - length)...end])] != nil
        }
        let count = longest.flatMap { seen[Array(words[(end + 1 - $0)...end])] } ?? 0
        byCount[band(count), default: 0] += 1

        let context = (0...min(order - 1, end)).last { length in
          length == 0 || seen[Array(words[(end - length)..<end])] != nil
        }
        let length = try #require(context)
        let history = Array(words[(end - length)..<end])
        let key = { (count: Int) in "\(length + 1) \(self.band(count))" }
        actual[key(seen[history + [words[end]]] ?? 0), default: 0] += 1
        let ids = words[max(0, end + 1 - order)..<end].map { word in
          word == "<s>" ? .beginSentence : TokenID(UInt32(model.vocabulary[word].index))
        }
        for (id, probability) in model.distribution(after: ids).enumerated() where id != 1 {
          let word = model.vocabulary[TokenID(UInt32(id))]
          expected[key(seen[history + [word]] ?? 0), default: 0] += probability
        }
      }
    }

    let table = try #require(breakdown[.trainingCount])
    #expect(
      Dictionary(uniqueKeysWithValues: table.groups.map { ($0.key, $0.cost.tokens) }) == byCount
    )
    let cells = try #require(breakdown.expectedCounts).cells
    for cell in cells {
      let key = "\(cell.order) \(cell.key)"
      #expect(cell.actual == actual[key] ?? 0, "\(key)")
      #expect(abs(cell.expected - (expected[key] ?? 0)) < 1e-4, "\(key)")
    }
    #expect(Set(actual.keys).isSubset(of: cells.map { "\($0.order) \($0.key)" }))
  }

  @Test func `frequency bands are the counts of words`() throws {
    let training = "a b b c c c\nc c c c c c c\n"
    let model = try train(training, order: 2, .wittenBell)
    let (breakdown, _) = try BreakdownTests.breakdown(model, "a b c x\n", training: training)
    let table = try #require(breakdown[.frequencyBand])
    // `</s>` occurs twice, b twice, c ten times.
    #expect(table.groups.map(\.key) == ["unknown", "1", "2-9", "10-99"])
    #expect(table.groups.map(\.cost.tokens) == [1, 1, 2, 1])
    #expect(breakdown.trainingTokens == 15)
  }

  @Test func `a model without bounded contexts has frequencies only`() throws {
    let settings = TextSettings(tokenizer: .whitespace, sequence: .document)
    let model = StubModel.looking(back: nil, ["a", "b", "c", "\n"], settings)
    let (breakdown, _) = try BreakdownTests.breakdown(model, "a b c\n", training: "a a a\nb\n")
    #expect(breakdown[.frequencyBand]?.groups.map(\.key) == ["0", "1", "2-9"])
    // Words that training lacks, though the vocabulary has them, are never seen.
    #expect(breakdown[.trainingCount] == nil)
    #expect(breakdown.expectedCounts == nil)
  }
}
