import Foundation
import TestSupport
import Testing

@testable import Tokenization

@Suite struct CharacterCountsTests {
  /// Compares with what Swift counts in the text that it repairs.
  private func expectSwiftCounts(_ bytes: [UInt8]) {
    let counts = CharacterCounts(of: bytes.span)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(counts.scalars == text.unicodeScalars.count, "\(bytes)")
    #expect(counts.graphemes == text.count, "\(bytes)")
  }

  @Test func `a grapheme is what a reader takes for a character, CR LF one`() {
    // Scalars: e, acute; D, E; CR, LF; thumb, skin.
    let counts = CharacterCounts(of: Array("e\u{301}🇩🇪\r\n👍🏽".utf8).span)
    #expect(counts.scalars == 8)
    #expect(counts.graphemes == 4)
  }

  @Test(arguments: testTexts)
  func `counts are Swift's in every script`(text: String) {
    expectSwiftCounts(Array(text.utf8))
  }

  /// What joins is never taken for what stands alone.
  ///
  /// Of two such neighbours there would be two: a mark joins with the letter before it, what comes
  /// before another with the letter after it, single jamo and regional indicators with themselves.
  /// Above plane 2 nothing is taken so.
  @Test(arguments: [UInt32(0), 1, 2])
  func `every scalar has Swift's count, beside a letter and beside itself`(plane: UInt32) {
    var wrong: [UInt32] = []
    for value in plane << 16..<(plane + 1) << 16 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let encoded = Array(String(scalar).utf8)
      for bytes in [[0x61] + encoded, encoded + [0x61], encoded + encoded] {
        let text = String(decoding: bytes, as: UTF8.self)
        let counts = CharacterCounts(of: bytes.span)
        if counts.scalars != text.unicodeScalars.count || counts.graphemes != text.count {
          wrong.append(value)
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  /// All texts of four of some pieces.
  @Test func `counts are Swift's where scalars meet that join, and bytes that are no text`() {
    let pieces: [[UInt8]] =
      [
        "a", "\r", "\n", "\u{301}", "é", "猫", "\u{600}", "\u{200D}", "👩", "🇩", "각", "\u{1100}", "क",
        "\u{94D}",
      ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82], [0xF0, 0x9F, 0x91]]
    for first in pieces {
      for second in pieces {
        for third in pieces {
          for fourth in pieces { expectSwiftCounts(first + second + third + fourth) }
        }
      }
    }
  }

  /// Bytes, scalars and graphemes; chapter 3.9 of the Unicode Standard has the first four.
  @Test(arguments: [
    ([0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62], 5, 5), ([0xC0, 0xAF, 0x61], 3, 3),
    ([0xED, 0xA0, 0x80], 3, 3), ([0xF4, 0x91, 0x92, 0x93, 0xFF], 5, 5), ([0xE0, 0x80], 2, 2),
    ([0xFF, 0xCC, 0x81], 2, 1), ([0xCC, 0x81, 0x80], 2, 2), ([0xF0, 0x9F], 1, 1),
    ([0x80, 0x0D, 0x0A, 0x80], 4, 3),
  ])
  func `each longest beginning of a sequence that is not UTF-8 is one of both`(
    bytes: [UInt8],
    scalars: Int,
    graphemes: Int
  ) {
    let counts = CharacterCounts(of: bytes.span)
    #expect(counts.scalars == scalars)
    #expect(counts.graphemes == graphemes)
    expectSwiftCounts(bytes)
  }

  @Test func `bytes without any sense have Swift's counts`() {
    for seed: UInt64 in 1...2000 {
      expectSwiftCounts(randomBytes(50, seed: seed).map { $0 | (seed % 2 == 0 ? 0x80 : 0) })
    }
  }

  @Test(arguments: testTexts)
  func `the counts of lines add up to those of the text`(text: String) {
    let bytes = Array("\(text)\n\u{301}\(text)\r\n\u{200D}\(text)".utf8)
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    var scalars = 0
    var graphemes = 0
    for (index, line) in lines.enumerated() {
      let whole = Array(line) + (index + 1 < lines.count ? [10] : [])
      scalars += CharacterCounts(of: whole.span).scalars
      graphemes += CharacterCounts(of: whole.span).graphemes
    }
    #expect(scalars == CharacterCounts(of: bytes.span).scalars)
    #expect(graphemes == CharacterCounts(of: bytes.span).graphemes)
  }
}
