import Foundation
import LanguageModels
import TestSupport
import Testing

/// Files given for an ARPA file by mistake.
@Suite struct ARPAKindsTests {
  /// A beginning of a file, and the message without the path.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var start: [UInt8]
    var message: String

    var testDescription: String { message }

    init(_ start: [UInt8], _ message: String) {
      self.start = start
      self.message = message
    }

    init(_ start: String, _ message: String) { self.init(Array(start.utf8), message) }
  }

  static let mistakes = [
    Mistake("", "this is an empty file; give a model"),
    Mistake([4, 0x22, 0x4d, 0x18, 0], "this is packed with lz4; unpack it with lz4 -d first"),
    Mistake(
      [0xff, 0xfe, 0x5c, 0],
      "this is a UTF-16 file; convert it with iconv -f UTF-16 -t UTF-8 first"
    ),
    Mistake(
      [0x5c, 0, 0x64, 0],
      "this is a UTF-16LE file; convert it with iconv -f UTF-16LE -t UTF-8 first"
    ),
    Mistake(
      [0, 0x5c, 0, 0x64],
      "this is a UTF-16BE file; convert it with iconv -f UTF-16BE -t UTF-8 first"
    ),
    Mistake(
      "mmap lm http://kheafield.com/code format version 5\n\0",
      "this is a KenLM binary; give the ARPA file that it was built from, or build that anew with "
        + "lmplz --arpa"
    ),
    Mistake(
      "iARPA\n\\data\\\n",
      "this is an IRSTLM iARPA file, whose figures are not yet probabilities; convert it with "
        + "compile-lm --text=yes first"
    ),
    // What lmtable::savetxt writes of a quantized table, --text=yes or not.
    Mistake(
      "qARPA 3 256 256 256\n\n\\data\\\n",
      "this is an IRSTLM qARPA file, whose figures are numbers of a codebook; give the ARPA file "
        + "from before quantize-lm"
    ),
    Mistake(
      "blmt 3 10 20 30\n",
      "this is an IRSTLM binary; convert it with compile-lm --text=yes first"
    ),
    Mistake(
      "QblmtI 3 10 20 30\n",
      "this is an IRSTLM binary of quantized figures; give the ARPA file from before quantize-lm"
    ),
    Mistake(
      "SRILM_BINARY_NGRAM_002\n",
      "this is an SRILM binary; write it as text with ngram -write-lm first"
    ),
    Mistake(
      "SRILM_BINARY_COUNTS_001\n",
      "this is a file of SRILM's counts; make a model of it with ngram-count -read first"
    ),
    // The length of the header as a number of four bytes, in either order.
    Mistake(
      [0x11, 0, 0, 0] + "Darpa Trigram LM\0".utf8 + [0, 0, 0],
      "this is a Sphinx DMP dump; write it as ARPA with sphinx_lm_convert first"
    ),
    Mistake(
      [0, 0, 0, 0x11] + "Darpa Trigram LM\0".utf8,
      "this is a Sphinx DMP dump; write it as ARPA with sphinx_lm_convert first"
    ),
    Mistake(
      Array("Trie Language Model".utf8) + [3, 4, 0, 0, 0],
      "this is a Sphinx binary; write it as ARPA with sphinx_lm_convert first"
    ),
    Mistake(
      "julius_bingram_v5\0\0",
      "this is a Julius binary; give the ARPA file that mkbingram read"
    ),
    // Kaldi's G.fst and OpenGrm's models: the number 2125659606 and a type.
    Mistake(
      [0xd6, 0xfd, 0xb2, 0x7e, 6, 0, 0, 0] + "vector".utf8,
      "this is an OpenFst file; write it as ARPA first, with ngramprint --ARPA where it is OpenGrm's"
    ),
    Mistake(
      [0x11, 0, 0, 0, 0x22, 0x33, 0x44, 0x80],
      "this is a binary file and no model known here; give a .perplex or ARPA file"
    ),
    Mistake(
      "a text\nof lines\n",
      "this is no ARPA file: it has no line '\\data\\'; give a model, not a text"
    ),
    Mistake(
      [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1],
      "this is a program; give a .perplex or ARPA file"
    ),
    Mistake(
      [0x7e, 0x45, 0x4c, 0x46, 2, 1, 1],
      "this is a binary file and no model known here; give a .perplex or ARPA file"
    ),
  ]

  @Test(arguments: mistakes)
  func `what a file is instead is said with a remedy`(mistake: Mistake) throws {
    let message = try withTemporaryFile("") { path in
      try Data(mistake.start).write(to: URL(fileURLWithPath: path))
      do {
        _ = try ModelFile.openNGrams(path)
        return ""
      } catch { return "\(error)".replacingOccurrences(of: path, with: "file") }
    }
    #expect(message == "file: " + mistake.message)
  }

  @Test func `a folder is named as one`() {
    #expect(throws: (any Error).self) { try ModelFile.openNGrams("/") }
    do { _ = try ModelFile.openNGrams("/") } catch {
      #expect("\(error)" == "/: cannot open: Is a directory; name a file")
    }
  }

  @Test func `a model that begins with zeros is no ARPA file`() throws {
    try withTemporaryFile(String(repeating: "\0", count: 100)) { path in
      _ = #expect(throws: ModelFileError.self) { try ModelFile.openNGrams(path) }
    }
  }
}
