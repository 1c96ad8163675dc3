import CLibrary

/// Folders that are kept.
package enum Folder {
  /// Makes a folder at `path`, which must not exist.
  ///
  /// - Throws: `FileError` when it is there already, or cannot be made.
  package static func create(_ path: String) throws(FileError) {
    guard unsafe mkdir(path, 0o777) == 0 else { throw FileError(.create, path) }
  }
}
