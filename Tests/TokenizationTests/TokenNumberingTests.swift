import Files
import InformationTheory
import TestSupport
import Testing
import Tokenization

/// Numbering many tokens together, held against one after the other.
@Suite struct TokenNumberingTests {
  /// Tokens of all lengths up to 20 and some beyond 255, known and new, in runs and mixed; the last
  /// end with the text.
  private static let words: [String] = {
    var generator = SplitMix64(seed: 1)
    var words: [String] = []
    for index in 0..<3000 {
      let length = Int(generator.next() % (index % 7 == 0 ? 20 : 9))
      let letter = Character(UnicodeScalar(97 + UInt8(generator.next() % 8)))
      words.append(String(repeating: letter, count: length) + "\(generator.next() % 8)")
      if index % 500 == 0 { words += Array("a run of characters, é too").map { String($0) } }
      if index % 700 == 0 {
        for count in [254, 255, 256, 300] {
          words.append(String(repeating: "x", count: count) + "\(index % 1400)")
        }
      }
    }
    return words + ["<unk>", "<s>", "</s>", "z", "zz", "zzzzzzzz", "zzzzzzzzz"]
  }()

  private func number<Numbering: TokenNumbering & ~Copyable>(
    _ words: [String],
    _ numbering: inout Numbering
  ) -> [TokenID] {
    let text = Array(words.joined().utf8)
    var ranges: [Range<Int>] = []
    for word in words {
      let start = ranges.last?.upperBound ?? 0
      ranges.append(start..<start + word.utf8.count)
    }
    return [TokenID](capacity: words.count) { output in
      numbering.number(ranges.span, of: text.span, into: &output)
    }
  }

  @Test(arguments: [0, 1, 127, 128, 129, 3000])
  func `tokens together have the numbers they have one by one`(count: Int) {
    let words = Array(Self.words.suffix(count))
    var together = VocabularyBuilder()
    var single = VocabularyBuilder()
    #expect(number(words, &together) == words.map { single.insert($0) })
    #expect(together.count == single.count)
    #expect(together.vocabulary().fingerprint == single.vocabulary().fingerprint)
  }

  @Test func `every token is found by its bytes after each step`() {
    var builder = VocabularyBuilder()
    for (index, word) in Self.words.enumerated() {
      builder.insert(word)
      if index < 200 || index % 400 == 0 { builder.checkInvariants() }
    }
    builder.checkInvariants()
    builder.removeAll()
    builder.checkInvariants()
    _ = number(Self.words, &builder)
    builder.checkInvariants()
  }

  @Test func `a vocabulary that is closed or read from a file finds the same together`() {
    var builder = VocabularyBuilder()
    for word in Self.words.prefix(1500) { builder.insert(word) }
    builder.isClosed = true
    var vocabulary = builder.vocabulary()
    let expected = Self.words.map { vocabulary[$0] }
    #expect(expected.contains(.outOfVocabulary))
    #expect(Self.words.map { builder.insert($0) } == expected)
    #expect(number(Self.words, &builder) == expected)
    #expect(number(Self.words, &vocabulary) == expected)
  }

  @Test func `a vocabulary that remembers finds the same, for new words and those that come again`()
  {
    var builder = VocabularyBuilder()
    for word in Self.words.prefix(1500) { builder.insert(word) }
    let vocabulary = builder.vocabulary()
    var cached = CachedVocabulary(vocabulary)
    for words in [Self.words, Self.words.reversed(), Array(Self.words.prefix(300)), []] {
      #expect(number(words + words, &cached) == (words + words).map { vocabulary[$0] })
    }
  }

  @Test func `a builder that was emptied is as new`() {
    var builder = VocabularyBuilder()
    _ = number(Self.words, &builder)
    builder.removeAll()
    #expect(builder.count == 3)
    var fresh = VocabularyBuilder()
    let others = Array(Self.words.reversed())
    #expect(number(others, &builder) == number(others, &fresh))
    #expect(builder.vocabulary().fingerprint == fresh.vocabulary().fingerprint)
  }

  @Test func `the tokens of one builder are put into another, from any number on`() {
    var source = VocabularyBuilder()
    let words = Self.words.filter { source.insert($0).index == source.count - 1 }
    var target = VocabularyBuilder()
    target.insert(words[200])
    let numbers = [TokenID](capacity: source.count) { output in
      target.insert(source, from: 3, into: &output)
    }
    var expected = VocabularyBuilder()
    expected.insert(words[200])
    #expect(numbers.count == source.count - 3)
    let distinct = source.vocabulary()
    #expect(numbers == (3..<source.count).map { expected.insert(distinct[TokenID(UInt32($0))]) })
    #expect(target.vocabulary().fingerprint == expected.vocabulary().fingerprint)
    let last = [TokenID](capacity: 1) { output in
      target.insert(source, from: source.count - 1, into: &output)
    }
    #expect(last == [numbers[numbers.count - 1]])
  }
}
