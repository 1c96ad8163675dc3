/// Why a text cannot be compressed, or a compressed text not be read.
public enum CompressionError: Error, Hashable, Sendable {
  /// Bytes that are not UTF-8, for a model of characters; offsets count from 0, lines from 1.
  case invalidUTF8(path: String, line: Int, byteOffset: Int)
  /// It is none, as far as its first bytes tell.
  case notCompressed(path: String)
  /// It was written by a newer program.
  case version(path: String, UInt8)
  /// It ends before what every compressed text has.
  case cutShort(path: String)
  /// Its first bytes are not as they were written.
  case header(path: String)
  /// Its bytes are not those that were written.
  case damaged(path: String)
  /// A model is needed and none was given; its fingerprint.
  case needsModel(path: String, fingerprint: UInt64)
  /// A model was given and none was used.
  case needsNoModel(path: String)
  /// Another model was used, or this one before it was changed.
  case otherModel(path: String, expected: UInt64, model: String, found: UInt64)
  /// The text that was decoded is not the one that was compressed.
  case otherText(path: String)
  /// The tables may take more than the machine's memory; both numbers in MiB.
  case notEnoughMemory(path: String, needed: Int, physical: Int)
}

extension CompressionError: CustomStringConvertible {
  /// One line: the file, what is wrong, and what would mend it.
  public var description: String {
    switch self {
    case .invalidUTF8(let path, let line, let byteOffset):
      "\(path):\(line): byte \(byteOffset) of the file is not UTF-8, and the model is one of "
        + "characters; use a model of bytes"
    case .notCompressed(let path):
      "\(path): this is no compressed text; give a file that perplex compress wrote"
    case .version(let path, let version):
      "\(path): the file has format \(version), this program reads \(CompressedFormat.version); "
        + "use the program that wrote it"
    case .cutShort(let path):
      "\(path): the file is cut short; copy it anew"
    case .header(let path):
      "\(path): the file's first \(CompressedFormat.headerByteCount) bytes are damaged; copy it anew"
    case .damaged(let path):
      "\(path): the file is not as it was written: cut short, added to or damaged; copy it anew"
    case .needsModel(let path, let fingerprint):
      "\(path): the text was compressed with the model of fingerprint \(fingerprint.hexadecimal); "
        + "give it with --model"
    case .needsNoModel(let path):
      "\(path): the text was compressed without a model; leave out --model"
    case .otherModel(let path, let expected, let model, let found):
      "\(path): the text was compressed with the model of fingerprint \(expected.hexadecimal), but "
        + "\(model) has \(found.hexadecimal); give that model, as it was then"
    case .otherText(let path):
      "\(path): what was decoded is not the text that was compressed: do not use it; this program or "
        + "this machine may differ from the one that wrote the file"
    case .notEnoughMemory(let path, let needed, let physical):
      "\(path): the tables for this text may take \(needed) MiB, and this machine has \(physical); "
        + "compress it with a smaller --memory"
    }
  }
}

extension UInt64 {
  /// Sixteen hexadecimal digits.
  public var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
