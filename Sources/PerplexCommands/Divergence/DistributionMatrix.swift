import Files
import InformationTheory
import Records

/// Many distributions over the same outcomes: the rows, or the columns, of a table.
struct DistributionMatrix {
  /// The names of the distributions; their numbers from 1 where they have none.
  private(set) var names: [String] = []
  /// The names of the outcomes; their numbers from 1 where they have none.
  private(set) var outcomes: [String] = []
  private(set) var weights: [DistributionWeights] = []
  /// The distributions of the second half of the columns, where each row has two.
  private(set) var partners: [DistributionWeights] = []
  private(set) var hasNames = false

  /// The rows of a file, each a distribution: CSV, TSV, a list of lists or an object of lists in JSON,
  /// or an array of NumPy.
  static func rows(of path: String) throws -> Self {
    var matrix = Self()
    let bytes = try Bytes.whole(path)
    let start = bytes.withBytes(0..<min(8, bytes.count)) { Array($0) }
    if NumberArray.isOne(start) {
      try matrix.read(NumberArray(bytes, path: path), path)
      return matrix
    }
    let text = try text(bytes, path)
    if DistributionFile.isJSON(text) {
      try matrix.readJSON(text, path)
    } else {
      try matrix.readRows(text, path)
    }
    return matrix
  }

  /// The columns of a file, each a distribution; the first column has the outcomes.
  static func columns(of path: String) throws -> Self {
    let text = try text(.whole(path), path)
    let table = try Table(text, path)
    guard table.names.count >= 3, table.hasHeader else {
      throw RecordError(
        path: path,
        line: 1,
        "columns need a header, a column of outcomes and two distributions; --rows reads rows"
      )
    }
    var matrix = Self()
    matrix.hasNames = true
    for column in 1..<table.names.count {
      var weights = DistributionWeights(path: path)
      for (index, row) in table.rows.enumerated() {
        let value = try table.number(column, of: row)
        try weights.set(index, value, line: row.line)
      }
      matrix.names.append(table.names[column])
      matrix.weights.append(weights)
    }
    matrix.outcomes = table.rows.map { $0.fields[0] }
    return matrix
  }

  private static func text(_ bytes: Bytes, _ path: String) throws -> [UInt8] {
    var text = bytes.withBytes(0..<bytes.count) { Array($0) }
    if text.starts(with: [0xef, 0xbb, 0xbf]) { text.removeFirst(3) }
    try RecordError.checkForm(of: text[...], path: path)
    guard text.contains(where: { ![32, 9, 10, 13].contains($0) }) else {
      throw RecordError(path: path, "the file is empty; give a row for each distribution")
    }
    return text
  }

  /// The place of the distribution called `name`, or of that number.
  func place(of name: String, in path: String) throws -> Int {
    if hasNames, let place = names.firstIndex(of: name) { return place }
    if let number = Int(name), names.indices.contains(number - 1) { return number - 1 }
    throw RecordError(
      path: path,
      "no distribution '\(name)'; there are \(PredictionHeader.list(names))"
    )
  }

  private mutating func append(_ name: String?, _ values: [Double], line: Int, _ path: String)
    throws
  {
    guard weights.isEmpty || values.count == outcomes.count else {
      throw RecordError(
        path: path,
        line: line,
        "\(values.count) numbers where the first row has \(outcomes.count)"
      )
    }
    if outcomes.isEmpty { outcomes = values.indices.map { "\($0 + 1)" } }
    var row = DistributionWeights(path: path)
    row.values = values
    row.lines = [Int](repeating: line, count: values.count)
    row.row = line
    hasNames = name != nil
    names.append(name ?? "\(weights.count + 1)")
    weights.append(row)
  }

  private mutating func read(_ array: NumberArray, _ path: String) throws {
    var values = [Double](repeating: 0, count: array.columnCount)
    for row in 0..<array.rowCount {
      array.read(row: row, into: &values)
      try append(nil, values, line: row + 1, path)
    }
  }

  private mutating func readJSON(_ text: [UInt8], _ path: String) throws {
    let root = try JSONItem(whole: text, path: path)
    func values(_ item: JSONItem, _ line: Int) throws -> [Double] {
      let values = item.elements.map { $0.number ?? .nan }
      guard !values.isEmpty, !values.contains(where: \.isNaN) else {
        throw RecordError(path: path, line: line, "a row must be a list of numbers")
      }
      return values
    }
    func line(_ item: JSONItem) -> Int { text[..<item.byteOffset].count { $0 == 10 } + 1 }
    if root.kind == .object {
      for (name, value) in root.members {
        try append(name.text ?? "", values(value, line(name)), line: line(name), path)
      }
    } else {
      for value in root.elements {
        try append(nil, values(value, line(value)), line: line(value), path)
      }
    }
  }

  private mutating func readRows(_ text: [UInt8], _ path: String) throws {
    let table = try Table(text, path)
    let columns = table.distributionColumns
    guard columns.count >= 2 else {
      throw RecordError(
        path: path,
        line: 1,
        "a row needs a number for each of two outcomes or more"
      )
    }
    let (first, second) = table.halves(of: columns)
    let nameColumn = table.names.indices.first { !columns.contains($0) }
    if table.hasHeader { outcomes = first.map { table.names[$0] } }
    if second != nil { outcomes = NameParts.distinct(outcomes) }
    for row in table.rows {
      let values = try first.map { try table.number($0, of: row) }
      try append(nameColumn.map { row.fields[$0] }, values, line: row.line, path)
      guard let second else { continue }
      var partner = DistributionWeights(path: path)
      partner.values = try second.map { try table.number($0, of: row) }
      partner.lines = [Int](repeating: row.line, count: second.count)
      partner.row = row.line
      partners.append(partner)
    }
  }
}

/// The fields of a table that is small enough for the memory.
private struct Table {
  struct Row {
    var fields: [String]
    var values: [Double?]
    var line: Int
  }

  /// The names of the columns, or their numbers from 1.
  private(set) var names: [String] = []
  private(set) var rows: [Row] = []
  private(set) var hasHeader = false
  private let path: String

  init(_ text: [UInt8], _ path: String) throws {
    self.path = path
    let first = text.drop { [32, 10, 13].contains($0) }.prefix { $0 != 10 }
    var fields = DelimitedFields(delimiter: DistributionRows.delimiter(ofLine: first))
    var position = 0
    var line = 0
    while position < text.count {
      line += 1
      do throws(RowError) {
        guard try fields.read(text.span, &position) else { continue }
        let spans = fields.ranges
        let texts = spans.map { DelimitedFields.text(text.span.extracting($0)) }
        let values = spans.map { fields.number(text.span.extracting($0)) }
        if names.isEmpty {
          // A name of a column is no number; the first field may be the name of a row.
          hasHeader = values.count > 1 && values.dropFirst().allSatisfy { $0 == nil }
          names = hasHeader ? texts : texts.indices.map { "\($0 + 1)" }
          if hasHeader { continue }
        }
        guard texts.count == names.count else {
          throw RowError(
            message: "\(texts.count) fields where the first row has \(names.count); "
              + "are some missing?"
          )
        }
        rows.append(Row(fields: texts, values: values, line: line))
      } catch { throw RecordError(path: path, line: line, error.message) }
    }
    guard !rows.isEmpty else {
      throw RecordError(
        path: path,
        "there is no row below the header; give one for each distribution"
      )
    }
  }

  func number(_ column: Int, of row: Row) throws -> Double {
    if let value = row.values[column] { return value }
    throw RecordError(
      path: path,
      line: row.line,
      "'\(row.fields[column])' in column \(column + 1) is not a number"
    )
  }

  /// The columns of outcomes: those of numbers, without what keeps rows from summing to one.
  var distributionColumns: [Int] {
    let numeric = names.indices.filter { column in
      rows.contains { $0.values[column] != nil } && !(hasHeader && names[column].isEmpty)
    }
    let sample = PredictionSample(
      rows.prefix(1000).map { $0.fields.map { Array($0.utf8) } },
      fieldCount: names.count
    )
    for total in [1.0, 2] where sample.sums(of: numeric, are: total, within: 1e-4) {
      return numeric
    }
    for total in [1.0, 2] {
      if let part = sample.largestPart(of: numeric, summingTo: total, within: 1e-4) { return part }
    }
    // A column that names the rows has none of their numbers.
    return numeric.filter { column in
      let last = hasHeader ? NameParts.words(names[column]).last ?? "" : ""
      return !["id", "index", "idx", "row", "step", "position"].contains(last)
    }
  }

  /// The columns of two distributions in each row, whose names begin with one word and the other.
  func halves(of columns: [Int]) -> (first: [Int], second: [Int]?) {
    guard hasHeader, columns.count >= 4, columns.count % 2 == 0 else { return (columns, nil) }
    for prefix in NameParts.prefixes(names[columns[0]]) {
      let first = columns.filter { names[$0].hasPrefix(prefix) }
      let rest = columns.filter { !first.contains($0) }
      guard first.count == rest.count else { continue }
      for other in NameParts.prefixes(names[rest[0]])
      where rest.allSatisfy({ names[$0].hasPrefix(other) }) {
        let wanted = first.map { names[$0].dropFirst(prefix.count) }
        let second = wanted.compactMap { end in
          rest.first { names[$0].dropFirst(other.count) == end }
        }
        if second.count == first.count { return (first, second) }
      }
    }
    return (columns, nil)
  }
}
