import Files

/// The source of a text: a file or standard input.
public enum TextSource: Hashable, Sendable {
  /// A file.
  case file(String)
  /// Standard input, `-` on the command line.
  case standardInput

  /// The name for reports and errors.
  public var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "-"
    }
  }

  /// The texts at `paths`.
  ///
  /// `-` is standard input. A folder stands for all its `*.txt` and `*.md` files, recursively,
  /// sorted by name. Links are followed, except back to a folder that contains them.
  ///
  /// - Throws: `FileError` for a missing path, ``TextError`` for a folder without texts.
  public static func expand(_ paths: [String]) throws -> [TextSource] {
    var sources: [TextSource] = []
    for path in paths {
      if path == "-" {
        sources.append(.standardInput)
        continue
      }
      if try FilePath.kind(ofExisting: path) == .folder {
        let files = try texts(under: path, inside: [])
        guard !files.isEmpty else { throw TextError.noTexts(folder: path) }
        sources += files.map { .file($0) }
      } else {
        sources.append(.file(path))
      }
    }
    return sources
  }

  private static func texts(
    under folder: String,
    inside folders: Set<FilePath.Identity>
  ) throws(FileError) -> [String] {
    guard let identity = FilePath.Identity(folder), !folders.contains(identity) else { return [] }
    var found: [String] = []
    for name in try FilePath.names(in: folder).sorted() {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      guard let kind = FilePath.kind(of: path) else { continue }
      if kind == .folder {
        found += try texts(under: path, inside: folders.union([identity]))
      } else if name.hasSuffix(".txt") || name.hasSuffix(".md") {
        found.append(path)
      }
    }
    return found
  }
}

extension [TextSource] {
  /// The total number of bytes of the texts; nil if it is unknown before reading.
  public var byteCount: Int? {
    var total = 0
    for source in self {
      guard case .file(let path) = source, let count = FilePath.byteCount(ofFile: path) else {
        return nil
      }
      total += count
    }
    return total
  }
}
