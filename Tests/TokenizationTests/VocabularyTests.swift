import Files
import Testing
import Tokenization

@Suite struct VocabularyTests {
  private func vocabulary(_ words: [String]) -> Vocabulary {
    var builder = VocabularyBuilder()
    for word in words { builder.insert(word) }
    return builder.vocabulary()
  }

  private func image(_ vocabulary: Vocabulary) -> [UInt8] {
    var image: [UInt8] = []
    vocabulary.withImage { image.append(copying: $0) }
    return image
  }

  private func bytes(_ image: [UInt8]) -> Bytes {
    Bytes(copying: image.span)
  }

  // MARK: Numbers

  @Test func `numbers are in the order of first occurrence, after the special ones`() {
    var builder = VocabularyBuilder()
    #expect(builder.count == 3)
    let ids = ["b", "a", "b", "<unk>", "<s>", "</s>", "", "a"].map { builder.insert($0).rawValue }
    #expect(ids == [3, 4, 3, 0, 1, 2, 5, 4])
    let vocabulary = builder.vocabulary()
    #expect(vocabulary.count == 6)
    #expect(vocabulary["a"] == TokenID(4))
    #expect(vocabulary[""] == TokenID(5))
    #expect(vocabulary["c"] == .outOfVocabulary)
    #expect(vocabulary[TokenID(3)] == "b")
    #expect(vocabulary[TokenID(77)] == "")
    #expect(vocabulary[.unknown] == "<unk>")
    #expect(vocabulary[.outOfVocabulary] == "<unk>")
    #expect(TokenID.specialSpellings.map { vocabulary[$0].rawValue } == [0, 1, 2])
  }

  @Test func `thousands of words of every length are found again`() {
    let words = (0..<20_000).map { String(repeating: "x", count: $0 % 40) + "\($0)" }
    let vocabulary = vocabulary(words)
    for (index, word) in words.enumerated() {
      #expect(vocabulary[word] == TokenID(UInt32(index + 3)))
      #expect(vocabulary[TokenID(UInt32(index + 3))] == word)
      #expect(vocabulary[word + "?"].isOutOfVocabulary)
    }
  }

  @Test func `a word keeps its number while the table grows`() {
    var builder = VocabularyBuilder()
    for number in 0..<UInt32(10_000) {
      #expect(builder.insert("w\(number)") == TokenID(number + 3))
      #expect(builder.insert("w\(number / 2)") == TokenID(number / 2 + 3))
    }
    #expect(builder.count == 10_003)
  }

  @Test func `words that begin others are words of their own`() {
    let word = String(repeating: "ab", count: 20)
    let prefixes = (0...word.count).map { String(word.prefix($0)) }
    let vocabulary = vocabulary(prefixes)
    #expect(prefixes.map { vocabulary[$0].rawValue } == (0...40).map { $0 + 3 })
    #expect(vocabulary[word + "a"].isOutOfVocabulary)
    // Canonically equal, but other bytes.
    #expect(self.vocabulary(["é"])["e\u{301}"].isOutOfVocabulary)
  }

  @Test func `bytes that are no text are tokens like any`() {
    var builder = VocabularyBuilder()
    for byte in UInt8.min...UInt8.max { _ = builder.number(of: [byte].span) }
    let vocabulary = builder.vocabulary()
    for byte in UInt8.min...UInt8.max {
      let id = vocabulary.number(of: [byte].span)
      #expect(id == TokenID(UInt32(byte) + 3))
      #expect(vocabulary.withBytes(of: id) { Array($0) } == [byte])
    }
    #expect(vocabulary[TokenID(0xff + 3)] == "\u{FFFD}")
  }

  @Test func `a very long word is a word`() {
    let word = String(repeating: "long", count: 100_000)
    let vocabulary = vocabulary(["a", word, "b"])
    #expect(vocabulary[word] == TokenID(4))
    #expect(vocabulary["b"] == TokenID(5))
    #expect(vocabulary.withBytes(of: TokenID(4)) { $0.count } == 400_000)
  }

  @Test func `a closed vocabulary takes no more words`() {
    var builder = VocabularyBuilder()
    builder.insert("a")
    builder.isClosed = true
    #expect(builder.insert("b") == .outOfVocabulary)
    #expect(builder.insert("a") == TokenID(3))
    #expect(builder.insert("<unk>") == .unknown)
    #expect(builder.count == 4)
    builder.isClosed = false
    #expect(builder.insert("b") == TokenID(4))
  }

  @Test func `keeping some words renumbers them and makes the others unknown`() {
    var builder = VocabularyBuilder()
    for word in ["a", "b", "c", "d"] { builder.insert(word) }
    var numbers: [UInt32] = []
    let kept = builder.keeping({ $0 == 4 || $0 == 6 }, numbers: &numbers)
    #expect(numbers == [0, 1, 2, 0, 3, 0, 4])
    let vocabulary = kept.vocabulary()
    #expect(vocabulary.count == 5)
    #expect((3..<5).map { vocabulary[TokenID($0)] } == ["b", "d"])
    #expect(vocabulary["a"].isOutOfVocabulary)
    let none = builder.keeping({ _ in false }, numbers: &numbers)
    #expect(numbers == [0, 1, 2, 0, 0, 0, 0])
    #expect(none.count == 3)
  }

  @Test func `a vocabulary does not change with its builder`() {
    var builder = VocabularyBuilder()
    builder.insert("a")
    let vocabulary = builder.vocabulary()
    builder.insert("b")
    #expect(vocabulary.count == 4)
    #expect(vocabulary["b"].isOutOfVocabulary)
  }

  @Test func `the fingerprint tells vocabularies apart`() {
    func fingerprint(_ words: [String]) -> UInt64 { vocabulary(words).fingerprint }
    #expect(fingerprint(["a", "bc"]) == fingerprint(["a", "bc"]))
    #expect(fingerprint(["a", "bc"]) != fingerprint(["ab", "c"]))
    #expect(fingerprint(["a", "bc"]) != fingerprint(["bc", "a"]))
    #expect(fingerprint(["a", "bc"]) != fingerprint(["a", "bc", ""]))
  }

  // MARK: The image

  /// Around a multiple of eight bytes, and with a table that has grown.
  @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7, 8, 3000])
  func `an image read and written again is the same`(wordCount: Int) throws {
    let words = (0..<wordCount).map { "\($0)" }
    let first = image(vocabulary(words))
    #expect(first.count % 8 == 0)
    // In the midst of other bytes, as in a model file.
    let file = [UInt8](repeating: 0xaa, count: 64) + first + [UInt8](repeating: 0xbb, count: 64)
    let read = try #require(Vocabulary(image: bytes(file), offset: 64, byteCount: first.count))
    #expect(read.count == wordCount + 3)
    for (index, word) in words.enumerated() {
      #expect(read[word] == TokenID(UInt32(index + 3)))
      #expect(read[TokenID(UInt32(index + 3))] == word)
    }
    #expect(image(read) == first)
    #expect(read.fingerprint == vocabulary(words).fingerprint)
  }

  /// Looks up what is there and what is not, and everything by number.
  private func use(_ vocabulary: Vocabulary) -> Bool {
    var isConsistent = true
    for word in ["alpha", "beta", "gamma", "delta", "<unk>", ""] {
      let id = vocabulary[word]
      // A look-up that finds anything finds a number of the vocabulary.
      isConsistent = isConsistent && (id.isOutOfVocabulary || id.index < vocabulary.count)
      _ = vocabulary[id]
    }
    for id in 0..<UInt32(min(vocabulary.count, 100)) { _ = vocabulary[TokenID(id)] }
    _ = vocabulary.fingerprint
    return isConsistent
  }

  /// The parts of the image that hold anything: all but the empty slots of the table.
  private func occupied(_ image: [UInt8]) -> [Int] {
    image.indices.filter { index in
      let word = index & ~7
      return index < 128 || image[word..<(word + 8)].contains { $0 != 0 }
    }
  }

  @Test(arguments: [0x01, 0x80, 0xff] as [UInt8])
  func `a damaged byte anywhere is refused or read without harm`(mask: UInt8) {
    var image = image(vocabulary(["alpha", "beta", "gamma", ""]))
    var readCount = 0
    for index in occupied(image) {
      image[index] ^= mask
      if let vocabulary = Vocabulary(image: bytes(image)) {
        #expect(use(vocabulary), "byte \(index)")
        readCount += 1
      }
      image[index] ^= mask
    }
    #expect(readCount > 0)
  }

  /// The number of each slot, below the vocabulary's first or above its last.
  @Test(arguments: [0, 8, 1000, 0x7fff_ffff, 0x8000_0001, 0xffff_ffff] as [UInt32])
  func `a slot of the table with a number that is none finds nothing`(number: UInt32) throws {
    let words = ["alpha", "beta", "gamma", ""]
    var image = image(vocabulary(words))
    let slotsStart = 32 + 8 * 8
    for slot in stride(from: slotsStart, to: slotsStart + 8 * 4096, by: 8)
    where image[slot..<(slot + 8)].contains(where: { $0 != 0 }) {
      for byte in 0..<4 { image[slot + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
    }
    let vocabulary = try #require(Vocabulary(image: bytes(image)))
    for word in words { #expect(vocabulary[word].isOutOfVocabulary) }
  }

  @Test func `a table without an empty slot is searched once and left`() {
    var image = image(vocabulary(["alpha"]))
    let slotsStart = 32 + 5 * 8
    for slot in stride(from: slotsStart, to: slotsStart + 8 * 4096, by: 8) { image[slot] |= 1 }
    #expect(Vocabulary(image: bytes(image))?["beta"].isOutOfVocabulary == true)
  }

  @Test func `an image cut short anywhere is refused`() {
    let whole = image(vocabulary(["alpha", "beta", "gamma"]))
    // The zeros at the end belong to no part: 5 + 3 + 4 + 5 + 4 + 5 bytes of tokens, then 6 zeros.
    let needed = whole.count - 6
    for count in [0, 8, 31, 32, 100, 4096, needed - 100, needed - 1] {
      #expect(Vocabulary(image: bytes(Array(whole[..<count]))) == nil)
      #expect(Vocabulary(image: bytes(whole), byteCount: count) == nil)
    }
    #expect(Vocabulary(image: bytes(whole), offset: 4) == nil)
    #expect(Vocabulary(image: bytes(whole), offset: -8) == nil)
    #expect(Vocabulary(image: bytes(whole), offset: 0, byteCount: whole.count + 8) == nil)
  }

  /// The four numbers of the header, and what is wrong with them.
  @Test(
    arguments: [
      [2, 14, 4096], [0, 0, 4096], [1 << 31 + 1, 14, 1 << 32], [.max, 14, 4096], [3, .max, 4096],
      [3, 14, 4095], [3, 14, 2], [3, 14, 0], [3, 14, 1 << 34], [3, 14, .max], [4096, 14, 4096],
      [3, 1 << 62, 4096],
    ] as [[UInt64]]
  )
  func `a header that cannot be is refused`(header: [UInt64]) {
    var image = image(vocabulary([]))
    for (index, value) in header.enumerated() {
      withUnsafeBytes(of: value.littleEndian) {
        image.replaceSubrange(index * 8..<index * 8 + 8, with: $0)
      }
    }
    #expect(Vocabulary(image: bytes(image)) == nil)
  }
}
