/// A strict parser of JSON (RFC 8259).
///
/// The only extension: it accepts the numbers `NaN`, `Infinity` and `-Infinity`, which it marks.
///
/// The parser is not recursive: ``depthLimit`` bounds the memory, not the stack.
package struct JSONParser {
  /// The depth limit of arrays and objects in each other.
  package static let depthLimit = 64

  /// The fault, and its byte of the text.
  package struct Failure: Error, Equatable {
    package var position: Int
    package var message: String
    /// The text is well formed so far, but ends.
    package var isTruncated = false

    /// A failure at a byte of the text.
    package init(position: Int, message: String, isTruncated: Bool = false) {
      self.position = position
      self.message = message
      self.isTruncated = isTruncated
    }
  }

  private enum Expectation {
    case value
    /// A value or the end of an empty array.
    case firstElement
    case separator
    /// A name or the end of an empty object.
    case firstName
    case name
  }

  private var position = 0
  private var nodes: [JSONDocument.Node] = []
  private var open: [Int] = []

  /// Reads the first value of `bytes`, and white space before it.
  ///
  /// - Returns: its nodes, and where it ends.
  /// - Throws: where it is not well formed.
  package static func parse(
    _ bytes: Span<UInt8>
  ) throws(Failure) -> (nodes: [JSONDocument.Node], end: Int) {
    var parser = JSONParser()
    parser.nodes.reserveCapacity(bytes.count / 8)
    try parser.run(bytes)
    return (parser.nodes, parser.position)
  }

  private mutating func run(_ bytes: Span<UInt8>) throws(Failure) {
    var expected = Expectation.value
    repeat {
      skipSpace(bytes)
      guard position < bytes.count else { throw truncated("the text ends in the middle", bytes) }
      let byte = bytes[position]
      switch expected {
      case .separator:
        expected = try separate(byte)
      case .firstName where byte == 0x7d, .firstElement where byte == 0x5d:
        close()
        expected = .separator
      case .firstName, .name:
        try name(bytes)
        expected = .value
      case .value, .firstElement:
        expected = try value(byte, bytes)
      }
    } while !open.isEmpty
  }

  /// A comma or the end of what is open.
  private mutating func separate(_ byte: UInt8) throws(Failure) -> Expectation {
    let isObject = open.last.map { nodes[$0].kind == .object } ?? false
    if byte == 0x2c {
      position += 1
      return isObject ? .name : .value
    }
    guard byte == (isObject ? 0x7d : 0x5d) else {
      throw failure("expected ',' or '\(isObject ? "}" : "]")'")
    }
    close()
    return .separator
  }

  private mutating func close() {
    position += 1
    if let index = open.popLast() { nodes[index].next = nodes.count }
  }

  private mutating func value(_ byte: UInt8, _ bytes: Span<UInt8>) throws(Failure) -> Expectation {
    switch byte {
    case 0x7b:
      try begin(.object)
      return .firstName
    case 0x5b:
      try begin(.array)
      return .firstElement
    case 0x22: try string(bytes)
    case UInt8(ascii: "t"): try word("true", .boolean, bytes)
    case UInt8(ascii: "f"): try word("false", .boolean, bytes)
    case UInt8(ascii: "n"): try word("null", .null, bytes)
    case UInt8(ascii: "N"): try word("NaN", .nonFinite, bytes)
    case UInt8(ascii: "I"): try word("Infinity", .nonFinite, bytes)
    default:
      if byte == 0x2d, position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "I") {
        try word("-Infinity", .nonFinite, bytes)
      } else {
        try number(bytes)
      }
    }
    return .separator
  }

  private mutating func begin(_ kind: JSONItem.Kind) throws(Failure) {
    guard open.count < Self.depthLimit else {
      throw failure("more than \(Self.depthLimit) arrays and objects in each other")
    }
    open.append(nodes.count)
    append(kind, from: position, to: position + 1)
    position += 1
  }

  private mutating func append(_ kind: JSONItem.Kind, from start: Int, to end: Int) {
    nodes.append(.init(kind: kind, start: start, end: end, next: nodes.count + 1))
  }

  private mutating func name(_ bytes: Span<UInt8>) throws(Failure) {
    guard bytes[position] == 0x22 else { throw failure("expected a name in quotation marks") }
    try string(bytes)
    skipSpace(bytes)
    guard position < bytes.count else { throw truncated("the text ends after a name", bytes) }
    guard bytes[position] == 0x3a else { throw failure("expected ':'") }
    position += 1
  }

  private mutating func word(_ word: String, _ kind: JSONItem.Kind, _ bytes: Span<UInt8>)
    throws(Failure)
  {
    let start = position
    for byte in word.utf8 {
      guard position < bytes.count else { throw truncated("the text ends in a word", bytes) }
      guard bytes[position] == byte else {
        position = start
        throw failure("expected a value")
      }
      position += 1
    }
    append(kind, from: start, to: position)
  }

  private mutating func number(_ bytes: Span<UInt8>) throws(Failure) {
    let start = position
    if bytes[position] == 0x2d { position += 1 }
    let first = position
    guard try digits(bytes) > 0 else {
      position = start
      throw failure("expected a value")
    }
    if bytes[first] == 0x30 && position > first + 1 {
      position = start
      throw failure("a number begins with 0")
    }
    if peek(bytes) == 0x2e {
      position += 1
      guard try digits(bytes) > 0 else { throw failure("expected a digit") }
    }
    if peek(bytes) == UInt8(ascii: "e") || peek(bytes) == UInt8(ascii: "E") {
      position += 1
      if peek(bytes) == 0x2b || peek(bytes) == 0x2d { position += 1 }
      guard try digits(bytes) > 0 else { throw failure("expected a digit") }
    }
    append(.number, from: start, to: position)
  }

  private func peek(_ bytes: Span<UInt8>) -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  /// Skips digits; within a number the text may not end before one.
  private mutating func digits(_ bytes: Span<UInt8>) throws(Failure) -> Int {
    let start = position
    while let byte = peek(bytes), byte >= 48, byte <= 57 { position += 1 }
    if position == start && position == bytes.count {
      throw truncated("the text ends in a number", bytes)
    }
    return position - start
  }

  private mutating func string(_ bytes: Span<UInt8>) throws(Failure) {
    let start = position
    position += 1
    var isASCII = true
    while position < bytes.count, bytes[position] != 0x22 {
      let byte = bytes[position]
      if byte < 0x20 {
        throw Failure(
          position: position,
          message: byte == 10 ? "the line ends in a string" : "a control character in a string",
          isTruncated: byte == 10
        )
      }
      if byte >= 0x80 { isASCII = false }
      position += 1
      if byte == 0x5c { try escape(bytes) }
    }
    guard position < bytes.count else { throw truncated("the text ends in a string", bytes) }
    if !isASCII { try checkUTF8(start + 1..<position, bytes) }
    position += 1
    append(.string, from: start, to: position)
  }

  /// Reads the characters after a backslash.
  private mutating func escape(_ bytes: Span<UInt8>) throws(Failure) {
    guard let byte = peek(bytes) else { throw truncated("the text ends in a string", bytes) }
    guard "\"\\/bfnrtu".utf8.contains(byte) else {
      throw failure("an escape that JSON does not have")
    }
    position += 1
    guard byte == UInt8(ascii: "u") else { return }
    for _ in 0..<4 {
      guard let digit = peek(bytes) else { throw truncated("the text ends in a string", bytes) }
      guard Character(Unicode.Scalar(digit)).isHexDigit else {
        throw failure("expected four hexadecimal digits")
      }
      position += 1
    }
  }

  private func checkUTF8(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(Failure) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.extracting(range))
    } catch {
      throw Failure(
        position: range.lowerBound + error.byteOffsets.lowerBound,
        message: "bytes that are not UTF-8"
      )
    }
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while let byte = peek(bytes), byte == 32 || byte == 10 || byte == 13 || byte == 9 {
      position += 1
    }
  }

  private func failure(_ message: String) -> Failure {
    Failure(position: position, message: message)
  }

  private func truncated(_ message: String, _ bytes: Span<UInt8>) -> Failure {
    Failure(position: bytes.count, message: message, isTruncated: true)
  }
}
