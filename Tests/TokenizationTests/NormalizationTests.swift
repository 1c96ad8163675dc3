import Testing
import Tokenization

@Suite struct NormalizationTests {
  private func normalize(_ text: String, lowercases: Bool, form: Normalization.Form) -> [UInt8] {
    let bytes = Array(text.utf8)
    var normalized: [UInt8] = [0x21]
    Normalization(lowercases: lowercases, form: form).apply(bytes.span, into: &normalized)
    #expect(normalized.first == 0x21, "what was there must stay")
    return Array(normalized.dropFirst())
  }

  @Test(arguments: [
    ("", ""), ("Abc XYZ [\\]^_`{|}~@ 09\u{0}\u{7F}", "abc xyz [\\]^_`{|}~@ 09\u{0}\u{7F}"),
    ("Ein KÖNIG", "ein könig"), ("ПРИВЕТ", "привет"), ("STRASSE ß ẞ", "strasse ß ß"),
    ("I İ ı", "i i\u{307} ı"), ("ΟΔΟΣ", "οδοσ"), ("猫", "猫"), ("E\u{301}", "e\u{301}"), ("Å", "å"),
  ])
  func `letters become small`(text: String, expected: String) {
    #expect(normalize(text, lowercases: true, form: .none) == Array(expected.utf8))
  }

  @Test(arguments: [
    ("abc", "abc"), ("e\u{301}", "\u{E9}"), ("\u{212B}", "\u{C5}"),
    ("\u{1100}\u{1161}", "\u{AC00}"),
    ("a\u{323}\u{307}", "\u{1EA1}\u{307}"), ("a\u{307}\u{323}", "\u{1EA1}\u{307}"), ("ﬁ", "ﬁ"),
    ("\u{958}", "\u{915}\u{93C}"),
    // Those that have the low 16 bits, or nearly the number, of a letter that is composed.
    ("\u{20044}\u{323}", "\u{20044}\u{323}"), ("\u{10041}\u{301}", "\u{10041}\u{301}"),
    ("\u{1113}\u{1161}", "\u{1113}\u{1161}"),
  ])
  func `equal characters are written alike`(text: String, expected: String) {
    #expect(normalize(text, lowercases: false, form: .nfc) == Array(expected.utf8))
  }

  @Test func `the form comes after the lower case`() {
    #expect(normalize("E\u{301}", lowercases: true, form: .nfc) == Array("\u{E9}".utf8))
    #expect(normalize("J\u{30C}", lowercases: true, form: .nfc) == Array("\u{1F0}".utf8))
  }

  @Test func `nothing changes by default`() {
    #expect(Normalization().isIdentity)
    #expect(!Normalization(lowercases: true).isIdentity)
    #expect(!Normalization(form: .nfc).isIdentity)
    #expect(normalize("E\u{301} ﬁ", lowercases: false, form: .none) == Array("E\u{301} ﬁ".utf8))
    let invalid: [UInt8] = [0x41, 0xFF, 0x42]
    var copy: [UInt8] = []
    Normalization().apply(invalid.span, into: &copy)
    #expect(copy == invalid)
  }

  @Test func `what is not UTF-8 is replaced`() {
    let invalid: [UInt8] = [0x41, 0xFF, 0x42]
    var normalized: [UInt8] = []
    Normalization(lowercases: true).apply(invalid.span, into: &normalized)
    #expect(String(decoding: normalized, as: UTF8.self) == "a\u{FFFD}b")
  }

  @Test func `ASCII is made small as by the standard library`() {
    for byte in UInt8.min..<0x80 {
      let text = String(Unicode.Scalar(byte))
      #expect(normalize(text, lowercases: true, form: .nfc) == Array(text.lowercased().utf8))
    }
  }
}
