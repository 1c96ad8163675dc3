import Foundation
import Tokenization

/// Why a model cannot be written to a path.
enum UnfitDestination: Error, Equatable {
  /// It is a device or a pipe, which cannot be mapped.
  case notAFile(String)
  /// It is one of the texts to be read.
  case text(String)

  /// Checks that a model may be written to `path` when `sources` are to be read.
  static func check(_ path: String, against sources: [TextSource]) throws(UnfitDestination) {
    let file = resolved(path)
    let attributes = try? FileManager.default.attributesOfItem(atPath: file)
    guard let type = attributes?[.type] as? FileAttributeType else { return }
    // A folder is refused by those who open it.
    guard type == .typeRegular || type == .typeDirectory else { throw .notAFile(path) }
    for case .file(let text) in sources where resolved(text) == file { throw .text(path) }
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}

extension UnfitDestination: CustomStringConvertible {
  /// One line: the path, what is wrong, and what would mend it.
  var description: String {
    switch self {
    case .notAFile(let path):
      "\(path): a model is mapped from its file, and this is none; name a file"
    case .text(let path):
      "\(path): this is a text to be read, which the model would replace; name another file"
    }
  }
}
