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
      return index
    }
    textColumn = try column(format.text)
    idColumn = if let id = format.id { try column(id) } else { nil }
  }

  /// The number that `name` spells, from 1.
  private static func number(_ name: String) -> Int? {
    Int(name).flatMap { $0 >= 1 ? $0 : nil }
  }

  /// Returns whether the first of `rows` has names and not a record's fields.
  ///
  /// Names are different and short, and none is a number. A column of numbers, or of longer texts
  /// than its name, under such a row proves it. Nothing but short words under it leaves it a row of
  /// names, as most tables have one.
  package static func looksLikeNames(_ rows: [[String]]) -> Bool {
    guard let first = rows.first?.map({ trimmed($0) }), !first.isEmpty else { return false }
    guard Set(first).count == first.count else { return false }
    let areNames = first.enumerated().allSatisfy { index, name in
      // The column of row names has none itself.
      (index == 0 && name.isEmpty && first.count > 1)
        || (!name.isEmpty && name.utf8.count <= 40 && Double(name) == nil
          && !name.contains { ".!?\n".contains($0) && $0 != name.first && name.last == $0 }
          && name.split(separator: " ").count <= 3)
    }
    guard areNames else { return false }
    let others = rows.dropFirst().filter { $0.count == first.count }
    guard !others.isEmpty else { return true }
    return first.indices.contains { column in
      let cells = others.map { trimmed($0[column]) }
      let areNumbers = cells.allSatisfy { Double($0) != nil }
      let length = cells.reduce(0) { $0 + $1.utf8.count } / cells.count
      return areNumbers || length > 2 * first[column].utf8.count + 4
    }
      || first.allSatisfy { name in
        name.unicodeScalars.allSatisfy {
          $0.properties.isAlphabetic || "_-0123456789 ".unicodeScalars.contains($0)
        }
          && name.lowercased() == name && first.count > 1
      }
  }

  private static func trimmed(_ cell: String) -> String {
    let spaces: Set<Character> = [" ", "\t"]
    let start = cell.drop { spaces.contains($0) }
    return String(start.reversed().drop { spaces.contains($0) }.reversed())
  }
}
