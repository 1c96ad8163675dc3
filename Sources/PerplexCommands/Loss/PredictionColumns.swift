import Records

/// What the fields of a row of predictions are.
struct PredictionColumns: Sendable, Equatable {
  /// In which form a row tells what is true.
  enum Truth: Sendable, Equatable {
    /// The column of the label.
    case label(Int)
    /// The columns of the classes' targets.
    case targets([Int])
  }

  /// In which form a row tells what was predicted.
  enum Prediction: Sendable, Equatable {
    /// The column of the label 1.
    case ofPositive(Int)
    /// The columns of the classes.
    case ofClasses([Int])
  }

  var truth: Truth
  var prediction: Prediction
  /// The columns of what a teacher says, of the classes or of the label 1 as those of the
  /// prediction; none without a teacher.
  var teacher: [Int]
  var isLogits: Bool
  /// The classes in the order of their numbers.
  var classes: [String]
  /// How many fields a row has.
  var count: Int
  /// Whether the first row has names.
  var hasHeader: Bool

  /// Names of columns that are passed over.
  static let remarks: Set<String> = ["id", "row", "text", ""]

  /// Finds out what the columns are from the fields of the first row.
  ///
  /// - Throws: a sentence on what is missing.
  init(firstRow fields: [String], areLogits: Bool) throws(DelimitedFields.Failure) {
    count = fields.count
    let isNumber = fields.map { field in
      field.lowercased() == "nan"
        || Array(field.utf8).withUnsafeBytes { DecimalNumber.read($0) } != nil
    }
    hasHeader = !isNumber.allSatisfy(\.self)
    guard hasHeader else {
      guard count >= 2 else {
        throw .init(message: "a row needs a label and at least one number; the first has one field")
      }
      truth = .label(0)
      prediction = count == 2 ? .ofPositive(1) : .ofClasses(Array(1..<count))
      teacher = []
      isLogits = areLogits
      classes = (0..<max(2, count - 1)).map(String.init)
      return
    }
    var label: Int?
    var positive: (column: Int, isLogit: Bool)?
    var values: [(column: Int, name: String, isLogit: Bool)] = []
    var targets: [String: Int] = [:]
    var teachers: [String: Int] = [:]
    for (column, name) in fields.enumerated() {
      switch name.lowercased() {
      case "label":
        guard label == nil else { throw .init(message: "two columns of the header are 'label'") }
        label = column
      case "probability", "logit":
        guard positive == nil else {
          throw .init(message: "a header has one column 'probability' or 'logit', not two")
        }
        positive = (column, name.lowercased() == "logit")
      case let lower where Self.remarks.contains(lower): continue
      case let lower where lower.hasPrefix("target_"):
        guard targets.updateValue(column, forKey: String(name.dropFirst(7))) == nil else {
          throw .init(message: "two columns of the header have the name '\(name)'")
        }
      case let lower where lower.hasPrefix("teacher_"):
        guard teachers.updateValue(column, forKey: String(name.dropFirst(8))) == nil else {
          throw .init(message: "two columns of the header have the name '\(name)'")
        }
      case let lower where lower.hasPrefix("logit_"):
        values.append((column, String(name.dropFirst(6)), true))
      default: values.append((column, name, areLogits))
      }
    }
    if let positive {
      // Beside a lone number a teacher has a lone number as well; elsewhere it may name a class.
      let lone = values.filter { $0.name.lowercased() == "teacher" }
      teacher = lone.map(\.column)
      guard lone.count == values.count, lone.count < 2, targets.isEmpty, teachers.isEmpty else {
        throw .init(
          message:
            "'\(fields[positive.column])' is of the label 1 alone; leave out columns other than 'label' and 'teacher'"
        )
      }
      prediction = .ofPositive(positive.column)
      isLogits = positive.isLogit
      classes = ["0", "1"]
    } else {
      guard values.count >= 2 else {
        throw .init(
          message: """
            no predictions: the header needs 'probability', 'logit', or a column for each of at least \
            two classes
            """
        )
      }
      isLogits = values[0].isLogit
      guard values.allSatisfy({ $0.isLogit == values[0].isLogit }) else {
        throw .init(message: "some columns are logits and some are not")
      }
      prediction = .ofClasses(values.map(\.column))
      classes = values.map(\.name)
      guard teachers.isEmpty || Set(teachers.keys) == Set(classes) else {
        throw .init(message: "a teacher needs one 'teacher_NAME' for each class and no others")
      }
      teacher = teachers.isEmpty ? [] : classes.compactMap { teachers[$0] }
    }
    if targets.isEmpty {
      guard let label else {
        throw .init(message: "no column 'label' in the header; or give each class a 'target_NAME'")
      }
      truth = .label(label)
    } else {
      guard label == nil, Set(targets.keys) == Set(classes), targets.count == classes.count else {
        throw .init(
          message: "soft targets need one 'target_NAME' for each class and no 'label'"
        )
      }
      truth = .targets(classes.map { targets[$0] ?? 0 })
    }
    guard Set(classes).count == classes.count else {
      throw .init(message: "two columns of the header have one name")
    }
  }
}
