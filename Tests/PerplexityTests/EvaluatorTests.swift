import Files
import Foundation
import LanguageModels
import Perplexity
import Testing
import Tokenization

/// Every token of a closed vocabulary has the same probability.
private struct UniformModel: LanguageModel {
  let vocabulary: Vocabulary
  var settings: TextSettings
  var historyLength: Int? { 0 }
  var isNormalized: Bool { true }
  /// The tokens that have probability zero.
  var impossible: Set<TokenID> = []

  init(_ words: [String], _ settings: TextSettings) {
    var builder = VocabularyBuilder()
    for word in words { builder.insert(word) }
    vocabulary = builder.vocabulary()
    self.settings = settings
  }

  func score(
    _ tokens: Span<TokenID>,
    _ range: Range<Int>,
    into scores: inout MutableSpan<TokenScore>
  ) {
    for index in range {
      let token = tokens[index]
      let probability =
        token == .beginSentence ? 1 : impossible.contains(token) ? 0 : 1 / Double(size)
      scores[index - range.lowerBound] = TokenScore(
        logProbability: LogProbability(of: probability),
        matchedLength: 1
      )
    }
  }

  func distribution(after history: [TokenID]) -> [Double] {
    (0..<vocabulary.count).map { $0 == 1 ? 0 : 1 / Double(size) }
  }

  /// The number of predicted tokens.
  var size: Int { vocabulary.count - 1 }
}

@Suite struct EvaluatorTests {
  private func withText<Result>(_ text: String, _ body: (TextSource) throws -> Result) throws
    -> Result
  {
    let path = NSTemporaryDirectory() + "evaluate-\(UUID().uuidString).txt"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(.file(path))
  }

  private func evaluate(_ model: any LanguageModel, _ text: String, threads: Int = 1) throws
    -> Evaluation
  {
    try withText(text) { try Evaluator(model, threads: threads).evaluate($0) }
  }

  private let whitespace = TextSettings(tokenizer: .whitespace)

  @Test func `a uniform model's perplexity is the number of its tokens`() throws {
    let model = UniformModel(["a", "b", "c"], whitespace)
    let evaluation = try evaluate(model, "a b\nc\n\n")
    // <unk>, </s>, a, b, c can follow.
    #expect(abs(evaluation.perplexity - 5) < 1e-12)
    #expect(evaluation.measure.tokens == 6)
    #expect(evaluation.measure.sequences == 3)
    #expect(evaluation.measure.blankLines == 1)
    #expect(evaluation.measure.bytes == 7)
    #expect(abs(evaluation.bitsPerByte - 6 * log2(5) / 7) < 1e-12)
    #expect(abs(evaluation.crossEntropyNats - log(5)) < 1e-12)
  }

  @Test func `unknown words are counted and both readings given`() throws {
    let model = UniformModel(["a"], whitespace)
    let evaluation = try evaluate(model, "a zebra <unk>\n")
    #expect(evaluation.measure.tokens == 4)
    #expect(evaluation.measure.outOfVocabulary == 1)
    #expect(abs(evaluation.unknownTotal.bits + log2(3)) < 1e-12)
    #expect(abs(evaluation.knownTotal.bits + 3 * log2(3)) < 1e-12)
    #expect(abs(evaluation.perplexityExcludingOutOfVocabulary - 3) < 1e-12)
  }

  @Test func `a token of probability zero makes the perplexity infinite and is named`() throws {
    var model = UniformModel(["a", "b"], whitespace)
    model.impossible = [model.vocabulary["b"]]
    let evaluation = try evaluate(model, "a\na b a b\n")
    #expect(evaluation.perplexity == .infinity)
    #expect(evaluation.zeroProbabilityTokens == 2)
    #expect(evaluation.firstZeroProbability?.token == "b")
    #expect(evaluation.firstZeroProbability?.line == 2)
  }

  @Test func `a text without tokens is refused`() throws {
    let model = UniformModel(["a"], whitespace)
    #expect(throws: TextError.self) { try evaluate(model, "\n\n") }
    #expect(throws: TextError.self) { try evaluate(model, "") }
  }

  @Test func `evaluations of parts add up to that of the whole`() throws {
    let model = UniformModel(["a", "b"], whitespace)
    let parts = try evaluate(model, "a b\n") + evaluate(model, "b c\n")
    let whole = try evaluate(model, "a b\nb c\n")
    #expect(parts.measure == whole.measure)
    #expect(abs(parts.total.bits - whole.total.bits) < 1e-12)
    #expect(parts.tokensByMatchedLength == whole.tokensByMatchedLength)
  }

  /// Lines of skewed random words: some blocks of text.
  private func randomText(_ byteCount: Int) -> String {
    var state: UInt64 = 42
    var text = ""
    while text.utf8.count < byteCount {
      for _ in 0..<8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let unit = Double(state >> 40) / Double(1 << 24)
        text += "w\(Int(unit * unit * 50)) "
      }
      text += "\n"
    }
    return text
  }

  private func train(_ text: String, _ settings: TextSettings) throws -> NGramModel {
    try withText(text) { source in
      let data = try TrainingData(TrainingInput([source], settings: settings))
      var options = EstimationOptions()
      options.order = 4
      let file = try OutputFile(temporaryFor: "a test")
      _ = try NGramEstimator(data, options: options).write(to: file)
      return try NGramModel(try file.contents(), path: "a test")
    }
  }

  @Test(arguments: [TextSettings.Sequence.line, .document])
  func `threads and block borders change no bit`(sequence: TextSettings.Sequence) throws {
    let settings = TextSettings(tokenizer: .whitespace, sequence: sequence)
    let model = try train(randomText(20_000), settings)
    let text = randomText(3 * TextReader.blockByteCount)
    try withText(text) { source in
      var parts: [[TokenScore]] = []
      let one = try Evaluator(model, threads: 1).evaluate(
        source,
        visit: { parts.append($0.scores) }
      )
      #expect(parts.count > 2)
      for threads in [2, 7] {
        let other = try Evaluator(model, threads: threads).evaluate(source)
        #expect(other.total.bits.bitPattern == one.total.bits.bitPattern)
        #expect(other == one)
      }
      // The whole as one block has the same score for each token.
      var numbering = model.vocabulary
      let whole = try TextEncoder(settings)
        .encode(TextBlock(text), of: "t", numbering: &numbering).tokens
      var scores = [TokenScore](
        repeating: TokenScore(logProbability: .one, matchedLength: 0),
        count: whole.count
      )
      var span = scores.mutableSpan
      model.score(whole.span, 0..<whole.count, into: &span)
      #expect(parts.joined().map(\.logProbability.bits) == scores.map(\.logProbability.bits))
    }
  }
}
