import Files
import Records

/// Reads the numbers and the label of one row of a table after the other.
struct PredictionRow {
  var fields: DelimitedFields
  private let columns: PredictionColumns
  private let truth: PredictionTruth
  private let valueColumns: [Int]

  init(_ columns: PredictionColumns, _ truth: PredictionTruth, delimiter: UInt8) {
    fields = DelimitedFields(delimiter: delimiter)
    self.columns = columns
    self.truth = truth
    valueColumns = columns.prediction.columns
  }

  /// Adds the row of ``fields``, which are those of a line of `bytes`.
  func read(
    _ bytes: Span<UInt8>,
    place: Int,
    row: Int,
    into tally: inout PredictionTally
  ) throws(RowError) {
    try read(bytes, fields.ranges, place, row, into: &tally)
  }

  /// Adds the row of an object whose members are the columns.
  func read(
    _ object: JSONItem,
    place: Int,
    row: Int,
    into tally: inout PredictionTally
  ) throws(RowError) {
    var bytes: [UInt8] = []
    var ranges = [Range<Int>](repeating: 0..<0, count: columns.count)
    for column in columns.read {
      guard let item = object[columns.names[column]] else {
        throw RowError(message: "no '\(columns.names[column])', which the first row has")
      }
      let start = bytes.count
      bytes += JSONRow.text(item)
      ranges[column] = start..<bytes.count
    }
    try read(bytes.span, ranges, place, row, into: &tally)
  }

  private func read(
    _ bytes: Span<UInt8>,
    _ ranges: [Range<Int>],
    _ place: Int,
    _ row: Int,
    into tally: inout PredictionTally
  ) throws(RowError) {
    guard ranges.count == columns.count else {
      throw RowError(
        message:
          "\(ranges.count) fields where the first row has \(columns.count); are some missing?"
      )
    }
    let meaning: ClassLabels.Meaning?
    switch (columns.truth, columns.id) {
    case (.label(let column), _):
      meaning = try truth.classes.meaning(of: bytes.extracting(ranges[column]))
    case (.targets, _): meaning = nil
    case (.other, let column?):
      let id = Array(bytes.extracting(ranges[column]))
      meaning = try truth.read(id: id, place: place, row: row, into: &tally)
    case (.other, nil):
      meaning = try truth.read(id: nil, place: place, row: row, into: &tally)
    }
    if meaning == .ignored {
      tally.ignoredRows += 1
      return
    }
    for (index, column) in valueColumns.enumerated() {
      tally.values[index] = try number(bytes, ranges[column], column)
    }
    for (index, column) in columns.teacher.enumerated() {
      tally.teacher[index] = try number(bytes, ranges[column], column)
    }
    var weight = 1.0
    if let column = columns.weight { weight = try number(bytes, ranges[column], column) }
    if let meaning {
      try tally.add(label: meaning, weight: weight, row: row)
      return
    }
    if case .targets(let targets) = columns.truth {
      for (index, column) in targets.enumerated() {
        let field = bytes.extracting(ranges[column])
        if let truth = PredictionSample.truth(field) {
          tally.targets[index] = truth
        } else {
          tally.targets[index] = try number(bytes, ranges[column], column)
        }
      }
    }
    try tally.addTargets(weight: weight, row: row)
  }

  private func number(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ column: Int
  ) throws(RowError) -> Double {
    let field = bytes.extracting(range)
    if let value = fields.number(field) { return value }
    let text = DelimitedFields.text(field)
    throw RowError(
      message: "'\(text)' in column \(column + 1) is not a number"
        + (text.contains(",") ? "; write decimals with a point" : "")
    )
  }
}
