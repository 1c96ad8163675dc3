import Files

/// Kinds of file that hold no plain text, told by their first bytes.
package enum FileSignature {
  /// The kind of a file.
  package struct Kind: Hashable, Sendable {
    /// The kind in words.
    package var name: String
    /// The remedy for who wants to have it read; nil if there is none.
    package var remedy: String?
    /// The file is a model, of this program or of another one.
    package var isModel = false
    /// The file is a model that is read.
    package var isRead = false
  }

  /// The kind of the file that begins with `start`; nil if it may be text.
  package static func kind(of start: some Collection<UInt8>) -> Kind? {
    let text = start.starts(with: [0xef, 0xbb, 0xbf]) ? Array(start.dropFirst(3)) : Array(start)
    if isARPA(text[...]) { return Kind(name: "an ARPA model", isModel: true, isRead: true) }
    if text.starts(with: Array("PERPLEX\0".utf8)) {
      return Kind(name: "a perplex model", isModel: true, isRead: true)
    }
    if let (_, name, remedy) = models.first(where: { text.starts(with: $0.0) }) {
      return Kind(name: name, remedy: remedy, isModel: true)
    }
    // The length of the header that follows, in either order of its bytes.
    if text.dropFirst(4).starts(with: Array("Darpa Trigram LM".utf8)) {
      return Kind(name: "a Sphinx DMP dump", remedy: fromSphinx, isModel: true)
    }
    if let form = PackedForm(start: text) {
      return Kind(
        name: "packed twice, the inner time with \(form.rawValue)",
        remedy: "unpack it once first"
      )
    }
    if text.dropFirst(257).starts(with: Array("ustar".utf8)) {
      return Kind(name: "a tar archive", remedy: "unpack it, and give the folder")
    }
    return others.first { text.starts(with: $0.0) }.map { Kind(name: $0.1, remedy: $0.2) }
  }

  /// The number of first bytes that tell every kind.
  package static let byteCount = 1 << 12

  /// True if the first line is `\data\`, but for blank ones and comments as `convert` writes them.
  private static func isARPA(_ text: ArraySlice<UInt8>) -> Bool {
    for line in text.split(separator: 10) {
      let content = line.drop { [9, 13, 32].contains($0) }
      if content.isEmpty || content.first == UInt8(ascii: "#") { continue }
      return content.starts(with: Array("\\data\\".utf8))
        && content.dropFirst(6).allSatisfy { [9, 13, 32].contains($0) }
    }
    return false
  }

  private static let fromSphinx = "write it as ARPA with sphinx_lm_convert first"

  /// Models of other programs: first bytes, kind, remedy.
  private static let models: [([UInt8], String, String)] =
    [
      (
        "mmap lm http://kheafield.com/code", "a KenLM binary",
        "give the ARPA file that it was built from, or build that anew with lmplz --arpa"
      ),
      (
        "iARPA", "an IRSTLM iARPA file, whose figures are not yet probabilities",
        "convert it with compile-lm --text=yes first"
      ),
      (
        "qARPA", "an IRSTLM qARPA file, whose figures are numbers of a codebook",
        "give the ARPA file from before quantize-lm"
      ),
      ("blmt", "an IRSTLM binary", "convert it with compile-lm --text=yes first"),
      (
        "Qblmt", "an IRSTLM binary of quantized figures",
        "give the ARPA file from before quantize-lm"
      ),
      ("Trie Language Model", "a Sphinx binary", fromSphinx),
      ("julius_bingram", "a Julius binary", "give the ARPA file that mkbingram read"),
      ("SRILM_BINARY_NGRAM", "an SRILM binary", "write it as text with ngram -write-lm first"),
      (
        "SRILM_BINARY_COUNTS", "a file of SRILM's counts",
        "make a model of it with ngram-count -read first"
      ),
    ].map { (Array($0.utf8), $1, $2) }
    + [
      (
        [0xd6, 0xfd, 0xb2, 0x7e], "an OpenFst file",
        "write it as ARPA first, with ngramprint --ARPA where it is OpenGrm's"
      )
    ]

  /// Files that are no models: first bytes, kind, remedy.
  private static let others: [([UInt8], String, String?)] = [
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
    ([0x7f, 0x45, 0x4c, 0x46], "a program", nil), ([0x89, 0x50, 0x4e, 0x47], "a PNG picture", nil),
    ([0xff, 0xd8, 0xff], "a JPEG picture", nil),
  ]
}
