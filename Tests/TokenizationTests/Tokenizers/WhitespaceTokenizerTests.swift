import InformationTheory
import Testing
import Tokenization

@Suite struct WhitespaceTokenizerTests {
  @Test func `tokens stand between white space`() {
    let text = " the  cat\tsat,\r\n<unk>\u{0}on </s>"
    #expect(
      WhitespaceTokenizer().tokens(in: text) == ["the", "cat", "sat,", "<unk>", "on", "</s>"]
    )
  }

  @Test func `the bytes that separate are the five of KenLM`() {
    for byte in UInt8.min...UInt8.max {
      let bytes = [0x61, byte, 0x62]
      var ranges: [Range<Int>] = []
      WhitespaceTokenizer().tokenize(bytes.span, into: &ranges)
      let separates = [0x00, 0x09, 0x0A, 0x0D, 0x20].contains(byte)
      #expect(ranges == (separates ? [0..<1, 2..<3] : [0..<3]), "\(byte)")
    }
  }

  @Test func `other white space of Unicode does not separate`() {
    let text = "a\u{A0}b\u{3000}c\u{B}d\u{C}e"
    #expect(WhitespaceTokenizer().tokens(in: text) == [text])
  }

  /// The fast path works on 64 bytes at a time and 4096 bytes in a chunk.
  @Test func `the fast path agrees with a split`() {
    var generator = SplitMix64(seed: 42)
    for length in Array(0..<300) + [4095, 4096, 4097, 8192, 9001] {
      for density: UInt64 in [1, 3, 8, 200] {
        let bytes: [UInt8] = (0..<length).map { _ in
          let isControl = generator.next() % density == 0
          return UInt8(truncatingIfNeeded: generator.next()) & (isControl ? 0x21 : 0xFF)
        }
        var ranges: [Range<Int>] = []
        WhitespaceTokenizer().tokenize(bytes.span, into: &ranges)
        let plain = bytes.split { [0x00, 0x09, 0x0A, 0x0D, 0x20].contains($0) }
        #expect(ranges == plain.map { $0.startIndex..<$0.endIndex })
      }
    }
  }
}
