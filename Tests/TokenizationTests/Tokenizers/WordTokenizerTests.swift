import InformationTheory
import TestSupport
import Testing

@testable import Tokenization

@Suite struct WordTokenizerTests {
  @Test(arguments: [
    ("can't", ["can't"]),
    ("3.14 1,000 1,000.5 1/2", ["3.14", "1,000", "1,000.5", "1", "/", "2"]),
    ("e.g. U.S.A.", ["e.g", ".", "U.S.A", "."]),
    ("don't stop.", ["don't", "stop", "."]),
    ("'quoted' rock 'n' roll's", ["'", "quoted", "'", "rock", "'", "n", "'", "roll's"]),
    ("well-known...", ["well", "-", "known", ".", ".", "."]),
    ("don’t a:b 10:30 C3PO x_1", ["don’t", "a:b", "10", ":", "30", "C3PO", "x_1"]),
    ("a.1 1.a a,b 1'000", ["a", ".", "1", "1", ".", "a", "a", ",", "b", "1'000"]),
    ("„Größe“ müßte 3,14 m", ["„", "Größe", "“", "müßte", "3,14", "m"]),
    ("猫である。カタカナ", ["猫", "で", "あ", "る", "。", "カタカナ"]),
    ("今天很好。", ["今", "天", "很", "好", "。"]),
    ("ครับ", ["ค", "รั", "บ"]),
    ("यह वाक्य है।", ["यह", "वाक्य", "है", "।"]),
    ("السلام عليكم، ٣٫١٤", ["السلام", "عليكم", "،", "٣٫١٤"]),
    ("צה\"ל ג' \"א\"", ["צה\"ל", "ג'", "\"", "א", "\""]),
    ("한국어 문장", ["한국어", "문장"]),
    ("👨‍👩‍👧‍👦👍🏽❤️", ["👨‍👩‍👧‍👦", "👍🏽", "❤️"]),
    ("🇩🇪🇫🇷🇮", ["🇩🇪", "🇫🇷", "🇮"]),
    ("a\u{0}b\u{0}", ["a", "\u{0}", "b", "\u{0}"]),
    ("", []), ("   ", []), (" \t\r\n\u{A0}\u{3000}\u{85}\u{2028}", []),
    ("\u{301}a", ["\u{301}", "a"]), ("can\u{301}'t", ["can\u{301}'t"]),
    // The standard gives the combining mark to the space, which is no part of a token.
    (" \u{301}a \u{200D}😀", ["\u{301}", "a", "\u{200D}😀"]),
    // U+202F is white space that the standard makes a part of words.
    ("non\u{202F}! 3\u{202F}000 \u{202F}a", ["non", "!", "3\u{202F}000", "a"]),
  ])
  func `text falls into words and marks`(text: String, tokens: [String]) {
    #expect(
      WordTokenizer().tokens(in: text).map { Array($0.utf8) } == tokens.map { Array($0.utf8) }
    )
  }

  @Test(arguments: [
    ("<unk>", ["<unk>"]),
    ("<s>the <unk> cat</s>", ["<", "s", ">", "the", "<unk>", "cat", "<", "/", "s", ">"]),
    ("a\u{3000}<unk>\u{A0}b\n <s> \r\n", ["a", "<unk>", "b", "<", "s", ">"]),
    ("a<unk> <unk>.", ["a", "<", "unk", ">", "<", "unk", ">", "."]),
    ("<UNK> < s> <s", ["<", "UNK", ">", "<", "s", ">", "<", "s"]),
    ("<unk>é", ["<", "unk", ">", "é"]),
    ("<unk>\u{301} <", ["<", "unk", ">\u{301}", "<"]),
    ("<unk><unk>", ["<", "unk", ">", "<", "unk", ">"]),
  ])
  func `the unknown word between white space is one token, and HTML is text`(
    text: String,
    tokens: [String]
  ) {
    #expect(WordTokenizer().tokens(in: text) == tokens)
  }

  @Test func `every text of two ASCII characters is cut as by the rules`() {
    for first in 0..<128 {
      for second in 0..<128 {
        expectAgreement([UInt8(first), UInt8(second)])
      }
    }
  }

  /// As lines of one text for each first character; a line end hides one from another.
  @Test(arguments: characters)
  func `every text of three ASCII characters is cut as by the rules`(first: UInt8) {
    var bytes: [UInt8] = []
    for second in Self.characters {
      for third in Self.characters { bytes += [first, second, third, 0x0A] }
    }
    expectAgreement(bytes)
  }

  #if DEBUG
  /// Some of each kind; all would take minutes in a debug build, and take a second in a release.
  private static let characters = Array(
    (isWantedSlow ? "\0\t\n\r !\"'(,-./09:;<>AZ[_`az{\u{7F}unks" : "\0\n\r \"',./0:;<>A_{unks").utf8
  )
  #else
  private static let characters = Array(UInt8.min..<0x80)
  #endif

  @Test func `texts of mixed scalars are cut as by the rules`() {
    let pieces = [
      "a", "Z", "0", "9", "_", ".", ",", ";", ":", "'", "\"", "-", "<", ">", "/", " ", " ", "\t",
      "\n",
      "\r", "\u{0}", "<unk>", "<s>", "</s>", " <unk> ", "word", "1234567", "é", "\u{301}",
      "\u{200D}", "\u{AD}",
      "\u{202F}", "\u{3000}", "\u{85}", "’", "א", "カ", "猫", "🇩", "👩", "❤", "ℹ", "٣", "٫",
      "\u{203F}",
    ]
    var generator = SplitMix64(seed: 7)
    for round in 0..<5000 {
      let text = (0...round % 12).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }
      expectAgreement(Array(text.joined().utf8))
    }
  }

  @Test func `test texts are cut as by the rules`() {
    for text in testTexts { expectAgreement(Array(text.utf8)) }
  }

  /// Expects that the tokens of `bytes` are those of ``plainWords(of:)``.
  private func expectAgreement(
    _ bytes: [UInt8],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var ranges: [Range<Int>] = []
    tokenizer.tokenize(bytes.span, into: &ranges)
    let plain = plainWords(of: bytes)
    guard ranges != plain else { return }
    let text = String(decoding: bytes.prefix(100), as: UTF8.self).debugDescription
    Issue.record(
      "\(text): \(ranges.prefix(20)), by the rules \(plain.prefix(20))",
      sourceLocation: sourceLocation
    )
  }

  private let tokenizer = WordTokenizer()
  private let segmenter = WordSegmenter()

  /// The words of `bytes` by the definition: segments, markers put together, white space cut off.
  private func plainWords(of bytes: [UInt8]) -> [Range<Int>] {
    let boundaries = segmenter.boundaries(of: bytes.span)
    var ranges: [Range<Int>] = []
    var isAfterSpace = true
    var markerEnd = 0
    for (start, end) in zip(boundaries, boundaries.dropFirst()) where start >= markerEnd {
      if isAfterSpace, let marker = marker(in: bytes, at: start) {
        ranges.append(marker)
        markerEnd = marker.upperBound
        isAfterSpace = false
        continue
      }
      var token = start..<end
      while let length = spaceLength(in: bytes[token]) {
        token = token.lowerBound + length..<token.upperBound
      }
      while let length = spaceLength(endOf: bytes[token]) {
        token = token.lowerBound..<token.upperBound - length
      }
      if !token.isEmpty { ranges.append(token) }
      isAfterSpace = spaceLength(endOf: bytes[start..<end]) != nil
    }
    return ranges
  }

  private func marker(in bytes: [UInt8], at start: Int) -> Range<Int>? {
    for marker in ["<unk>"] where bytes[start...].starts(with: marker.utf8) {
      let end = start + marker.utf8.count
      if end == bytes.count || spaceLength(in: bytes[end...]) != nil { return start..<end }
    }
    return nil
  }

  /// The number of bytes of the white space scalar at the start of `bytes`.
  private func spaceLength(in bytes: ArraySlice<UInt8>) -> Int? {
    spaces.first { bytes.starts(with: $0) }?.count
  }

  /// The number of bytes of the white space scalar at the end of `bytes`.
  private func spaceLength(endOf bytes: ArraySlice<UInt8>) -> Int? {
    spaces.first { bytes.suffix($0.count).elementsEqual($0) }?.count
  }

  private let spaces = WordTokenizerTests.allSpaces
  private static let allSpaces = (0...0x3000).compactMap { Unicode.Scalar($0) }
    .filter(\.properties.isWhitespace).map { Array(String($0).utf8) }
}
