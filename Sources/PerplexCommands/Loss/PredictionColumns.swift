import Records

/// The meaning of each field of a row of predictions.
struct PredictionColumns: Sendable, Equatable {
  /// The columns of the truth.
  enum Truth: Sendable, Equatable {
    /// The column of the label.
    case label(Int)
    /// The columns of the classes' targets.
    case targets([Int])
  }

  /// The columns of the prediction.
  enum Prediction: Sendable, Equatable {
    /// The column of the label 1.
    case ofPositive(Int)
    /// The columns of the classes.
    case ofClasses([Int])
  }

  var truth: Truth
  var prediction: Prediction
  /// The columns of the teacher's prediction, in the form of ``prediction``; none without a
  /// teacher.
  var teacher: [Int]
  var isLogits: Bool
  /// The classes in the order of their numbers.
  var classes: [String]
  /// The number of fields of a row.
  var count: Int
  /// The first row has names.
  var hasHeader: Bool

  /// Finds the meaning of the columns from the fields of the first row.
  ///
  /// - Throws: a sentence on what is missing.
  init(firstRow fields: [String], areLogits: Bool) throws(RowError) {
    count = fields.count
    let isNumber = fields.map { field in
      field.lowercased() == "nan"
        || DecimalNumber.read(Array(field.utf8).span) != nil
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
    let header = try PredictionHeader(fields, areLogits: areLogits)
    (prediction, isLogits, classes) = try header.prediction()
    teacher = try header.teacher(of: classes)
    truth = try header.truth(of: classes)
    guard Set(classes).count == classes.count else {
      throw .init(message: "two columns of the header have one name")
    }
  }
}
