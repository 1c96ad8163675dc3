import Files
import Records

/// A table as one JSON object of its columns, lists of equal length or objects with equal names.
enum JSONColumns {
  /// The rows of the table as objects, some of them in each chunk; nil if `root` is no such table.
  static func rows(_ root: JSONItem) -> [JSONElements.Chunk]? {
    let members = root.members
    var columns: [(name: JSONItem, values: [JSONItem])] = []
    for (name, value) in members {
      switch value.kind {
      case .array: columns.append((name, Array(value.elements)))
      case .object: columns.append((name, value.members.map(\.value)))
      default: return nil
      }
    }
    guard columns.count >= 2, let count = columns.first?.values.count, count > 0,
      columns.allSatisfy({ $0.values.count == count })
    else { return nil }
    var chunks: [JSONElements.Chunk] = []
    for row in 0..<count {
      if row % 1000 == 0 { chunks.append(.init(bytes: [], elements: [])) }
      let last = chunks.count - 1
      let start = chunks[last].bytes.count
      for (place, column) in columns.enumerated() {
        chunks[last].bytes.append(place == 0 ? 0x7b : 0x2c)
        chunks[last].bytes += column.name.source
        chunks[last].bytes.append(0x3a)
        chunks[last].bytes += column.values[row].whole
      }
      chunks[last].bytes.append(0x7d)
      chunks[last].elements.append((start..<chunks[last].bytes.count, row + 1))
    }
    return chunks
  }
}

/// Rows of CSV and TSV of which some fields are lists of numbers, as `[0.1, 0.9]` and `[0.1 0.9]`.
struct ListFields: Sendable {
  private let names: [[UInt8]]

  /// The columns with their names, if the fields of a row have a list among them.
  init?(names: [String], fields: [[UInt8]]) {
    guard names.count == fields.count, fields.contains(where: Self.isList) else { return nil }
    self.names = names.map { Array($0.utf8) }
  }

  private static func isList(_ field: [UInt8]) -> Bool {
    field.count > 2 && field.first == 0x5b && field.last == 0x5d
  }

  /// The row as an object, a string for each field that is no list.
  func object(_ bytes: Span<UInt8>, _ fields: DelimitedFields) throws(RowError) -> JSONItem {
    guard fields.ranges.count == names.count else {
      throw RowError(
        message: "\(fields.ranges.count) fields where the first row has \(names.count); "
          + "are some missing?"
      )
    }
    var text: [UInt8] = [0x7b]
    for (name, range) in zip(names, fields.ranges) {
      if text.count > 1 { text.append(0x2c) }
      text += Self.quoted(name)
      text.append(0x3a)
      let field = Array(DelimitedFields.text(bytes.extracting(range)).utf8)
      text += Self.isList(field) ? Self.list(field) : Self.quoted(field)
    }
    return try JSONRow.object((text + [0x7d])[...])
  }

  private static func quoted(_ text: [UInt8]) -> [UInt8] {
    Array(JSONValue.string(String(decoding: text, as: UTF8.self)).description.utf8)
  }

  /// A list with commas between its numbers, which may have been blanks.
  private static func list(_ field: [UInt8]) -> [UInt8] {
    let numbers = field.dropFirst().dropLast().split { $0 == 0x2c || $0 == 32 }.map { number in
      // `0.` and `1.` are what NumPy prints.
      number.last == 0x2e ? Array(number.dropLast()) : Array(number)
    }
    return [0x5b] + Array(numbers.joined(separator: [0x2c])) + [0x5d]
  }
}
