import InformationTheory
import Records

/// The faults of rows, and what would mend them.
extension PredictionTally {
  /// Checks the numbers of a row; returns true if they were divided by their sum.
  static func check(_ values: inout [Double], _ settings: Settings) throws(RowError) -> Bool {
    guard values.count > 1 else {
      try check(lone: values[0], settings)
      return false
    }
    if settings.areLogits {
      if let fault = RowFault.ofLogits(values.span) { throw RowError(message: "\(fault)") }
      return false
    }
    guard let fault = RowFault.ofProbabilities(values.span) else { return false }
    let sum = values.reduce(0, +)
    let arePositive = values.allSatisfy { $0 >= 0 } && sum.isFinite && sum > 0
    guard settings.normalizes, arePositive else {
      throw RowError(message: "\(fault)\(remedy(fault, sum, arePositive, settings))")
    }
    for index in values.indices { values[index] /= sum }
    return true
  }

  /// Checks the one number of a prediction, which as a logit may be infinite either way.
  static func check(lone value: Double, _ settings: Settings) throws(RowError) {
    if settings.areLogits {
      if value.isNaN { throw RowError(message: "nan is not a logit") }
      return
    }
    guard value >= 0 && value <= 1 else {
      let isShare = value > 1 && value <= 100 && settings.factor == 1
      throw RowError(
        message: "\(value) is not a probability between 0 and 1; "
          + (isShare ? "--multiply 0.01 reads per cent, " : "") + "--logits reads logits"
      )
    }
  }

  /// The remedy for a row of numbers that are no probabilities; `sum` is their sum.
  private static func remedy(
    _ fault: RowFault,
    _ sum: Double,
    _ arePositive: Bool,
    _ settings: Settings
  ) -> String {
    guard arePositive else { return sum == 0 ? "" : "; --logits reads logits" }
    if settings.factor == 1, (sum - 100).magnitude < 2 {
      return "; --multiply 0.01 reads per cent"
    }
    var remedy = ""
    // A sum that is further from one than decimals can take it is that of other columns.
    let names = settings.predictionNames
    if case .sum = fault, (sum - 1).magnitude < 0.02 || names == nil {
      remedy = "; --normalize divides them by it"
    } else if let names {
      remedy = "; the classes are \(names), and --classes names others"
    }
    if case .notAProbability = fault { remedy += "; --logits reads logits" }
    return remedy
  }
}
