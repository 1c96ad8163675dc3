import Glibc

/// What paths stand for.
public enum FilePath {
  /// Whether both paths lead to the same existing file, by whatever spelling or link.
  public static func areSame(_ left: String, _ right: String) -> Bool {
    var first = stat()
    var second = stat()
    return unsafe stat(left, &first) == 0 && stat(right, &second) == 0
      && first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// What a symbolic link leads to in the end; any other path as it is.
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
