import Files
import Terminal

/// The destination of a page: a file that is begun before the work, or standard output after it.
struct PageFile: ~Copyable {
  private var file: OutputText?

  /// The place called `path`, `-` being standard output.
  ///
  /// - Throws: `FileError` if nothing can be written to it, which is found out before the work.
  init(_ path: String) throws {
    file = path == "-" ? nil : try OutputText(path)
  }

  /// Writes the page, whole or not at all.
  ///
  /// - Throws: `FileError` when the disk is full or fails.
  consuming func write(_ markup: String, in console: inout Console) throws {
    guard var file = file.take() else { return try console.write(markup) }
    try file.write(markup)
    try file.commit()
  }
}
