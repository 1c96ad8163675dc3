import Files

/// The values of a JSON array in a file or standard input, a chunk of them after the other.
///
/// The memory is that of a chunk, or of the longest value. The ends of values are found by brackets
/// and quotation marks; whether a value is well formed is found when it is parsed.
package struct JSONElements: ~Copyable {
  /// Some values, whole.
  package struct Chunk: Sendable {
    package var bytes: [UInt8]
    /// The place of each value in ``bytes``, and the line on which it begins.
    package var elements: [(range: Range<Int>, line: Int)]

    /// Values at places of `bytes`.
    package init(bytes: [UInt8], elements: [(range: Range<Int>, line: Int)]) {
      self.bytes = bytes
      self.elements = elements
    }
  }

  private var input: InputBytes
  private let path: String
  private let byteCount: Int
  private var rest: [UInt8] = []
  /// The bytes of ``rest`` that were looked at.
  private var position = 0
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var line = 1
  private var isAtEnd = false
  /// The beginning of the value that was last begun; nil between values.
  private var start: (position: Int, line: Int)?
  private var isClosed = false
  private var needsValue = false

  /// The array that begins with `start`, read already, and goes on in `input`.
  init(
    _ input: consuming InputBytes,
    _ start: [UInt8],
    path: String,
    chunkByteCount: Int,
    isAtEnd: Bool
  ) {
    self.input = input
    self.path = path
    byteCount = chunkByteCount
    self.isAtEnd = isAtEnd
    rest = start
  }

  /// The next values, or nil behind the end of the array.
  ///
  /// - Throws: ``RecordError`` naming the line where the file is not one array.
  package mutating func next() throws -> Chunk? {
    while true {
      if position == rest.count {
        guard !isAtEnd else {
          guard isClosed else {
            throw failure("the array is not closed with ']'; is the file cut off?")
          }
          return nil
        }
        isAtEnd = try input.read(byteCount, into: &rest) < byteCount
      }
      let elements = try scan()
      guard !elements.isEmpty else {
        guard rest.count < LineChunks.longestLine else {
          throw failure("a value of more than 256 MB; is this an array of rows?")
        }
        continue
      }
      // The rest begins with the value that is not whole.
      let end = start?.position ?? position
      let chunk = Chunk(bytes: Array(rest[..<end]), elements: elements)
      rest.removeSubrange(..<end)
      position -= end
      if let start { self.start = (start.position - end, start.line) }
      return chunk
    }
  }

  /// Looks at the bytes that were not looked at, and returns the values that end there.
  private mutating func scan() throws -> [(range: Range<Int>, line: Int)] {
    var elements: [(range: Range<Int>, line: Int)] = []
    while position < rest.count {
      let byte = rest[position]
      position += 1
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == 0x5c {
          isEscaped = true
        } else if byte == 0x22 {
          isInString = false
        }
        if byte == 10 { line += 1 }
        continue
      }
      switch byte {
      case 10: line += 1
      case 32, 9, 13: break
      case 0x5b where depth == 0 && !isClosed: depth = 1
      case 0x2c where depth == 1, 0x5d where depth == 1:
        try end(byte == 0x5d, &elements)
      default:
        guard depth > 0 else {
          throw failure(
            isClosed ? "something follows the array; a file has one" : "not an array of JSON"
          )
        }
        if start == nil { start = (position - 1, line) }
        if byte == 0x22 { isInString = true }
        if byte == 0x5b || byte == 0x7b { depth += 1 }
        if byte == 0x5d || byte == 0x7d { depth = max(1, depth - 1) }
      }
    }
    return elements
  }

  /// Ends a value before a comma, or with the array.
  private mutating func end(
    _ isLast: Bool,
    _ elements: inout [(range: Range<Int>, line: Int)]
  ) throws {
    if let start {
      elements.append((start.position..<position - 1, start.line))
    } else if !isLast || needsValue {
      throw failure("expected a value between commas")
    }
    start = nil
    needsValue = !isLast
    if isLast {
      isClosed = true
      depth = 0
    }
  }

  private func failure(_ message: String) -> RecordError {
    RecordError(path: path, line: line, "not JSON: \(message)")
  }
}
