import Files
import Records

/// The consecutive JSON values of a file, one per line or each over several lines.
///
/// One value is in memory at a time. If the first value ends on its line, every value must end on
/// its line, so that an incomplete line is detected.
///
/// In a stream of server-sent events each value stands behind `data:`, on one line or on several
/// with the field before each; `[DONE]`, and the other
/// fields of events, are passed over.
struct JSONStream {
  private let file: Bytes
  private let path: String
  private var position = 0
  private var line = 1
  private var isByLine: Bool?
  /// True if the file is a stream of server-sent events.
  let isEventStream: Bool

  init(_ file: Bytes, path: String) {
    self.file = file
    self.path = path
    let start = file.withBytes(0..<min(file.count, 1 << 14)) { Array($0) }
    position = Self.prefixCount(of: start)
    isEventStream = Self.isEventStream(start[position...])
    if isEventStream { isByLine = true }
  }

  /// True if `start`, the start of a file, is that of JSON or of a stream of it.
  static func isStart(_ start: [UInt8]) -> Bool {
    let text = start[prefixCount(of: start)...]
    let first = text.first { ![32, 9, 13, 10].contains($0) }
    return first == 0x7b || first == 0x5b || isEventStream(text)
  }

  /// The number of bytes of a byte order mark, or of the headers that `curl -i` writes.
  private static func prefixCount(of start: [UInt8]) -> Int {
    if start.starts(with: [0xef, 0xbb, 0xbf]) { return 3 }
    guard start.starts(with: "HTTP/".utf8) else { return 0 }
    for index in start.indices.dropFirst(2) where start[index] == 10 {
      if start[index - 1] == 10 || start[index - 1] == 13 && start[index - 2] == 10 {
        return index + 1
      }
    }
    return 0
  }

  private static let fields = ["data:", "event:", "id:", "retry:", ":"].map { Array($0.utf8) }

  /// True if `start`, the start of a file, begins with the fields of an event that has data.
  private static func isEventStream(_ start: ArraySlice<UInt8>) -> Bool {
    for line in start.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      if line.starts(with: fields[0]) { return true }
      guard fields.contains(where: { line.starts(with: $0) }) else { return false }
    }
    return false
  }

  /// The number of bytes read.
  var byteCount: Int { position }

  /// The next value; nil at the end.
  mutating func next() throws(ExternalModelError) -> JSONDocument? {
    skipSpace()
    while let count = markCount {
      position += count
      skipSpace()
    }
    guard position < file.count else { return nil }
    let lineEnd = endOfLine
    var cutLine: JSONParser.Failure?
    if isByLine != false {
      switch parse(to: lineEnd) {
      case .success(let document):
        isByLine = true
        return document
      case .failure(let failure):
        if failure.isTruncated, let document = parseEvent() { return document }
        // A first value that continues after its line means one value over several lines.
        guard isByLine == nil, failure.isTruncated else { throw error(failure) }
        isByLine = false
        if beginsObject(at: lineEnd + 1) { cutLine = failure }
      }
    }
    switch parse(to: file.count) {
    case .success(let document): return document
    // If the next line begins like a new object, the previous line is the incomplete one.
    case .failure(let failure): throw error(cutLine ?? failure)
    }
  }

  /// The number of bytes at this position that belong to the stream and to no value; nil if there
  /// are none.
  private var markCount: Int? {
    file.withBytes(position..<min(file.count, position + 8)) { bytes in
      let start = Array(bytes)
      let done = Array("[DONE]".utf8)
      if start.starts(with: done) { return done.count }
      guard isEventStream, let field = Self.fields.first(where: { start.starts(with: $0) }) else {
        return nil
      }
      return field == Self.fields[0] ? field.count : endOfLine - position
    }
  }

  private mutating func parse(to end: Int) -> Result<JSONDocument, JSONParser.Failure> {
    let start = position
    let result = file.withBytes(start..<end) { text -> Result<JSONDocument, JSONParser.Failure> in
      do throws(JSONParser.Failure) {
        let (nodes, length) = try JSONParser.parse(text)
        if isByLine != false, let rest = Self.firstVisible(in: text, from: length) {
          throw JSONParser.Failure(position: rest, message: "expected the end of the line")
        }
        return .success(
          JSONDocument(
            bytes: Array(text.extracting(..<length)),
            byteOffset: start,
            line: line,
            nodes: nodes
          )
        )
      } catch { return .failure(error) }
    }
    if case .success(let document) = result {
      line += document.bytes.count { $0 == 10 }
      position += document.bytes.count
    }
    return result
  }

  /// The value at this position whose event has further lines of data; nil if these do not end it.
  private mutating func parseEvent() -> JSONDocument? {
    guard isEventStream else { return nil }
    let field = Self.fields[0]
    var data: [UInt8] = []
    var rest = self
    while true {
      let end = rest.endOfLine
      data += file.withBytes(rest.position..<end) { Array($0) } + [10]
      rest.position = min(end + 1, file.count)
      let start = rest.position..<min(rest.position + field.count, file.count)
      guard file.withBytes(start, { Array($0) }) == field else { break }
      rest.position += field.count
    }
    guard let (nodes, length) = try? JSONParser.parse(data.span),
      Self.firstVisible(in: data.span, from: length) == nil
    else { return nil }
    let document = JSONDocument(
      bytes: Array(data[..<length]),
      byteOffset: position,
      line: line,
      nodes: nodes
    )
    line += data.count { $0 == 10 }
    position = rest.position
    return document
  }

  private static func firstVisible(in text: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < text.count && [32, 9, 13, 10].contains(text[index]) { index += 1 }
    return index < text.count ? index : nil
  }

  private func error(_ failure: JSONParser.Failure) -> ExternalModelError {
    let offset = position + failure.position
    let lines = file.withBytes(position..<min(offset, file.count)) { $0.count(of: 10) }
    return ExternalModelError(
      path: path,
      line: line + lines,
      reason: failure.isTruncated
        ? .truncated(byteOffset: offset) : .json(failure.message, byteOffset: offset)
    )
  }

  private var endOfLine: Int {
    file.withBytes(position..<file.count) { $0.firstIndex(of: 10) }.map { position + $0 }
      ?? file.count
  }

  private func beginsObject(at offset: Int) -> Bool {
    offset < file.count && file.withBytes(offset..<offset + 1) { $0[0] == 0x7b }
  }

  private mutating func skipSpace() {
    let rest = file.withBytes(position..<file.count) { bytes in
      let count = Self.firstVisible(in: bytes, from: 0) ?? bytes.count
      return (count, bytes.extracting(..<count).count(of: 10))
    }
    position += rest.0
    line += rest.1
  }
}
