import Testing

@testable import Tokenization

@Suite struct WordSegmenterTests {
  @Test func `all cases of the standard pass`() throws {
    let cases = wordBreakCases.split(separator: " ")
    #expect(cases.count == 1823)
    let segmenter = WordSegmenter()
    for testCase in cases {
      var bytes: [UInt8] = []
      var expected = [0]
      for segment in testCase.split(separator: "÷") {
        for scalar in segment.split(separator: "×") {
          let number = try #require(UInt32(scalar, radix: 16))
          bytes += String(try #require(Unicode.Scalar(number))).utf8
        }
        expected.append(bytes.count)
      }
      #expect(segmenter.boundaries(of: bytes.span) == expected, "\(testCase)")
    }
  }

  @Test func `an empty text has no boundary`() {
    #expect(WordSegmenter().boundaries(of: [UInt8]().span).isEmpty)
  }
}
