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

/// Student's *t* distribution.
struct StudentDistribution {
  /// The degrees of freedom, a positive number that need not be whole.
  let degreesOfFreedom: Double

  /// The probability of `value` or less, to 10⁻¹³.
  func cumulative(_ value: Double) -> Double {
    value < 0 ? tail(-value) : 1 - tail(value)
  }

  /// The number that is exceeded with a probability of 1 − `probability`, to 10⁻¹⁰ of itself for
  /// probabilities from 10⁻⁴ to 1 − 10⁻⁴.
  func quantile(_ probability: Double) -> Double {
    // The tail keeps its digits where one minus it has none.
    if probability > 0.5 { return root(in: 0...1e9) { tail($0) <= 1 - probability } }
    return -root(in: 0...1e9) { tail($0) <= probability }
  }

  /// The probability of more than `value`, which is not negative: half the incomplete beta function
  /// at ν/(ν + t²).
  private func tail(_ value: Double) -> Double {
    let half = degreesOfFreedom / 2
    let square = value * value
    let share = degreesOfFreedom / (degreesOfFreedom + square)
    let rest = square / (degreesOfFreedom + square)
    // xᵃ·(1 − x)^½ / B(a, ½)
    let front = pow(share, half) * rest.squareRoot() * gammaRatio(half) / Double.pi.squareRoot()
    if share < (half + 1) / (half + 2.5) {
      return front * betaFraction(half, 0.5, share) / half / 2
    }
    return (1 - front * betaFraction(0.5, half, rest) / 0.5) / 2
  }
}

/// Γ(*a* + ½) / Γ(*a*), by the recurrence up to 40 and the series in 1/*a* from there.
private func gammaRatio(_ value: Double) -> Double {
  var factor = 1.0
  var value = value
  while value < 40 {
    factor *= value / (value + 0.5)
    value += 1
  }
  let inverse = 1 / value
  let coefficients = [-1.0 / 8, 1.0 / 128, 5.0 / 1024, -21.0 / 32_768, -399.0 / 262_144]
  let series = coefficients.reversed().reduce(0) { ($0 + $1) * inverse }
  return factor * value.squareRoot() * (1 + series)
}

/// The continued fraction of the incomplete beta function, by Lentz's method; Abramowitz and Stegun,
/// 26.5.8.
private func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  let tiny = 1e-300
  func bounded(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / bounded(1 - (a + b) * x / (a + 1))
  var product = d
  for index in 1...500 {
    let m = Double(index)
    for term in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 / bounded(1 + term * d)
      c = bounded(1 + term / c)
      product *= c * d
    }
    if (c * d - 1).magnitude < 1e-16 { break }
  }
  return product
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
