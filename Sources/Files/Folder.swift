import Glibc

/// Folders that are wanted for good.
package enum Folder {
  /// Makes a folder at `path`, where nothing may be yet.
  ///
  /// - Throws: `FileError` when it is there already, or cannot be made.
  package static func create(_ path: String) throws(FileError) {
    guard unsafe mkdir(path, 0o777) == 0 else { throw FileError(.create, path) }
  }
}
