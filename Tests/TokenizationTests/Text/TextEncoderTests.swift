import Testing
import Tokenization

@Suite struct TextEncoderTests {
  private func encode(
    _ text: String,
    _ settings: TextSettings,
    markers: TextEncoder.Markers = .refuse,
    keepsRanges: Bool = false
  ) throws -> (EncodedText, Vocabulary) {
    var builder = VocabularyBuilder()
    let encoded = try TextEncoder(settings, markers: markers, keepsRanges: keepsRanges)
      .encode(TextBlock(text), of: "t", numbering: &builder)
    return (encoded, builder.vocabulary())
  }

  private func spellings(_ encoded: (EncodedText, Vocabulary)) -> [String] {
    encoded.0.tokens.map { encoded.1[$0] }
  }

  @Test func `each line is a sentence, a blank one an empty sentence`() throws {
    let encoded = try encode("a b\r\n\nc", TextSettings(tokenizer: .whitespace))
    #expect(
      spellings(encoded) == ["<s>", "a", "b", "</s>", "<s>", "</s>", "<s>", "c", "</s>"]
    )
    #expect(encoded.0.sequenceCount == 3)
    #expect(encoded.0.blankLineCount == 1)
    #expect(encoded.0.characterCount == 7)
    #expect(encoded.0.byteCount == 7)
  }

  @Test(arguments: [TokenizerName.characters, .graphemes, .bytes])
  func `a document is one sequence with its line ends`(tokenizer: TokenizerName) throws {
    let encoded = try encode("ab\nc", TextSettings(tokenizer: tokenizer))
    #expect(spellings(encoded) == ["<s>", "a", "b", "\n", "c", "</s>"])
    #expect(encoded.0.sequenceCount == 1)
  }

  @Test func `words of a document have line ends between them`() throws {
    let encoded = try encode("a b\nc\n", TextSettings(tokenizer: .words, sequence: .document))
    #expect(spellings(encoded) == ["<s>", "a", "b", "\n", "c", "\n", "</s>"])
  }

  @Test func `a literal unknown word is the unknown word`() throws {
    let encoded = try encode("a <unk> b", TextSettings(tokenizer: .words))
    #expect(encoded.0.tokens[2] == .unknown)
    #expect(!encoded.0.tokens[2].isOutOfVocabulary)
    let characters = try encode("<unk>", TextSettings(tokenizer: .characters))
    #expect(characters.0.tokens.count == 7)
  }

  @Test(arguments: ["<s>", "</s>"])
  func `a literal sentence mark is refused with its line, or skipped`(mark: String) throws {
    let settings = TextSettings(tokenizer: .whitespace)
    #expect(throws: TextError.marker(mark, path: "t", line: 2)) {
      try encode("a\nb \(mark) c", settings)
    }
    let skipped = try encode("b \(mark) c", settings, markers: .skip)
    #expect(spellings(skipped) == ["<s>", "b", "c", "</s>"])
  }

  @Test(arguments: TokenizerName.allCases)
  func `ranges give back each token's text and place`(tokenizer: TokenizerName) throws {
    let text = "Ein Fluß,\r\nzwei  Brücken.\n\nEnde"
    let (encoded, vocabulary) = try encode(
      text,
      TextSettings(tokenizer: tokenizer),
      keepsRanges: true
    )
    #expect(encoded.ranges.count == encoded.tokens.count)
    for (token, range) in zip(encoded.tokens, encoded.ranges) where token.rawValue > 2 {
      #expect(Array(encoded.text[range]) == vocabulary.withBytes(of: token) { Array($0) })
    }
    #expect(encoded.lines.map(\.byteOffset) == [0, 12, 28, 29])
    #expect(encoded.lines.reduce(0) { $0 + $1.byteCount } == text.utf8.count)
    #expect(encoded.lines.reduce(0) { $0 + $1.characterCount } == text.unicodeScalars.count)
  }

  @Test func `normalisation comes before tokens and not before counting`() throws {
    let settings = TextSettings(
      tokenizer: .words,
      normalization: Normalization(lowercases: true, form: .nfc)
    )
    let encoded = try encode("CAFE\u{301}", settings)
    #expect(spellings(encoded) == ["<s>", "caf\u{e9}", "</s>"])
    #expect(encoded.0.byteCount == 6)
    #expect(encoded.0.characterCount == 5)
  }

  @Test func `raw bytes are taken as they are`() throws {
    var builder = VocabularyBuilder()
    let block = TextBlock("\u{FEFF}\r\n")
    let encoded = try TextEncoder(TextSettings(tokenizer: .bytes))
      .encode(block, of: "t", numbering: &builder)
    #expect(encoded.tokens.count == 7)
  }
}
