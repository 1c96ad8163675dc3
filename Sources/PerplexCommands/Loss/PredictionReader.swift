import Files
import InformationTheory
import Records

/// Reads predictions, chunks of lines on several threads, and adds up their losses.
struct PredictionReader {
  /// The losses of a file.
  struct Result {
    var summary: LossSummary
    /// The student's loss to the teacher, where there is one.
    var distillation: DistillationSummary?
    var classes: [String]
    var isLogits: Bool
    var hasSoftTargets: Bool
    var normalizedRows: Int
  }

  let path: String
  let settings: PredictionTally.Settings
  let threads: Int

  /// The form of the rows.
  private enum Form {
    case delimited(PredictionColumns, delimiter: UInt8)
    case json(PredictionObject)

    var classes: [String] {
      switch self {
      case .delimited(let columns, _): columns.classes
      case .json(let object): (0..<object.classCount).map(String.init)
      }
    }

    var hasTeacher: Bool {
      switch self {
      case .delimited(let columns, _): !columns.teacher.isEmpty
      case .json(let object): object.hasTeacher
      }
    }
  }

  /// Reads the whole file; calls `progress` with the number of bytes read.
  ///
  /// The memory is that of a few chunks. The bytes alone decide where chunks end, and sums are
  /// added in the file's order, so the figures are the same on any number of threads.
  func read(progress: (Int) -> Void) throws -> Result {
    var chunks = try LineChunks(path)
    guard let first = try chunks.next() else {
      throw RecordError(path: path, "the file is empty; give a row for each prediction")
    }
    let form = try form(of: first)
    var settings = settings
    var hasSoftTargets = false
    switch form {
    case .delimited(let columns, _):
      settings.areLogits = columns.isLogits
      if case .targets = columns.truth { hasSoftTargets = true }
    case .json(let object):
      settings.areLogits = object.isLogits
      hasSoftTargets = object.hasTargets
    }
    guard settings.areLogits || settings.temperature == 1 else {
      throw RecordError(
        path: path,
        "a temperature divides logits; these are probabilities"
          + (form.hasTeacher
            ? "; for their distillation loss alone give --distillation-temperature" : "")
      )
    }
    guard form.hasTeacher || settings.distillationTemperature == nil else {
      throw RecordError(
        path: path,
        "a distillation temperature, and no teacher in the first row; give 'teacher' in JSON, "
          + "'teacher_NAME' for each class in a header"
      )
    }
    let reading = settings
    var total = tally(form, reading)
    var pending = [first]
    var isFirst = true
    while !pending.isEmpty {
      while pending.count < 2 * threads, let chunk = try chunks.next() { pending.append(chunk) }
      let work = pending
      let skipsHeader = isFirst
      let parts = try Parallel.map(work.count, threads: threads) { index in
        try self.read(work[index], form, reading, skipsHeader: skipsHeader && index == 0)
      }
      for part in parts { total.merge(part) }
      for chunk in work { progress(chunk.bytes.count) }
      isFirst = false
      pending = []
      if let chunk = try chunks.next() { pending.append(chunk) }
    }
    let summary = total.tally.summary
    guard summary.rows > 0 else {
      throw RecordError(
        path: path,
        "there is no row below the header; give one for each prediction"
      )
    }
    return Result(
      summary: summary,
      distillation: total.distillation?.summary,
      classes: form.classes,
      isLogits: settings.areLogits,
      hasSoftTargets: hasSoftTargets,
      normalizedRows: total.normalizedRows
    )
  }

  /// The form of the first line that is not empty.
  private func form(of chunk: LineChunks.Chunk) throws -> Form {
    var line = chunk.firstLine
    for text in chunk.bytes.split(separator: 10, omittingEmptySubsequences: false) {
      defer { line += 1 }
      guard let visible = text.first(where: { ![32, 9, 13].contains($0) }) else { continue }
      do throws(RowError) {
        if visible == 0x7b { return .json(try PredictionObject(line: text)) }
        let delimiter = DelimitedFields.delimiter(ofLine: text)
        let bytes = Array(text)
        var fields = DelimitedFields(delimiter: delimiter)
        var position = 0
        _ = try fields.read(bytes.span, &position)
        let names = fields.ranges.map { DelimitedFields.text(bytes.span.extracting($0)) }
        return .delimited(
          try PredictionColumns(firstRow: names, areLogits: settings.areLogits),
          delimiter: delimiter
        )
      } catch { throw RecordError(path: path, line: line, error.message) }
    }
    throw RecordError(path: path, "the file is empty; give a row for each prediction")
  }

  private func tally(_ form: Form, _ settings: PredictionTally.Settings) -> PredictionTally {
    switch form {
    case .delimited(let columns, _):
      var isPositiveOnly = false
      if case .ofPositive = columns.prediction { isPositiveOnly = true }
      return PredictionTally(
        classCount: columns.classes.count,
        isPositiveOnly: isPositiveOnly,
        hasTeacher: form.hasTeacher,
        settings
      )
    case .json(let object):
      return PredictionTally(
        classCount: object.classCount,
        isPositiveOnly: object.isPositiveOnly,
        hasTeacher: form.hasTeacher,
        settings
      )
    }
  }

  private func read(
    _ chunk: LineChunks.Chunk,
    _ form: Form,
    _ settings: PredictionTally.Settings,
    skipsHeader: Bool
  ) throws -> PredictionTally {
    var tally = tally(form, settings)
    var line = chunk.firstLine
    let bytes = chunk.bytes
    do throws(RowError) {
      switch form {
      case .delimited(let columns, let delimiter):
        var reader = RowReader(columns, delimiter: delimiter)
        var skips = skipsHeader && columns.hasHeader
        var position = 0
        while position < bytes.count {
          if try reader.fields.read(bytes.span, &position) {
            if !skips { try reader.read(bytes.span, row: line, into: &tally) }
            skips = false
          }
          line += 1
        }
      case .json(let object):
        for text in bytes.split(separator: 10, omittingEmptySubsequences: false) {
          if text.contains(where: { ![32, 9, 13].contains($0) }) {
            try object.read(text, row: line, into: &tally)
          }
          line += 1
        }
      }
    } catch { throw RecordError(path: path, line: line, error.message) }
    return tally
  }
}

/// Reads the numbers and the label of one row of CSV or TSV after the other.
private struct RowReader {
  var fields: DelimitedFields
  private let columns: PredictionColumns
  private let valueColumns: [Int]
  /// The names that a label may have.
  private var names: [[UInt8]] = []
  /// True if a label may be the number of a class; false if the names of classes are numbers.
  private var takesPlaces = true

  init(_ columns: PredictionColumns, delimiter: UInt8) {
    fields = DelimitedFields(delimiter: delimiter)
    self.columns = columns
    switch columns.prediction {
    case .ofPositive(let column): valueColumns = [column]
    case .ofClasses(let columns): valueColumns = columns
    }
    guard columns.hasHeader, case .ofClasses = columns.prediction else { return }
    names = columns.classes.map { Array($0.utf8) }
    takesPlaces = !names.contains { $0.allSatisfy { 48...57 ~= $0 } }
  }

  /// Adds the row of ``fields``, which are those of a line of `bytes`.
  func read(
    _ bytes: Span<UInt8>,
    row: Int,
    into tally: inout PredictionTally
  ) throws(RowError) {
    guard fields.ranges.count == columns.count else {
      throw RowError(
        message:
          "\(fields.ranges.count) fields where the first row has \(columns.count); are some missing?"
      )
    }
    for (index, column) in valueColumns.enumerated() {
      tally.values[index] = try number(column, bytes)
    }
    for (index, column) in columns.teacher.enumerated() {
      tally.teacher[index] = try number(column, bytes)
    }
    switch columns.truth {
    case .label(let column): try tally.add(label: label(column, bytes), row: row)
    case .targets(let columns):
      for (index, column) in columns.enumerated() {
        tally.targets[index] = try number(column, bytes)
      }
      try tally.add(label: nil, row: row)
    }
  }

  private func number(_ column: Int, _ bytes: Span<UInt8>) throws(RowError) -> Double {
    let field = bytes.extracting(fields.ranges[column])
    if let value = DecimalNumber.read(field) { return value }
    throw RowError(
      message: "'\(DelimitedFields.text(field))' in column \(column + 1) is not a number"
    )
  }

  /// The class that a field names: one of the names, or a number from 0.
  private func label(_ column: Int, _ bytes: Span<UInt8>) throws(RowError) -> Int {
    let field = bytes.extracting(fields.ranges[column])
    for (index, name) in names.enumerated() where field.isEqual(to: name.span) { return index }
    if takesPlaces, let number = Self.place(field) { return number }
    throw RowError(
      message: "the label '\(DelimitedFields.text(field))' is none of the classes "
        + columns.classes.prefix(8).joined(separator: ", ")
        + (columns.classes.count > 8 ? ", …" : "")
    )
  }

  private static func place(_ field: Span<UInt8>) -> Int? {
    guard !field.isEmpty, field.count < 10 else { return nil }
    var number = 0
    for index in field.indices {
      let byte = field[index]
      guard byte >= 48 && byte <= 57 else { return nil }
      number = number * 10 + Int(byte - 48)
    }
    return number
  }
}
