import Files
import Foundation
import LanguageModels
import Testing

@testable import Perplexity
@testable import Tokenization

@Suite struct BreakdownTests {
  /// The breakdown of `model` on `text`, with the counts of `training` where it is given.
  static func breakdown(
    _ model: any LanguageModel,
    _ text: String,
    training: String? = nil,
    limit: Int = 10,
    threads: Int = 1
  ) throws -> (Breakdown, Evaluation) {
    try withText(text.utf8) { source in
      let order = training == nil ? nil : TrainingSource.order(for: model)
      var collector = BreakdownCollector(limit: limit, order: order)
      collector.beginText("t")
      let evaluation = try Evaluator(model, threads: threads)
        .evaluate(source, visit: { collector.add($0) })
      guard let training, order != nil else { return (collector.breakdown(), evaluation) }
      return try withText(training.utf8) { training in
        let source = TrainingSource([training], of: model, threads: threads)
        return (try collector.breakdown(counting: source), evaluation)
      }
    }
  }

  private func expectWhole(_ breakdown: Breakdown, _ evaluation: Evaluation) {
    let bits = evaluation.total.surprisalBits
    #expect(breakdown.total.tokens == evaluation.measure.tokens)
    #expect(abs(breakdown.total.bits - bits) <= 1e-9 * bits)
    for table in breakdown.tables {
      #expect(table.total.tokens == evaluation.measure.tokens, "\(table.subject)")
      #expect(abs(table.total.bits - bits) <= 1e-9 * bits, "\(table.subject)")
    }
    #expect(breakdown.worstDeviation <= 1e-9)
  }

  static let tokenizers: [(TokenizerName, TextSettings.Sequence)] = [
    (.whitespace, .line), (.whitespace, .document), (.words, .line), (.characters, .document),
    (.graphemes, .document), (.bytes, .document),
  ]

  @Test(arguments: tokenizers)
  func `each table adds up to the total`(
    tokenizer: TokenizerName,
    sequence: TextSettings.Sequence
  ) throws {
    let training = "Über den Fluß , 12 mal .\n\nOld dogs sleep .\n" + randomText(3000)
    let settings = TextSettings(tokenizer: tokenizer, sequence: sequence)
    let model = try train(training, settings, order: 3, .modifiedKneserNey)
    let text = "Old dogs é sleep 12 .\n\nsleep\n" + randomText(1500) + "unended line"
    let (breakdown, evaluation) = try Self.breakdown(model, text, training: training)
    expectWhole(breakdown, evaluation)
    #expect(breakdown.tables.map(\.subject) == Breakdown.Subject.allCases)
    let expected = try #require(breakdown.expectedCounts)
    #expect(expected.cells.reduce(0) { $0 + $1.actual } == evaluation.measure.tokens)
    let sum = expected.cells.reduce(0) { $0 + $1.expected }
    #expect(abs(sum - Double(evaluation.measure.tokens)) < 1e-6 * sum)
  }

  @Test func `a scorer without orders and without probabilities of its own has what makes sense`() {
    var part = ScoredText(encoded: EncodedText(), scores: [])
    part.encoded.text = Array("The cat\nsat\n".utf8)
    part.encoded.tokens = [TokenID](repeating: TokenID(3), count: 5)
    part.encoded.ranges = [0..<3, 3..<7, 7..<8, 8..<11, 11..<40]
    for (offset, first) in [(0, 0), (8, 3)] {
      part.encoded.lines.append(
        EncodedText.Line(
          firstToken: first,
          byteCount: 8 - offset / 2,
          isBlank: false,
          byteOffset: offset,
          textOffset: offset
        )
      )
    }
    part.scores = [2.5, 1, 0.5, 8, 3].map {
      TokenScore(logProbability: LogProbability(bits: -$0), matchedLength: 0)
    }
    part.scores[0] = TokenScore(logProbability: .one, matchedLength: .max)
    var collector = BreakdownCollector(limit: 2)
    collector.beginText("a")
    collector.add(part)
    let breakdown = collector.breakdown()
    // The first token has no score; the last is said to end behind the text.
    #expect(breakdown.total == Cost(tokens: 4, bits: 12.5))
    #expect(
      breakdown.tables.map(\.subject) == [.surprisal, .wordClass, .lineLength, .linePosition]
    )
    #expect(breakdown.worstDeviation == 0)
    #expect(breakdown.costliestTokens.map(\.spelling) == ["sat", "\n"])
    #expect(breakdown.costliestLines.map(\.line) == [2, 1])
    #expect(breakdown.costliestLines.map(\.excerpt) == ["sat", "The cat"])
    #expect(breakdown.costliestLines[0].cost == Cost(tokens: 2, bits: 11))
  }

  @Test func `worked example`() throws {
    let model = StubModel.unigrams(["a": 0.25, "The": 0.125, ".": 0.25, "<unk>": 0, "7": 0.125])
    let text = "The a a .\n\n7 a\n"
    let (breakdown, _) = try Self.breakdown(model, text + "b\n")
    // `</s>` and <unk> have no probability here, so their bits are infinite.
    #expect(breakdown.total.bits == .infinity)
    let classes = try #require(breakdown[.wordClass])
    #expect(
      classes.groups.map(\.key) == [
        "unknown", "sentence_end", "punctuation", "number", "capitalised", "other",
      ]
    )
    #expect(classes.groups.map(\.cost.tokens) == [1, 4, 1, 1, 1, 3])
    #expect(classes.groups[5].cost.bits == 6)
    let lengths = try #require(breakdown[.lineLength])
    #expect(lengths.groups.map(\.key) == ["1", "2-5"])
    #expect(lengths.groups.map(\.cost.tokens) == [1, 10])
    #expect(breakdown.typeCount == 6)
    #expect(breakdown.costliestTypes.first?.spelling == "</s>")
  }

  @Test func `scalars of a byte model are whole`() {
    var part = ScoredText(encoded: EncodedText(), scores: [])
    part.joinsBytes = true
    part.encoded.text = Array("aé\n".utf8)
    part.encoded.tokens = part.encoded.text.map { ByteVocabulary.token($0) }
    part.encoded.ranges = (0..<4).map { $0..<$0 + 1 }
    part.scores = [1, 2, 4, 8].map {
      TokenScore(logProbability: LogProbability(bits: -$0), matchedLength: 2)
    }
    var collector = BreakdownCollector(limit: 3)
    collector.beginText("a")
    collector.add(part)
    let breakdown = collector.breakdown()
    #expect(breakdown.total == Cost(tokens: 3, bits: 15))
    #expect(breakdown.costliestTypes.map(\.spelling) == ["\n", "é", "a"])
    #expect(breakdown.costliestTypes.map(\.cost.bits) == [8, 6, 1])
    #expect(breakdown[.orderUsed]?.groups == [.init(key: "2", cost: Cost(tokens: 3, bits: 15))])
  }

  @Test func `neither threads nor block borders change a figure`() throws {
    let training = randomText(400_000, padding: 40)
    let text = randomText(700_000, padding: 60)
    let settings = TextSettings(tokenizer: .whitespace, sequence: .document)
    let model = try train(training, settings, order: 4, .modifiedKneserNey)
    let (one, evaluation) = try Self.breakdown(model, text, training: training)
    expectWhole(one, evaluation)
    let (many, _) = try Self.breakdown(model, text, training: training, threads: 3)
    #expect(many.tables == one.tables)
    #expect(many.expectedCounts == one.expectedCounts)
    #expect(many.costliestTypes == one.costliestTypes)
    #expect(many.costliestTokens == one.costliestTokens)
    #expect(many.costliestLines == one.costliestLines)
    #expect(one.trainingTokens == model.description.tokenCount)
    // The same tokens in one block: n-grams reach over the borders that there were.
    let squeezed = [training, text].map { text in
      text.split(separator: " ").joined(separator: " ")
    }
    let (whole, _) = try Self.breakdown(model, squeezed[1], training: squeezed[0])
    #expect(whole.tables == one.tables)
    #expect(whole.expectedCounts == one.expectedCounts)
  }

  @Test func `groups of two models are laid side by side`() {
    let left = Breakdown.Table(
      subject: .orderUsed,
      groups: [
        .init(key: "1", cost: Cost(tokens: 2, bits: 8)),
        .init(key: "3", cost: Cost(tokens: 1, bits: 1)),
      ]
    )
    let right = Breakdown.Table(
      subject: .orderUsed,
      groups: [
        .init(key: "1", cost: Cost(tokens: 1, bits: 5)),
        .init(key: "2", cost: Cost(tokens: 2, bits: 3)),
      ]
    )
    let pairs = left.paired(with: right)
    #expect(pairs.map(\.key) == ["1", "2", "3"])
    #expect(pairs.map(\.differenceBits) == [-3, 3, -1])
    #expect(pairs.map(\.left.tokens) == [2, 0, 1])
  }
}
