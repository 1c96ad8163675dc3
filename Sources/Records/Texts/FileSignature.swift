/// Kinds of file that hold no plain text, told by their first bytes.
package enum FileSignature {
  /// The kind of a file, in words, and the remedy if there is one.
  package struct Kind: Hashable, Sendable {
    package var name: String
    package var remedy: String?
    /// The file is a model, of this program or of another one.
    package var isModel = false
  }

  /// The kind of the file that begins with `start`; nil if it may be text.
  package static func kind(of start: some Collection<UInt8>) -> Kind? {
    let text = start.starts(with: [0xef, 0xbb, 0xbf]) ? Array(start.dropFirst(3)) : Array(start)
    let content = text.drop { [9, 10, 13, 32].contains($0) }
    if content.starts(with: Array("\\data\\".utf8)) {
      return Kind(name: "an ARPA model", remedy: modelRemedy, isModel: true)
    }
    return known.first { start.starts(with: $0.bytes) }?.kind
  }

  private static let modelRemedy = "a model is named before the texts"

  private static let known: [(bytes: [UInt8], kind: Kind)] =
    [
      ("PERPLEX", "a perplex model"), ("mmap lm http://kheafield.com/code", "a KenLM binary"),
    ].map { (Array($0.utf8), Kind(name: $1, remedy: modelRemedy, isModel: true)) }
    + ([
      ([0x89, 0x50, 0x58, 0x5a], "a text that perplex compressed", "use perplex decompress first"),
      ([0x50, 0x4b, 0x03, 0x04], "a zip archive (as office documents are)", "give the text in it"),
      ([0x37, 0x7a, 0xbc, 0xaf], "a 7z archive", "give the text in it"),
      ([0x52, 0x61, 0x72, 0x21, 0x1a], "a rar archive", "give the text in it"),
      ([0x04, 0x22, 0x4d, 0x18], "packed with lz4", "unpack it with lz4 -d first"),
      ([0x1f, 0x9d], "packed with compress", "unpack it with uncompress first"),
      ([0x25, 0x50, 0x44, 0x46, 0x2d], "a PDF file", "extract its text first (pdftotext)"),
      ([0x7b, 0x5c, 0x72, 0x74, 0x66], "an RTF file", "save it as plain text"),
      ([0xd0, 0xcf, 0x11, 0xe0], "an office document", "save it as plain text"),
      ([0x50, 0x41, 0x52, 0x31], "a Parquet file", "write it as JSON Lines, and name the --field"),
      (Array("ARROW1".utf8), "an Arrow file", "write it as JSON Lines, and name the --field"),
      (Array("SQLite format 3".utf8), "an SQLite database", "write the texts as JSON Lines"),
      ([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "a NumPy array", nil),
      ([0x7f, 0x45, 0x4c, 0x46], "a program", nil),
      ([0x89, 0x50, 0x4e, 0x47], "a PNG picture", nil),
      ([0xff, 0xd8, 0xff], "a JPEG picture", nil),
    ] as [([UInt8], String, String?)]).map { ($0, Kind(name: $1, remedy: $2)) }
}
