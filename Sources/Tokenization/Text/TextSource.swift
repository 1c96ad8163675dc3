import Files
import Glibc

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
      var status = stat()
      guard stat(path, &status) == 0 else { throw FileError(.open, path) }
      if status.st_mode & S_IFMT == S_IFDIR {
        let files = try texts(under: path, inside: [FolderID(status)])
        guard !files.isEmpty else { throw TextError.noTexts(folder: path) }
        sources += files.map { .file($0) }
      } else {
        sources.append(.file(path))
      }
    }
    return sources
  }

  /// What tells a folder from all others, by whatever path it is reached.
  private struct FolderID: Hashable {
    let device: UInt
    let number: UInt

    init(_ status: stat) {
      device = UInt(status.st_dev)
      number = UInt(status.st_ino)
    }
  }

  private static func texts(
    under folder: String,
    inside folders: Set<FolderID>
  ) throws(FileError) -> [String] {
    guard let directory = opendir(folder) else { throw FileError(.list, folder) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    closedir(directory)
    var found: [String] = []
    for name in names.sorted() {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      var status = stat()
      guard stat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        let id = FolderID(status)
        if folders.contains(id) { continue }
        found += try texts(under: path, inside: folders.union([id]))
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
      var status = stat()
      guard case .file(let path) = source, stat(path, &status) == 0,
        status.st_mode & S_IFMT == S_IFREG
      else { return nil }
      total += Int(status.st_size)
    }
    return total
  }
}
