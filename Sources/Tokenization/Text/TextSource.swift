import Files
package import Records

/// The source of a text: a file or standard input, and the form of what is in it.
public struct TextSource: Hashable, Sendable {
  /// The form of the content.
  package enum Form: Hashable, Sendable {
    /// Plain text. What looks like another form is refused.
    case checked
    /// Plain text, whatever it looks like.
    case asItStands
    /// Records, each of which holds a document.
    case records(RecordFormat)
  }

  /// The path of the file; `-` is standard input.
  public let name: String

  /// The form of the content.
  package var form = Form.checked

  private init(name: String) { self.name = name }

  /// The file at `path`.
  public static func file(_ path: String) -> TextSource { TextSource(name: path) }

  /// Standard input, `-` on the command line.
  public static let standardInput = TextSource(name: "-")

  /// True if the content is records.
  package var hasRecords: Bool {
    if case .records = form { true } else { false }
  }

  /// The source with the rows of its records kept as they stand.
  package var keepingRows: TextSource {
    guard case .records(var format) = form else { return self }
    format.keepsRows = true
    var source = self
    source.form = .records(format)
    return source
  }

  /// True for standard input.
  public var isStandardInput: Bool { name == "-" }

  /// The texts at `paths`.
  ///
  /// `-` is standard input. A folder stands for the files in it that `choice` includes, recursively,
  /// sorted by name. Links are followed, except back to a folder that contains them.
  ///
  /// - Throws: `FileError` for a missing path, ``TextError`` for a folder without texts.
  public static func expand(_ paths: [String]) throws -> [TextSource] {
    var passedOver = PassedOver()
    return try expand(paths, including: .texts, passedOver: &passedOver)
  }

  /// The texts at `paths`; `passedOver` counts the files of folders that `choice` leaves out.
  package static func expand(
    _ paths: [String],
    including choice: FileChoice,
    passedOver: inout PassedOver
  ) throws -> [TextSource] {
    var sources: [TextSource] = []
    for path in paths {
      if path == "-" {
        sources.append(.standardInput)
        continue
      }
      guard try FilePath.kind(ofExisting: path) == .folder else {
        sources.append(.file(path))
        continue
      }
      var files: [String] = []
      try find(under: path, at: "", inside: [], choice, &files, &passedOver)
      guard !files.isEmpty else {
        throw TextError.noTexts(
          folder: path,
          patterns: choice.patterns,
          others: passedOver.count == 0 ? "" : passedOver.kinds
        )
      }
      sources += files.map { .file($0) }
    }
    return sources
  }

  private static func find(
    under folder: String,
    at place: String,
    inside folders: Set<FilePath.Identity>,
    _ choice: FileChoice,
    _ found: inout [String],
    _ passedOver: inout PassedOver
  ) throws(FileError) {
    guard let identity = FilePath.Identity(folder), !folders.contains(identity) else { return }
    for name in try FilePath.names(in: folder).sorted() {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      let kind = FilePath.kind(of: path)
      if kind == .folder {
        let inside = folders.union([identity])
        try find(under: path, at: place + name + "/", inside: inside, choice, &found, &passedOver)
      } else if kind != .file {
        // Reading a pipe would wait for its writer.
        passedOver.add(kind: kind == nil ? "broken link" : "pipe or device")
      } else if choice.includes(name, at: place + name) {
        found.append(path)
      } else {
        passedOver.add(name)
      }
    }
  }
}

extension [TextSource] {
  /// The total number of bytes of the texts; nil if it is unknown before reading.
  public var byteCount: Int? {
    var total = 0
    for source in self {
      guard !source.isStandardInput, let count = FilePath.byteCount(ofFile: source.name),
        PackedForm(ofFile: source.name) == nil
      else { return nil }
      total += count
    }
    return total
  }
}
