/// A number of bytes, written as `4096`, `512M`, `1.5G` or `2GiB`.
///
/// `K`, `M`, `G` and `T`, alone or with `iB`, are powers of 1,024; `KB`, `MB`, `GB` and `TB` are
/// powers of 1,000, as for the GNU tools. Capitals and small letters mean the same.
///
/// ```swift
/// ByteSize(argument: "1.5G")?.byteCount  // 1610612736
/// ```
package struct ByteSize: ArgumentValue, Hashable, Sendable {
  /// The size; never negative.
  package let byteCount: Int

  /// Wraps a number of bytes.
  ///
  /// - Precondition: `byteCount` is not negative.
  package init(byteCount: Int) {
    precondition(byteCount >= 0, "a size must not be negative, not \(byteCount)")
    self.byteCount = byteCount
  }

  /// A size.
  package static var placeholder: String { "SIZE" }

  /// Said of a word that is not a size.
  package static var expectation: String { "a size such as 512M or 4G" }

  /// Reads digits, with a fraction if there is a unit, and the unit.
  package init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard let factor = Self.factor(of: argument.dropFirst(digits.count).lowercased()) else {
      return nil
    }
    if let whole = Int(digits) {
      let (product, overflows) = whole.multipliedReportingOverflow(by: factor)
      guard !overflows else { return nil }
      byteCount = product
    } else {
      guard factor > 1, let number = Double(digits), number.isFinite else { return nil }
      guard let product = Int(exactly: (number * Double(factor)).rounded(.down)) else { return nil }
      byteCount = product
    }
  }

  /// The size in the largest power of 1,024 that divides it.
  package var argument: String {
    for (power, unit) in [(40, "T"), (30, "G"), (20, "M"), (10, "K")]
    where byteCount > 0 && byteCount.trailingZeroBitCount >= power {
      return "\(byteCount >> power)\(unit)"
    }
    return String(byteCount)
  }

  private static func factor(of unit: String) -> Int? {
    switch unit {
    case "", "b": 1
    case "k", "kib": 1 << 10
    case "m", "mib": 1 << 20
    case "g", "gib": 1 << 30
    case "t", "tib": 1 << 40
    case "kb": 1_000
    case "mb": 1_000_000
    case "gb": 1_000_000_000
    case "tb": 1_000_000_000_000
    default: nil
    }
  }
}
