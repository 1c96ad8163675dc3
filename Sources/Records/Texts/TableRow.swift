import Files

/// The fields of a row of CSV or TSV, as they stand: white space and line ends in them too.
///
/// CSV is as RFC 4180 has it: a field in quotation marks may have separators and line ends, and a
/// doubled mark is one. In TSV a mark is a character like any other, but for fields that stand
/// between two marks, all others in them doubled.
package struct TableRow {
  /// A field, as a range of the bytes.
  package struct Field: Equatable {
    /// The bytes, without the marks around them.
    package var range: Range<Int>
    /// Marks in the bytes are doubled.
    package var isQuoted: Bool
  }

  /// The fields in their order.
  package private(set) var fields: [Field] = []

  private let delimiter: UInt8

  /// A reader of rows whose fields are separated by `delimiter`; a tab makes it TSV.
  package init(delimiter: UInt8) { self.delimiter = delimiter }

  private static let mark = UInt8(ascii: "\"")

  /// The end of the row that begins at `start`, after its line end; nil if the bytes end before it.
  ///
  /// - Complexity: O(row).
  package func end(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    guard delimiter != 9 else { return bytes.firstIndex(of: 10, from: start).map { $0 + 1 } }
    var index = start
    var isAtFieldStart = true
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 10 { return index }
      if byte == Self.mark && isAtFieldStart {
        repeat {
          guard let next = bytes.firstIndex(of: Self.mark, from: index) else { return nil }
          index = next + 1
          guard index < bytes.count else { return nil }
          // A doubled mark does not end the field.
          if bytes[index] != Self.mark { break }
          index += 1
        } while true
      }
      isAtFieldStart = byte == delimiter
    }
    return nil
  }

  /// Reads the fields of the row in `range`, which may end with a line end.
  ///
  /// - Throws: `RecordFault.quotation` for marks that do not match.
  package mutating func read(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RecordFault) {
    fields.removeAll(keepingCapacity: true)
    var end = range.upperBound
    if end > range.lowerBound && bytes[end - 1] == 10 { end -= 1 }
    if end > range.lowerBound && bytes[end - 1] == 13 { end -= 1 }
    var index = range.lowerBound
    while true {
      let fieldEnd: Int
      if index < end && bytes[index] == Self.mark, let field = try quoted(bytes, index..<end) {
        fields.append(Field(range: field, isQuoted: true))
        fieldEnd = field.upperBound + 1
      } else {
        var next = index
        while next < end && bytes[next] != delimiter { next += 1 }
        fields.append(Field(range: index..<next, isQuoted: false))
        fieldEnd = next
      }
      guard fieldEnd < end else { return }
      index = fieldEnd + 1
    }
  }

  /// The content of the field in quotation marks at the beginning of `range`.
  ///
  /// In TSV it is nil for marks that are characters.
  private func quoted(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RecordFault) -> Range<Int>?
  {
    var index = range.lowerBound + 1
    while true {
      guard let mark = bytes.firstIndex(of: Self.mark, from: index), mark < range.upperBound else {
        if delimiter == 9 { return nil }
        throw .quotation("a quotation mark is not closed")
      }
      index = mark + 1
      if index == range.upperBound || bytes[index] == delimiter {
        return range.lowerBound + 1..<mark
      }
      guard bytes[index] == Self.mark else {
        if delimiter == 9 { return nil }
        throw .quotation("something follows a closed quotation mark; marks in a field are doubled")
      }
      index += 1
    }
  }

  /// Appends the text of `field` to `text`.
  package static func append(_ field: Field, of bytes: Span<UInt8>, to text: inout [UInt8]) {
    guard field.isQuoted else { return text.append(copying: bytes.extracting(field.range)) }
    var start = field.range.lowerBound
    while let mark = bytes.firstIndex(of: Self.mark, from: start), mark < field.range.upperBound {
      text.append(copying: bytes.extracting(start..<mark + 1))
      start = mark + 2
    }
    if start < field.range.upperBound {
      text.append(copying: bytes.extracting(start..<field.range.upperBound))
    }
  }

  /// The text of `field`.
  package static func text(_ field: Field, of bytes: Span<UInt8>) -> String {
    var text: [UInt8] = []
    append(field, of: bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
