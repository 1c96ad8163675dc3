import Files

/// Reads decimal numbers from bytes, whatever the locale.
package enum DecimalNumber {
  /// The number that `bytes` spell; nil if they spell none.
  package static func read(_ bytes: Span<UInt8>) -> Double? {
    var index = 0
    let isNegative = !bytes.isEmpty && bytes[0] == 45
    if isNegative || (!bytes.isEmpty && bytes[0] == 43) { index = 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var decimals = 0
    var seesPoint = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 48 && byte <= 57 {
        if digits >= 18 { return slow(bytes) }
        mantissa = mantissa * 10 + UInt64(byte - 48)
        digits += 1
        if seesPoint { decimals += 1 }
      } else if byte == 46 && !seesPoint {
        seesPoint = true
      } else {
        return slow(bytes)
      }
      index += 1
    }
    guard digits > 0, mantissa < 1 << 53, decimals <= 22 else { return slow(bytes) }
    // Both are exact, so the quotient is the nearest double (Clinger 1990).
    let value = Double(mantissa) / powers[decimals]
    return isNegative ? -value : value
  }

  /// Exponents, infinities and long digit strings; what else `Double` reads is no decimal number.
  private static func slow(_ bytes: Span<UInt8>) -> Double? {
    let text = String(decoding: bytes, as: UTF8.self)
    switch text.lowercased() {
    case "-inf", "-infinity": return -.infinity
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    default:
      let isDecimal = text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || [43, 45, 46, 69, 101].contains(byte)
      }
      return isDecimal ? Double(text) : nil
    }
  }

  private static let powers: [Double] = (0...22).map { Double("1e\($0)") ?? 1 }
}
