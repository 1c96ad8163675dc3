import Compression
import Files
import LanguageModels
import Terminal
import Tokenization

/// The code that `compress` and `decompress` share: destinations and models.
enum CompressionFiles {
  /// Checks that a result may be written to `destination`, before any work.
  ///
  /// - Parameters:
  ///   - destination: The file, or `-`.
  ///   - isNamed: Whether a person named it; a file that was not named is not replaced.
  ///   - others: The files that are read.
  ///   - isBinary: Whether the result is nothing to show on a terminal.
  ///   - console: Where standard output goes.
  /// - Throws: ``CommandError``.
  static func check(
    _ destination: String,
    isNamed: Bool,
    against others: [String],
    isBinary: Bool,
    _ console: borrowing Console
  ) throws {
    if destination == "-" {
      if isBinary && console.outputIsTerminal { throw CommandError.outputIsTerminal }
      return
    }
    try CommandError.checkOutput(destination, against: others)
    if !isNamed && FilePath.kind(of: destination) != nil {
      throw CommandError.outputExists(destination)
    }
  }

  /// The size of a text; nil if it is not known before reading.
  static func byteCount(of text: String) -> Int? {
    text == "-" ? nil : [TextSource.file(text)].byteCount
  }

  /// Prints what was done, beside standard output where the result went there.
  static func say(_ report: String, of destination: String, in console: inout Console) throws {
    if destination == "-" { console.note(report) } else { try console.print(report) }
  }
}

extension CodingModel {
  /// Opens the model at `path` to code with it.
  static func open(_ path: String, threads: Int) throws -> CodingModel {
    try CodingModel(try ModelFile.open(path, threads: threads), path: path)
  }
}
