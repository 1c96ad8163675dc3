import RealFunctions

/// The positions of numbers along an axis, and the round numbers that are marked.
struct PlotAxis: Sendable, Equatable {
  /// A marked number: an integer times a power of ten, so that it is written exactly.
  struct Tick: Sendable, Equatable {
    var mantissa: Int
    var exponent: Int

    var value: Double {
      exponent < 0
        ? Double(mantissa) / pow(10, Double(-exponent))
        : Double(mantissa) * pow(10, Double(exponent))
    }

    /// The number in digits; very large and very small ones as `2.5e12`.
    var label: String {
      guard mantissa != 0 else { return "0" }
      let sign = mantissa < 0 ? "\u{2212}" : ""
      var digits = String(mantissa.magnitude)
      guard (-8...6).contains(exponent) else {
        let power = exponent + digits.count - 1
        while digits.count > 1 && digits.hasSuffix("0") { digits.removeLast() }
        return sign + digits.prefix(1) + (digits.count > 1 ? "." : "") + digits.dropFirst()
          + "e\(power)"
      }
      digits += String(repeating: "0", count: max(0, exponent))
      let decimals = max(0, -exponent)
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      let fraction = digits.suffix(decimals)
      return sign + Self.grouped(digits.dropLast(decimals))
        + (fraction.isEmpty ? "" : "." + fraction)
    }

    private static func grouped(_ digits: Substring) -> String {
      var grouped = ""
      for (index, digit) in digits.enumerated() {
        if index > 0 && (digits.count - index) % 3 == 0 { grouped.append(",") }
        grouped.append(digit)
      }
      return grouped
    }
  }

  /// The relation of distance and number.
  let scale: IntervalPlot.Scale
  /// The lower end.
  let low: Double
  /// The upper end.
  let high: Double

  /// An axis for `values`; nil if it can show none of them.
  init?(_ values: [Double], scale: IntervalPlot.Scale) {
    let values = values.filter { Self.hasPlace($0, scale: scale) }
    guard let least = values.min(), let most = values.max() else { return nil }
    self.scale = scale
    // A single number is given surroundings, of a tenth of it; numbers that are almost equal so much
    // that those marked have few digits.
    switch scale {
    case .linear:
      let share = max(least.magnitude, most.magnitude) * (most > least ? 1e-6 : 0.05)
      let room = max((most - least) * 0.05, share, 1e-6)
      (low, high) = (least - room, most + room)
    case .logarithmic:
      let room = most > least ? max(pow(most / least, 0.05), 1 + 1e-6) : 1.05
      (low, high) = (least / room, most * room)
    }
  }

  /// Returns true where `value` has a place on an axis; infinite and nearly infinite numbers have
  /// none.
  static func hasPlace(_ value: Double, scale: IntervalPlot.Scale) -> Bool {
    switch scale {
    case .linear: value.magnitude < 1e100
    case .logarithmic: value > 1e-100 && value < 1e100
    }
  }

  /// The position of `value`, from 0 at the lower end to 1 at the upper.
  func position(_ value: Double) -> Double {
    switch scale {
    case .linear: (value - low) / (high - low)
    case .logarithmic: log(value / low) / log(high / low)
    }
  }

  /// The marked numbers: 2 to 10 of them, from the least to the greatest.
  var ticks: [Tick] {
    guard scale == .logarithmic else { return evenTicks }
    let exponents = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    for mantissas in [[1, 2, 5], [1]] {
      let ticks = exponents.flatMap { exponent in
        mantissas.map { Tick(mantissa: $0, exponent: exponent) }
      }.filter { (low...high).contains($0.value) }
      // Over less than a decade there are more round numbers at even distances.
      if ticks.count < 3 { return evenTicks }
      if ticks.count <= 10 { return ticks }
    }
    let stride = exponents.count / 10 + 1
    return exponents.filter { $0 % stride == 0 }.map { Tick(mantissa: 1, exponent: $0) }
      .filter { (low...high).contains($0.value) }
  }

  /// Multiples of 1, 2 or 5 times a power of ten.
  private var evenTicks: [Tick] {
    let rough = (high - low) / 6
    let exponent = Int(log10(rough).rounded(.down))
    for (mantissa, exponent) in [(1, exponent), (2, exponent), (5, exponent), (1, exponent + 1)] {
      let step = Tick(mantissa: mantissa, exponent: exponent).value
      guard step >= rough * 0.999 else { continue }
      let first = (low / step).rounded(.up)
      let last = (high / step).rounded(.down)
      return (Int(first)...Int(last)).map { Tick(mantissa: $0 * mantissa, exponent: exponent) }
    }
    return []
  }
}
