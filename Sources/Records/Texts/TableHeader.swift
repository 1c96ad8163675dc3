import Files

/// The form of a table's rows.
package struct TableForm: Hashable, Sendable {
  /// The character between two fields.
  package var delimiter: UInt8
  /// The first row without its end; nil if it is a record.
  package var header: [UInt8]?

  /// The form of rows with this character between fields.
  package init(delimiter: UInt8) { self.delimiter = delimiter }
}

/// The columns of a table: their names, and those that are read.
package struct TableHeader: Sendable {
  /// The names of the columns; nil if the first row is a record.
  package let names: [String]?
  /// The number of columns.
  package let columnCount: Int
  /// The index of the column of the text.
  let textColumn: Int
  /// The index of the column of the name.
  let idColumn: Int?

  /// The columns of a table that begins with `rows`, the first of which may be names.
  ///
  /// - Throws: `RecordFault.noField` for a column that the table lacks.
  init(_ rows: [[String]], _ format: RecordFormat) throws(RecordFault) {
    let first = rows.first ?? []
    columnCount = first.count
    let wanted = [format.text] + (format.id.map { [$0] } ?? [])
    let hasHeader =
      format.hasHeader
      ?? (wanted.contains { Self.number($0) == nil } || Self.looksLikeNames(rows))
    let cells = first.map { Self.trimmed($0) }
    names = hasHeader ? cells : nil
    func column(_ name: String) throws(RecordFault) -> Int {
      if let number = Self.number(name), number <= first.count { return number - 1 }
      guard hasHeader, let index = cells.firstIndex(of: name) else {
        throw .noField(name, names: hasHeader ? cells : [])
      }
      if let other = cells[(index + 1)...].firstIndex(of: name) {
        throw .sameNames(name, columns: index + 1, other + 1)
      }
      return index
    }
    textColumn = try column(format.text)
    idColumn = if let id = format.id { try column(id) } else { nil }
  }

  /// The first of `names`, for an error or a note.
  static func list(_ names: [String]) -> String {
    (names.prefix(12) + (names.count > 12 ? ["and so on"] : [])).joined(separator: ", ")
  }

  /// The number that `name` spells, from 1.
  private static func number(_ name: String) -> Int? {
    Int(name).flatMap { $0 >= 1 ? $0 : nil }
  }

  /// Returns whether the first of `rows` has names and not a record's fields.
  ///
  /// Names are short, and none is a number; some columns have none. A column of numbers, or of longer
  /// texts than its name, under such a row proves it. Nothing but short words under it leaves it a
  /// row of names, as most tables have one, if they are different.
  package static func looksLikeNames(_ rows: [[String]]) -> Bool {
    guard let first = rows.first?.map({ trimmed($0) }) else { return false }
    let names = first.filter { !$0.isEmpty }
    guard !names.isEmpty, names.allSatisfy({ isName($0) }) else { return false }
    let areDifferent = Set(names).count == names.count
    let others = rows.dropFirst().filter { $0.count == first.count }
    guard !others.isEmpty else { return areDifferent }
    let isProved = first.indices.contains { column in
      guard !first[column].isEmpty else { return false }
      let cells = others.map { trimmed($0[column]) }
      let length = cells.reduce(0) { $0 + $1.utf8.count } / cells.count
      return cells.allSatisfy { Double($0) != nil } || length > 2 * first[column].utf8.count + 4
    }
    return isProved
      || areDifferent && first.count > 1
        && names.allSatisfy { name in
          name.lowercased() == name
            && name.unicodeScalars.allSatisfy {
              $0.properties.isAlphabetic || "_-0123456789 ".unicodeScalars.contains($0)
            }
        }
  }

  /// Returns whether `text` may name a column: a few words, no sentence, no number.
  private static func isName(_ text: String) -> Bool {
    text.utf8.count <= 40 && Double(text) == nil && text.split(separator: " ").count <= 3
      && !(text.count > 1 && text.last.map { ".!?\n".contains($0) } == true)
  }

  private static func trimmed(_ cell: String) -> String {
    let spaces: Set<Character> = [" ", "\t"]
    let start = cell.drop { spaces.contains($0) }
    return String(start.reversed().drop { spaces.contains($0) }.reversed())
  }
}
