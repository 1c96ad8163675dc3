import Files
import Foundation
import InformationTheory
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// Models that spell the words they do not know.
@Suite struct SpellingModelTests {
  private static let text = "ab aab abb ba ab\nabc bca ab aab <unk>\nca cab ab\n"
  private static let recipe = Recipe(order: 2, spellsUnknown: true)

  private func speller(_ recipe: Recipe = Self.recipe, of text: String = Self.text) throws
    -> SpellingModel
  {
    try #require(try recipe.model(text).speller)
  }

  /// All strings of `letters` with `length` of them.
  private func strings(_ length: Int, of letters: String) -> [String] {
    (0..<length).reduce([""]) { strings, _ in
      strings.flatMap { string in letters.map { string + String($0) } }
    }
  }

  @Test(arguments: [
    Self.recipe, Recipe(order: 2, minimumCount: 2, spellsUnknown: true),
    Recipe(order: 2, vocabulary: "ab\ncab\nbb\n", spellsUnknown: true),
    Recipe(order: 2, minimumCount: 2, rareTokens: .drop, spellsUnknown: true),
    Recipe(method: .wittenBell, order: 3, lowercases: true, spellsUnknown: true),
  ])
  func `known words and all spellings of unknown ones make one at most`(recipe: Recipe) throws {
    // Many different words, so that little is left for bytes that none has.
    var generator = SplitMix64(seed: 8)
    let more = (0..<400).map { _ in
      String((0..<2 + generator.skewed(5)).map { _ in ["a", "b", "c"][generator.skewed(3)] })
    }
    let model = try recipe.model(Self.text + more.joined(separator: " ") + "\n")
    let speller = try #require(model.speller)
    var spelled = 0.0
    for length in 1...8 {
      let words = strings(length, of: "abc").filter { model.vocabulary[$0].isOutOfVocabulary }
      let bytes = Array(words.joined().utf8)
      let ranges = words.indices.map { length * $0..<length * ($0 + 1) }
      for word in speller.logProbabilities(of: ranges, in: bytes.span) {
        spelled += word.probability
      }
    }
    // The rest is of longer words and of other bytes.
    #expect(spelled > 0.5 && spelled < 1)
    for context in ["<s>", "<s> ab", "<s> ab zzz"] {
      let distribution = model.distribution(after: model.tokens(context))
      let known = distribution.dropFirst().reduce(0, +)
      let unknown = distribution[0]
      #expect(known + unknown * spelled < 1 + 1e-9)
      #expect(known + unknown * spelled > 1 - 0.5 * unknown)
    }
  }

  @Test func `no string of bytes is impossible and none costs much more than its bytes`() throws {
    let speller = try speller()
    var generator = SplitMix64(seed: 5)
    let single = UInt8.min...UInt8.max
    let strings =
      single.map { [$0] }
      + (0..<200).map { length in (0..<length).map { _ in UInt8(generator.next() % 256) } }
    for bytes in strings {
      let bits = speller.logProbabilities(of: [0..<bytes.count], in: bytes.span)[0].bits
      #expect(bits < 0)
      #expect(bits >= -10 - Double(bytes.count + 1) * log2(257) - 0.01, "\(bytes)")
    }
  }

  @Test func `a word is spelled the same wherever it stands`() throws {
    let speller = try speller()
    let text = Array("cab zebra ab".utf8)
    let together = speller.logProbabilities(of: [0..<3, 4..<9, 10..<12, 4..<9], in: text.span)
    #expect(together == ["cab", "zebra", "ab", "zebra"].map { speller.logProbability($0) })
    #expect(together[1] < together[2])
  }

  @Test func `a spelling's bits are rounded down to those that a score keeps`() throws {
    let speller = try speller()
    for word in ["zebra", "abba", "bcb"] {
      var score = TokenScore(logProbability: LogProbability(bits: -3), matchedLength: 1)
      #expect(score.spelling == .one)
      score.spell(speller.logProbability(word))
      #expect(score.spelling == speller.logProbability(word))
      #expect(score.logProbability.bits == -3 + score.spelling.bits)
    }
  }

  @Test func `what the known words take away is given back`() throws {
    let speller = try speller()
    let known = ["ab", "aab", "abb", "ba", "abc", "bca", "ca", "cab"].map { word in
      exp2(speller.bits(of: [0..<word.utf8.count], in: Array(word.utf8).span)[0])
    }
    #expect(isClose(known.reduce(0, +), speller.knownShare, within: 1e-12))
    #expect(speller.typeCount == 8)
    let bytes = Array("bab".utf8)
    let bits = speller.bits(of: [0..<3], in: bytes.span)[0] - log2(1 - speller.knownShare)
    #expect(isClose(speller.logProbability("bab").bits, bits, within: 1e-6))
  }

  @Test func `words that a vocabulary leaves out are learned from`() throws {
    let text = String(repeating: "known word\n", count: 20) + "zyx xyz zyxy\n"
    let recipe = Recipe(order: 2, vocabulary: "known\nword\nlisted\n", spellsUnknown: true)
    let speller = try speller(recipe, of: text)
    #expect(speller.typeCount == 6)
    #expect(speller.logProbability("xyzy") > speller.logProbability("bcdf"))
  }

  @Test func `a text of unknown words alone has a model of spellings`() throws {
    let speller = try speller(Recipe(order: 2, spellsUnknown: true), of: "<unk> <unk>\n")
    #expect(speller.typeCount == 0 && speller.heldOutBits == nil)
    #expect(speller.logProbability("a") == speller.logProbability("z"))
    #expect(speller.logProbability("ab") < speller.logProbability("z"))
  }

  @Test func `very long words and very many are left out`() {
    var vocabulary = VocabularyBuilder()
    vocabulary.insert(String(repeating: "a", count: SpellingSample.longestByteCount))
    vocabulary.insert(String(repeating: "b", count: SpellingSample.longestByteCount + 1))
    #expect(SpellingSample(of: vocabulary).ranges.count == 1)
    for number in 0..<98 { vocabulary.insert("w\(number)") }
    #expect(SpellingSample(of: vocabulary, capacity: 100).ranges.count == 99)
    #expect(SpellingSample(of: vocabulary, capacity: 99).ranges.count == 50)
  }

  @Test func `the file is the same on any number of threads and where the text is spilled`() throws
  {
    let text = randomText(words: 3000, lines: 500, seed: 4)
    var recipe = Self.recipe
    let file = try recipe.file(recipe.data(text))
    recipe.threads = 3
    let bound = MemoryBound(1 << 13, folder: NSTemporaryDirectory(), order: 2, textByteCount: nil)
    for other in [
      try recipe.file(recipe.data(text)), try recipe.file(recipe.data(text, bound: bound)),
    ] {
      #expect(
        other.withBytes(0..<other.count) { Array($0) }
          == file.withBytes(0..<file.count) { Array($0) }
      )
    }
  }

  @Test func `a damaged speller is refused or found, and nothing crashes`() throws {
    let file = try Self.recipe.file(Self.recipe.data(Self.text))
    let range = try ModelSections(file, path: "m").range(.speller)
    var bytes = file.withBytes(0..<file.count) { Array($0) }
    var generator = SplitMix64(seed: 3)
    let places =
      Array(range.prefix(400)) + Array(range.suffix(900))
      + (0..<300).map { _ in Int.random(in: range, using: &generator) }
    for place in places {
      let original = bytes[place]
      bytes[place] = original ^ (1 << UInt8(generator.next() % 8))
      let damaged = Bytes(copying: bytes.span)
      do throws(ModelFileError) {
        let model = try NGramModel(damaged, path: "m")
        let bits = model.speller?.logProbability("abcabz").bits ?? 0
        #expect(bits <= 1e6 && !bits.isNaN)
        try model.verifyChecksums(path: "m")
        Issue.record("byte \(place) is not found")
      } catch {
        #expect(error == .damaged(path: "m", part: "speller"))
      }
      bytes[place] = original
    }
  }

  @Test func `a file without the parts that came later opens`() throws {
    let recipe = Recipe(order: 2)
    let file = try recipe.file(recipe.data(Self.text))
    var bytes = file.withBytes(0..<file.count) { Array($0) }
    let sectionCount = Int(bytes[16])
    bytes[8] = UInt8(ModelLayout.oldestVersion)
    // The checksum of header and table, without the checksum itself.
    bytes.replaceSubrange(32..<40, with: [UInt8](repeating: 0, count: 8))
    let end = ModelLayout.tableEnd(sectionCount: sectionCount)
    let checksum = hash64(bytes.span.extracting(..<end))
    for index in 0..<8 {
      bytes[32 + index] = UInt8(truncatingIfNeeded: checksum >> UInt64(8 * index))
    }
    let model = try NGramModel(Bytes(copying: bytes.span), path: "m")
    try model.verifyChecksums(path: "m")
    #expect(model.speller == nil)
  }

  @Test func `what is known of spellings comes back from its line`() {
    for facts in [
      SpellingFacts(typeCount: 7, knownShare: 1.0 / 3, heldOutBits: 23.5),
      SpellingFacts(typeCount: 0, knownShare: 0, heldOutBits: nil),
    ] {
      #expect(SpellingFacts(facts.description) == facts)
    }
    for line in ["", "1 2", "1 1 -", "1 nan -", "1 -1 -", "x 0 -", "1 0.5 3 4"] {
      #expect(SpellingFacts(line) == nil)
    }
  }
}

extension SpellingModel {
  /// The log-probability of one word.
  fileprivate func logProbability(_ word: String) -> LogProbability {
    let bytes = Array(word.utf8)
    return logProbabilities(of: [0..<bytes.count], in: bytes.span)[0]
  }
}
