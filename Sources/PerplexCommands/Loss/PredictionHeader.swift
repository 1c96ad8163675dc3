import Records

/// The names of the columns of a file of predictions, sorted by their roles.
struct PredictionHeader {
  /// The role of a column, as its name says it.
  enum Role: Equatable {
    case label
    /// The probability, or the logit, of the label 1.
    case positive(isLogit: Bool)
    /// The probability, or the logit, of a class.
    case value(name: String, isLogit: Bool)
    case target(name: String)
    case teacher(name: String)
    /// A column that is not read.
    case remark

    /// The role of a column called `name`; `areLogits` says what classes without a prefix have.
    init(of name: String, areLogits: Bool) {
      let lower = name.lowercased()
      func rest(after prefix: String) -> String? {
        lower.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
      }
      self =
        switch lower {
        case "label": .label
        case "probability": .positive(isLogit: false)
        case "logit": .positive(isLogit: true)
        case "id", "row", "text", "": .remark
        default:
          rest(after: "target_").map { .target(name: $0) }
            ?? rest(after: "teacher_").map { .teacher(name: $0) }
            ?? rest(after: "logit_").map { .value(name: $0, isLogit: true) }
            ?? .value(name: name, isLogit: areLogits)
        }
    }
  }

  private let names: [String]
  private var label: Int?
  private var positive: (column: Int, isLogit: Bool)?
  private var values: [(column: Int, name: String, isLogit: Bool)] = []
  private var targets: [String: Int] = [:]
  private var teachers: [String: Int] = [:]

  /// Sorts the columns by their names.
  ///
  /// - Throws: a sentence where two columns have one role.
  init(_ names: [String], areLogits: Bool) throws(RowError) {
    self.names = names
    for (column, name) in names.enumerated() {
      switch Role(of: name, areLogits: areLogits) {
      case .label:
        guard label == nil else { throw .init(message: "two columns of the header are 'label'") }
        label = column
      case .positive(let isLogit):
        guard positive == nil else {
          throw .init(message: "a header has one column 'probability' or 'logit', not two")
        }
        positive = (column, isLogit)
      case .value(let name, let isLogit): values.append((column, name, isLogit))
      case .target(let key): try Self.set(&targets, key, column, name)
      case .teacher(let key): try Self.set(&teachers, key, column, name)
      case .remark: continue
      }
    }
  }

  private static func set(
    _ columns: inout [String: Int],
    _ key: String,
    _ column: Int,
    _ name: String
  ) throws(RowError) {
    guard columns.updateValue(column, forKey: key) == nil else {
      throw .init(message: "two columns of the header have the name '\(name)'")
    }
  }

  /// The columns of the prediction, their kind, and the names of the classes.
  func prediction() throws(RowError) -> (
    columns: PredictionColumns.Prediction, isLogits: Bool, classes: [String]
  ) {
    if let positive { return (.ofPositive(positive.column), positive.isLogit, ["0", "1"]) }
    guard values.count >= 2 else {
      throw .init(
        message: """
          no predictions: the header needs 'probability', 'logit', or a column for each of at least \
          two classes
          """
      )
    }
    guard values.allSatisfy({ $0.isLogit == values[0].isLogit }) else {
      throw .init(message: "some columns are logits and some are not")
    }
    return (.ofClasses(values.map(\.column)), values[0].isLogit, values.map(\.name))
  }

  /// The columns of the teacher; none without one.
  func teacher(of classes: [String]) throws(RowError) -> [Int] {
    if let positive {
      // Beside the column of the label 1 a teacher has one column as well; elsewhere `teacher` may be
      // the name of a class.
      let lone = values.filter { $0.name.lowercased() == "teacher" }
      guard lone.count == values.count, lone.count < 2, targets.isEmpty, teachers.isEmpty else {
        throw .init(
          message:
            "'\(names[positive.column])' is of the label 1 alone; leave out columns other than 'label' and 'teacher'"
        )
      }
      return lone.map(\.column)
    }
    guard teachers.isEmpty || Set(teachers.keys) == Set(classes) else {
      throw .init(message: "a teacher needs one 'teacher_NAME' for each class and no others")
    }
    return teachers.isEmpty ? [] : classes.compactMap { teachers[$0] }
  }

  /// The columns of the truth.
  func truth(of classes: [String]) throws(RowError) -> PredictionColumns.Truth {
    if targets.isEmpty {
      guard let label else {
        throw .init(message: "no column 'label' in the header; or give each class a 'target_NAME'")
      }
      return .label(label)
    }
    guard label == nil, Set(targets.keys) == Set(classes), targets.count == classes.count else {
      throw .init(message: "soft targets need one 'target_NAME' for each class and no 'label'")
    }
    return .targets(classes.map { targets[$0] ?? 0 })
  }
}
