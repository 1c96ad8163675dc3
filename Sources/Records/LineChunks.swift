package import Files

/// A file or standard input in chunks of whole lines, so that threads can read them side by side.
///
/// The ends of chunks depend on the bytes alone. A byte-order mark at the beginning is left out.
package struct LineChunks: ~Copyable {
  /// A chunk of whole lines.
  package struct Chunk: Sendable {
    /// The lines, each with its line feed but for the last of a file that has none.
    package var bytes: [UInt8]
    /// The number of the first of them, from 1.
    package var firstLine: Int
  }

  private var input: InputBytes
  private let path: String
  private let byteCount: Int
  private var rest: [UInt8] = []
  private var line = 1
  private var isAtStart = true
  private var isAtEnd = false
  /// The first bytes were read for ``beginning()``.
  private var isAhead = false

  /// The longest line that is read.
  package static let longestLine = 1 << 28

  /// Opens `path`; `-` is standard input.
  ///
  /// - Throws: `FileError` when it cannot be opened.
  package init(_ path: String, chunkByteCount: Int = 1 << 20) throws(FileError) {
    input = try InputBytes(path)
    self.path = path
    byteCount = chunkByteCount
  }

  /// The first bytes, which stay to be read.
  ///
  /// - Throws: `FileError` when reading fails.
  package mutating func beginning() throws(FileError) -> ArraySlice<UInt8> {
    if isAtStart {
      try read()
      isAhead = true
    }
    return rest[...]
  }

  /// The values of the JSON array that the file is, which must not have been read from.
  package consuming func elements() throws(FileError) -> JSONElements {
    if isAtStart { try read() }
    return JSONElements(
      input,
      rest,
      path: path,
      chunkByteCount: byteCount,
      isAtEnd: isAtEnd
    )
  }

  /// The file has been read to its end.
  package var isAtItsEnd: Bool { isAtEnd }

  private mutating func read() throws(FileError) {
    isAtEnd = try input.read(byteCount, into: &rest) < byteCount
    guard isAtStart else { return }
    isAtStart = false
    if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest.removeFirst(3) }
  }

  /// The next chunk, or nil at the end.
  ///
  /// - Throws: `FileError` when reading fails, ``RecordError`` when a line is longer than 256 MB.
  package mutating func next() throws -> Chunk? {
    while true {
      if !isAtEnd && !isAhead { try read() }
      isAhead = false
      if isAtEnd {
        defer { rest = [] }
        return rest.isEmpty ? nil : Chunk(bytes: rest, firstLine: line)
      }
      if let last = rest.lastIndex(of: 10) {
        let chunk = Chunk(bytes: Array(rest[...last]), firstLine: line)
        rest.removeSubrange(...last)
        line += chunk.bytes.span.count(of: 10)
        return chunk
      }
      guard rest.count < Self.longestLine else {
        throw RecordError(
          path: path,
          line: line,
          "a line of more than 256 MB; is this a file of rows?"
        )
      }
    }
  }
}
