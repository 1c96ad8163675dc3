import Files
import Testing

@Suite struct ByteCountTests {
  /// Lengths around a word and around the longest run whose sums stay in bytes.
  @Test(arguments: [0, 1, 7, 8, 9, 63, 1983, 1984, 1985, 4000, 9000])
  func `bytes are counted as one by one, whatever the length`(count: Int) {
    for fill in [UInt8(10), 0x80, 0xbf, 0xff, 0] {
      var bytes = [UInt8](repeating: fill, count: count)
      for index in stride(from: 0, to: count, by: 3) {
        bytes[index] = UInt8(truncatingIfNeeded: index &* index >> 3)
      }
      for byte in [UInt8(10), 0x8a, 0, fill] {
        #expect(bytes.span.count(of: byte) == bytes.count { $0 == byte })
      }
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 31, 32, 33, 63, 100])
  func `ASCII is counted up to the first other byte, wherever it is`(count: Int) {
    for place in 0...count {
      var bytes = [UInt8](repeating: 0x7f, count: count)
      if place < count { bytes[place] = 0x80 }
      for start in 0...count {
        let expected = (start <= place ? place : count) - start
        #expect(bytes.span.asciiCount(from: start) == expected)
      }
    }
  }
}
