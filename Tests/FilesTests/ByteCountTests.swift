import Files
import Testing

@Suite struct ByteCountTests {
  /// Lengths around a word and around the longest run whose sums stay in bytes.
  @Test(arguments: [0, 1, 7, 8, 9, 63, 1983, 1984, 1985, 4000, 9000])
  func `bytes and scalars are counted as one by one, whatever the length`(count: Int) {
    for fill in [UInt8(10), 0x80, 0xbf, 0xff, 0] {
      var bytes = [UInt8](repeating: fill, count: count)
      for index in stride(from: 0, to: count, by: 3) {
        bytes[index] = UInt8(truncatingIfNeeded: index &* index >> 3)
      }
      for byte in [UInt8(10), 0x8a, 0, fill] {
        #expect(bytes.span.count(of: byte) == bytes.count { $0 == byte })
      }
      #expect(bytes.span.scalarCount == bytes.count { $0 & 0xc0 != 0x80 })
    }
  }

  @Test func `the scalars of a text are those Swift counts`() {
    let text = String(repeating: "naïve – 猫 🐈\n", count: 300)
    #expect(Array(text.utf8).span.scalarCount == text.unicodeScalars.count)
  }
}
