import Files

/// Texts that are records of a format, told by their beginning and their name.
public enum StructuredText: Hashable, Sendable {
  /// A JSON object on each line, with members of these names.
  case jsonLines(names: [String])
  /// JSON that is not a record a line.
  case json
  /// A table with columns of these names.
  case table(names: [String], separator: String)

  /// The format of a text that begins with `start` and is called `path`; nil for plain text.
  package init?(path: String, start: Span<UInt8>) {
    var content = Array(start)[...]
    if content.starts(with: [0xef, 0xbb, 0xbf]) { content = content.dropFirst(3) }
    content = content.drop { [9, 10, 13, 32].contains($0) }
    if let json = Self.json(content) {
      self = json
    } else if Self.isNamed(path, [".json", ".jsonl", ".ndjson"]), Self.beginsWithValue(content) {
      self = .json
    } else if let table = Self.table(path, content) {
      self = table
    } else {
      return nil
    }
  }

  private static func json(_ content: ArraySlice<UInt8>) -> Self? {
    guard let first = content.first, first == 0x7b || first == 0x5b else { return nil }
    let line = content.prefix { $0 != 10 }
    if first == 0x7b, let object = try? JSONItem(whole: Array(line), path: ""),
      object.kind == .object, !object.members.isEmpty
    {
      return .jsonLines(names: object.members.compactMap(\.name.text))
    }
    // The beginning of an object with a name, on one line or several.
    var rest = content
    while let byte = rest.first, byte == 0x5b || [9, 10, 13, 32].contains(byte) {
      rest = rest.dropFirst()
    }
    guard rest.first == 0x7b else { return nil }
    rest = rest.dropFirst().drop { [9, 10, 13, 32].contains($0) }
    guard rest.first == 0x22, let end = rest.dropFirst().firstIndex(of: 0x22) else { return nil }
    let separator = rest[(end + 1)...].first { ![9, 10, 13, 32].contains($0) }
    guard separator == 0x3a else { return nil }
    // One long line may go on behind what was read.
    return first == 0x7b && line.count == content.count && !line.isEmpty
      ? .jsonLines(names: []) : .json
  }

  /// Returns whether `path` has one of `endings`, before that of a packed file.
  package static func isNamed(_ path: String, _ endings: [String]) -> Bool {
    let name = PackedForm.unpackedName(path)
    return endings.contains { name.hasSuffix($0) }
  }

  /// Returns whether the first line is a JSON value, or begins an array or an object.
  private static func beginsWithValue(_ content: ArraySlice<UInt8>) -> Bool {
    guard let first = content.first else { return false }
    return first == 0x5b || first == 0x7b
      || (try? JSONItem(whole: Array(content.prefix { $0 != 10 }), path: "")) != nil
  }

  private static func table(_ path: String, _ content: ArraySlice<UInt8>) -> Self? {
    let isTabbed = isNamed(path, [".tsv", ".tab"])
    guard isTabbed || isNamed(path, [".csv"]) else { return nil }
    let delimiter = isTabbed ? 9 : DelimitedFields.delimiter(ofLine: content.prefix { $0 != 10 })
    var row = TableRow(delimiter: delimiter)
    let bytes = Array(content)
    let end = row.end(bytes.span, from: 0) ?? bytes.count
    guard (try? row.read(bytes.span, 0..<end)) != nil else {
      return .table(names: [], separator: isTabbed ? "TSV" : "CSV")
    }
    let names = row.fields.map { TableRow.text($0, of: bytes.span) }
    return .table(names: names, separator: isTabbed ? "TSV" : "CSV")
  }
}
