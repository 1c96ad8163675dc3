import Files
import Foundation
import Testing

/// A folder that goes when the test ends.
final class TemporaryFolder {
  let path = NSTemporaryDirectory() + "files-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// What is in it, hidden files too, in order.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// The path of the file `name`.
  func file(_ name: String) -> String { path + "/" + name }

  /// The text of the file `name`; nil where there is none.
  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: file(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Makes the file `name`, and gives its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}

extension Bytes {
  /// All of them as text.
  var text: String { withBytes(0..<count) { String(decoding: $0, as: UTF8.self) } }
}
