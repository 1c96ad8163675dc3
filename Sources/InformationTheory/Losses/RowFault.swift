/// A fault of a row of numbers that should be a prediction.
package enum RowFault: Sendable, Equatable, CustomStringConvertible {
  /// A number of a column, counted from 0, that is not a probability.
  case notAProbability(column: Int, value: Double)
  /// Probabilities that do not sum to one.
  case sum(Double)
  /// A number of a column that is not a logit: NaN or +∞.
  case notALogit(column: Int, value: Double)
  /// Logits that are all −∞.
  case nothingPossible

  /// Returns what is wrong with probabilities, or nil.
  package static func ofProbabilities(_ values: Span<Double>) -> Self? {
    var sum = 0.0
    for index in values.indices {
      // A comparison with NaN is false, so that NaN fails as well.
      guard values[index] >= 0 && values[index] <= 1 else {
        return .notAProbability(column: index, value: values[index])
      }
      sum += values[index]
    }
    return (sum - 1).magnitude <= Distribution.tolerance ? nil : .sum(sum)
  }

  /// Returns what is wrong with logits, or nil.
  package static func ofLogits(_ values: Span<Double>) -> Self? {
    var isPossible = false
    for index in values.indices {
      guard values[index] < .infinity else {
        return .notALogit(column: index, value: values[index])
      }
      if values[index] > -.infinity { isPossible = true }
    }
    return isPossible ? nil : .nothingPossible
  }

  /// The fault in words, without the row.
  package var description: String {
    switch self {
    case .notAProbability(_, let value): "\(value) is not a probability between 0 and 1"
    case .sum(let sum): "the probabilities sum to \(sum), not 1"
    case .notALogit(_, let value): "\(value) is not a logit; logits are finite, or -inf"
    case .nothingPossible: "all logits are -inf, which leaves nothing possible"
    }
  }
}
