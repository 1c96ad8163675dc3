import TestSupport
import Testing
import Tokenization

/// What every tokenizer promises.
@Suite struct TokenizerLawTests {
  @Test(arguments: TokenizerName.allCases)
  func `ranges ascend inside the text and are never empty`(name: TokenizerName) {
    for text in testTexts {
      var end = 0
      for range in ranges(of: text, by: name.tokenizer) {
        #expect(range.lowerBound >= end && !range.isEmpty, "\(name) on \(text.prefix(40))")
        end = range.upperBound
      }
      #expect(end <= text.utf8.count)
    }
  }

  @Test(arguments: [TokenizerName.characters, .graphemes, .bytes])
  func `tokens of single characters cover every byte`(name: TokenizerName) {
    for text in testTexts {
      let ranges = ranges(of: text, by: name.tokenizer)
      var end = 0
      for range in ranges {
        #expect(range.lowerBound == end)
        end = range.upperBound
      }
      #expect(end == text.utf8.count, "\(name) on \(text.prefix(40))")
    }
  }

  @Test(arguments: [TokenizerName.words, .whitespace])
  func `only white space is dropped`(name: TokenizerName) {
    for text in testTexts {
      let bytes = Array(text.utf8)
      var dropped: [UInt8] = []
      var end = 0
      for range in ranges(of: text, by: name.tokenizer) {
        dropped += bytes[end..<range.lowerBound]
        end = range.upperBound
      }
      dropped += bytes[end...]
      let scalars = String(decoding: dropped, as: UTF8.self).unicodeScalars
      #expect(
        scalars.allSatisfy {
          name == .words ? $0.properties.isWhitespace : "\0\t\n\r ".unicodeScalars.contains($0)
        },
        "\(name) on \(text.prefix(40))"
      )
    }
  }

  @Test(arguments: TokenizerName.allCases)
  func `ranges are appended to those that are there`(name: TokenizerName) {
    let bytes = Array("a b".utf8)
    var ranges = [7..<9]
    name.tokenizer.tokenize(bytes.span, into: &ranges)
    #expect(ranges.first == 7..<9)
    #expect(ranges.count > 2)
  }

  @Test(arguments: TokenizerName.allCases)
  func `bytes that are no text stay inside the laws`(name: TokenizerName) {
    for length in 0..<200 {
      let bytes = randomBytes(length, seed: UInt64(length))
        .map { $0 | (length % 2 == 0 ? 0x80 : 0) }
      var ranges: [Range<Int>] = []
      name.tokenizer.tokenize(bytes.span, into: &ranges)
      var end = 0
      for range in ranges {
        #expect(range.lowerBound >= end && !range.isEmpty)
        end = range.upperBound
      }
      #expect(end <= bytes.count)
    }
  }
}
