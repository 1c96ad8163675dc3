package import Files

/// Reads the texts of a file of records, one after the other, in memory for one of them.
package struct RecordReader: ~Copyable, Sendable {
  /// The next record of a file.
  package enum Item: Sendable {
    /// A record that was read; its line in the file, its number from 1, its name.
    case record(line: Int, number: Int, id: String?)
    /// A record that cannot be read, and its line.
    case fault(RecordFault, line: Int)
  }

  /// The longest record that is read.
  static let longestRecord = 1 << 28

  private static let pieceByteCount = 1 << 18

  /// The number of rows that tell whether the first has names.
  private static let sampleRowCount = 20

  /// The first row of a table, if it was found to be names and not a record.
  package private(set) var foundHeader: String?

  /// The form of a table's rows; nil for JSON Lines, and before the first record.
  package private(set) var table: TableForm?

  private let path: String
  private let format: RecordFormat
  private let replacesInvalidUTF8: Bool
  private var input: InputBytes
  private var buffer: [UInt8] = []
  private var position = 0
  private var line = 1
  private var number = 0
  private var inputEnded = false
  private var hasBegun = false
  private var row: TableRow?
  private var header: TableHeader?
  private var rowRange = 0..<0

  /// Opens the file at `path`; `-` is standard input.
  ///
  /// - Throws: `FileError` if it cannot be opened.
  package init(
    _ path: String,
    _ format: RecordFormat,
    replacesInvalidUTF8: Bool = false
  ) throws(FileError) {
    self.path = path
    self.format = format
    self.replacesInvalidUTF8 = replacesInvalidUTF8
    input = try InputBytes(path)
  }

  /// Reads the next record, and appends its text to `text`.
  ///
  /// Blank lines are no records.
  ///
  /// - Parameters:
  ///   - text: The texts so far.
  ///   - waits: Bytes that are not there yet are read. Else only what was read already is used.
  /// - Returns: The record; nil at the end, and where it would have to wait.
  /// - Throws: `FileError` if reading fails, ``RecordError`` for a file that has no such records.
  package mutating func next(into text: inout [UInt8], waits: Bool = true) throws -> Item? {
    if !hasBegun {
      guard waits else { return nil }
      try begin()
    }
    while let range = try nextRow(waits: waits) {
      let firstLine = line
      line += buffer.span.extracting(range).count(of: 10)
      position = range.upperBound
      rowRange = range
      if isBlank(range) { continue }
      number += 1
      let start = text.count
      do throws(RecordFault) {
        let id = try row == nil ? readObject(range, into: &text) : readRow(range, into: &text)
        return .record(line: firstLine, number: number, id: id)
      } catch {
        text.removeSubrange(start...)
        return .fault(error, line: firstLine)
      }
    }
    return nil
  }

  /// Appends the row of the latest record to `rows`, as it stands in the file, without its end.
  package func appendRow(to rows: inout [UInt8]) {
    var end = rowRange.upperBound
    while end > rowRange.lowerBound, buffer[end - 1] == 10 || buffer[end - 1] == 13 { end -= 1 }
    rows.append(copying: buffer.span.extracting(rowRange.lowerBound..<end))
  }

  /// True if the input has ended and all of it was read.
  package var isAtEnd: Bool { inputEnded && position == buffer.count }

  /// Reads on if all that was read is used up, so that ``isAtEnd`` is known.
  package mutating func lookAhead() throws {
    if position == buffer.count { _ = try readMore() }
  }

  // MARK: Rows

  /// The next line or row; nil at the end.
  private mutating func nextRow(waits: Bool) throws -> Range<Int>? {
    while true {
      if position < buffer.count {
        let end =
          row?.end(buffer.span, from: position)
          ?? (row == nil ? buffer.span.firstIndex(of: 10, from: position).map { $0 + 1 } : nil)
        if let end { return position..<end }
        if inputEnded { return position..<buffer.count }
      }
      guard waits else { return nil }
      if try !readMore() {
        return position < buffer.count ? position..<buffer.count : nil
      }
      guard buffer.count - position <= Self.longestRecord else {
        throw RecordError(
          path: path,
          line: line,
          "the record that begins here has more than 256 MB; is a quotation mark not closed?"
        )
      }
    }
  }

  /// Reads more bytes; false at the end.
  private mutating func readMore() throws -> Bool {
    guard !inputEnded else { return false }
    buffer.removeSubrange(..<position)
    position = 0
    // Twice as many each time for a long record, as it is searched from its start again.
    let count = try input.readOnce(max(Self.pieceByteCount, buffer.count), into: &buffer)
    inputEnded = count == 0
    return count > 0
  }

  private func isBlank(_ range: Range<Int>) -> Bool {
    guard range.count <= 2 || row == nil else { return false }
    return buffer[range].allSatisfy { $0 == 10 || $0 == 13 || (row == nil && $0 == 32) }
  }

  // MARK: The beginning

  /// Reads the beginning of the file: a byte-order mark, the header of a table.
  private mutating func begin() throws {
    hasBegun = true
    while buffer.count < 3, try readMore() {}
    if buffer.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    try RecordError.checkForm(of: buffer[position...], path: path)
    while let range = try nextRow(waits: true), isBlank(range) {
      position = range.upperBound
      line += 1
    }
    try format.syntax == .jsonLines ? checkJSONLines() : beginTable()
  }

  /// Refuses JSON that has no record a line: an array, or objects over several lines.
  private mutating func checkJSONLines() throws {
    guard let first = try nextRow(waits: true) else { return }
    let content = buffer[first].filter { ![9, 10, 13, 32].contains($0) }
    let isArray =
      content.first == UInt8(ascii: "[")
      && (try? JSONItem(whole: Array(buffer[first]), path: path)) == nil
    if isArray || content == [UInt8(ascii: "{")] {
      throw RecordError(
        path: path,
        line: line,
        "this is JSON, but not an object a line; write it so with jq -c (an array with jq -c '.[]')"
      )
    }
  }

  private mutating func beginTable() throws {
    guard let first = try nextRow(waits: true) else { return }
    let content = buffer[first].prefix { $0 != 10 }
    if content.dropLast().contains(13), !content.contains(UInt8(ascii: "\"")) {
      throw RecordError(
        path: path,
        line: line,
        "its lines end in a carriage return alone; convert it with tr '\\r' '\\n' first"
      )
    }
    var delimiter: UInt8 =
      switch format.syntax {
      case .tabSeparated: 9
      default: DelimitedFields.delimiter(ofLine: buffer[first])
      }
    if let separator = Self.statedSeparator(buffer[first]) {
      delimiter = separator
      position = first.upperBound
      line += 1
    }
    row = TableRow(delimiter: delimiter)
    table = TableForm(delimiter: delimiter)
    let rows = try sampleRows()
    do throws(RecordFault) {
      let header = try TableHeader(rows, format)
      self.header = header
      guard let names = header.names, let end = row?.end(buffer.span, from: position) else {
        if header.names != nil { position = buffer.count }
        return
      }
      if format.hasHeader == nil && Int(format.text) != nil {
        foundHeader = TableHeader.list(names)
      }
      line += buffer.span.extracting(position..<end).count(of: 10)
      table?.header = buffer[position..<end].filter { $0 != 10 && $0 != 13 }
      position = end
    } catch {
      if case .noField(let name, let names) = error {
        let count = rows.first?.count ?? 0
        throw RecordError(
          path: path,
          line: line,
          names.isEmpty
            ? "the table has \(count) \(count == 1 ? "column" : "columns"), and none is '\(name)'; "
              + "name another"
            : "the table has no column '\(name)'; its columns are \(TableHeader.list(names))"
        )
      }
      throw RecordError(path: path, line: line, error.description)
    }
  }

  /// The separator that a first line `sep=;` states, as spreadsheets write it.
  private static func statedSeparator(_ line: ArraySlice<UInt8>) -> UInt8? {
    let text = line.filter { $0 != 10 && $0 != 13 && $0 != UInt8(ascii: "\"") }
    guard text.count == 5, text.starts(with: Array("sep=".utf8)) else { return nil }
    return text.last
  }

  /// The first rows, as far as they are read already.
  private mutating func sampleRows() throws -> [[String]] {
    var rows: [[String]] = []
    guard var row, var range = try nextRow(waits: true) else { return [] }
    while rows.count < Self.sampleRowCount {
      do throws(RecordFault) {
        try row.read(buffer.span, range)
        rows.append(row.fields.map { TableRow.text($0, of: buffer.span) })
      } catch {
        if rows.isEmpty {
          throw RecordError(path: path, line: line, "\(error); is this a table?")
        }
      }
      guard let end = row.end(buffer.span, from: range.upperBound) else { break }
      range = range.upperBound..<end
    }
    return rows
  }

  // MARK: Fields

  /// Reads a row of a table; returns its name.
  private mutating func readRow(
    _ range: Range<Int>,
    into text: inout [UInt8]
  ) throws(RecordFault) -> String? {
    guard var row, let header else { return nil }
    // The fields' memory is kept from row to row.
    self.row = nil
    defer { self.row = row }
    try row.read(buffer.span, range)
    guard row.fields.count == header.columnCount else {
      throw .fieldCount(row.fields.count, expected: header.columnCount)
    }
    let start = text.count
    TableRow.append(row.fields[header.textColumn], of: buffer.span, to: &text)
    try checkUTF8(&text, from: start)
    return header.idColumn.map { TableRow.text(row.fields[$0], of: buffer.span) }
  }

  /// Reads a line of JSON; returns the record's name.
  private mutating func readObject(
    _ range: Range<Int>,
    into text: inout [UInt8]
  ) throws(RecordFault) -> String? {
    var bytes = Array(buffer[range])
    try checkUTF8(&bytes, from: 0)
    let object: JSONItem
    do throws(RecordError) {
      object = try JSONItem(whole: bytes, path: path)
    } catch {
      throw .notJSON(
        error.message.hasPrefix("not JSON: ") ? String(error.message.dropFirst(10)) : error.message
      )
    }
    guard object.kind == .object else { throw .notObject }
    let field = try object.field(format.text)
    guard field.kind == .string, let value = field.string else {
      throw .notText(format.text, kind: field.kindInWords)
    }
    let start = text.count
    text += value.bytes
    if value.hasReplacements && field.hasLoneSurrogate && !replacesInvalidUTF8 {
      throw .invalidUTF8()
    }
    try checkUTF8(&text, from: start)
    return try format.id.map { (name) throws(RecordFault) in
      let field = try object.field(name)
      switch field.kind {
      case .string: return field.text ?? ""
      case .number: return String(decoding: field.source, as: UTF8.self)
      default: throw .notText(name, kind: field.kindInWords)
      }
    }
  }

  /// Checks that the bytes from `start` on are UTF-8, or replaces those that are not.
  private func checkUTF8(_ text: inout [UInt8], from start: Int) throws(RecordFault) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: text.span.extracting(start..<text.count))
    } catch {
      guard replacesInvalidUTF8 else {
        throw .invalidUTF8(TextEncoding.guess(Array(text[start...])))
      }
      let repaired = Array(String(decoding: text[start...], as: UTF8.self).utf8)
      text.removeSubrange(start...)
      text += repaired
    }
  }
}

extension JSONItem {
  /// The member called `name`, or at the end of the path `a.b`; a number chooses from an array.
  fileprivate func field(_ path: String) throws(RecordFault) -> JSONItem {
    if let member = self[path] { return member }
    var item = self
    for name in path.split(separator: ".", omittingEmptySubsequences: false) {
      let next: JSONItem?
      if item.kind == .array, let index = Int(name), index >= 0 {
        next = item.elements.dropFirst(index).first { _ in true }
      } else {
        next = item[String(name)]
      }
      guard let next else { throw .noField(path, names: members.compactMap(\.name.text)) }
      item = next
    }
    return item
  }

  fileprivate var kindInWords: String {
    switch kind {
    case .null: "null"
    case .boolean: "a truth value"
    case .number, .nonFinite: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// True if the string has an escape of half a surrogate pair, which is no text.
  fileprivate var hasLoneSurrogate: Bool {
    let text = String(decoding: source, as: UTF8.self).lowercased()
    var units: [UInt32] = []
    var rest = text[...]
    while let escape = rest.firstIndex(of: "\\") {
      rest = rest[escape...].dropFirst()
      if rest.first == "u" {
        units.append(UInt32(rest.dropFirst().prefix(4), radix: 16) ?? 0)
        rest = rest.dropFirst(5)
      } else {
        units.append(0)
        rest = rest.dropFirst()
      }
    }
    var isHigh = false
    for unit in units {
      let isLow = (0xdc00..<0xe000).contains(unit)
      if isLow != isHigh { return true }
      isHigh = (0xd800..<0xdc00).contains(unit)
    }
    return isHigh
  }
}
