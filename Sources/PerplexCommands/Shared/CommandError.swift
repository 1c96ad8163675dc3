import Files
import Glibc
import Tokenization

/// Why a result cannot be written to a path.
enum UnfitDestination: Error, Equatable {
  /// It is a device or a pipe, where a model, which is mapped, cannot be.
  case notAFile(String)
  /// It is a file that is to be read, or another result's.
  case inUse(String)

  /// Checks that a model may be written to `path` when `sources` are to be read.
  static func checkModel(_ path: String, against sources: [TextSource]) throws(UnfitDestination) {
    var status = stat()
    if stat(path, &status) == 0 {
      let kind = status.st_mode & S_IFMT
      // A folder is refused by those who open it.
      guard kind == S_IFREG || kind == S_IFDIR else { throw .notAFile(path) }
    }
    try check(path, against: sources.map(\.name))
  }

  /// Checks that `path` is none of the files of `others`, by whatever spelling.
  static func check(_ path: String, against others: [String]) throws(UnfitDestination) {
    guard path != "-" else { return }
    for other in others where other != "-" && (other == path || FilePath.areSame(other, path)) {
      throw .inUse(path)
    }
  }
}

extension UnfitDestination: CustomStringConvertible {
  /// One line: the path, what is wrong, and what would mend it.
  var description: String {
    switch self {
    case .notAFile(let path):
      "\(path): a model is mapped from its file, and this is none; name a file"
    case .inUse(let path):
      "\(path): this file is read or written already, and would be replaced; name another file"
    }
  }
}
