import CLibrary

/// Questions about paths.
public enum FilePath {
  /// A kind of file system entry.
  public enum Kind: Sendable {
    /// A regular file.
    case file
    /// A folder.
    case folder
    /// A pipe, a terminal or another device.
    case stream
  }

  /// The kind of what `path` leads to; nil if it leads to nothing.
  public static func kind(of path: String) -> Kind? {
    status(of: path).map { status in
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      default: .stream
      }
    }
  }

  /// The kind of what `path` leads to.
  ///
  /// - Throws: `FileError` if it leads to nothing.
  package static func kind(ofExisting path: String) throws(FileError) -> Kind {
    guard let kind = kind(of: path) else { throw FileError(.open, path) }
    return kind
  }

  /// The size of the file at `path`; nil if it does not exist or is not a regular file.
  package static func byteCount(ofFile path: String) -> Int? {
    guard let status = status(of: path), status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// The number of a file or folder, the same by whatever path it is reached.
  package struct Identity: Hashable, Sendable {
    private let device: UInt
    private let number: UInt

    /// The identity of what `path` leads to; nil if it leads to nothing.
    package init?(_ path: String) {
      guard let status = FilePath.status(of: path) else { return nil }
      device = UInt(status.st_dev)
      number = UInt(status.st_ino)
    }
  }

  /// Returns true if both paths lead to the same existing file, also by links.
  public static func areSame(_ left: String, _ right: String) -> Bool {
    guard let left = Identity(left) else { return false }
    return left == Identity(right)
  }

  /// The names of the entries of `folder`, in no order, without hidden ones.
  ///
  /// - Throws: `FileError` when the folder cannot be read.
  package static func names(in folder: String) throws(FileError) -> [String] {
    guard let directory = unsafe opendir(folder) else { throw FileError(.list, folder) }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  /// Returns whether `pattern` of the shell fits `name`; letters of both cases are alike.
  package static func matches(_ name: String, _ pattern: String) -> Bool {
    unsafe fnmatch(pattern.lowercased(), name.lowercased(), 0) == 0
  }

  private static func status(of path: String) -> stat? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status : nil
  }

  /// The end of a chain of symbolic links; any other path as it is.
  static func resolvingLink(_ path: String) -> String {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
      let resolved = unsafe realpath(path, nil)
    else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// The folder that a path names a file of, and the file's name there.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }
}
