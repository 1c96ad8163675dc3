package import Files

/// An array of numbers in NumPy's format, `.npy`, with one or two dimensions, mapped and not copied.
///
/// Versions 1 to 3 of the format; truth values, integers of 1 to 8 bytes and floating-point numbers of
/// 2, 4 and 8, in either order of bytes; rows or columns first.
package struct NumberArray: Sendable {
  /// The type of the numbers.
  private enum Element: Character {
    case boolean = "b"
    case signed = "i"
    case unsigned = "u"
    case floating = "f"
  }

  /// The number of rows: the length of the first dimension.
  package let rowCount: Int
  /// The number of columns: the length of the second dimension; 1 where there is none.
  package let columnCount: Int
  private let bytes: Bytes
  private let start: Int
  private let element: Element
  private let width: Int
  private let isSwapped: Bool
  private let isColumnsFirst: Bool

  /// Returns true if a file that begins with `start` is such an array.
  package static func isOne(_ start: some Collection<UInt8>) -> Bool { start.starts(with: magic) }

  private static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

  /// The array of a file called `path`.
  ///
  /// - Throws: ``RecordError`` where its header is none, or of another kind of array, or where the
  ///   numbers are not all there.
  package init(_ bytes: Bytes, path: String) throws(RecordError) {
    func failure(_ message: String) -> RecordError { RecordError(path: path, message) }
    let head = bytes.withBytes(0..<min(12, bytes.count)) { Array($0) }
    guard head.count >= 10, Self.isOne(head) else {
      throw failure("no array of NumPy; its first bytes are not those of .npy")
    }
    guard (1...3).contains(head[6]) else {
      throw failure("version \(head[6]) of .npy is not known; save it with numpy.save")
    }
    let lengthBytes = head[6] == 1 ? 2 : 4
    guard head.count >= 8 + lengthBytes else { throw failure("the header of the array is cut off") }
    let length = (0..<lengthBytes).reduce(0) { $0 | Int(head[8 + $1]) << (8 * $1) }
    start = 8 + lengthBytes + length
    guard length < 1 << 20, start <= bytes.count else {
      throw failure("the header of the array is cut off")
    }
    let text = bytes.withBytes(8 + lengthBytes..<start) { String(decoding: $0, as: UTF8.self) }
    guard let type = Self.value(of: "descr", in: text),
      let order = Self.value(of: "fortran_order", in: text),
      let shape = Self.value(of: "shape", in: text)
    else { throw failure("the header of the array lacks 'descr', 'fortran_order' or 'shape'") }
    let name = type.trimmingQuotes
    let letters = Array(name)
    guard letters.count == 3, "<>|=".contains(letters[0]),
      let element = Element(rawValue: letters[1]),
      let width = letters[2].wholeNumberValue, [1, 2, 4, 8].contains(width),
      element != .boolean || width == 1, element != .floating || width > 1
    else {
      throw failure(
        "an array of '\(name.prefix(40))'; convert it with .astype('float64'), or 'int64' for labels"
      )
    }
    (self.element, self.width) = (element, width)
    isSwapped = letters[0] == ">"
    isColumnsFirst = order == "True"
    let lengths = shape.dropFirst().dropLast().split(separator: ",").map {
      Int($0.filter { $0 != " " }) ?? -1
    }
    guard shape.hasPrefix("("), shape.hasSuffix(")"), (1...2).contains(lengths.count),
      lengths.allSatisfy({ $0 >= 0 })
    else {
      throw failure(
        "an array of the shape \(shape.prefix(40)); rows of numbers have one or two dimensions"
      )
    }
    rowCount = lengths[0]
    columnCount = lengths.count == 2 ? lengths[1] : 1
    let (count, isTooMany) = rowCount.multipliedReportingOverflow(by: columnCount)
    let (size, isTooLarge) = count.multipliedReportingOverflow(by: width)
    guard !isTooMany, !isTooLarge, size == bytes.count - start else {
      throw failure(
        "\(bytes.count - start) bytes of numbers, and the shape \(shape.prefix(40)) needs "
          + (isTooMany || isTooLarge ? "more" : "\(size)") + "; is the file cut off?"
      )
    }
    self.bytes = bytes
  }

  /// The value of `key` in the header, a dictionary as Python writes it.
  private static func value(of key: String, in header: String) -> String? {
    guard let colon = header.firstRange(of: "'\(key)':") else { return nil }
    let rest = header[colon.upperBound...].drop { $0 == " " }
    let end: String.Index? =
      switch rest.first {
      case "(": rest.firstIndex(of: ")").map { rest.index(after: $0) }
      case "[": rest.firstIndex(of: "]").map { rest.index(after: $0) }
      default: rest.firstIndex { $0 == "," || $0 == "}" }
      }
    return end.map { String(rest[..<$0]) }
  }

  /// Reads a row, which must be one, into the first ``columnCount`` of `values`.
  package func read(row: Int, into values: inout [Double]) {
    precondition(row >= 0 && row < rowCount, "row out of range")
    for column in 0..<columnCount {
      let place = isColumnsFirst ? column * rowCount + row : row * columnCount + column
      let first = start + place * width
      values[column] = bytes.withBytes(first..<first + width) { value($0) }
    }
  }

  private func value(_ field: Span<UInt8>) -> Double {
    var bits: UInt64 = 0
    for index in 0..<width {
      bits = bits << 8 | UInt64(field[isSwapped ? index : width - 1 - index])
    }
    switch (element, width) {
    case (.boolean, _): return bits == 0 ? 0 : 1
    case (.unsigned, _): return Double(bits)
    case (.signed, _):
      let unused = 64 - 8 * width
      return Double(Int64(bitPattern: bits << unused) >> unused)
    case (.floating, 2): return Self.half(UInt16(truncatingIfNeeded: bits))
    case (.floating, 4): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case (.floating, _): return Double(bitPattern: bits)
    }
  }

  /// The number of 16 bits: a sign, 5 of the exponent, 10 of the fraction. (IEEE 754.)
  private static func half(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 1023)
    let magnitude: Double =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
      }
    return bits >> 15 == 1 ? -magnitude : magnitude
  }
}

extension String {
  fileprivate var trimmingQuotes: Substring {
    let trimmed = self[...].drop { $0 == " " }
    guard let quote = trimmed.first, quote == "'" || quote == "\"" else { return trimmed }
    return trimmed.dropFirst().prefix { $0 != quote }
  }
}
