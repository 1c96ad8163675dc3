import Files

/// The fields of one row of CSV or TSV after the other, without a copy of any.
///
/// Quotation marks and doubled ones in them are as RFC 4180 has them, but a field does not go on
/// behind its line. White space around a field is left out, and lines end in LF or CR LF.
package struct DelimitedFields {
  /// The separator of fields: a comma, a semicolon or a tab.
  package let delimiter: UInt8

  /// The fields of the row, as ranges of the text; those of quoted fields exclude the quotes.
  package private(set) var ranges: [Range<Int>] = []

  /// The row, from 0 in the text it was read from.
  package private(set) var start = 0

  /// A reader of rows whose fields are separated by `delimiter`.
  package init(delimiter: UInt8) {
    self.delimiter = delimiter
    ranges.reserveCapacity(64)
  }

  /// The delimiter of a file whose first line is `line`: a tab where there is one, else a semicolon
  /// where there is one and commas stand in numbers only, as in `0,5`, else a comma.
  package static func delimiter(ofLine line: some Collection<UInt8>) -> UInt8 {
    if line.contains(9) { return 9 }
    guard line.contains(0x3b) else { return 0x2c }
    let bytes = Array(line)
    let isDecimal = bytes.indices.allSatisfy { index in
      bytes[index] != 0x2c
        || (index > 0 && index + 1 < bytes.count && 48...57 ~= bytes[index - 1]
          && 48...57 ~= bytes[index + 1])
    }
    return isDecimal ? 0x3b : 0x2c
  }

  /// Reads the line of `text` that begins at `position`, which is moved behind it.
  ///
  /// - Returns: Whether the line has anything but white space.
  package mutating func read(
    _ text: Span<UInt8>,
    _ position: inout Int
  ) throws(RowError) -> Bool {
    ranges.removeAll(keepingCapacity: true)
    start = position
    let count = text.count
    var index = position
    while true {
      while index < count && (text[index] == 32 || (text[index] == 9 && delimiter != 9)) {
        index += 1
      }
      if index < count && text[index] == 0x22 {
        index += 1
        let first = index
        while index < count && text[index] != 10 {
          if text[index] == 0x22 {
            guard index + 1 < count && text[index + 1] == 0x22 else { break }
            index += 1
          }
          index += 1
        }
        guard index < count && text[index] == 0x22 else {
          throw .init(message: "a quotation mark is not closed on its line")
        }
        ranges.append(first..<index)
        index += 1
        while index < count && (text[index] == 32 || text[index] == 13) { index += 1 }
        guard index == count || text[index] == 10 || text[index] == delimiter else {
          throw .init(
            message: "something follows a closed quotation mark; double marks inside a field"
          )
        }
      } else {
        let first = index
        while index < count && text[index] != delimiter && text[index] != 10 { index += 1 }
        var end = index
        while end > first && (text[end - 1] == 32 || text[end - 1] == 13) { end -= 1 }
        ranges.append(first..<end)
      }
      if index < count && text[index] == delimiter {
        index += 1
        continue
      }
      position = min(count, index + 1)
      return ranges.count > 1 || !ranges[0].isEmpty
    }
  }

  /// The text of a field, its doubled quotation marks single.
  package static func text(_ field: Span<UInt8>) -> String {
    var text = ""
    let raw = String(decoding: field, as: UTF8.self)
    var isSecond = false
    for scalar in raw.unicodeScalars {
      if scalar == "\"" && isSecond {
        isSecond = false
        continue
      }
      isSecond = scalar == "\""
      text.unicodeScalars.append(scalar)
    }
    return text
  }
}
