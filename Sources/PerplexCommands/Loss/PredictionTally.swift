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
    /// The divisor of logits.
    var temperature = 1.0
    /// The divisor of the logits of teacher and student in the distillation loss; `temperature`
    /// where it is nil.
    var distillationTemperature: Double?
  }

  private(set) var tally: LossTally
  /// The students' losses to their teachers, where rows have one.
  private(set) var distillation: DistillationTally?
  /// The rows with probabilities that were divided by a sum that was not one.
  private(set) var normalizedRows = 0
  private let settings: Settings
  private let classCount: Int
  /// The numbers of a row: those of the classes, or that of the label 1.
  var values: [Double]
  /// The targets of a row.
  var targets: [Double]
  /// The teacher's numbers of a row, in the form of ``values``.
  var teacher: [Double]

  init(classCount: Int, isPositiveOnly: Bool, hasTeacher: Bool, _ settings: Settings) {
    self.classCount = classCount
    self.settings = settings
    tally = LossTally(classCount: classCount, options: settings.options)
    values = [Double](repeating: 0, count: isPositiveOnly ? 1 : classCount)
    targets = [Double](repeating: 0, count: classCount)
    teacher = hasTeacher ? values : []
    if hasTeacher {
      distillation = DistillationTally(
        classCount: classCount,
        temperature: settings.distillationTemperature ?? settings.temperature
      )
    }
  }

  /// Adds the row of ``values``, whose label is `label`; without one, that of ``targets``.
  mutating func add(label: Int?, row: Int) throws(RowError) {
    if let label, !(0..<classCount).contains(label) {
      throw RowError(
        message: "label \(label) is out of range; the classes are 0 to \(classCount - 1)"
      )
    }
    if label == nil, let fault = RowFault.ofProbabilities(targets.span) {
      throw RowError(message: "targets: \(fault)")
    }
    guard label != nil || values.count > 1 else {
      throw RowError(message: "soft targets need a number for each class")
    }
    var isDivided = try Self.check(&values, settings)
    if distillation != nil {
      do throws(RowError) {
        if try Self.check(&teacher, settings) { isDivided = true }
      } catch { throw RowError(message: "teacher: \(error.message)") }
      addTeacher(label: label ?? LossTally.largest(targets.span), row: row)
    }
    if isDivided { normalizedRows += 1 }
    if settings.areLogits, settings.temperature != 1 {
      for index in values.indices { values[index] /= settings.temperature }
      _ = try Self.check(&values, settings)
    }
    addPrediction(label: label, row: row)
  }

  private mutating func addPrediction(label: Int?, row: Int) {
    // Copies of the references, so that the tally can change while it reads the numbers.
    let (values, targets) = (values, targets)
    switch (label, settings.areLogits) {
    case (let label?, true) where values.count == 1:
      tally.add(label: label, positiveLogit: values[0], row: row)
    case (let label?, false) where values.count == 1:
      tally.add(label: label, positiveProbability: values[0], row: row)
    case (let label?, true): tally.add(label: label, logits: values.span, row: row)
    case (let label?, false): tally.add(label: label, probabilities: values.span, row: row)
    case (nil, true): tally.add(target: targets.span, logits: values.span, row: row)
    case (nil, false): tally.add(target: targets.span, probabilities: values.span, row: row)
    }
  }

  private mutating func addTeacher(label: Int, row: Int) {
    let (teacher, student) = (teacher, values)
    switch (student.count == 1, settings.areLogits) {
    case (true, true):
      distillation?.add(
        teacherPositiveLogit: teacher[0],
        studentPositiveLogit: student[0],
        label: label,
        row: row
      )
    case (true, false):
      distillation?.add(
        teacherPositiveProbability: teacher[0],
        studentPositiveProbability: student[0],
        label: label,
        row: row
      )
    case (false, true):
      distillation?.add(teacher: teacher.span, student: student.span, label: label, row: row)
    case (false, false):
      distillation?.add(
        teacherProbabilities: teacher.span,
        studentProbabilities: student.span,
        label: label,
        row: row
      )
    }
  }

  /// Checks the numbers of a row; returns true if they were divided by their sum.
  private static func check(
    _ values: inout [Double],
    _ settings: Settings
  ) throws(RowError) -> Bool {
    if settings.areLogits {
      // A lone logit may be infinite either way.
      if values.count == 1 {
        if values[0].isNaN { throw RowError(message: "nan is not a logit") }
      } else if let fault = RowFault.ofLogits(values.span) {
        throw RowError(message: "\(fault)")
      }
      return false
    }
    if values.count == 1 {
      guard values[0] >= 0 && values[0] <= 1 else {
        throw RowError(
          message: "\(values[0]) is not a probability between 0 and 1; --logits reads logits"
        )
      }
      return false
    }
    guard let fault = RowFault.ofProbabilities(values.span) else { return false }
    let sum = values.reduce(0, +)
    switch fault {
    case .sum:
      guard settings.normalizes, sum > 0 else {
        throw RowError(message: "\(fault)\(sum > 0 ? "; --normalize divides them by it" : "")")
      }
    case .notAProbability(_, let value) where value > 1 && value.isFinite && settings.normalizes:
      guard values.allSatisfy({ $0 >= 0 }), sum.isFinite else {
        throw RowError(message: "\(fault)")
      }
    default: throw RowError(message: "\(fault); --logits reads logits")
    }
    for index in values.indices { values[index] /= sum }
    return true
  }

  /// Adds the rows of another tally, which come after these.
  mutating func merge(_ later: Self) {
    tally.merge(later.tally)
    if let theirs = later.distillation { distillation?.merge(theirs) }
    normalizedRows += later.normalizedRows
  }
}
