import Foundation
import Testing

/// An article of the documentation, and the code that it shows.
struct Article: CustomTestStringConvertible, Sendable {
  /// Code between fences.
  struct Block: Sendable, Equatable {
    /// What stands behind the opening fence.
    var language: String
    /// The number of the first line after the fence, from 1.
    var line: Int
    var lines: [String]
  }

  var name: String
  var lines: [String]

  var testDescription: String { name }

  init(name: String, text: String) {
    self.name = name
    lines = text.components(separatedBy: "\n")
  }

  /// Reads an article of the user's catalog.
  init(named name: String) throws {
    let path = Self.catalog.appendingPathComponent(name + ".md")
    try self.init(name: name, text: String(contentsOf: path, encoding: .utf8))
  }

  /// Reads a page at a path of the package.
  init(at path: String) throws {
    let file = Self.package.appendingPathComponent(path)
    let name = file.deletingPathExtension().lastPathComponent
    try self.init(name: name, text: String(contentsOf: file, encoding: .utf8))
  }

  /// The blocks, from the first to the last.
  var blocks: [Block] {
    var blocks: [Block] = []
    var isOpen = false
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("```") {
        if !isOpen {
          blocks.append(Block(language: String(line.dropFirst(3)), line: index + 2, lines: []))
        }
        isOpen.toggle()
      } else if isOpen {
        blocks[blocks.count - 1].lines.append(line)
      }
    }
    return blocks
  }

  /// The folder that has `Package.swift` in it.
  static let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The catalog of the articles for people who use the program.
  static let catalog = package.appendingPathComponent("Sources/PerplexCommands/Documentation.docc")

  /// The paths of `README.md` and of each page of documentation that shows commands.
  static var sessions: [String] {
    let files = FileManager.default.enumerator(atPath: package.path + "/Sources")
    let pages = (files?.allObjects ?? []).compactMap { $0 as? String }
      .filter { $0.hasSuffix(".md") }.map { "Sources/" + $0 }.sorted()
    return ["README.md"]
      + pages.filter { path in
        (try? Article(at: path))?.blocks.contains { $0.language == "console" } == true
      }
  }

  /// The names of all articles of the catalog, with the page that lists them.
  static var names: [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: catalog.path)
    return (files ?? []).filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()
  }
}
