import Foundation

/// A folder that is deleted with its last reference.
package final class TestFolder {
  package let path = NSTemporaryDirectory() + "perplex-test-\(UUID().uuidString)"

  package init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The names of its files, hidden ones too, in order.
  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// The path of the file `name`.
  package func file(_ name: String) -> String { path + "/" + name }

  /// The bytes of the file `name`; nil where there is none.
  package func bytes(of name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: file(name)).map { Array($0) }
  }

  /// The text of the file `name`; nil where there is none.
  package func text(of name: String) -> String? {
    bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Writes the file `name`, and the folders that it needs; returns its path.
  @discardableResult
  package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(bytes).write(to: url)
    return file(name)
  }

  /// Writes the file `name` in UTF-8; returns its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    try write(text.utf8, to: name)
  }
}

/// Lends the path of a file with `bytes`.
package func withTemporaryFile<Result>(
  _ bytes: some Sequence<UInt8>,
  _ body: (String) throws -> Result
) throws -> Result {
  let folder = try TestFolder()
  return try body(try folder.write(bytes, to: "file.txt"))
}

/// Lends the path of a file with `text`.
package func withTemporaryFile<Result>(
  _ text: String,
  _ body: (String) throws -> Result
) throws -> Result {
  try withTemporaryFile(text.utf8, body)
}
