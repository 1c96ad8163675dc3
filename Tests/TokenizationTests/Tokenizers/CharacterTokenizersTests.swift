import Testing
import Tokenization

/// Characters, graphemes and bytes.
@Suite struct CharacterTokenizersTests {
  @Test func `characters are scalars`() {
    let tokenizer = CharacterTokenizer()
    #expect(tokenizer.tokens(in: "a é😀") == ["a", " ", "é", "😀"])
    #expect(tokenizer.tokens(in: "e\u{301}").count == 2)
    #expect(tokenizer.tokens(in: "👍🏽").count == 2)
    for text in testTexts {
      #expect(tokenizer.tokens(in: text) == text.unicodeScalars.map { String($0) })
    }
  }

  @Test func `graphemes are what Swift calls characters`() {
    let tokenizer = GraphemeTokenizer()
    #expect(tokenizer.tokens(in: "e\u{301}🇩🇪🇫🇷👨‍👩‍👧‍👦x") == ["e\u{301}", "🇩🇪", "🇫🇷", "👨‍👩‍👧‍👦", "x"])
    #expect(tokenizer.tokens(in: "a\r\nb\n\r") == ["a", "\r\n", "b", "\n", "\r"])
    for text in testTexts {
      // As bytes, for equal strings may have different scalars.
      #expect(tokenizer.tokens(in: text).map { Array($0.utf8) } == text.map { Array($0.utf8) })
    }
  }

  @Test func `the ASCII path of graphemes agrees with Swift around other scalars`() {
    let pieces = [
      "a", " ", "\r", "\n", "\r\n", "\u{301}", "é", "\u{600}", "\u{200D}", "👩", "🇩", "각",
      "क\u{94D}",
    ]
    for first in pieces {
      for second in pieces {
        for third in pieces {
          for fourth in pieces {
            let text = first + second + third + fourth
            let tokens = GraphemeTokenizer().tokens(in: text)
            #expect(
              tokens.map { Array($0.utf8) } == text.map { Array($0.utf8) },
              "\(text.debugDescription)"
            )
          }
        }
      }
    }
  }

  @Test func `bytes are bytes`() {
    #expect(ranges(of: "né", by: ByteTokenizer()) == [0..<1, 1..<2, 2..<3])
    #expect(ByteTokenizer().tokens(in: "a\u{0}") == ["a", "\u{0}"])
  }
}
