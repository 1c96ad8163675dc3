import Files
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// Reading on many threads, held against encoding block after block with one vocabulary.
@Suite struct TextNumberingTests {
  /// The tokens of a training text.
  private func tokens(_ text: TrainingText) -> [UInt32] {
    (0..<text.count).map { text.tokens[$0] }
  }

  /// The spellings of a vocabulary in the order of their numbers.
  private func spellings(_ vocabulary: Vocabulary) -> [[UInt8]] {
    (0..<vocabulary.count).map { vocabulary.withBytes(of: TokenID(UInt32($0))) { Array($0) } }
  }

  /// The tokens and the spellings of the texts, one block after the other.
  private func plain(_ texts: [String], _ settings: TextSettings) throws -> ([UInt32], [[UInt8]]) {
    var vocabulary = VocabularyBuilder()
    var tokens: [UInt32] = []
    for text in texts {
      let encoded = try TextEncoder(settings)
        .encode(TextChunk(text), of: "t", numbering: &vocabulary)
      tokens += encoded.tokens.map(\.rawValue)
    }
    return (tokens, spellings(vocabulary.vocabulary()))
  }

  private static let lineCount = isWantedSlow ? 60_000 : 18_000

  /// A text of several pieces whose words go on to be new to the end, some of them longer than a
  /// slot of the table.
  private static let longText = (0..<lineCount)
    .map { "common w\($0 % 977) new\($0) rarer-than-most-\($0 / 3) é common" }
    .joined(separator: "\n")

  private func read(_ texts: [String], _ input: TrainingInput, threads: Int) throws -> TrainingData
  {
    let folder = try TestFolder()
    var input = input
    input.sources = try texts.enumerated().map { index, text in
      .file(try folder.write(text, to: "\(index).txt"))
    }
    return try TrainingData(input, threads: threads)
  }

  @Test(arguments: TokenizerName.allCases, [1, 3])
  func `numbers are those of one pass over the text, on any number of threads`(
    tokenizer: TokenizerName,
    threads: Int
  ) throws {
    let settings = TextSettings(tokenizer: tokenizer)
    let texts = [jack, "", iAmSam, "\n", randomText(words: 300, lines: 200, seed: 5)]
    let data = try read(texts, TrainingInput([], settings: settings), threads: threads)
    let (tokens, spellings) = try plain(texts, settings)
    #expect(self.tokens(data.text) == tokens)
    #expect(self.spellings(data.vocabulary) == spellings)
    #expect(data.byteCount == texts.reduce(0) { $0 + $1.utf8.count })
    #expect(data.sequenceCount == tokens.count { $0 == TokenID.endSentence.rawValue })
  }

  @Test(arguments: [1, 3])
  func `pieces of a long text meet in one vocabulary`(threads: Int) throws {
    let settings = TextSettings(tokenizer: .whitespace)
    let data = try read(
      [Self.longText],
      TrainingInput([], settings: settings),
      threads: threads
    )
    let (tokens, spellings) = try plain([Self.longText], settings)
    #expect(self.tokens(data.text) == tokens)
    #expect(self.spellings(data.vocabulary) == spellings)
  }

  @Test(arguments: [1, 4])
  func `the first thing that is wrong in the order of the text is told`(threads: Int) throws {
    let input = TrainingInput([], settings: TextSettings(tokenizer: .whitespace))
    // Wrong in the first piece and in later ones, each sooner found than the one before.
    let text = "a\n" + Self.longText + "\n<s>\n" + Self.longText + "\n</s>\n"
    do {
      _ = try read([text, "<s>"], input, threads: threads)
      Issue.record("the marks were read")
    } catch let error as TextError {
      guard case .marker("<s>", let path, Self.lineCount + 2) = error else {
        Issue.record(error)
        return
      }
      #expect(path.hasSuffix("0.txt"))
    }
  }

  @Test(arguments: [1, 4])
  func `a text before one that is missing is looked at first`(threads: Int) throws {
    try withTemporaryFile("good\n<s>\n") { marked in
      let settings = TextSettings(tokenizer: .whitespace)
      let missing = marked + ".missing"
      #expect(throws: TextError.marker("<s>", path: marked, line: 2)) {
        try TrainingData(
          TrainingInput([.file(marked), .file(missing)], settings: settings),
          threads: threads
        )
      }
      #expect(throws: FileError(.open, missing, code: 2)) {
        try TrainingData(
          TrainingInput([.file(missing), .file(marked)], settings: settings),
          threads: threads
        )
      }
    }
  }

  @Test func `rare and unlisted tokens become unknown, in a held-out text too`() throws {
    try withTemporaryFile("a a c zzz\n") { heldOut in
      var input = TrainingInput([], settings: TextSettings(tokenizer: .whitespace))
      input.minimumCount = 2
      input.heldOut = [.file(heldOut)]
      let data = try read(["a b a\n", "c b d\n"], input, threads: 2)
      #expect(data.vocabulary.count == 5)
      #expect(tokens(data.text) == [1, 3, 4, 3, 2, 1, 0, 4, 0, 2])
      let tuning = try #require(data.tuningText)
      #expect(tokens(tuning) == tokens(data.text) + [1, 3, 3, 0, 0, 2])
      #expect(
        (0..<tuning.count).map { tuning.weight($0) } == .init(repeating: 1, count: 10)
          + .init(repeating: 0, count: 6)
      )
    }
    try withTemporaryFile("c\na\nlisted\n") { list in
      var input = TrainingInput([], settings: TextSettings(tokenizer: .whitespace))
      input.vocabularyPath = list
      let data = try read(["a b a\n", "c b d\n"], input, threads: 2)
      #expect(tokens(data.text) == [1, 4, 0, 4, 2, 1, 3, 0, 0, 2])
      #expect(data.vocabulary.count == 6)
    }
  }

  @Test func `what the sink refuses ends the reading`() throws {
    try withTemporaryFile(Self.longText) { path in
      let numbering = TextNumbering(
        TrainingInput([], settings: TextSettings(tokenizer: .whitespace)),
        vocabulary: VocabularyBuilder(),
        sink: FullSink()
      )
      #expect(throws: FullSink.Full()) { try numbering.read([.file(path)], threads: 3) }
    }
  }

  /// A sink that has room for nothing.
  private struct FullSink: TokenSink, ~Copyable {
    struct Full: Error, Equatable {}
    var count: Int { 0 }
    mutating func append(_ tokens: Span<UInt32>) throws { throw Full() }
  }
}
