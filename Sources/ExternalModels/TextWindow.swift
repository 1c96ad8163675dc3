import Perplexity
import Tokenization

/// The part of a text that is being matched.
///
/// It goes from the end of the last part that was given to as far as was read; positions count from
/// its beginning.
struct TextWindow: ~Copyable {
  private var reader: TextReader
  private(set) var bytes: [UInt8] = []
  /// Where the window begins in the file.
  private(set) var byteOffset = 0
  /// The line that it begins with.
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

  /// Whether the text has a byte at `position`; reads on as far as it takes.
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

  /// A hash of the whole text, once it was read to its end.
  var fingerprint: UInt64 { reader.fingerprint }

  /// Where the line end at `position` ends, LF or CR LF; nil where there is none.
  mutating func lineEnd(at position: Int) throws -> Int? {
    guard try reaches(position) else { return nil }
    if bytes[position] == 10 { return position + 1 }
    guard bytes[position] == 13, try reaches(position + 1), bytes[position + 1] == 10 else {
      return nil
    }
    return position + 2
  }

  /// Takes the first `count` bytes out, which end with a line or the text.
  mutating func remove(first count: Int) {
    line += bytes[..<count].count { $0 == 10 }
    byteOffset += count
    bytes.removeSubrange(..<count)
  }
}
