import InformationTheory

/// A `LossTally` that is given numbers which nobody has looked at.
struct PredictionTally: Sendable {
  /// How numbers are read.
  struct Settings: Sendable {
    var options = LossOptions()
    var areLogits = false
    /// Whether probabilities are divided by their sum.
    var normalizes = false
    /// What logits are divided by.
    var temperature = 1.0
  }

  /// What is wrong with a row, and in which of its numbers, where it is one of them.
  struct Fault: Error {
    var message: String
  }

  private(set) var tally: LossTally
  /// The rows whose probabilities were divided by a sum that was not one.
  private(set) var normalizedRows = 0
  private let settings: Settings
  private let classCount: Int
  /// The numbers of a row: those of the classes, or that of the label 1.
  var values: [Double]
  /// The targets of a row.
  var targets: [Double]

  init(classCount: Int, isPositiveOnly: Bool, _ settings: Settings) {
    self.classCount = classCount
    self.settings = settings
    tally = LossTally(classCount: classCount, options: settings.options)
    values = [Double](repeating: 0, count: isPositiveOnly ? 1 : classCount)
    targets = [Double](repeating: 0, count: classCount)
  }

  /// Adds the row of ``values``, whose label is `label`; without one, that of ``targets``.
  mutating func add(label: Int?, row: Int) throws(Fault) {
    if let label, !(0..<classCount).contains(label) {
      throw Fault(message: "label \(label) is out of range; the classes are 0 to \(classCount - 1)")
    }
    if label == nil, let fault = RowFault.ofProbabilities(targets.span) {
      throw Fault(message: "targets: \(fault)")
    }
    if settings.areLogits {
      if settings.temperature != 1 {
        for index in values.indices { values[index] /= settings.temperature }
      }
      // A lone logit may be infinite either way.
      if values.count == 1 {
        if values[0].isNaN { throw Fault(message: "nan is no logit") }
      } else if let fault = RowFault.ofLogits(values.span) {
        throw Fault(message: "\(fault)")
      }
    } else {
      try checkProbabilities()
    }
    // Copies of the references, so that the tally can change while it reads the numbers.
    let (values, targets) = (values, targets)
    if values.count == 1 {
      guard let label else { throw Fault(message: "soft targets need a number for each class") }
      if settings.areLogits {
        tally.add(label: label, positiveLogit: values[0], row: row)
      } else {
        tally.add(label: label, positiveProbability: values[0], row: row)
      }
    } else if let label {
      if settings.areLogits {
        tally.add(label: label, logits: values.span, row: row)
      } else {
        tally.add(label: label, probabilities: values.span, row: row)
      }
    } else if settings.areLogits {
      tally.add(target: targets.span, logits: values.span, row: row)
    } else {
      tally.add(target: targets.span, probabilities: values.span, row: row)
    }
  }

  private mutating func checkProbabilities() throws(Fault) {
    if values.count == 1 {
      guard values[0] >= 0 && values[0] <= 1 else {
        throw Fault(
          message: "\(values[0]) is no probability between 0 and 1; --logits reads logits"
        )
      }
      return
    }
    guard let fault = RowFault.ofProbabilities(values.span) else { return }
    switch fault {
    case .sum(let sum):
      guard settings.normalizes, sum > 0 else {
        throw Fault(message: "\(fault)\(sum > 0 ? "; --normalize divides them by it" : "")")
      }
      divide(by: sum)
    case .notAProbability(_, let value) where value > 1 && value.isFinite && settings.normalizes:
      let sum = values.reduce(0, +)
      guard values.allSatisfy({ $0 >= 0 }), sum.isFinite else { throw Fault(message: "\(fault)") }
      divide(by: sum)
    default: throw Fault(message: "\(fault); --logits reads logits")
    }
  }

  private mutating func divide(by sum: Double) {
    for index in values.indices { values[index] /= sum }
    normalizedRows += 1
  }

  /// Adds the rows of another, which come after these.
  mutating func merge(_ later: Self) {
    tally.merge(later.tally)
    normalizedRows += later.normalizedRows
  }
}
