import Files
import Foundation
import InformationTheory
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// What a model keeps of the spans of its training text, and how it finds them again.
@Suite struct TrainingSpansTests {
  private static let settings = TextSettings(tokenizer: .whitespace)

  /// The hashes of all spans of `tokens`, by their last place.
  private func hashes(_ tokens: [UInt32], length: Int = 4, limit: Int = 1000) -> [Int: UInt64] {
    var hasher = SpanHasher(length: length, limit: limit)
    var result: [Int: UInt64] = [:]
    hasher.read(0..<tokens.count, shift: 0, token: { tokens[$0] }) { result[$0] = $1 }
    return result
  }

  private func values(
    _ tokens: [UInt32],
    cutAt places: [Int] = [],
    limit: Int = 1000
  ) -> [UInt64] {
    var builder = TrainingSpansBuilder(Self.settings, limit: limit)
    var buffer = Buffer<UInt32>(repeating: 0, count: tokens.count)
    buffer.copy(tokens.span, to: 0)
    var start = 0
    for end in places + [tokens.count] {
      builder.read(buffer, start..<end)
      start = end
    }
    return builder.values()
  }

  private func randomTokens(_ count: Int, below limit: UInt32 = 1000) -> [UInt32] {
    var generator = SplitMix64(seed: 1)
    return (0..<count).map { _ in UInt32(generator.next() % UInt64(limit)) }
  }

  @Test func `a span has the same hash wherever it stands, and others have another`() {
    let tokens = (0..<500).map { UInt32(3 + $0 * $0 % 7) }
    let found = hashes(tokens)
    #expect(found.count == 497)
    var hashOfSpan: [[UInt32]: UInt64] = [:]
    for (last, hash) in found {
      let span = Array(tokens[(last - 3)...last])
      #expect(hashOfSpan[span, default: hash] == hash)
      hashOfSpan[span] = hash
      #expect(hashes(span) == [3: hash])
    }
    #expect(Set(hashOfSpan.values).count == hashOfSpan.count)
  }

  @Test(arguments: [0, 1, 2, 1000, 0x8000_0000])
  func `no span reaches over an end, an unknown word or a word left out`(breaking: UInt32) {
    let tokens: [UInt32] = [3, 4, 5, 6, 7, breaking, 3, 4, 5, 6]
    let found = hashes(tokens)
    #expect(Set(found.keys) == [3, 4, 9])
    #expect(found[3] == found[9])
  }

  @Test func `of a small text all spans are kept`() {
    let tokens = randomTokens(3000)
    let kept = values(tokens)
    #expect(Array(kept[..<2]) == [8, 0])
    #expect(Array(kept[2...]) == Set(hashes(tokens, length: 8).values).sorted())
  }

  @Test func `of a large text a share is kept, by value, however it was cut`() {
    let tokens = randomTokens(120_000)
    let kept = values(tokens)
    let shift = Int(kept[1])
    #expect(shift == 5)
    let all = hashes(tokens, length: 8).values.filter { $0.leadingZeroBitCount >= shift }
    #expect(Array(kept[2...]) == Set(all).sorted())
    #expect(values(tokens, cutAt: [1, 70, 16384, 16390, 99_999]) == kept)
  }

  @Test func `repeated spans are kept once`() {
    let sentence: [UInt32] = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 2]
    let tokens = (0..<30_000).flatMap { _ in sentence }
    #expect(values(tokens).count == 2 + 2)
  }

  @Test func `a model finds its own text, and no other`() throws {
    let recipe = Recipe(method: .wittenBell, order: 2)
    let text = randomText(words: 50, lines: 60, length: 16, seed: 3)
    let model = try recipe.model(text)
    let own = try #require(found(by: model, text))
    #expect(own.found == own.sampled && own.sampled > 30 && own.share == 1 && own.isNotable)
    let other = try #require(
      found(by: model, randomText(words: 50, lines: 60, length: 16, seed: 4))
    )
    #expect(other.found == 0 && other.sampled > 30 && !other.isNotable && other.examples == [])
    let short = try #require(found(by: model, "w0 w1 w2\n"))
    #expect(short.sampled == 0 && short.share == 0)
  }

  @Test func `examples are the spans themselves, do not overlap, and have their lines`() throws {
    let letters = "a b c d e f g h i j k l m n o p q r s t u v w x"
    let model = try Recipe(method: .wittenBell, order: 2).model(letters + "\n")
    let overlap = try #require(found(by: model, "x x\nb c d e f g h i j k l m n o p q r\n"))
    #expect(overlap.sampled == 10 && overlap.found == 10)
    #expect(
      overlap.examples == [
        .init(line: 2, text: "b c d e f g h i"), .init(line: 2, text: "j k l m n o p q"),
      ]
    )
  }

  @Test func `what a text is cut into does not matter to what is found`() throws {
    let recipe = Recipe(method: .wittenBell, order: 2, tokenizer: .characters)
    let text =
      "the rain in Spain falls mainly on the plain, and nobody there has an umbrella today\n"
    let model = try recipe.model(text)
    let tokens = [.beginSentence] + text.unicodeScalars.map { model.vocabulary[String($0)] }
    let whole = try #require(OverlapCounter(model))
    whole.read(tokens.span, 0..<tokens.count) { _ in 1 }
    #expect(
      whole.overlap.examples.map(\.text) == [
        String(text.prefix(40)), String(text.dropFirst(40).prefix(40)),
      ]
    )
    for size in [1, 7, 41] {
      let counter = try #require(OverlapCounter(model))
      for start in stride(from: 0, to: tokens.count, by: size) {
        let part = Array(tokens[start..<min(start + size, tokens.count)])
        counter.read(part.span, 0..<part.count) { _ in 1 }
      }
      #expect(counter.overlap == whole.overlap)
    }
  }

  @Test func `sums of parts are those of the whole`() {
    var left = TrainingOverlap(spanLength: 8)
    left.sampled = 10
    left.found = 4
    left.examples = [.init(line: 1, text: "a"), .init(line: 2, text: "b")]
    var right = left
    right.found = 1
    let sum = left + right
    #expect(sum.sampled == 20 && sum.found == 5 && sum.share == 0.25)
    #expect(sum.examples.map(\.text) == ["a", "b", "a"])
  }

  @Test func `damaged spans are refused or found`() throws {
    let recipe = Recipe(method: .wittenBell, order: 2)
    let file = try recipe.file(recipe.data(randomText(words: 9, lines: 20, length: 16, seed: 3)))
    let range = try ModelSections(file, path: "m").range(.spans)
    var bytes = file.withBytes(0..<file.count) { Array($0) }
    for place in range {
      bytes[place] ^= 0x81
      let damaged = Bytes(copying: bytes.span)
      #expect(throws: ModelFileError.damaged(path: "m", part: "spans"), "byte \(place)") {
        let model = try NGramModel(damaged, path: "m")
        _ = found(by: model, "w1 w2 w3 w4 w5 w1 w2 w3 w4 w5\n")
        try model.verifyChecksums(path: "m")
      }
      bytes[place] ^= 0x81
    }
  }

  private func found(by model: NGramModel, _ text: String) -> TrainingOverlap? {
    guard let counter = OverlapCounter(model) else { return nil }
    let tokens = model.sentences(text)
    counter.read(tokens.span, 0..<tokens.count) { index in
      TextPlace(line: tokens[...index].count { $0 == .beginSentence })
    }
    return counter.overlap
  }
}
