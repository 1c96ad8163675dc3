import Files
import Testing
import Tokenization

@Suite struct VocabularyTests {
  @Test func `numbers are in the order of first occurrence, after the special ones`() {
    var builder = VocabularyBuilder()
    let ids = ["b", "a", "b", "<unk>", "</s>", "", "a"].map { builder.insert($0).rawValue }
    #expect(ids == [3, 4, 3, 0, 2, 5, 4])
    let vocabulary = builder.vocabulary()
    #expect(vocabulary.count == 6)
    #expect(vocabulary["a"] == TokenID(4))
    #expect(vocabulary["c"] == .outOfVocabulary)
    #expect(vocabulary[TokenID(3)] == "b")
    #expect(vocabulary[TokenID(77)] == "")
  }

  @Test func `thousands of words of every length are found again`() {
    var builder = VocabularyBuilder()
    let words = (0..<20_000).map { String(repeating: "x", count: $0 % 40) + "\($0)" }
    for word in words { builder.insert(word) }
    let vocabulary = builder.vocabulary()
    for (index, word) in words.enumerated() {
      #expect(vocabulary[word] == TokenID(UInt32(index + 3)))
      #expect(vocabulary[TokenID(UInt32(index + 3))] == word)
      #expect(vocabulary[word + "?"].isOutOfVocabulary)
    }
  }

  @Test func `bytes that are no text are tokens like any`() {
    var builder = VocabularyBuilder()
    for byte in UInt8.min...UInt8.max { _ = [byte].withUnsafeBytes { builder.number(of: $0) } }
    let vocabulary = builder.vocabulary()
    for byte in UInt8.min...UInt8.max {
      let id = [byte].withUnsafeBytes { vocabulary.number(of: $0) }
      #expect(id == TokenID(UInt32(byte) + 3))
      #expect(vocabulary.withBytes(of: id) { Array($0) } == [byte])
    }
  }

  @Test func `a closed vocabulary takes no more words`() {
    var builder = VocabularyBuilder()
    builder.insert("a")
    builder.isClosed = true
    #expect(builder.insert("b") == .outOfVocabulary)
    #expect(builder.insert("a") == TokenID(3))
    #expect(builder.count == 4)
  }

  @Test func `keeping some words renumbers them and makes the others unknown`() {
    var builder = VocabularyBuilder()
    for word in ["a", "b", "c"] { builder.insert(word) }
    var numbers: [UInt32] = []
    let kept = builder.keeping({ $0 == 5 }, numbers: &numbers)
    #expect(numbers == [0, 1, 2, 0, 0, 3])
    #expect(kept.vocabulary()["c"] == TokenID(3))
  }

  @Test func `the fingerprint tells vocabularies apart`() {
    func fingerprint(_ words: [String]) -> UInt64 {
      var builder = VocabularyBuilder()
      for word in words { builder.insert(word) }
      return builder.vocabulary().fingerprint
    }
    #expect(fingerprint(["a", "bc"]) == fingerprint(["a", "bc"]))
    #expect(fingerprint(["a", "bc"]) != fingerprint(["ab", "c"]))
    #expect(fingerprint(["a", "bc"]) != fingerprint(["bc", "a"]))
  }

  @Test func `a damaged image is refused or read without harm`() {
    var builder = VocabularyBuilder()
    for word in ["alpha", "beta", "gamma"] { builder.insert(word) }
    var image: [UInt8] = []
    builder.vocabulary().withImage { image.append(contentsOf: $0) }
    // The table itself is large and empty: the first bytes of it are enough.
    for index in 0..<min(image.count, 1200) {
      image[index] ^= 0x81
      if let vocabulary = try? Vocabulary(image: image.withUnsafeBytes { Bytes(copying: $0) }) {
        for word in ["alpha", "beta", "delta", ""] { _ = vocabulary[vocabulary[word]] }
        _ = vocabulary.fingerprint
      }
      image[index] ^= 0x81
    }
    #expect(throws: Vocabulary.Malformed.self) {
      try Vocabulary(image: image[..<100].withUnsafeBytes { Bytes(copying: $0) })
    }
  }
}
