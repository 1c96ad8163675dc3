import Files

/// The files of a folder that are texts, by patterns of their names.
package struct FileChoice: Hashable, Sendable {
  /// The patterns of the shell, one of which fits; letters of both cases are alike.
  ///
  /// A pattern with a slash is held against the path below the folder, another against the name; the
  /// folders of `**/` may also be none.
  package var patterns: [String]

  /// A choice by `patterns`.
  package init(_ patterns: [String]) { self.patterns = patterns }

  /// Plain text by its usual names.
  package static let texts = FileChoice(["*.txt", "*.md"])

  /// Returns whether the file called `name`, at `place` below the folder, is chosen.
  func includes(_ name: String, at place: String) -> Bool {
    patterns.contains { pattern in
      let isOfAnyFolder = pattern.hasPrefix("**/")
      return FilePath.matches(pattern.contains("/") ? place : name, pattern)
        || (isOfAnyFolder && FilePath.matches(place, String(pattern.dropFirst(3))))
    }
  }
}

/// The files of folders that were not chosen, by the endings of their names.
package struct PassedOver: Hashable, Sendable {
  private var counts: [String: Int] = [:]

  /// No files.
  package init() {}

  mutating func add(_ name: String) {
    add(kind: name.lastIndex(of: ".").map { name[$0...].lowercased() } ?? "no ending")
  }

  mutating func add(kind: String) {
    counts[kind, default: 0] += 1
  }

  /// The number of files.
  package var count: Int { counts.values.reduce(0, +) }

  /// The kinds with their numbers, the most frequent first: `.csv 2, .gz 1, no ending 1`.
  package var kinds: String {
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = sorted.prefix(8).map { "\($0.key) \($0.value)" }
    return (shown + (sorted.count > 8 ? ["others"] : [])).joined(separator: ", ")
  }
}
