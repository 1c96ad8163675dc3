import RealFunctions

/// The standard normal distribution.
enum NormalDistribution {
  /// The probability of `value` or less, by the C library's `erfc`.
  ///
  /// It is correct to a few units in the last digit, also in the far tails.
  static func cumulative(_ value: Double) -> Double { erfc(-value / 2.0.squareRoot()) / 2 }

  /// The number that is exceeded with a probability of 1 − `probability`; infinite for 0 and 1.
  ///
  /// It is found by bisection, to 10⁻¹⁵ or a unit in the last digit of `probability`.
  static func quantile(_ probability: Double) -> Double {
    if probability <= 0 { return -.infinity }
    if probability >= 1 { return .infinity }
    return root(in: -40...40) { cumulative($0) >= probability }
  }
}

/// Student's *t* distribution with a whole number of degrees of freedom.
struct StudentDistribution {
  /// The number of observations minus one.
  let degreesOfFreedom: Int

  /// The probability of `value` or less.
  ///
  /// It uses the finite series of Milton Abramowitz and Irene A. Stegun: *Handbook of Mathematical
  /// Functions*, 1964, 26.7.3 and 26.7.4. All terms are positive, so the error is about 10⁻¹⁵.
  ///
  /// - Complexity: O(degrees of freedom).
  func cumulative(_ value: Double) -> Double {
    let angle = atan(value.magnitude / Double(degreesOfFreedom).squareRoot())
    let squaredCosine = cos(angle) * cos(angle)
    let isOdd = !degreesOfFreedom.isMultiple(of: 2)
    var term = isOdd ? cos(angle) : 1
    var sum = degreesOfFreedom == 1 ? 0 : term
    for index in stride(from: isOdd ? 3 : 2, to: degreesOfFreedom, by: 2) {
      term *= Double(index - 1) / Double(index) * squaredCosine
      sum += term
    }
    let inside = isOdd ? (angle + sin(angle) * sum) * 2 / .pi : sin(angle) * sum
    return value < 0 ? (1 - inside) / 2 : (1 + inside) / 2
  }

  /// The number that is exceeded with a probability of 1 − `probability`, to 10⁻¹⁰ of itself for
  /// probabilities from 10⁻⁴ to 1 − 10⁻⁴.
  func quantile(_ probability: Double) -> Double {
    root(in: -1e7...1e7) { cumulative($0) >= probability }
  }
}

/// The smallest number of `range` that is `reached`, where all after it are too; by bisection.
private func root(in range: ClosedRange<Double>, _ reached: (Double) -> Bool) -> Double {
  var low = range.lowerBound
  var high = range.upperBound
  while true {
    let middle = low + (high - low) / 2
    guard low < middle, middle < high else { return high }
    if reached(middle) { high = middle } else { low = middle }
  }
}
