import Testing

@testable import Perplexity

@Suite struct BandsTests {
  @Test func `each number is in the band that names it`() {
    let bands = Bands.trainingCounts
    let keys = [0, 1, 4, 5, 9, 10, 99, 100, 9999, 10_000, .max].map {
      bands.key(bands.index(of: $0))
    }
    #expect(
      keys == ["0", "1", "4", "5-9", "5-9", "10-99", "10-99", "100-999", "1000-9999"]
        + ["10000+", "10000+"]
    )
    #expect(Bands.lineLengths.index(of: 0) == 0)
  }

  @Test(arguments: [
    ("the", WordClass.other), ("The", .capitalised), (" The", .capitalised), ("'Tis", .capitalised),
    ("1990s", .number), ("$3.50", .number), ("½", .number), ("...", .punctuation),
    ("$", .punctuation),
    (" ", .whiteSpace), ("\r\n", .whiteSpace), ("\u{3000}", .whiteSpace), ("Ǆ", .capitalised),
    ("本", .other), ("é", .other), ("", .punctuation), ("😀", .punctuation),
  ])
  func `a class is told by the first letter or digit`(word: String, expected: WordClass) {
    let bytes = Array(word.utf8)
    #expect(WordClass(of: bytes.span) == expected)
  }

  @Test func `what is no UTF-8 is other`() {
    #expect(WordClass(of: [0xC3, 0x41].span) == .other)
  }

  @Test func `of equals the first are kept`() {
    var few = CostliestFew<String>(2)
    for (word, bits) in [("a", 1.0), ("b", 3), ("c", 1), ("d", 3), ("e", 3)] {
      few.insert(word, bits: bits)
    }
    #expect(few.elements.map(\.element) == ["b", "d"])
    var none = CostliestFew<String>(0)
    none.insert("a", bits: .infinity)
    #expect(none.elements.isEmpty)
  }
}
