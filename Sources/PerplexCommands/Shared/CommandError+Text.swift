import Glibc
import Tokenization

/// A text that can be read once, such as a pipe, where it has to be read once a model.
struct UnrepeatableText: Error, Equatable, CustomStringConvertible {
  var path: String

  /// Checks that each of `sources` is a file.
  static func check(_ sources: [TextSource]) throws(UnrepeatableText) {
    for source in sources {
      var status = stat()
      // What is not there is refused by those who open it.
      guard stat(source.name, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { continue }
      throw UnrepeatableText(path: source.name)
    }
  }

  /// One line with the remedy.
  var description: String {
    "\(path): this is no file, and the text is read once a model; save it to a file"
  }
}
