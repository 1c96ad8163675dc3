import RealFunctions

/// The bounds of a number that an option takes.
///
/// ```swift
/// NumberBounds.between(1, 16).description      // "between 1 and 16"
/// NumberBounds.above(0, below: 1).description  // "above 0 and below 1"
/// ```
package struct NumberBounds<Value: Comparable & Sendable>: Sendable {
  private let lower: Value
  private let upper: Value?
  private let includesLower: Bool
  private let includesUpper: Bool

  /// From `lower` to `upper`, both included.
  package static func between(_ lower: Value, _ upper: Value) -> Self {
    Self(lower: lower, upper: upper, includesLower: true, includesUpper: true)
  }

  /// `lower` and more.
  package static func atLeast(_ lower: Value) -> Self {
    Self(lower: lower, upper: nil, includesLower: true, includesUpper: true)
  }

  /// More than `lower` and less than `upper`.
  package static func above(_ lower: Value, below upper: Value) -> Self {
    Self(lower: lower, upper: upper, includesLower: false, includesUpper: false)
  }

  /// More than `lower`, and `upper` at most.
  package static func above(_ lower: Value, atMost upper: Value) -> Self {
    Self(lower: lower, upper: upper, includesLower: false, includesUpper: true)
  }

  /// Returns true for a number within the bounds; NaN is outside.
  package func contains(_ value: Value) -> Bool {
    guard includesLower ? value >= lower : value > lower else { return false }
    guard let upper else { return true }
    return includesUpper ? value <= upper : value < upper
  }
}

extension NumberBounds where Value == Double {
  /// `lower` and more, but not infinity.
  package static func finite(atLeast lower: Double) -> Self {
    Self(lower: lower, upper: .infinity, includesLower: true, includesUpper: false)
  }

  /// More than `lower`, but not infinity.
  package static func finite(above lower: Double) -> Self {
    Self(lower: lower, upper: .infinity, includesLower: false, includesUpper: false)
  }
}

extension NumberBounds: CustomStringConvertible {
  /// The bounds in words.
  package var description: String {
    let low = Self.text(lower)
    guard let upper, upper as? Double != .infinity else {
      return includesLower ? "at least \(low)" : "above \(low)"
    }
    let high = Self.text(upper)
    return switch (includesLower, includesUpper) {
    case (true, true): "between \(low) and \(high)"
    case (true, false): "at least \(low) and below \(high)"
    case (false, true): "above \(low) and at most \(high)"
    case (false, false): "above \(low) and below \(high)"
    }
  }

  /// `16`, `100,000`, `0.5`, `1e9`.
  private static func text(_ value: Value) -> String {
    if let whole = value as? Int {
      return whole.magnitude < 10_000 ? "\(whole)" : NumberFormat.grouped(whole)
    }
    guard let number = value as? Double, number > 0 else { return "0" }
    let exponent = log10(number)
    if exponent == exponent.rounded(), exponent.magnitude > 4 { return "1e\(Int(exponent))" }
    return number == number.rounded() ? "\(Int(number))" : "\(number)"
  }
}
