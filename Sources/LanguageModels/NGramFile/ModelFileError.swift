/// Why a file cannot be used as a model.
package enum ModelFileError: Error, Hashable, Sendable {
  /// The file is not a model; `looksLike` names what it seems to be, if recognised.
  case notAModel(path: String, looksLike: String?)
  /// A newer program wrote the file.
  case version(path: String, UInt32)
  /// Writing the file was interrupted.
  case incomplete(path: String)
  /// The file is shorter or longer than its header says.
  case size(path: String, expected: UInt64, found: UInt64)
  /// A part does not fit its place or its checksum.
  case damaged(path: String, part: String)
}

extension ModelFileError: CustomStringConvertible {
  /// One line: the file, the error, and the remedy.
  package var description: String {
    switch self {
    case .notAModel(let path, let looksLike):
      if let looksLike {
        "\(path): this is \(looksLike)"
      } else {
        "\(path): this is neither a perplex model nor an ARPA file; train one with perplex train"
      }
    case .version(let path, let version):
      "\(path): the model has format \(version), this program reads "
        + "\(ModelLayout.oldestVersion) to \(ModelLayout.version); train it anew"
    case .incomplete(let path):
      "\(path): the model was not written to its end; train it anew"
    case .size(let path, let expected, let found):
      "\(path): the model has \(found) bytes and should have \(expected); copy it anew"
    case .damaged(let path, let part):
      "\(path): the model's \(part) is damaged; copy or train it anew"
    }
  }
}
