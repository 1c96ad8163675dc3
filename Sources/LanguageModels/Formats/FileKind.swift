import Files
import Records

/// Kinds of file that are given for an ARPA file by mistake, told by their first bytes.
enum FileKind {
  /// The kind of a file that is not an ARPA file, and the remedy; nil if it may be one.
  static func mistaken(_ file: Bytes) -> (kind: String, remedy: String)? {
    let start = file.withBytes(0..<min(file.count, FileSignature.byteCount)) { Array($0) }
    if start.isEmpty { return ("an empty file", "give a model") }
    if let other = FileSignature.kind(of: start), !other.isRead {
      return (other.name, other.remedy ?? "give a .perplex or ARPA file")
    }
    if ["{", "[", "data:"].contains(where: { start.starts(with: $0.utf8) }) {
      return ("JSON, perhaps the scores of one text, for score and compare", "give a model here")
    }
    if start.starts(with: "_logits_".utf8) {
      return ("the scores of one text, for score and compare", "give a model here")
    }
    if let encoding = TextEncoding.wide(start) {
      return ("a \(encoding) file", "convert it with iconv -f \(encoding) -t UTF-8 first")
    }
    if start.prefix(64).contains(where: { $0 < 9 || (14...31).contains($0) }) {
      return ("a binary file and no model known here", "give a .perplex or ARPA file")
    }
    return nil
  }
}
