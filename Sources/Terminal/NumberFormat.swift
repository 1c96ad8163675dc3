import Files

/// Numbers as people read them, the same under every locale.
///
/// ```swift
/// NumberFormat.fixed(2.5, decimals: 3)      // "2.500"
/// NumberFormat.significant(1234.5, digits: 3)  // "1,230"
/// NumberFormat.grouped(1_234_567)           // "1,234,567"
/// NumberFormat.bytes(12_300_000)            // "12.3 MB"
/// NumberFormat.duration(seconds: 64)        // "1 m 04 s"
/// NumberFormat.percent(0.4567)              // "45.7 %"
/// ```
///
/// Values that are not finite are `inf`, `-inf` and `nan`.
package enum NumberFormat {
  /// The number with `decimals` digits after the point, rounded to the nearest, ties to even.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    formatted(value, .fixed, decimals)
  }

  /// As ``fixed(_:decimals:)``, with a comma between each three digits before the point.
  package static func grouped(_ value: Double, decimals: Int) -> String {
    grouped(digits: fixed(value, decimals: decimals))
  }

  /// The number with a comma between each three digits.
  package static func grouped(_ value: some BinaryInteger) -> String {
    grouped(digits: String(value))
  }

  /// The number rounded to `digits` significant digits, with trailing zeros.
  ///
  /// Below 0.0001 and from 10¹⁵ on it is written with an exponent, as `1.50e-08`.
  package static func significant(_ value: Double, digits: Int) -> String {
    precondition(digits >= 1, "the number of digits must be at least 1, not \(digits)")
    guard value.isFinite else { return formatted(value, .fixed, 0) }
    guard value != 0 else { return fixed(0, decimals: digits - 1) }
    // The exponent is read from the rounded number: 9.996 with three digits is 10.0.
    let scientific = formatted(value, .scientific, digits - 1)
    guard let mark = scientific.lastIndex(of: "e"),
      let exponent = Int(scientific[scientific.index(after: mark)...]),
      let rounded = Double(scientific)
    else { return scientific }
    guard (-4..<15).contains(exponent) else { return scientific }
    return grouped(rounded, decimals: max(0, digits - 1 - exponent))
  }

  /// A share of one in hundredths.
  package static func percent(_ share: Double, decimals: Int = 1) -> String {
    fixed(share * 100, decimals: decimals) + " %"
  }

  /// A number of bytes in the decimal unit that leaves one to three digits before the point.
  package static func bytes(_ count: Int) -> String {
    let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
    guard count.magnitude >= 1000 else { return "\(count) B" }
    var value = Double(count)
    for (index, unit) in units.enumerated() {
      value /= 1000
      // 999.95 would be written as 1000.0.
      if value.magnitude < 999.95 || index == units.count - 1 {
        return "\(fixed(value, decimals: 1)) \(unit)"
      }
    }
    return "\(count) B"
  }

  /// A count with a letter for thousands, millions and so on: `12.3 M`.
  package static func abbreviated(_ count: Double) -> String {
    guard count.isFinite, count.magnitude >= 999.5 else { return fixed(count, decimals: 0) }
    let units = ["k", "M", "G", "T", "P", "E"]
    var value = count
    for (index, unit) in units.enumerated() {
      value /= 1000
      if value.magnitude < 999.95 || index == units.count - 1 {
        return "\(fixed(value, decimals: 1)) \(unit)"
      }
    }
    return fixed(count, decimals: 0)
  }

  /// A time in its two largest units: `0.45 s`, `12.3 s`, `1 m 04 s`, `2 h 05 m`, `3 d 04 h`.
  package static func duration(seconds: Double) -> String {
    guard seconds.isFinite else { return formatted(seconds, .fixed, 0) }
    if seconds < 0 { return "-" + duration(seconds: -seconds) }
    if seconds < 0.9995 {
      return seconds < 0.0995
        ? "\(fixed(seconds * 1000, decimals: seconds < 0.00995 ? 1 : 0)) ms"
        : "\(fixed(seconds, decimals: 2)) s"
    }
    if seconds < 59.95 { return "\(fixed(seconds, decimals: 1)) s" }
    guard seconds < 1e15 else { return "\(formatted(seconds, .scientific, 1)) s" }
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<3600: return "\(whole / 60) m \(twoDigits(whole % 60)) s"
    case ..<86400: return "\(whole / 3600) h \(twoDigits(whole / 60 % 60)) m"
    default: return "\(whole / 86400) d \(twoDigits(whole / 3600 % 24)) h"
    }
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  private static func grouped(digits: String) -> String {
    let sign = digits.hasPrefix("-") ? "-" : ""
    let whole = digits.dropFirst(sign.count).prefix { $0.isNumber }
    let rest = digits.dropFirst(sign.count + whole.count)
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return sign + result + rest
  }

  private static func formatted(
    _ value: Double,
    _ form: Platform.NumberForm,
    _ decimals: Int
  ) -> String {
    precondition(decimals >= 0, "the number of decimals must not be negative, not \(decimals)")
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    // A library may have set a locale whose decimal point is a comma or several bytes long.
    var result = ""
    for byte in Platform.digits(value, form, precision: decimals) {
      let isNumeric = (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x65].contains(byte)
      if isNumeric {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else if !result.hasSuffix(".") {
        result.append(".")
      }
    }
    return isNegativeZero(result) ? String(result.dropFirst()) : result
  }

  private static func isNegativeZero(_ digits: String) -> Bool {
    digits.hasPrefix("-") && digits.allSatisfy { $0 == "-" || $0 == "0" || $0 == "." }
  }
}
