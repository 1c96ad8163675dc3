import Foundation

/// The `swift` block of an article, as it stands in the test that runs it.
///
/// There it is between the comments `// Article: NAME` and `// End`, as far in as they are. A line of the
/// article with `import` is at the head of the test's file. The test has a function `print` of its own, which
/// keeps what it is given; what stands behind `//` in a line with `print`, or in the next line where it is
/// too long, is what it printed, `…` for what is left out.
struct ShownSource {
  /// The lines of the code.
  var lines: [String]

  /// The modules that the test's file imports.
  var imports: [String]

  /// The code for an article in a test's file, or nil where there is none.
  init?(of article: String, in source: String) {
    let all = source.components(separatedBy: "\n")
    guard let start = all.firstIndex(where: { $0.hasSuffix("// Article: \(article)") }),
      let end = all[start...].firstIndex(where: { $0.hasSuffix("// End") })
    else { return nil }
    let indent = all[start].prefix { $0 == " " }.count
    lines = all[start + 1..<end].map { String($0.dropFirst(min(indent, $0.count))) }
    imports = all.filter { $0.hasPrefix("import ") }
  }

  /// Whether an article shows this code, after such imports as it needs.
  func isShown(by block: Article.Block) -> Bool {
    let head = block.lines.prefix { $0.isEmpty || $0.hasPrefix("import ") }
    return head.allSatisfy { $0.isEmpty || imports.contains($0) }
      && Array(block.lines.dropFirst(head.count)) == lines
  }

  /// What the code says that it prints, line by line.
  var printed: [String] {
    lines.indices.filter { lines[$0].hasPrefix("print(") }.map { index in
      let parts = lines[index].components(separatedBy: "  // ")
      if parts.count == 2 { return parts[1] }
      let next = index + 1 < lines.count ? lines[index + 1] : ""
      return next.hasPrefix("// ") ? String(next.dropFirst(3)) : ""
    }
  }

  /// Whether the code prints what it says.
  func shows(_ printed: [String]) -> Bool {
    self.printed.count == printed.count
      && zip(self.printed, printed).allSatisfy { ShownText.matches($0, $1) }
  }
}
