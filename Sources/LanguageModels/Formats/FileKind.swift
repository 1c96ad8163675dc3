import Files
import Records

/// Kinds of file that are given for an ARPA file by mistake, told by their first bytes.
enum FileKind {
  /// The kind of a file that is not an ARPA file, and the remedy; nil if it may be one.
  static func mistaken(_ file: Bytes) -> (kind: String, remedy: String)? {
    let start = file.withBytes(0..<min(file.count, 64)) { Array($0) }
    if start.isEmpty { return ("an empty file", "give a model") }
    if let packed = PackedFile.kind(of: start) { return packed }
    if start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff])
      || (start.count > 3 && start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0)
      || (start.count > 3 && start[0] == 0 && start[1] != 0 && start[2] == 0 && start[3] != 0)
    {
      return ("a UTF-16 file", "convert it to UTF-8 with iconv first")
    }
    for (magic, kind, remedy) in models where start.starts(with: magic.utf8) {
      return (kind, remedy)
    }
    // The length of the header that follows, in either order of its bytes.
    if start.dropFirst(4).starts(with: "Darpa Trigram LM".utf8) {
      return ("a Sphinx DMP dump", toARPA)
    }
    if start.starts(with: [0xd6, 0xfd, 0xb2, 0x7e]) {
      return (
        "an OpenFst file", "write it as ARPA first, with ngramprint --ARPA where it is OpenGrm's"
      )
    }
    if start.contains(where: { $0 < 9 || (14...31).contains($0) }) {
      return ("a binary file and no model known here", "give a .perplex or ARPA file")
    }
    return nil
  }

  /// The remedy for the binaries of Sphinx.
  private static let toARPA = "write it as ARPA with sphinx_lm_convert first"

  /// The first bytes of other kinds of model, the kind and the remedy.
  private static let models: [(String, String, String)] = [
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
    ("Trie Language Model", "a Sphinx binary", toARPA),
    ("julius_bingram", "a Julius binary", "give the ARPA file that mkbingram read"),
    ("SRILM_BINARY_NGRAM", "an SRILM binary", "write it as text with ngram -write-lm first"),
    (
      "SRILM_BINARY_COUNTS", "a file of SRILM's counts",
      "make a model of it with ngram-count -read first"
    ),
    ("{", "JSON, perhaps the scores of one text, for score and compare", "give a model here"),
    ("[", "JSON, perhaps the scores of one text, for score and compare", "give a model here"),
    ("_logits_", "the scores of one text, for score and compare", "give a model here"),
  ]
}
