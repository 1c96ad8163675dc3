import Files
import Records

/// Reads a text block by block, in bounded memory.
///
/// Every block contains whole lines and valid UTF-8 (unless bytes are read raw), so blocks can be
/// processed independently. The boundaries of blocks depend only on the text.
public struct TextReader: ~Copyable, Sendable {
  /// The treatment of bytes that are not UTF-8.
  public enum InvalidUTF8: String, CaseIterable, Sendable {
    /// The text is an error, which names the location.
    case refuse
    /// Each ill-formed sequence becomes U+FFFD.
    case replace
  }

  /// The amount of text that one call returns.
  public enum Delivery: Sendable {
    /// One block per call.
    case blocks
    /// The lines read so far; from a pipe or terminal, as soon as they are written.
    ///
    /// ``TextChunk/continuesBlock`` tells which lines form one block. The last chunk may be empty,
    /// if the end of the text is detected only then.
    case lines
  }

  /// The number of bytes read for a block, which ends with the last complete line among them.
  public static let blockByteCount = 1 << 18

  private let path: String
  private let isRaw: Bool
  private let invalidUTF8: InvalidUTF8
  // One of the two is there.
  private var plain: PlainTextReader?
  private var records: RecordTextReader?
  private var isAtEnd = false
  private var hash = StreamingHash()

  /// A hash of the bytes returned so far, as they stand in the file or in its records.
  public var fingerprint: UInt64 { hash.value }

  /// Opens `source`.
  ///
  /// - Throws: `FileError` if it cannot be opened.
  public init(
    _ source: TextSource,
    isRaw: Bool,
    invalidUTF8: InvalidUTF8 = .refuse,
    delivery: Delivery = .blocks
  ) throws {
    path = source.name
    self.isRaw = isRaw
    self.invalidUTF8 = invalidUTF8
    if case .records(let format) = source.form {
      records = try RecordTextReader(path, format, invalidUTF8: invalidUTF8, delivery: delivery)
    } else {
      plain = try PlainTextReader(
        path,
        isRaw: isRaw,
        isChecked: source.form == .checked,
        invalidUTF8: invalidUTF8,
        delivery: delivery
      )
    }
  }

  /// The next block; nil after the last.
  ///
  /// An empty text has one block without bytes.
  ///
  /// - Throws: `FileError` if reading fails, ``TextError`` for bytes that are not UTF-8, for what is
  ///   no text, and for a record that cannot be read.
  public mutating func next() throws -> TextChunk? {
    guard var block = try nextUnchecked() else { return nil }
    if !isRaw { try block.check(invalidUTF8, path: path) }
    return block
  }

  /// The next block without a check of its bytes; nil after the last.
  ///
  /// The caller runs ``TextChunk/check(_:path:)``, possibly on another thread.
  ///
  /// - Throws: `FileError` if reading fails, ``TextError`` as ``next()``.
  package mutating func nextUnchecked() throws -> TextChunk? {
    guard !isAtEnd else { return nil }
    guard let block = try plain?.next(hash: &hash) ?? records?.next() else { return nil }
    if block.records != nil { block.appendContent(to: &hash) }
    isAtEnd = block.isLast
    return block
  }
}
