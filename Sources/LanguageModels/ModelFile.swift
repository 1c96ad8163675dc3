import Files

/// Opens model files; the only place where their formats are told apart.
public enum ModelFile {
  /// Opens the n-gram model at `path`, whatever its format.
  ///
  /// - Throws: `FileError`, ``ModelFileError``, or the error of another format's reader.
  public static func open(_ path: String) throws -> NGramModel {
    let bytes = try Bytes(mapping: path)
    return try NGramModel(bytes, path: path)
  }
}
