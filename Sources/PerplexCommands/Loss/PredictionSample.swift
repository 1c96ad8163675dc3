import Files
import Records

/// The first rows of a table, from which the meaning of its columns is told.
struct PredictionSample {
  /// The fields of a column.
  struct Column {
    /// Every field is a number.
    var isNumeric = true
    /// No field is a number.
    var isText = true
    /// Every field is `true` or `false`.
    var isTruth = true
    /// Every field is spelled as a whole number, without point and exponent.
    var isWhole = true
    /// No field is spelled so.
    var isFractional = true
    var smallest = Double.infinity
    var largest = -Double.infinity
    /// The different fields that are no numbers, at most ``PredictionSample/spellingLimit``.
    var spellings: Set<String> = []

    /// Every field is 0 or 1, or all are `true` and `false`.
    var isZeroOrOne: Bool {
      isNumeric ? isWhole && smallest >= 0 && largest <= 1 : isTruth
    }

    fileprivate mutating func add(_ value: Double?, _ field: Span<UInt8>, _ text: String?) {
      if let text { spellings.insert(text) }
      guard let value else {
        (isNumeric, isWhole) = (false, false)
        if PredictionSample.truth(field) == nil { isTruth = false }
        // A number that cannot be read is reported, and no reason to leave out its column.
        let signs: [UInt8] = [0x2b, 0x2c, 0x2d, 0x2e, 0x45, 0x65, 0x25, 0x20]
        let bytes = Array(field)
        if bytes.contains(where: { 48...57 ~= $0 }),
          bytes.allSatisfy({ 48...57 ~= $0 || signs.contains($0) })
        {
          isText = false
        }
        return
      }
      (isText, isTruth) = (false, false)
      smallest = min(smallest, value)
      largest = max(largest, value)
      var digits = 0
      for index in field.indices where 48...57 ~= field[index] { digits += 1 }
      let hasSign = field[0] == 0x2b || field[0] == 0x2d
      if digits == field.count - (hasSign ? 1 : 0) { isFractional = false } else { isWhole = false }
    }
  }

  /// The number that `true` and `false` stand for, whatever the case of their letters.
  static func truth(_ field: Span<UInt8>) -> Double? {
    guard field.count == 4 || field.count == 5 else { return nil }
    return switch String(decoding: field, as: UTF8.self).lowercased() {
    case "true": 1
    case "false": 0
    default: nil
    }
  }

  static let spellingLimit = 10_000

  /// The columns, as many as the first row has fields.
  private(set) var columns: [Column]
  /// The numbers of each row, 1 and 0 for `true` and `false`, NaN for other fields.
  private(set) var rows: [[Double]] = []

  /// Reads rows of `bytes` from `position` on: 1,000 at most, and fewer of many columns.
  init(_ bytes: Span<UInt8>, from start: Int, fieldCount: Int, delimiter: UInt8) {
    columns = [Column](repeating: Column(), count: fieldCount)
    var fields = DelimitedFields(delimiter: delimiter)
    var position = start
    let limit = min(1000, max(10, 400_000 / max(1, fieldCount)))
    while position < bytes.count, rows.count < limit {
      // A faulty row is reported when it is read for its figures.
      guard let hasFields = try? fields.read(bytes, &position) else { break }
      guard hasFields, fields.ranges.count == fieldCount else { continue }
      var values: [Double] = []
      values.reserveCapacity(fieldCount)
      for (index, range) in fields.ranges.enumerated() {
        let field = bytes.extracting(range)
        let value = fields.number(field)
        let isWanted =
          value == nil && field.count < 200
          && columns[index].spellings.count < Self.spellingLimit
        columns[index].add(value, field, isWanted ? DelimitedFields.text(field) : nil)
        values.append(value ?? Self.truth(field) ?? .nan)
      }
      rows.append(values)
    }
  }

  /// The rows of a file in another form: each has the bytes of its fields.
  init(_ rows: [[[UInt8]]], fieldCount: Int) {
    columns = [Column](repeating: Column(), count: fieldCount)
    for row in rows where row.count == fieldCount {
      var values: [Double] = []
      for (index, field) in row.enumerated() {
        let value = DecimalNumber.read(field.span)
        columns[index].add(
          value,
          field.span,
          value == nil ? String(decoding: field, as: UTF8.self) : nil
        )
        values.append(value ?? Self.truth(field.span) ?? .nan)
      }
      self.rows.append(values)
    }
  }

  /// The numbers of `columns` sum to `total` in every row, but for a part of it.
  func sums(of columns: [Int], are total: Double, within part: Double) -> Bool {
    !rows.isEmpty
      && rows.allSatisfy { row in
        let sum = columns.reduce(0) { $0 + row[$1] }
        return (sum - total).magnitude <= part * total
      }
  }

  /// The columns that are left when as few as can be, three at most, are taken from `columns` to
  /// make every row sum to `total`; nil where none do, or where two choices of as many do.
  func largestPart(of columns: [Int], summingTo total: Double, within part: Double) -> [Int]? {
    guard columns.count > 2, columns.count <= 100, !rows.isEmpty else { return nil }
    let excess = rows.map { row in columns.reduce(-total) { $0 + row[$1] } }
    func fits(_ taken: [Int]) -> Bool {
      zip(rows, excess).allSatisfy { row, excess in
        (taken.reduce(excess) { $0 - row[$1] }).magnitude <= part * total
      }
    }
    var choices = columns.indices.map { [$0] }
    for size in 1...min(3, columns.count - 2) {
      let fitting = choices.filter { fits($0.map { columns[$0] }) }
      if fitting.count == 1 {
        return columns.indices.filter { !fitting[0].contains($0) }.map { columns[$0] }
      }
      guard fitting.isEmpty, size < 3 else { return nil }
      choices = choices.flatMap { choice in
        (choice[choice.count - 1] + 1..<columns.count).map { choice + [$0] }
      }
    }
    return nil
  }
}
