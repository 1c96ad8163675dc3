import Files

extension DelimitedFields {
  /// The number of a field: with a decimal point or a decimal comma, and a hundredth of it before
  /// a per cent sign; nil for what is no number.
  ///
  /// Between semicolons a comma is a decimal comma. Elsewhere `1,234` may be a thousand and more as
  /// well, which is no number then; `0,234` and `1,2` are.
  package func number(_ field: Span<UInt8>) -> Double? {
    if let value = DecimalNumber.read(field) { return value }
    guard let last = field.indices.last else { return nil }
    if field[last] == 0x25 {
      var count = last
      while count > 0, field[count - 1] == 32 { count -= 1 }
      let share = field.extracting(first: count)
      guard share.firstIndex(of: 0x25) == nil else { return nil }
      return number(share).map { $0 / 100 }
    }
    guard let comma = field.firstIndex(of: 0x2c) else { return nil }
    var bytes = Array(field)
    if delimiter != 0x3b, field.count - comma == 4 {
      let isBelowOne = bytes[..<comma].allSatisfy { [0x2b, 0x2d, 0x30].contains($0) }
      guard isBelowOne else { return nil }
    }
    guard !bytes.contains(0x2e) else { return nil }
    bytes[comma] = 0x2e
    return DecimalNumber.read(bytes.span)
  }
}
