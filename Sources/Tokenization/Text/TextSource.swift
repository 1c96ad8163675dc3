import Files

/// Where a text is read from.
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

  /// The texts that `paths` stand for: `-` is standard input, a folder all its `*.txt` and `*.md`
  /// files, recursively, in the order of their names; links are followed, but not back to a folder
  /// that they are in.
  ///
  /// - Throws: `FileError` for a path that is not there, ``TextError`` for a folder without texts.
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
  /// The bytes of all texts together; nil where they are not known before reading.
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
