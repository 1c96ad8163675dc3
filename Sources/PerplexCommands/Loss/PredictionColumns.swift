import Records

/// The meaning of each field of a row of predictions.
struct PredictionColumns: Sendable, Equatable {
  /// The columns of the truth.
  enum Truth: Sendable, Equatable {
    /// The column of the label.
    case label(Int)
    /// The columns of the classes' targets.
    case targets([Int])
    /// A file of labels.
    case other
  }

  /// The columns of the prediction.
  enum Prediction: Sendable, Equatable {
    /// The column of the label 1.
    case ofPositive(Int)
    /// The columns of the classes.
    case ofClasses([Int])

    /// The columns, one or one for each class.
    var columns: [Int] {
      switch self {
      case .ofPositive(let column): [column]
      case .ofClasses(let columns): columns
      }
    }
  }

  var truth: Truth
  var prediction: Prediction
  /// The columns of the teacher's prediction, in the form of ``prediction``; none without a
  /// teacher.
  var teacher: [Int] = []
  /// The column of the rows' weights.
  var weight: Int?
  /// The column of the names of rows.
  var id: Int?
  var isLogits: Bool
  /// The classes in the order of their numbers.
  var classes: [String]
  /// The names of the columns; of a file without a header, none.
  var names: [String] = []
  /// The number of fields of a row.
  var count: Int
  /// A row has the number of the label 1 alone.
  var isPositiveOnly: Bool {
    if case .ofPositive = prediction { true } else { false }
  }
  /// The first row has names.
  var hasHeader: Bool { !names.isEmpty }
  /// The targets are those of classes that may be true together.
  var isMultiLabel = false

  /// Finds the meaning of the columns from the fields of the first row and from the rows below it.
  ///
  /// - Throws: a sentence on what is missing.
  init(
    firstRow fields: [String],
    _ numbers: DelimitedFields,
    _ sample: PredictionSample,
    _ choice: ColumnChoice
  ) throws(RowError) {
    count = fields.count
    let isNumber = fields.map { field in
      field.lowercased() == "nan" || numbers.number(Array(field.utf8).span) != nil
    }
    guard !isNumber.allSatisfy(\.self) else {
      guard choice.label == nil, choice.classes.isEmpty, choice.weight == nil, choice.id == nil
      else {
        throw .init(message: "a file without names of columns; give it a header to choose columns")
      }
      let first = choice.hasOtherLabels ? 0 : 1
      guard count > first else {
        throw .init(message: "a row needs a label and at least one number; the first has one field")
      }
      truth = choice.hasOtherLabels ? .other : .label(0)
      prediction =
        count == first + 1 ? .ofPositive(first) : .ofClasses(Array(first..<count))
      isLogits = choice.areLogits
      classes = (0..<max(2, count - first)).map(String.init)
      // Programs number columns without names: 0, 1, 2 above fractions are no row.
      let areNumbers = fields == fields.indices.map { "\($0)" } && count > 2
      if areNumbers, sample.columns.contains(where: { !$0.isWhole }) { names = fields }
      return
    }
    names = fields
    let header = try PredictionHeader(fields, sample, choice)
    if let pairs = header.targetsBesidePredictions() {
      truth = .targets(pairs.targets)
      prediction = .ofClasses(pairs.predictions)
      classes = pairs.classes
      isLogits =
        choice.areLogits
        || pairs.predictions.allSatisfy { fields[$0].lowercased().hasPrefix("logit") }
    } else {
      (prediction, isLogits, classes) = try header.prediction()
      teacher = try header.teacher(of: classes)
      truth = try header.truth(of: classes)
    }
    weight = header.weight
    id = header.id
    guard Set(classes).count == classes.count else {
      throw .init(message: "two columns of the header have one name")
    }
    isMultiLabel = isMultiLabel(in: sample)
  }

  /// Returns true where targets are 0 and 1, some rows have none or several of 1, and predictions need not sum to one.
  private func isMultiLabel(in sample: PredictionSample) -> Bool {
    guard case .targets(let targets) = truth,
      targets.allSatisfy({ sample.columns[$0].isZeroOrOne }),
      !sample.sums(of: targets, are: 1, within: 0)
    else { return false }
    return isLogits || !sample.sums(of: prediction.columns, are: 1, within: 1e-5)
  }

  /// The columns whose fields are read.
  var read: [Int] {
    let truths: [Int] =
      switch truth {
      case .label(let column): [column]
      case .targets(let columns): columns
      case .other: []
      }
    return prediction.columns + teacher + truths + [weight, id].compactMap(\.self)
  }

  /// The names of the columns that are not read.
  var unread: [String] {
    let read = Set(read)
    return names.indices.filter { !read.contains($0) }.map { names[$0] }
  }

  /// The names of the columns of classes, for a message.
  var predictionNames: String {
    PredictionHeader.list(
      prediction.columns.map { hasHeader ? names[$0] : "\($0 + 1)" }
    )
  }
}
