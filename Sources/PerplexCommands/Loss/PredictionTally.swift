import InformationTheory
import Records

/// A `LossTally` that is given numbers which nobody has looked at.
struct PredictionTally: Sendable {
  /// The meaning of the numbers.
  struct Settings: Sendable {
    var options = LossOptions()
    var areLogits = false
    /// Probabilities are divided by their sum.
    var normalizes = false
    /// The factor of probabilities.
    var factor = 1.0
    /// The divisor of logits.
    var temperature = 1.0
    /// The divisor of the logits of teacher and student in the distillation loss; `temperature`
    /// where it is nil.
    var distillationTemperature: Double?
    /// Each class is true or not, whatever the others are.
    var isMultiLabel = false
    /// The names of the columns of classes, for messages; nil where there are none.
    var predictionNames: String?
  }

  /// The shape of a row.
  struct Shape: Sendable, Equatable {
    var classCount: Int
    /// A row has one number, that of the label 1.
    var isPositiveOnly: Bool
    var hasTeacher: Bool
  }

  /// The losses of labels, or of all classes' targets of all rows.
  private(set) var tally: LossTally
  /// Those of each class, where several may be true.
  private(set) var classTallies: [LossTally] = []
  /// The rows whose targets are all predicted, where several classes may be true.
  private(set) var exactRows = 0
  /// The students' losses to their teachers, where rows have one.
  private(set) var distillation: DistillationTally?
  private(set) var repeatedSoftmax: RepeatedSoftmax
  /// The rows with probabilities that were divided by a sum that was not one.
  private(set) var normalizedRows = 0
  /// The rows that were left out for their label.
  var ignoredRows = 0
  /// The first rows with the labels −1 and 0, which cannot both be the first of two classes.
  private var firstMinusOneRow: Int?
  private var firstZeroRow: Int?
  private let settings: Settings
  let shape: Shape
  /// The numbers of a row: those of the classes, or that of the label 1.
  var values: [Double]
  /// The targets of a row.
  var targets: [Double]
  /// The teacher's numbers of a row, in the form of ``values``.
  var teacher: [Double]
  /// The places in a file of labels that rows were joined with, and the rows.
  var joined: [(place: Int, row: Int)] = []

  init(_ shape: Shape, _ settings: Settings) {
    self.shape = shape
    self.settings = settings
    let classCount = shape.classCount
    tally = LossTally(
      classCount: settings.isMultiLabel ? 2 : classCount,
      options: settings.options
    )
    if settings.isMultiLabel {
      var options = settings.options
      options.costliestCount = 0
      classTallies = [LossTally](
        repeating: LossTally(classCount: 2, options: options),
        count: classCount
      )
    }
    repeatedSoftmax = RepeatedSoftmax(areLogits: settings.areLogits)
    values = [Double](repeating: 0, count: shape.isPositiveOnly ? 1 : classCount)
    targets = [Double](repeating: 0, count: classCount)
    teacher = shape.hasTeacher ? values : []
    if shape.hasTeacher {
      distillation = DistillationTally(
        classCount: classCount,
        temperature: settings.distillationTemperature ?? settings.temperature
      )
    }
  }

  /// Adds the row of ``values``, whose label is `label`.
  mutating func add(label: ClassLabels.Meaning, weight: Double, row: Int) throws(RowError) {
    switch label {
    case .ignored: ignoredRows += 1
    case .ofClass(let index):
      if index == 0, firstZeroRow == nil { firstZeroRow = row }
      try add(index, weight, row)
    case .minusOne:
      if firstMinusOneRow == nil { firstMinusOneRow = row }
      try add(0, weight, row)
    }
  }

  /// Adds the row of ``values``, whose targets are ``targets``.
  mutating func addTargets(weight: Double, row: Int) throws(RowError) {
    guard !settings.isMultiLabel else { return try addEachClass(weight, row) }
    guard values.count > 1 else {
      throw RowError(message: "soft targets need a number for each class")
    }
    if let fault = RowFault.ofProbabilities(targets.span) {
      let areAlone = targets.allSatisfy { $0 == 0 || $0 == 1 }
      throw RowError(
        message: "targets: \(fault)"
          + (areAlone ? "; --multi-label takes each class by itself" : "")
      )
    }
    try add(nil, weight, row)
  }

  private mutating func add(_ label: Int?, _ weight: Double, _ row: Int) throws(RowError) {
    try Self.check(weight: weight)
    var isDivided = try prepare()
    if distillation != nil {
      // The columns of a teacher have names of their own, so none is one by mistake.
      var settings = settings
      settings.predictionNames = nil
      do throws(RowError) {
        if try Self.check(&teacher, settings) { isDivided = true }
      } catch { throw RowError(message: "teacher: \(error.message)") }
      addTeacher(label: label ?? LossTally.largest(targets.span), weight, row)
    }
    if isDivided { normalizedRows += 1 }
    if settings.areLogits, settings.temperature != 1 {
      for index in values.indices { values[index] /= settings.temperature }
      _ = try Self.check(&values, settings)
    }
    addPrediction(label, weight, row)
  }

  /// Multiplies and checks the numbers of a row; returns true if they were divided by their sum.
  private mutating func prepare() throws(RowError) -> Bool {
    if settings.factor != 1 {
      for index in values.indices { values[index] *= settings.factor }
      for index in teacher.indices { teacher[index] *= settings.factor }
    }
    let isDivided = try Self.check(&values, settings)
    let numbers = values
    repeatedSoftmax.add(numbers.span)
    return isDivided
  }

  private static func check(weight: Double) throws(RowError) {
    guard weight >= 0 && weight.isFinite else {
      throw RowError(message: "\(weight) is no weight; weights are finite and not negative")
    }
  }

  private mutating func addPrediction(_ label: Int?, _ weight: Double, _ row: Int) {
    // Copies of the references, so that the tally can change while it reads the numbers.
    let (values, targets) = (values, targets)
    switch (label, settings.areLogits) {
    case (let label?, true) where values.count == 1:
      tally.add(label: label, positiveLogit: values[0], row: row, weight: weight)
    case (let label?, false) where values.count == 1:
      tally.add(label: label, positiveProbability: values[0], row: row, weight: weight)
    case (let label?, true):
      tally.add(label: label, logits: values.span, row: row, weight: weight)
    case (let label?, false):
      tally.add(label: label, probabilities: values.span, row: row, weight: weight)
    case (nil, true):
      tally.add(target: targets.span, logits: values.span, row: row, weight: weight)
    case (nil, false):
      tally.add(target: targets.span, probabilities: values.span, row: row, weight: weight)
    }
  }

  private mutating func addTeacher(label: Int, _ weight: Double, _ row: Int) {
    let (teacher, student) = (teacher, values)
    switch (student.count == 1, settings.areLogits) {
    case (true, true):
      distillation?.add(
        teacherPositiveLogit: teacher[0],
        studentPositiveLogit: student[0],
        label: label,
        row: row,
        weight: weight
      )
    case (true, false):
      distillation?.add(
        teacherPositiveProbability: teacher[0],
        studentPositiveProbability: student[0],
        label: label,
        row: row,
        weight: weight
      )
    case (false, true):
      distillation?.add(
        teacher: teacher.span,
        student: student.span,
        label: label,
        row: row,
        weight: weight
      )
    case (false, false):
      distillation?.add(
        teacherProbabilities: teacher.span,
        studentProbabilities: student.span,
        label: label,
        row: row,
        weight: weight
      )
    }
  }

  /// Adds each class as a prediction of its own; the row and the class make the number of the row.
  private mutating func addEachClass(_ weight: Double, _ row: Int) throws(RowError) {
    try Self.check(weight: weight)
    var isExact = true
    for index in values.indices {
      let target = targets[index]
      guard target >= 0 && target <= 1 else {
        throw RowError(message: "targets: \(target) is not a probability between 0 and 1")
      }
      var value = values[index] * settings.factor
      try Self.check(lone: value, settings)
      let number = row * values.count + index
      if settings.areLogits {
        value /= settings.temperature
        try Self.check(lone: value, settings)
        tally.add(positiveTarget: target, positiveLogit: value, row: number, weight: weight)
        classTallies[index].add(
          positiveTarget: target,
          positiveLogit: value,
          row: row,
          weight: weight
        )
      } else {
        tally.add(positiveTarget: target, positiveProbability: value, row: number, weight: weight)
        classTallies[index].add(
          positiveTarget: target,
          positiveProbability: value,
          row: row,
          weight: weight
        )
      }
      if (value > (settings.areLogits ? 0 : 0.5)) != (target > 0.5) { isExact = false }
    }
    if isExact { exactRows += 1 }
  }

  /// Adds the rows of another tally, which come after these.
  mutating func merge(_ later: Self) {
    tally.merge(later.tally)
    for index in classTallies.indices { classTallies[index].merge(later.classTallies[index]) }
    if let theirs = later.distillation { distillation?.merge(theirs) }
    repeatedSoftmax.merge(later.repeatedSoftmax)
    normalizedRows += later.normalizedRows
    ignoredRows += later.ignoredRows
    exactRows += later.exactRows
    firstMinusOneRow = firstMinusOneRow ?? later.firstMinusOneRow
    firstZeroRow = firstZeroRow ?? later.firstZeroRow
  }

  /// The row of a label that cannot stand beside those before it, −1 beside 0; nil without one.
  var contradictoryRow: Int? {
    guard let firstMinusOneRow, let firstZeroRow else { return nil }
    return max(firstMinusOneRow, firstZeroRow)
  }
}
