import Files
import Tokenization

/// A text to train on or to score.
///
/// ```swift
/// let texts: [Text] = [.file("corpora/stories/train.txt"), .string("The ferry was late.\n")]
/// ```
public enum Text: Hashable, Sendable {
  /// The file at a path, or all `*.txt` and `*.md` files of a folder.
  case file(String)
  /// The text itself.
  case string(String)
}

extension Text {
  /// Calls `body` with `texts` as files; strings are in a temporary folder until it returns.
  ///
  /// - Throws: ``PerplexError`` without texts, and every error of `body`.
  static func withSources<Result>(
    of texts: [Text],
    _ body: ([TextSource]) throws -> Result
  ) throws -> Result {
    guard !texts.isEmpty else {
      throw PerplexError(.text, "there is no text; give a file or a string")
    }
    var folder: TemporaryFolder?
    defer { folder?.remove() }
    var sources: [TextSource] = []
    for (index, text) in texts.enumerated() {
      switch text {
      case .file(let path): sources += try TextSource.expand([path])
      case .string(let string):
        let parent = try folder ?? TemporaryFolder()
        folder = parent
        let path = parent.file("text-\(index + 1)")
        var output = try OutputText(path)
        try output.write(string)
        try output.commit()
        var source = TextSource.file(path)
        source.form = .asItStands
        sources.append(source)
      }
    }
    return try body(sources)
  }
}
