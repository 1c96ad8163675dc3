/// A reason why a text cannot be compressed or decompressed.
package enum CompressionError: Error, Hashable, Sendable {
  /// Bytes that are not UTF-8, for a model of characters; offsets count from 0, lines from 1.
  case invalidUTF8(path: String, line: Int, byteOffset: Int)
  /// A file that does not begin like a compressed text.
  case notCompressed(path: String)
  /// A file by a newer version of the program.
  case version(path: String, UInt8)
  /// A file that ends before its trailer.
  case cutShort(path: String)
  /// A header that does not match its checksum.
  case header(path: String)
  /// A file that does not match its checksum.
  case damaged(path: String)
  /// A text that needs the model with this fingerprint, but none was given.
  case needsModel(path: String, fingerprint: UInt64)
  /// A text that was compressed without a model, but one was given.
  case needsNoModel(path: String)
  /// A text that was compressed with a different model, or an earlier state of this one.
  case otherModel(path: String, expected: UInt64, model: String, found: UInt64)
  /// A decoded text that differs from the compressed one.
  case otherText(path: String)
  /// Tables that may exceed the machine's memory; both numbers are in MiB.
  case notEnoughMemory(path: String, needed: Int, physical: Int)
}

extension CompressionError: CustomStringConvertible {
  /// One line: the file, the fault and the remedy.
  package var description: String {
    switch self {
    case .invalidUTF8(let path, let line, let byteOffset):
      "\(path):\(line): byte \(byteOffset) of the file is not UTF-8, and the model predicts "
        + "characters; use a model of bytes"
    case .notCompressed(let path):
      "\(path): this is not a compressed text; give a file that perplex compress wrote"
    case .version(let path, let version):
      "\(path): the file has format \(version), this program reads \(CompressedFormat.version); "
        + "use the program that wrote it"
    case .cutShort(let path):
      "\(path): the file is incomplete; copy it again"
    case .header(let path):
      "\(path): the file's first \(CompressedFormat.headerByteCount) bytes are damaged; copy it "
        + "again"
    case .damaged(let path):
      "\(path): the file does not match its checksum: it is incomplete or damaged; copy it again"
    case .needsModel(let path, let fingerprint):
      "\(path): the text was compressed with the model of fingerprint \(fingerprint.hexadecimal); "
        + "give it with --model"
    case .needsNoModel(let path):
      "\(path): the text was compressed without a model; leave out --model"
    case .otherModel(let path, let expected, let model, let found):
      "\(path): the text was compressed with the model of fingerprint \(expected.hexadecimal), but "
        + "\(model) has \(found.hexadecimal); give the same model, unchanged"
    case .otherText(let path):
      "\(path): the decoded text differs from the compressed one: do not use it; this program or "
        + "this machine may differ from the one that wrote the file"
    case .notEnoughMemory(let path, let needed, let physical):
      "\(path): the tables for this text may take \(needed) MiB, and this machine has \(physical); "
        + "compress it with a smaller --memory"
    }
  }
}

extension UInt64 {
  /// The number as sixteen hexadecimal digits.
  package var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
