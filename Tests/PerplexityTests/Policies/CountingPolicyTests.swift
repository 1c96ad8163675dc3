import Foundation
import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

/// What `policy` makes of `model` on `texts`, and what the evaluation says.
private func account(
  _ policy: CountingPolicy,
  _ model: any LanguageModel,
  _ texts: String...
) throws -> (account: PolicyAccount, evaluation: Evaluation) {
  var tally = PolicyTally(policy, sequence: model.settings.sequence)
  var evaluation = Evaluation()
  for text in texts {
    evaluation =
      try evaluation
      + withText(text.utf8) { try Evaluator(model, threads: 1).evaluate($0) { tally.add($0) } }
    tally.endText()
  }
  return (tally.account(of: evaluation), evaluation)
}

@Suite struct CountingPolicyTests {
  /// Words, `</s>` and `<unk>` of these probabilities.
  static let model = StubModel.unigrams([
    "a": 0.25, "b": 0.125, "</s>": 0.5, "<unk>": 0.0625, "z": 0,
  ])

  static let texts = [
    "a b\n", "a b\n\nb a a\n", "a q b q\n<unk> a\n\n \n## a b\nb", "q q\n", "## q\na\n",
  ]

  @Test(arguments: CountingPolicy.allCases, texts)
  func `perplex's total and the items are the tool's total`(
    policy: CountingPolicy,
    text: String
  ) throws {
    let models: [any LanguageModel] = [
      Self.model, StubModel.uniform(["a", "b"]),
      StubModel.uniform(["a", "b"], TextSettings(tokenizer: .characters)),
      StubModel.looking(
        back: 2,
        ["a", "b", "\n"],
        TextSettings(tokenizer: .whitespace, sequence: .document)
      ),
      try train("a b\nb a\na a b\n", order: 2, .wittenBell),
    ]
    for model in models {
      let (account, evaluation) = try account(policy, model, text, text)
      #expect(account.ownTokens == evaluation.measure.tokens)
      #expect(isClose(account.ownBits, -evaluation.total.bits))
      #expect(account.items.reduce(account.ownTokens) { $0 + $1.tokens } == account.tokens)
      let bits = account.items.reduce(account.ownBits) { $0 + $1.bits }
      #expect(abs(bits - account.bits) < 1e-9)
    }
  }

  /// 2 + 4 + 3 + 1 bits, then 4 + 1 where a literal `<unk>` stands.
  @Test func `KenLM charges unknown words as <unk> and counts a literal <unk> among them`() throws {
    let (account, evaluation) = try account(.kenlm, Self.model, "a q b\n<unk>\n")
    #expect(account.items == [])
    #expect(account.tokens == 6)
    #expect(account.bits == 15)
    #expect(account[.perplexityIncludingOOVs] == exp2(15.0 / 6))
    #expect(account[.perplexityIncludingOOVs] == evaluation.perplexity)
    #expect(account[.perplexityExcludingOOVs] == exp2(7.0 / 4))
    #expect(account[.outOfVocabulary] == 2)
    #expect(evaluation.measure.outOfVocabulary == 1)
  }

  @Test func `KenLM charges 10^-100 where <unk> has no probability`() throws {
    let model = StubModel.unigrams(["a": 0.5, "</s>": 0.5])
    let (account, _) = try account(.kenlm, model, "a q\n")
    #expect(account.tokens == 3)
    #expect(account.items.map(\.tokens) == [0])
    #expect(isClose(account.bits, 2 + 100 * log2(10)))
    #expect(account[.perplexityExcludingOOVs] == 2)
  }

  /// Kept are a, q, b and two `</s>`: 2 + 4 + 3 + 1 + 1 bits.
  @Test func `SRILM leaves out zero probabilities, blank lines and comments`() throws {
    let (account, evaluation) = try account(.srilm, Self.model, "a q\n\nz b\n## a\n")
    #expect(evaluation.total.bits == -.infinity)
    #expect(account.items.map(\.tokens) == [-4, -1])
    #expect(account.tokens == 5)
    #expect(account.bits == 11)
    #expect(account[.sentences] == 2)
    #expect(account[.words] == 4)
    #expect(account[.outOfVocabulary] == 0)
    #expect(account[.zeroProbabilities] == 1)
    #expect(account[.perplexity] == exp2(11.0 / 5))
    #expect(account[.perplexityWithoutEnds] == exp2(11.0 / 3))
    #expect(account[.perplexityWithoutUnknown] == exp2(7.0 / 4))
  }

  /// Kept are a and two `</s>`: 1 + 1 + 1 bits.
  @Test func `SRILM leaves out unknown words where <unk> has no probability`() throws {
    let model = StubModel.unigrams(["a": 0.5, "</s>": 0.5])
    let (account, _) = try account(.srilm, model, "a q\n<unk>\n")
    #expect(account.items.map(\.tokens) == [-2])
    #expect(account[.outOfVocabulary] == 2)
    #expect(account[.perplexity] == 2)
    #expect(account[.perplexityWithoutEnds] == exp2(3))
    #expect(account[.perplexityWithoutUnknown] == 2)
  }

  @Test func `a text of unknown words alone has no perplexity of words`() throws {
    let model = StubModel.unigrams(["a": 0.5, "</s>": 0.5])
    let (account, _) = try account(.srilm, model, "q q\n")
    #expect(account[.perplexityWithoutEnds]?.isNaN == true)
    #expect(account[.perplexity] == 2)
  }

  /// 2 + 3 + 1 bits over "a", "b" and the empty word behind the line end, and over 4 bytes.
  @Test func `lm-eval divides by words and bytes`() throws {
    let (account, _) = try account(.lmEval, Self.model, "a b\n")
    #expect(account.items == [])
    #expect(account[.words] == 3)
    #expect(account[.wordPerplexity] == exp2(6.0 / 3))
    #expect(account[.bytePerplexity] == exp2(6.0 / 4))
    #expect(account[.bitsPerByte] == 1.5)
  }

  @Test func `lm-eval does not score the end of a document`() throws {
    let model = StubModel.uniform(["a", "b"], TextSettings(tokenizer: .characters))
    let (account, _) = try account(.lmEval, model, "ab", "a")
    #expect(account.items.map(\.tokens) == [-2])
    #expect(account.tokens == 3)
    #expect(account[.words] == 2)
  }

  /// What Python's `len(re.split(r"\s+", text))` gives.
  @Test(arguments: [
    ("a b", 2), ("a b\n", 3), (" a  b ", 4), ("\n\na\r\nb", 3), ("a\u{A0}b\u{3000}c\u{2003}d", 4),
    ("a\u{200B}b", 1), ("a\u{85}b\u{1C}c\n\n\nd\t\n", 5),
  ])
  func `words are cut as Python cuts them`(text: String, count: Int) throws {
    let (account, _) = try account(.lmEval, Self.model, text)
    #expect(account[.words] == Double(count))
  }

  /// Lines of 2 and of (2 + 3 + 3) / 3 bits a word; together 10 / 4.
  @Test func `Hugging Face's mean is one of lines, without their ends`() throws {
    let (account, _) = try account(.huggingFaceMean, Self.model, "a\n\na b b\n")
    #expect(account.items.map(\.tokens) == [-3])
    #expect(account.items.map(\.bits) == [-3])
    #expect(account[.lines] == 2)
    #expect(isClose(account[.meanPerplexity] ?? 0, (exp2(2) + exp2(8.0 / 3)) / 2))
    #expect(account[.textPerplexity] == exp2(10.0 / 4))
  }

  @Test func `line ends of documents are no tokens of Hugging Face's lines`() throws {
    let settings = TextSettings(tokenizer: .whitespace, sequence: .document)
    let model = StubModel.uniform(["a", "b", "\n"], settings)
    let (account, evaluation) = try account(.huggingFaceMean, model, "a b\n\na\n")
    #expect(evaluation.measure.tokens == 7)
    #expect(account.items.map(\.tokens) == [-1, -3])
    #expect(account.tokens == 3)
    #expect(account[.lines] == 2)
    #expect(isClose(account[.meanPerplexity] ?? 0, 5))
  }

  /// Two lines of another program's tokens, the first of each without a score: 1 + 2 bits on the
  /// first, 4 bits and its line end of 1 bit on the second.
  private static func foreignPart(_ text: String = "ab cd\n\nx y z\n") -> ScoredText {
    let ranges = [0..<2, 2..<4, 4..<6, 6..<7, 7..<8, 8..<12, 12..<13]
    let bits: [Double?] = [nil, 1, 2, 0.5, nil, 4, 1]
    var encoded = EncodedText()
    encoded.text = Array(text.utf8)
    encoded.ranges = ranges
    encoded.tokens = ranges.map { _ in TokenID(UInt32(TokenID.specialSpellings.count)) }
    encoded.byteCount = 13
    encoded.sequenceCount = 1
    for (start, end, token) in [(0, 6, 0), (6, 7, 3), (7, 13, 4)] {
      encoded.lines.append(
        .init(
          firstToken: token,
          byteCount: end - start,
          isBlank: end - start == 1,
          byteOffset: start,
          textOffset: start,
          characterCount: end - start,
          graphemeCount: end - start
        )
      )
    }
    let scores = bits.map {
      $0.map { TokenScore(logProbability: LogProbability(bits: 0 - $0), matchedLength: 0) }
        ?? .unscored
    }
    return ScoredText(encoded: encoded, scores: scores)
  }

  /// 8.5 bits of five tokens; "ab" and "x", of 2 + 1 bytes, have no score and cost 24.
  @Test(arguments: [
    // 5 words in 3 lines, of which SRILM skips the blank one with its 0.5 bits; 6 pieces, 13 bytes.
    (CountingPolicy.kenlm, PolicyAccount.Figure.Kind.perplexityIncludingOOVs, 8, exp2(32.5 / 8)),
    (.srilm, .perplexity, 7, exp2(32.0 / 7)),
    (.srilm, .perplexityWithoutEnds, 7, exp2(32.0 / 5)),
    (.srilm, .words, 7, 5),
    (.srilm, .sentences, 7, 2),
    (.lmEval, .bitsPerByte, 7, 32.5 / 13),
    (.lmEval, .wordPerplexity, 7, exp2(32.5 / 6)),
    // Lines of 3 bits in two tokens and 4 in one.
    (.huggingFaceMean, .meanPerplexity, 3, (exp2(3.0 / 2) + exp2(4)) / 2),
  ])
  func `tokens of another program are charged where they have no score, and are no words`(
    policy: CountingPolicy,
    figure: PolicyAccount.Figure.Kind,
    tokens: Int,
    value: Double
  ) throws {
    let part = Self.foreignPart()
    var tally = PolicyTally(policy, sequence: nil)
    tally.add(part)
    tally.endText()
    var evaluation = Evaluation()
    evaluation.add(part)
    let account = tally.account(of: evaluation)
    #expect((account.ownTokens, account.ownBits) == (5, 8.5))
    #expect(account.tokens == tokens)
    #expect(isClose(account[figure] ?? 0, value))
    #expect(account.items.reduce(account.ownTokens) { $0 + $1.tokens } == account.tokens)
    #expect(isClose(account.items.reduce(account.ownBits) { $0 + $1.bits }, account.bits))
    #expect(account.items.contains { $0.what.hasPrefix("tokens without a score") })
  }

  @Test func `parts and their cuts change nothing`() throws {
    let text = randomText(600_000, padding: 20)
    let model = StubModel.uniform((0..<50).map { "w\($0)" })
    for policy in CountingPolicy.allCases {
      var tally = PolicyTally(policy, sequence: model.settings.sequence)
      var partCount = 0
      let evaluation = try withText(text.utf8) { source in
        try Evaluator(model, threads: 2).evaluate(source) {
          tally.add($0)
          partCount += 1
        }
      }
      tally.endText()
      #expect(partCount > 1)
      let account = tally.account(of: evaluation)
      #expect(abs(account.items.reduce(account.ownBits) { $0 + $1.bits } - account.bits) < 1e-6)
      if policy == .lmEval {
        #expect(account[.words] == Double(text.split { $0 == " " || $0 == "\n" }.count + 1))
      }
    }
  }
}
