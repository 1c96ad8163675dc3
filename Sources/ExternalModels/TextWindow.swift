import Perplexity
import Tokenization

/// The stretch of a text in memory for matching.
///
/// It begins at the end of the last part that was taken and extends to the last byte read;
/// positions count from its start.
struct TextWindow: ~Copyable {
  private var reader: TextReader
  private(set) var bytes: [UInt8] = []
  /// The offset of the window in the file.
  private(set) var byteOffset = 0
  /// The number of its first line.
  private(set) var line = 1
  private var isAtEnd = false

  /// Opens `source`.
  init(_ source: TextSource, invalidUTF8: TextReader.InvalidUTF8) throws {
    var reader = try TextReader(source, isRaw: false, invalidUTF8: invalidUTF8)
    let block = try reader.next()
    byteOffset = block?.byteOffset ?? 0
    bytes = block?.bytes ?? []
    isAtEnd = block?.isLast ?? true
    self.reader = reader
  }

  /// True if the text has a byte at `position`; reads on as needed.
  mutating func reaches(_ position: Int) throws -> Bool {
    while position >= bytes.count && !isAtEnd {
      guard let block = try reader.next() else {
        isAtEnd = true
        break
      }
      bytes += block.bytes
      isAtEnd = block.isLast
    }
    return position < bytes.count
  }

  /// A hash of the whole text, complete after its end.
  var fingerprint: UInt64 { reader.fingerprint }

  /// The end of the line end (LF or CR LF) at `position`; nil if there is none.
  mutating func lineEnd(at position: Int) throws -> Int? {
    guard try reaches(position) else { return nil }
    if bytes[position] == 10 { return position + 1 }
    guard bytes[position] == 13, try reaches(position + 1), bytes[position + 1] == 10 else {
      return nil
    }
    return position + 2
  }

  /// Removes the first `count` bytes, which end with a line or the text.
  mutating func remove(first count: Int) {
    line += bytes[..<count].count { $0 == 10 }
    byteOffset += count
    bytes.removeSubrange(..<count)
  }
}
