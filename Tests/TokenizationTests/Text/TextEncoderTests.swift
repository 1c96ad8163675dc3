import Files
import Testing
import Tokenization

@Suite struct TextEncoderTests {
  private func encode(
    _ block: TextChunk,
    _ settings: TextSettings,
    markers: TextEncoder.Markers = .refuse,
    keepsRanges: Bool = false
  ) throws -> (EncodedText, Vocabulary) {
    var builder = VocabularyBuilder()
    let encoded = try TextEncoder(settings, markers: markers, keepsRanges: keepsRanges)
      .encode(block, of: "t", numbering: &builder)
    return (encoded, builder.vocabulary())
  }

  private func spellings(_ encoded: (EncodedText, Vocabulary)) -> [String] {
    encoded.0.tokens.map { encoded.1[$0] }
  }

  private let whitespace = TextSettings(tokenizer: .whitespace)

  // MARK: Sequences

  @Test func `each line is a sentence, a blank one an empty sentence`() throws {
    let encoded = try encode(TextChunk("a b\r\n\nc"), whitespace)
    #expect(
      spellings(encoded) == ["<s>", "a", "b", "</s>", "<s>", "</s>", "<s>", "c", "</s>"]
    )
    #expect(encoded.0.sequenceCount == 3)
    #expect(encoded.0.blankLineCount == 1)
    #expect(encoded.0.characterCount == 7)
    #expect(encoded.0.byteCount == 7)
  }

  /// Text, sentences, blank lines: a line end ends a line and begins none.
  @Test(arguments: [
    ("", 0, 0), ("\n", 1, 1), ("a", 1, 0), ("a\n", 1, 0), ("a\n\n", 2, 1), ("\r\n\r\n", 2, 2),
    (" \n", 1, 0), ("\na", 2, 1), ("a\r", 1, 0),
  ])
  func `lines are counted by their ends`(text: String, sentences: Int, blankLines: Int) throws {
    let (encoded, _) = try encode(TextChunk(text), whitespace)
    #expect(encoded.sequenceCount == sentences)
    #expect(encoded.blankLineCount == blankLines)
    #expect(encoded.tokens.count { $0 == .beginSentence } == sentences)
    #expect(encoded.tokens.count { $0 == .endSentence } == sentences)
  }

  @Test(arguments: [TokenizerName.characters, .graphemes, .bytes])
  func `a document is one sequence with its line ends`(tokenizer: TokenizerName) throws {
    let encoded = try encode(TextChunk("ab\nc"), TextSettings(tokenizer: tokenizer))
    #expect(spellings(encoded) == ["<s>", "a", "b", "\n", "c", "</s>"])
    #expect(encoded.0.sequenceCount == 1)
  }

  @Test func `words of a document have line ends between them`() throws {
    let settings = TextSettings(tokenizer: .words, sequence: .document)
    let encoded = try encode(TextChunk("a b\r\n\nc\n"), settings)
    #expect(spellings(encoded) == ["<s>", "a", "b", "\n", "\n", "c", "\n", "</s>"])
    #expect(encoded.0.blankLineCount == 1)
  }

  @Test func `an empty document is an empty sequence`() throws {
    let encoded = try encode(TextChunk(""), TextSettings(tokenizer: .characters))
    #expect(spellings(encoded) == ["<s>", "</s>"])
  }

  @Test func `a stream is a document without an end`() throws {
    let settings = TextSettings(tokenizer: .words, sequence: .stream)
    #expect(!settings.predictsEnds && settings.endCount(ofSequences: 3) == 0)
    let encoded = try encode(TextChunk("a b\nc"), settings)
    #expect(spellings(encoded) == ["<s>", "a", "b", "\n", "c"])
    #expect(encoded.0.sequenceCount == 1)
  }

  @Test func `the parts of a document have one beginning and one end`() throws {
    let settings = TextSettings(tokenizer: .characters)
    var blocks = ["a\n", "b\n", "c"].map { TextChunk($0) }
    for index in blocks.indices {
      blocks[index].isFirst = index == 0
      blocks[index].isLast = index == 2
    }
    let parts = try blocks.map { try encode($0, settings) }
    #expect(parts.map(spellings) == [["<s>", "a", "\n"], ["b", "\n"], ["c", "</s>"]])
    #expect(parts.map(\.0.sequenceCount) == [0, 0, 1])
  }

  // MARK: Markers

  @Test func `a literal unknown word is the unknown word`() throws {
    let encoded = try encode(TextChunk("a <unk> b"), TextSettings(tokenizer: .words)).0
    #expect(encoded.tokens[2] == .unknown)
    #expect(!encoded.tokens[2].isOutOfVocabulary)
    let characters = try encode(TextChunk("<unk>"), TextSettings(tokenizer: .characters)).0
    #expect(characters.tokens.count == 7)
  }

  @Test(arguments: ["<s>", "</s>"], [TextSettings.Sequence.line, .document])
  func `a literal sentence mark is refused with its line, or skipped`(
    mark: String,
    sequence: TextSettings.Sequence
  ) throws {
    let settings = TextSettings(tokenizer: .whitespace, sequence: sequence)
    var block = TextChunk("a\nb \(mark) c")
    block.firstLine = 41
    let error = TextError.marker(mark, path: "t", line: 42)
    #expect(throws: error) { try encode(block, settings) }
    #expect(
      error.description
        == "t:42: the line has a literal '\(mark)', which marks sentences; remove it, or "
        + "use --markers skip to read it as white space"
    )
    let skipped = try encode(block, settings, markers: .skip)
    #expect(spellings(skipped).filter { $0 != "\n" }.suffix(3) == ["b", "c", "</s>"])
    #expect(skipped.0.tokens.count { $0 == .endSentence } == skipped.0.sequenceCount)
  }

  @Test func `a mark inside a word, or of characters, is text`() throws {
    #expect(
      spellings(try encode(TextChunk("a<s> <s>b </S>"), whitespace))
        == ["<s>", "a<s>", "<s>b", "</S>", "</s>"]
    )
    for tokenizer in [TokenizerName.characters, .graphemes, .bytes] {
      let encoded = try encode(TextChunk("<s>"), TextSettings(tokenizer: tokenizer))
      #expect(spellings(encoded) == ["<s>", "<", "s", ">", "</s>"])
    }
  }

  @Test func `a vocabulary that is closed gives what it lacks apart from the unknown word`() throws
  {
    var builder = VocabularyBuilder()
    builder.insert("a")
    builder.isClosed = true
    let block = TextChunk("a b <unk>")
    let open = try TextEncoder(whitespace).encode(block, of: "t", numbering: &builder)
    #expect(
      open.tokens == [.beginSentence, TokenID(3), .outOfVocabulary, .unknown, .endSentence]
    )
    var vocabulary = builder.vocabulary()
    let again = try TextEncoder(whitespace).encode(block, of: "t", numbering: &vocabulary)
    #expect(again.tokens == open.tokens)
    #expect(TokenID.outOfVocabulary.index == TokenID.unknown.index)
  }

  // MARK: Places

  @Test(arguments: TokenizerName.allCases)
  func `ranges give back each token's text and place`(tokenizer: TokenizerName) throws {
    let text = "Ein Fluß,\r\nzwei  Brücken.\n\nEnde"
    let settings = TextSettings(tokenizer: tokenizer)
    let (encoded, vocabulary) = try encode(TextChunk(text), settings, keepsRanges: true)
    #expect(encoded.ranges.count == encoded.tokens.count)
    for (token, range) in zip(encoded.tokens, encoded.ranges) {
      let isMarker = token == .beginSentence || token == .endSentence
      #expect(
        Array(encoded.text[range])
          == (isMarker ? [] : vocabulary.withBytes(of: token) { Array($0) })
      )
    }
    for (left, right) in zip(encoded.ranges, encoded.ranges.dropFirst()) {
      #expect(left.upperBound <= right.lowerBound)
    }
    #expect(encoded.lines.map(\.byteOffset) == [0, 12, 28, 29])
    #expect(encoded.lines.map(\.byteCount) == [12, 16, 1, 4])
    #expect(encoded.lines.map(\.characterCount) == [11, 15, 1, 4])
    #expect(encoded.lines.map(\.graphemeCount) == [10, 15, 1, 4])
    #expect(encoded.byteCount == text.utf8.count)
    #expect(encoded.characterCount == text.unicodeScalars.count)
    #expect(encoded.graphemeCount == text.count)
    let plain = try encode(TextChunk(text), settings).0
    #expect(plain.tokens == encoded.tokens)
    #expect(plain.ranges.isEmpty && plain.text.isEmpty)
    #expect(
      plain.lines
        == encoded.lines.map {
          .init(firstToken: $0.firstToken, byteCount: $0.byteCount, isBlank: $0.isBlank)
        }
    )
  }

  /// Each token's place in the file, found from its line, is where the file has its bytes.
  @Test(arguments: TokenizerName.allCases, ["", "\u{FEFF}"])
  func `offsets are those in the file, after a byte-order mark too`(
    tokenizer: TokenizerName,
    mark: String
  ) throws {
    let file = Array("\(mark)Ein Fluß,\r\n\r\nzwei Brücken\nEnde".utf8)
    let settings = TextSettings(tokenizer: tokenizer)
    let block = try #require(try fileBlocks(file, isRaw: settings.readsRawBytes).first)
    let encoded = try encode(block, settings, keepsRanges: true).0
    for (index, line) in encoded.lines.enumerated() {
      for token in encoded.tokenRange(ofLine: index) {
        let range = encoded.ranges[token]
        let bytes = Array(encoded.text[range])
        let start = line.byteOffset + range.lowerBound - line.textOffset
        // The line feed of a CR LF stands for both.
        if bytes == [10] && start < file.count && file[start] == 13 { continue }
        #expect(Array(file[start..<(start + range.count)]) == bytes)
      }
    }
  }

  @Test func `a text knows its first line and its own bytes`() throws {
    var block = TextChunk("c d\ne")
    block.firstLine = 7
    block.byteOffset = 1000
    let encoded = try encode(block, whitespace, keepsRanges: true).0
    #expect(encoded.firstLine == 7)
    #expect(encoded.lines.map(\.byteOffset) == [1000, 1004])
    #expect(encoded.lines.map(\.firstToken) == [0, 4])
    #expect(encoded.ranges == [0..<0, 0..<1, 2..<3, 3..<3, 3..<3, 3..<4, 4..<4])
  }

  // MARK: Bytes and characters

  @Test func `normalisation comes before tokens and not before counting`() throws {
    let settings = TextSettings(
      tokenizer: .words,
      normalization: Normalization(lowercases: true, form: .nfc)
    )
    let encoded = try encode(TextChunk("CAFE\u{301} NOIR\n"), settings, keepsRanges: true)
    #expect(spellings(encoded) == ["<s>", "caf\u{e9}", "noir", "</s>"])
    #expect(encoded.0.byteCount == 12)
    #expect(encoded.0.characterCount == 11)
    #expect(encoded.0.graphemeCount == 10)
    #expect(encoded.0.text == Array("caf\u{e9} noir".utf8))
    #expect(encoded.0.lines[0].byteCount == 12)
  }

  @Test func `white space that no word has is still counted`() throws {
    let encoded = try encode(TextChunk(" \u{3000}a \u{0}\tb\r\n"), whitespace)
    #expect(spellings(encoded) == ["<s>", "\u{3000}a", "b", "</s>"])
    #expect(encoded.0.byteCount == 11)
    #expect(encoded.0.characterCount == 9)
  }

  @Test func `raw bytes are taken as they are`() throws {
    let settings = TextSettings(tokenizer: .bytes)
    var block = TextChunk("\u{FEFF}\r\n")
    block.bytes.append(0xff)
    let (encoded, vocabulary) = try encode(block, settings)
    #expect(
      encoded.tokens[1..<7].map { vocabulary.withBytes(of: $0) { Array($0) } }
        == [[0xef], [0xbb], [0xbf], [13], [10], [0xff]]
    )
    #expect(encoded.tokens.count == 8)
    #expect(encoded.byteCount == 6)
    #expect(encoded.characterCount == 4)
    #expect(encoded.graphemeCount == 3, "CR LF is one, and so is what is no UTF-8")
  }

  @Test func `the tokenizer decides what a sequence is, unless told`() {
    for tokenizer in TokenizerName.allCases {
      let isOfWords = tokenizer == .whitespace || tokenizer == .words
      #expect(TextSettings(tokenizer: tokenizer).sequence == (isOfWords ? .line : .document))
      #expect(TextSettings(tokenizer: tokenizer).readsRawBytes == (tokenizer == .bytes))
    }
    #expect(TextSettings(tokenizer: .words, sequence: .document).sequence == .document)
  }
}
