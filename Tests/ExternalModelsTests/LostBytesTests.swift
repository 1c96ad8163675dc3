import InformationTheory
import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

@testable import ExternalModels

/// Tokens whose bytes were lost, found in texts of any length.
@Suite struct LostBytesTests {
  /// A completion whose characters have these cuts: 1 for a whole one, else a U+FFFD for each part.
  private func file(_ characters: [Unicode.Scalar], _ cuts: [Int]) -> (file: String, nats: Double) {
    var tokens: [String] = []
    for (character, cut) in zip(characters, cuts) {
      tokens += cut == 1 ? [String(Character(character))] : Array(repeating: "\u{FFFD}", count: cut)
    }
    let scores = tokens.indices.map { -1 - Double($0 % 8) / 8 }
    let list = tokens.map { $0 == "\n" ? "\"\\n\"" : "\"\($0)\"" }.joined(separator: ", ")
    return (
      "{\"choices\": [{\"logprobs\": {\"tokens\": [\(list)], \"token_logprobs\": \(scores)}}]}",
      scores.reduce(0, +)
    )
  }

  @Test(arguments: [(2000, 25, 0), (2000, 25, 40), (2000, 0, 0), (1500, 0, 40), (1, 0, 0)])
  func `characters cut into parts are found in a text of any length`(
    count: Int,
    wholePercent: Int,
    threePercent: Int
  ) throws {
    var generator = SplitMix64(seed: UInt64(count + wholePercent + threePercent))
    var characters: [Unicode.Scalar] = []
    var cuts: [Int] = []
    for _ in 0..<count {
      characters.append(
        Unicode.Scalar(UInt32.random(in: 0x4e00...0x9fa5, using: &generator)) ?? "a"
      )
      let chance = Int.random(in: 0..<100, using: &generator)
      cuts.append(chance < wholePercent ? 1 : chance < wholePercent + threePercent ? 3 : 2)
    }
    characters.append("\n")
    cuts.append(1)
    let (file, nats) = file(characters, cuts)
    let text = String(String.UnicodeScalarView(characters))
    let scored = try scored(file, on: text)
    #expect(scored.evaluation.measure.tokens == cuts.reduce(0, +))
    #expect(abs(scored.evaluation.total.nats - nats) < 1e-6)
    #expect(scored.tokens.count == cuts.reduce(0, +))
    #expect(scored.parts.flatMap(\.encoded.text) == Array(text.utf8))
    // No token is empty, and those of whole characters are where they stand.
    #expect(scored.parts.flatMap(\.encoded.ranges).allSatisfy { !$0.isEmpty })
  }

  @Test func `a set of places is a set of integers`() {
    var generator = SplitMix64(seed: 7)
    for _ in 0..<200 {
      var set = PlaceSet()
      var twin: Set<Int> = []
      for _ in 0..<Int.random(in: 0..<8, using: &generator) {
        let place = Int.random(in: 0..<400, using: &generator)
        set.insert(place)
        twin.insert(place)
      }
      #expect(Array(set.all) == twin.sorted())
      #expect((set.first, set.last) == (twin.min(), twin.max()))
      #expect(set.only == (twin.count == 1 ? twin.first : nil))
      #expect((0..<400).allSatisfy { set.contains($0) == twin.contains($0) })
      let count = Int.random(in: 0..<130, using: &generator)
      #expect(Array(set.advanced(by: count).all) == twin.sorted().map { $0 + count })
      let spread = Set(twin.flatMap { place in (0...count).map { place + $0 } })
      #expect(Array(set.spread(by: count).all) == spread.sorted())
      let mask = (0..<7).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
      var masked = set.spread(by: count)
      masked.insert(set, in: mask, from: 0, advancedBy: count)
      let kept = twin.filter { place in mask[place >> 6] & (1 << UInt64(place & 63)) != 0 }
      let all = spread.union(kept.map { $0 + count }).sorted()
      #expect(Array(masked.all) == all)
      masked.removeAll(above: 150)
      #expect(Array(masked.all) == all.filter { $0 <= 150 })
    }
  }
}
