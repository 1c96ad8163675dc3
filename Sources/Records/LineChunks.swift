public import Files

/// A file or standard input in blocks of whole lines, so that threads can read them side by side.
///
/// The ends of blocks depend on the bytes alone. A byte-order mark at the beginning is left out.
public struct LineBlocks: ~Copyable {
  /// Some lines of a file.
  public struct Block: Sendable {
    /// The lines, each with its line feed but for the last of a file that has none.
    public var bytes: [UInt8]
    /// The number of the first of them, from 1.
    public var firstLine: Int
  }

  private var input: InputBytes
  private let path: String
  private let byteCount: Int
  private var rest: [UInt8] = []
  private var line = 1
  private var isAtStart = true
  private var isAtEnd = false

  /// The longest line that is read.
  static let longestLine = 1 << 28

  /// Opens `path`; `-` is standard input.
  ///
  /// - Throws: `FileError` when it cannot be opened.
  public init(_ path: String, blockByteCount: Int = 1 << 20) throws(FileError) {
    input = try InputBytes(path)
    self.path = path
    byteCount = blockByteCount
  }

  /// The next block, or nil at the end.
  ///
  /// - Throws: `FileError` when reading fails, ``RecordError`` when a line is longer than 256 MB.
  public mutating func next() throws -> Block? {
    while true {
      if !isAtEnd { isAtEnd = try input.read(byteCount, into: &rest) < byteCount }
      if isAtStart {
        isAtStart = false
        if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest.removeFirst(3) }
      }
      if isAtEnd {
        defer { rest = [] }
        return rest.isEmpty ? nil : Block(bytes: rest, firstLine: line)
      }
      if let last = rest.lastIndex(of: 10) {
        let block = Block(bytes: Array(rest[...last]), firstLine: line)
        rest.removeSubrange(...last)
        line += block.bytes.span.count(of: 10)
        return block
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
