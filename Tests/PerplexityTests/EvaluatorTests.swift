import Files
import Foundation
import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

@Suite struct EvaluatorTests {
  // MARK: Threads and blocks

  private static let sequences: [TextSettings.Sequence] = [.line, .document]

  /// The scores of the whole text, given to the model as one span.
  private func wholeScores(_ model: some LanguageModel, _ text: String) throws -> [TokenScore] {
    var numbering = model.vocabulary
    let tokens = try TextEncoder(model.settings)
      .encode(TextChunk(text), of: "t", numbering: &numbering).tokens
    var scores = [TokenScore](repeating: .certain, count: tokens.count)
    var span = scores.mutableSpan
    model.score(tokens.span, 0..<tokens.count, into: &span)
    return scores
  }

  /// Checks that neither the number of threads nor the blocks change a bit, and that they are as
  /// many as they should be.
  private func expectSame(_ model: some LanguageModel, _ text: String, blocks: Int) throws {
    let whole = try wholeScores(model, text)
    try withText(text.utf8) { source in
      let one = try Evaluator(model, threads: 1).evaluate(source)
      for threads in isWantedSlow ? [1, 2, 7] : [1, 3] {
        var parts: [[TokenScore]] = []
        let evaluator = Evaluator(model, threads: threads)
        let visited = try evaluator.evaluate(source, visit: { parts.append($0.scores) })
        #expect(parts.count >= blocks)
        #expect(visited == one)
        #expect(visited.knownTotal.bits.bitPattern == one.knownTotal.bits.bitPattern)
        #expect(visited.unknownTotal.bits.bitPattern == one.unknownTotal.bits.bitPattern)
        let scores = parts.reduce(into: []) { $0 += $1 }
        #expect(scores.map(\.logProbability.bits) == whole.map(\.logProbability.bits))
        #expect(scores.map(\.matchedLength) == whole.map(\.matchedLength))
      }
      #expect(!one.figures.contains { $0.isNaN })
      var scores: [TokenScore] = []
      let streamed = try Evaluator(model).evaluateAsItComes(source) { scores += $0.scores }
      #expect(streamed == one)
      #expect(streamed.knownTotal.bits.bitPattern == one.knownTotal.bits.bitPattern)
      #expect(streamed.unknownTotal.bits.bitPattern == one.unknownTotal.bits.bitPattern)
      #expect(scores.map(\.logProbability.bits) == whole.map(\.logProbability.bits))
    }
  }

  @Test(arguments: sequences)
  func `threads and block borders change no bit of a model's scores`(
    sequence: TextSettings.Sequence
  ) throws {
    let settings = TextSettings(tokenizer: .whitespace, sequence: sequence)
    let model = try train(randomText(6000), settings, order: 4, .modifiedKneserNey)
    // Words that the model lacks, too.
    let text = "new\n" + randomText(2 * TextReader.blockByteCount + 5000, padding: 1000) + "w60\n"
    try expectSame(model, text, blocks: 3)
  }

  /// The sequence, and how many tokens the model looks back.
  @Test(arguments: [
    (TextSettings.Sequence.line, nil), (.document, 0), (.document, 1), (.document, 50),
    (.document, nil), (.stream, 50),
  ])
  func `a part of a text is scored after what stands before it`(
    sequence: TextSettings.Sequence,
    length: Int?
  ) throws {
    let settings = TextSettings(tokenizer: .whitespace, sequence: sequence)
    let words = (0..<50).map { "w\($0)" } + ["\n"]
    let model = StubModel.looking(back: length, words, settings)
    // Some thirty tokens a block: fifty reach over more than one.
    let text = randomText(2 * TextReader.blockByteCount + 5000, padding: 9000)
    try expectSame(model, text, blocks: 3)
  }

  @Test func `a document of one line is one block`() throws {
    let settings = TextSettings(tokenizer: .whitespace, sequence: .document)
    let model = StubModel.looking(back: 2, ["a"], settings)
    let text = String(repeating: "a" + String(repeating: " ", count: 5000), count: 100)
    try expectSame(model, text, blocks: 1)
  }

  // MARK: What a visitor sees

  @Test func `a visitor sees every token with its score and its place`() throws {
    let settings = TextSettings(tokenizer: .words)
    let model = StubModel.unigrams(
      ["the": 0.5, "cat": 0.25, "<unk>": 0.125, "</s>": 0.0625],
      settings
    )
    try withText("the cat\r\n\nthe dog".utf8) { source in
      var lines: [String] = []
      let evaluation = try Evaluator(model).evaluate(
        source,
        visit: { part in
          for (index, token) in part.encoded.tokens.enumerated() {
            let text = String(
              decoding: part.encoded.text[part.encoded.ranges[index]],
              as: UTF8.self
            )
            let bits = -part.scores[index].logProbability.bits
            lines.append("\(model.vocabulary[token]) '\(text)' \(Int(bits))")
          }
          #expect(part.encoded.lines.map(\.byteOffset) == [0, 9, 10])
        }
      )
      #expect(
        lines == [
          "<s> '' 0", "the 'the' 1", "cat 'cat' 2", "</s> '' 4", "<s> '' 0", "</s> '' 4",
          "<s> '' 0", "the 'the' 1", "<unk> 'dog' 3", "</s> '' 4",
        ]
      )
      #expect(try Evaluator(model).evaluate(source) == evaluation)
    }
  }

  @Test func `a visitor's error ends the evaluation`() throws {
    struct Failure: Error {}
    try withText(randomText(2 * TextReader.blockByteCount, padding: 5000).utf8) { source in
      var visits = 0
      #expect(throws: Failure.self) {
        try Evaluator(StubModel.uniform(["a"]), threads: 1).evaluate(
          source,
          visit: { _ in
            visits += 1
            throw Failure()
          }
        )
      }
      #expect(visits == 1)
    }
  }

  @Test(arguments: [1, 2, 7])
  func `progress is told the bytes done, up to all of them`(threads: Int) throws {
    let text = randomText(3 * TextReader.blockByteCount, padding: 5000)
    try withText(text.utf8) { source in
      var told: [Int] = []
      _ = try Evaluator(StubModel.uniform(["a"]), threads: threads)
        .evaluate(source, progress: { told.append($0) })
      #expect(told.last == text.utf8.count)
      #expect(told == told.sorted())
      #expect(told.count >= 3 / threads)
    }
  }

  // MARK: Texts that cannot be evaluated

  @Test(arguments: ["", "\n\n", " \r\n\t\n", "\u{FEFF}"])
  func `a text without tokens is refused by name`(text: String) throws {
    for sequence in Self.sequences where sequence == .line || !text.contains("\n") {
      let settings = TextSettings(tokenizer: .whitespace, sequence: sequence)
      try withText(text.utf8) { source in
        #expect(throws: TextError.empty(paths: [source.name])) {
          try Evaluator(StubModel.uniform(["a"], settings)).evaluate(source)
        }
      }
    }
  }

  @Test func `a missing text is refused by name`() {
    #expect(throws: FileError(.open, "/no/such/text", code: ENOENT)) {
      try Evaluator(StubModel.uniform(["a"])).evaluate(.file("/no/such/text"))
    }
  }

  @Test(arguments: [1, 7])
  func `a literal sentence mark is refused at its line, in any block, or skipped`(threads: Int)
    throws
  {
    let start = randomText(2 * TextReader.blockByteCount, padding: 5000)
    let lineCount = start.utf8.count { $0 == 10 }
    let model = StubModel.uniform(["a"])
    try withText((start + "a </s> a\n<s>\n").utf8) { source in
      #expect(throws: TextError.marker("</s>", path: source.name, line: lineCount + 1)) {
        try Evaluator(model, threads: threads).evaluate(source)
      }
    }
    try withText("a </s> a <s>\n".utf8) { source in
      let skipped = try Evaluator(model, markers: .skip, threads: threads).evaluate(source)
      #expect(skipped.measure.tokens == 3)
      #expect(skipped.measure.sequences == 1)
    }
  }

  @Test func `bytes that are not UTF-8 are refused, replaced, or read as bytes`() throws {
    try withText([97, 32, 0xff, 10] as [UInt8]) { source in
      let model = StubModel.uniform(["a"])
      #expect(throws: TextError.invalidUTF8(path: source.name, line: 1, byteOffset: 2)) {
        try Evaluator(model).evaluate(source)
      }
      let replaced = try Evaluator(model, invalidUTF8: .replace).evaluate(source)
      #expect(replaced.measure.outOfVocabulary == 1)
      let bytes = StubModel.uniform(["a"], TextSettings(tokenizer: .bytes))
      let raw = try Evaluator(bytes).evaluate(source)
      #expect(raw.measure.tokens == 5)
      #expect(raw.measure.outOfVocabulary == 3)
      #expect(raw.measure.bytes == 4)
      #expect(raw.measure.characters == 4)
      #expect(raw.measure.graphemes == 4)
    }
  }

  @Test(arguments: [1, 3])
  func `bytes without any sense are measured as the text that repairs them`(threads: Int) throws {
    let bytes = randomBytes(TextReader.blockByteCount + 10_000)
    let repaired = String(decoding: bytes, as: UTF8.self)
    let (characters, graphemes) = (repaired.unicodeScalars.count, repaired.count)
    let model = StubModel.uniform(["a"], TextSettings(tokenizer: .bytes))
    try withText(bytes) { source in
      let evaluator = Evaluator(model, threads: threads)
      for evaluation in [
        try evaluator.evaluate(source), try evaluator.evaluateAsItComes(source) { _ in },
      ] {
        #expect(evaluation.measure.bytes == bytes.count)
        #expect(evaluation.measure.characters == characters)
        #expect(evaluation.measure.graphemes == graphemes)
      }
    }
  }

  @Test func `fewer than one thread are one`() throws {
    let model = StubModel.uniform(["a"])
    #expect(try evaluate(model, "a b\n", threads: 0) == evaluate(model, "a b\n", threads: 1))
    #expect(try evaluate(model, "a b\n", threads: -3) == evaluate(model, "a b\n", threads: 1))
  }

  @Test func `of a text that fails, the lines before have been shown as they came`() throws {
    let model = StubModel.uniform(["a"])
    for (end, error) in [
      ("a <s>\na\n".utf8.map { $0 }, { TextError.marker("<s>", path: $0, line: 3) }),
      ([97, 0xff, 10], { TextError.invalidUTF8(path: $0, line: 3, byteOffset: 7) }),
    ] as [([UInt8], (String) -> TextError)] {
      try withText(Array("a a\na\n".utf8) + end) { source in
        var shown: [Int] = []
        #expect(throws: error(source.name)) {
          _ = try Evaluator(model).evaluateAsItComes(source) { part in
            shown += part.lineEvaluations.map { $0.evaluation.measure.tokens }
          }
        }
        #expect(shown == [3, 2])
      }
    }
  }

  @Test(arguments: [1, 2, 7])
  func `the fault that comes first in a text is told`(threads: Int) throws {
    let model = StubModel.uniform(["a"])
    let start = randomText(2 * TextReader.blockByteCount, padding: 5000)
    let line = start.utf8.count { $0 == 10 } + 1
    let bytes = Array((start + "<s>\n" + start).utf8) + [0xff]
    try withText(bytes) { source in
      #expect(throws: TextError.marker("<s>", path: source.name, line: line)) {
        try Evaluator(model, threads: threads).evaluate(source)
      }
    }
  }

  // MARK: Models that are trained

  @Test func `a model of maximum likelihood knows its own text as often as it was seen`() throws {
    // p(a | <s>) = 2/3, p(b | <s>) = 1/3, p(b | a) = 1, p(</s> | b) = 1.
    let text = "a b\na b\nb\n"
    let model = try train(text, order: 2, .maximumLikelihood)
    let evaluation = try evaluate(model, text)
    let bits = 2 * log2(1.5) + log2(3)
    // Values are stored with 24 bits.
    #expect(abs(evaluation.total.bits + bits) < 1e-6)
    #expect(abs(evaluation.perplexity - pow(2, bits / 8)) < 1e-6)
    #expect(evaluation.tokensByMatchedLength[2] == 8)
  }

  @Test(arguments: SmoothingMethod.allCases)
  func `no figure is ever not a number`(method: SmoothingMethod) throws {
    let model = try train(randomText(2000), order: 3, method)
    for text in ["w0\n", "zebra\n", "<unk>", "w0 w1 w0 w0\n\nzebra w3\n", "w49 w49 w49"] {
      let evaluation = try evaluate(model, text)
      #expect(!evaluation.figures.contains { $0.isNaN }, "\(text)")
      #expect(evaluation.perplexity >= 1)
      #expect((evaluation.zeroProbabilityTokens > 0) == (evaluation.perplexity == .infinity))
      #expect(evaluation.tokensByMatchedLength.reduce(0, +) == evaluation.measure.tokens)
    }
  }
}
