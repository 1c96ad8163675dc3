import Files
import InformationTheory
import Records

/// The way to read a file of predictions, known from its first rows.
struct PredictionPlan: Sendable {
  let form: PredictionReader.Form
  let shape: PredictionTally.Shape
  let settings: PredictionTally.Settings
  let truth: PredictionTruth
  /// A reader of objects whose members are columns; nil for other forms.
  let objectReader: PredictionRow?
  private let path: String

  /// Finds what rows of a form have, and refuses options that do not go with it.
  init(_ form: PredictionReader.Form, reader: PredictionReader) throws {
    self.form = form
    path = reader.path
    var settings = reader.settings
    var names: [String]?
    switch form {
    case .delimited(let columns, _), .json(.table(let columns)),
      .lists(_, .table(let columns), _):
      shape = .init(
        classCount: columns.classes.count,
        isPositiveOnly: columns.isPositiveOnly,
        hasTeacher: !columns.teacher.isEmpty
      )
      settings.areLogits = columns.isLogits
      settings.isMultiLabel = settings.isMultiLabel || columns.isMultiLabel
      settings.predictionNames = columns.hasHeader ? columns.predictionNames : nil
      names = columns.hasHeader && !columns.isPositiveOnly ? columns.classes : nil
    case .json(.lists(let object)), .lists(_, .lists(let object), _):
      shape = .init(
        classCount: object.classCount,
        isPositiveOnly: object.isPositiveOnly,
        hasTeacher: object.hasTeacher
      )
      settings.areLogits = object.isLogits
      settings.isMultiLabel = settings.isMultiLabel || object.isMultiLabel
      names = object.names
    case .array(let array):
      shape = .init(
        classCount: max(2, array.columnCount),
        isPositiveOnly: array.columnCount == 1,
        hasTeacher: false
      )
    }
    if let targets = reader.labels?.array, targets.columnCount > 1 {
      try Self.check(targets, of: reader.labels?.path ?? path, shape)
      settings.isMultiLabel = settings.isMultiLabel || Self.areMultiLabel(targets)
    }
    if let positive = reader.positive, !shape.isPositiveOnly {
      throw RecordError(
        path: path,
        "--positive \(positive) names the label of one column, and each class has its own here"
      )
    }
    let classes = ClassLabels(
      names: names ?? (0..<shape.classCount).map(String.init),
      areNumbered: names == nil,
      isPositiveOnly: shape.isPositiveOnly,
      positive: reader.positive,
      ignoring: reader.ignored
    )
    truth = PredictionTruth(classes: classes, file: reader.labels)
    if let weights = reader.classWeights {
      settings.options.classWeights = try ClassWeights.read(weights, classes)
    }
    self.settings = settings
    objectReader =
      switch form {
      case .json(.table(let columns)), .lists(_, .table(let columns), _):
        PredictionRow(columns, truth, delimiter: 0x2c)
      default: nil
      }
    try checkOptions()
  }

  /// Refuses targets that are not as many as the classes.
  private static func check(
    _ targets: NumberArray,
    of path: String,
    _ shape: PredictionTally.Shape
  ) throws(RecordError) {
    guard targets.columnCount == shape.classCount, !shape.isPositiveOnly else {
      throw RecordError(
        path: path,
        "\(targets.columnCount) targets a row, and the predictions have "
          + (shape.isPositiveOnly ? "one number" : "\(shape.classCount)")
      )
    }
  }

  /// Targets of 0 and 1 in the first rows, not one of each row 1.
  private static func areMultiLabel(_ targets: NumberArray) -> Bool {
    var values = [Double](repeating: 0, count: targets.columnCount)
    var isOneHot = true
    for row in 0..<min(1000, targets.rowCount) {
      targets.read(row: row, into: &values)
      guard values.allSatisfy({ $0 == 0 || $0 == 1 }) else { return false }
      if values.reduce(0, +) != 1 { isOneHot = false }
    }
    return !isOneHot
  }

  private func checkOptions() throws {
    func failure(_ message: String) -> RecordError { RecordError(path: path, message) }
    guard settings.areLogits || settings.temperature == 1 else {
      throw failure(
        "a temperature divides logits; these are probabilities"
          + (shape.hasTeacher
            ? "; for their distillation loss alone give --distillation-temperature" : "")
      )
    }
    guard shape.hasTeacher || settings.distillationTemperature == nil else {
      throw failure(
        "a distillation temperature, and no teacher in the first row; give 'teacher' in JSON, "
          + "'teacher_NAME' for each class in a header"
      )
    }
    guard !settings.areLogits || settings.factor == 1 else {
      throw failure(
        "--multiply is for probabilities, and these are logits; --temperature divides them"
      )
    }
    guard settings.isMultiLabel else { return }
    guard hasTargets else {
      throw failure(
        "--multi-label, and a row has one label; give each class a column of 0 and 1, 'target_NAME'"
      )
    }
    guard !shape.hasTeacher, settings.options.classWeights.isEmpty, !settings.normalizes else {
      throw failure(
        "classes that may be true together take no teacher, no --class-weights and no --normalize"
      )
    }
  }

  /// Rows have a target for each class.
  var hasTargets: Bool {
    if let array = truth.file?.array { return array.columnCount > 1 }
    return switch form {
    case .delimited(let columns, _), .json(.table(let columns)),
      .lists(_, .table(let columns), _):
      if case .targets = columns.truth { true } else { false }
    case .json(.lists(let object)), .lists(_, .lists(let object), _): object.hasTargets
    case .array: false
    }
  }

  /// The first row has the names of columns.
  var hasHeader: Bool {
    switch form {
    case .delimited(let columns, _): columns.hasHeader
    case .lists: true
    case .json, .array: false
    }
  }

  /// Labels are those of the file of labels, in its order.
  var readsPlaces: Bool { truth.file.map { !$0.isNamed } ?? false }

  var weightColumn: String? {
    switch form {
    case .delimited(let columns, _), .json(.table(let columns)),
      .lists(_, .table(let columns), _):
      return columns.weight.map { columns.names[$0] }
    case .json(.lists(let object)), .lists(_, .lists(let object), _): return object.weightKey
    case .array: return nil
    }
  }

  var unreadColumns: [String] {
    switch form {
    case .delimited(let columns, _), .json(.table(let columns)),
      .lists(_, .table(let columns), _):
      return columns.unread
    default: return []
    }
  }

  /// An empty tally of rows of this shape.
  var tally: PredictionTally {
    var tally = PredictionTally(shape, settings)
    if let array = truth.file?.array, array.columnCount == 1, tally.targets.isEmpty {
      tally.targets = [0]
    }
    return tally
  }

  /// An error of a row: its line, or its number in an array.
  func error(_ row: Int, _ message: String) -> RecordError {
    if case .array = form { return RecordError(path: path, "row \(row): \(message)") }
    return RecordError(path: path, line: row, message)
  }
}

extension JSONForm {
  /// Adds the prediction of an object; `table` reads members that are columns.
  func read(
    _ object: JSONItem,
    _ table: PredictionRow?,
    _ truth: PredictionTruth,
    place: Int,
    row: Int,
    into tally: inout PredictionTally
  ) throws(RowError) {
    switch self {
    case .lists(let form):
      try form.read(object, truth, place: place, row: row, into: &tally)
    case .table: try table?.read(object, place: place, row: row, into: &tally)
    }
  }
}

extension LineChunks.Chunk {
  /// The number of lines that are not blank.
  var rowCount: Int {
    bytes.split(separator: 10).count { line in
      line.contains { ![32, 9, 13].contains($0) }
    }
  }
}

/// The weights of classes in the loss, from a file.
enum ClassWeights {
  /// Reads a weight for each class: a row with its name and its weight, or weights in the order of
  /// the classes, in CSV, TSV or JSON.
  static func read(_ path: String, _ classes: ClassLabels) throws -> [Double] {
    let (names, columns) = try DistributionFile.read([path], columnsOf: 1)
    let weights = columns[0].values
    guard names.count == classes.names.count else {
      throw RecordError(
        path: path,
        "\(names.count) weights for \(classes.names.count) classes; give each class one"
      )
    }
    var result = [Double?](repeating: nil, count: names.count)
    for (place, name) in names.enumerated() {
      let line = columns[0].lines[place]
      guard weights[place] >= 0, weights[place].isFinite else {
        throw RecordError(
          path: path,
          line: line,
          "\(weights[place]) is no weight; weights are finite and not negative"
        )
      }
      var index = place
      if columns[0].hasNames {
        do throws(RowError) {
          guard case .ofClass(let found) = try classes.meaning(of: Array(name.utf8).span) else {
            throw RowError(message: "'\(name)' is no class")
          }
          index = found
        } catch { throw RecordError(path: path, line: line, error.message) }
      }
      guard result[index] == nil else {
        throw RecordError(path: path, line: line, "a second weight of the class '\(name)'")
      }
      result[index] = weights[place]
    }
    return result.map { $0 ?? 0 }
  }
}
