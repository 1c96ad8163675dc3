import Records
import Testing

/// Forms of files, told by their beginnings.
@Suite struct TextFormTests {
  @Test(arguments: [
    ("x", "{\"a\": 1, \"text\": \"b\"}\n{", StructuredText.jsonLines(names: ["a", "text"])),
    ("x", "\u{FEFF}\n {\"text\": \"b\"}", .jsonLines(names: ["text"])),
    ("x", "{\n  \"a\": 1\n}", .json), ("x", "[{\"a\": 1}]", .json), ("x", "[\n {\"a\":", .json),
    ("x.csv", "a,b\n1,2\n", .table(names: ["a", "b"], separator: "CSV")),
    ("X.CSV.gz", "a;b\n1;2\n", .table(names: ["a", "b"], separator: "CSV")),
    ("x.tsv", "a\tb, c\n", .table(names: ["a", "b, c"], separator: "TSV")),
  ])
  func `records are known by their beginning, tables by name`(
    path: String,
    text: String,
    form: StructuredText
  ) {
    #expect(StructuredText(path: path, start: Array(text.utf8).span) == form)
  }

  @Test(arguments: [
    "", "a,b\n1,2\n", "{curly} text", "[Applause] Thank you.", "{\"quoted\" word}", "[1] a note",
    "[[wiki]] link", "{{template|a}}", "\"quoted\": text", "{ \"open", "[{",
  ])
  func `other texts are plain`(text: String) {
    #expect(StructuredText(path: "x.txt", start: Array(text.utf8).span) == nil)
  }

  @Test func `wide encodings are known with a mark and without`() {
    func wide(_ text: String, _ encode: (UInt16) -> [UInt8], mark: [UInt8] = []) -> String? {
      TextEncoding.wide(mark + text.utf16.flatMap(encode))
    }
    let little: (UInt16) -> [UInt8] = { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let big: (UInt16) -> [UInt8] = { [UInt8($0 >> 8), UInt8($0 & 255)] }
    #expect(wide("the cat\n", little, mark: [0xff, 0xfe]) == "UTF-16")
    #expect(wide("猫", big, mark: [0xfe, 0xff]) == "UTF-16")
    #expect(wide("the cat, é", little) == "UTF-16LE")
    #expect(wide("the cat, é", big) == "UTF-16BE")
    #expect(
      TextEncoding.wide("the cat".unicodeScalars.flatMap { [UInt8($0.value), 0, 0, 0] })
        == "UTF-32LE"
    )
    #expect(
      TextEncoding.wide("the cat".unicodeScalars.flatMap { [0, 0, 0, UInt8($0.value)] })
        == "UTF-32BE"
    )
    #expect(TextEncoding.wide(Array("the cat".utf8)) == nil)
    #expect(TextEncoding.wide([]) == nil)
  }

  private static let guesses: [([UInt8], TextEncoding.Guess)] = [
    ([99, 97, 102, 0xe9, 10], .latin),
    ([100, 111, 110, 0x92, 116, 44, 32, 110, 97, 0xef, 118, 101], .latin),
    ([0xc3, 0xbc, 110, 0xff, 10], .faultyUTF8), ([97, 0xff, 10], .faultyUTF8),
    // Russian in Windows-1251, Japanese in Shift JIS.
    ([0xcf, 0xf0, 0xe8, 32, 0xec, 0xe8, 0xf0, 32, 0xe4, 0xe0, 0xe0, 32, 0xe4, 0xe0, 0xe0], .other),
    ([0x83, 0x65, 0x83, 0x58, 0x83, 0x67, 0x8e, 0x8f, 0x82, 0xcc, 0x8a, 0x77, 10], .other),
    ([0, 1, 2, 0xff, 3, 4, 0xfe], .binary),
  ]

  @Test(arguments: guesses)
  func `bytes that are not UTF-8 are judged by their neighbours`(
    bytes: [UInt8],
    guess: TextEncoding.Guess
  ) {
    #expect(TextEncoding.guess(bytes) == guess)
  }

  @Test(arguments: [
    ("%PDF-1.7", "a PDF file"), ("PERPLEX\0", "a perplex model"), ("\n\\data\\\n", "an ARPA model"),
    ("PK\u{3}\u{4}", "a zip archive (as office documents are)"),
    ("mmap lm http://kheafield.com/code format", "a KenLM binary"),
  ])
  func `files that are no text are named`(start: String, name: String) {
    #expect(FileSignature.kind(of: Array(start.utf8))?.name == name)
    #expect(FileSignature.kind(of: Array(" \(start)".utf8)) == nil || name == "an ARPA model")
  }

  @Test func `an exported ARPA file is a model for all its comments, and prose is none`() {
    func isModel(_ text: String) -> Bool {
      FileSignature.kind(of: Array(text.utf8))?.isModel == true
    }
    #expect(isModel("# perplex 1.0\n# tokenizer words\n\n\\data\\\nngram 1=3\n"))
    #expect(!isModel("# Models\n\nThey begin so:\n\\data\\\nngram 1=3\n"))
    #expect(!isModel("# Models\n\\data\\ is their first line.\n"))
  }

  @Test func `a tar archive is no UTF-32, and what is packed twice says so`() {
    let header = Array("a.txt".utf8) + [UInt8](repeating: 0, count: 252) + Array("ustar\0".utf8)
    #expect(TextEncoding.wide(header) == nil)
    #expect(FileSignature.kind(of: header)?.name == "a tar archive")
    let packed: [UInt8] = [0x1f, 0x8b, 8, 0, 1, 2, 3, 4]
    #expect(FileSignature.kind(of: packed)?.name == "packed twice, the inner time with gzip")
  }

  @Test func `Cyrillic in UTF-16 is valid UTF-8, and is told by its control characters`() {
    // U+041F U+0440 U+0438 in little endian.
    let text: [UInt8] = [0x1f, 4, 0x40, 4, 0x38, 4]
    #expect(String(validating: text, as: UTF8.self) != nil)
    #expect(TextEncoding.isBinary(text))
    #expect(!TextEncoding.isBinary(Array("\u{1b}[1mbold\u{1b}[0m and\ttabs\u{c}".utf8)))
  }

  @Test(arguments: [
    ("a.jsonl", "\"Oda ran.\"\n\"She.\"\n", true), ("a.ndjson.gz", "[\"Oda\", 1]\n", true),
    ("a.json", "[\n \"Oda\"\n]\n", true), ("a.jsonl", "Oda ran.\n", false),
    ("a.txt", "\"Oda ran.\"\n", false), ("a.txt", "[1] Smith\n", false),
  ])
  func `JSON by its name is not read as plain text, objects or not`(
    path: String,
    text: String,
    isJSON: Bool
  ) {
    let found = StructuredText(path: path, start: Array(text.utf8).span)
    #expect(found == (isJSON ? .json : nil))
  }
}
