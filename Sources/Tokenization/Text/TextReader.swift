public import Files

/// Some whole lines of a text.
public struct TextChunk: Sendable {
  /// The bytes, line ends included; only the last block of a text may lack one.
  public var bytes: [UInt8]

  /// The offset of the block in the file.
  public var byteOffset: Int

  /// The number of the first line, from 1.
  public var firstLine: Int

  /// True if the block is the first of its text.
  public var isFirst: Bool

  /// True if the block is the last of its text.
  public var isLast: Bool

  /// True if the lines belong to the same block as the previous ones; see ``TextReader/Delivery``.
  public var continuesBlock = false
}

extension TextChunk {
  /// A whole text in memory.
  public init(_ text: String) {
    self.init(bytes: Array(text.utf8), byteOffset: 0, firstLine: 1, isFirst: true, isLast: true)
  }
}

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

  /// The minimum number of bytes per read, and the extension of a block without a line end.
  private static let extensionByteCount = blockByteCount / 4

  private let source: TextSource
  private var input: InputBytes
  private let delivery: Delivery
  private let isRaw: Bool
  private let invalidUTF8: InvalidUTF8
  private var rest: [UInt8] = []
  private var byteOffset = 0
  private var line = 1
  private var isFirst = true
  private var isAtEnd = false
  private var hash = StreamingHash()

  /// A hash of the file's bytes returned so far.
  public var fingerprint: UInt64 { hash.value }

  // The start and the byte limit of the block of the last lines; only for `Delivery.lines`.
  private var blockStart = 0
  private var blockLimit = Self.blockByteCount

  /// Opens `source`.
  ///
  /// - Throws: `FileError` if it cannot be opened.
  public init(
    _ source: TextSource,
    isRaw: Bool,
    invalidUTF8: InvalidUTF8 = .refuse,
    delivery: Delivery = .blocks
  ) throws(FileError) {
    self.source = source
    self.delivery = delivery
    self.isRaw = isRaw
    self.invalidUTF8 = invalidUTF8
    input = try InputBytes(source.name)
  }

  /// The next block; nil after the last.
  ///
  /// An empty text has one block without bytes.
  ///
  /// - Throws: `FileError` if reading fails, ``TextError`` for bytes that are not UTF-8.
  public mutating func next() throws -> TextChunk? {
    guard var block = try nextUnchecked() else { return nil }
    if !isRaw { try block.check(invalidUTF8, path: source.name) }
    return block
  }

  /// The next block without a check of its bytes; nil after the last.
  ///
  /// The caller runs ``TextChunk/check(_:path:)``, possibly on another thread.
  ///
  /// - Throws: `FileError` if reading fails.
  package mutating func nextUnchecked() throws(FileError) -> TextChunk? {
    guard !isAtEnd else { return nil }
    return delivery == .blocks ? try nextBlock() : try nextLines()
  }

  private mutating func nextBlock() throws(FileError) -> TextChunk {
    var bytes = rest
    rest = []
    var cut = 0
    var searched = 0
    while cut == 0 {
      let wanted = max(Self.blockByteCount - bytes.count, Self.extensionByteCount)
      if try input.read(wanted, into: &bytes) < wanted {
        isAtEnd = true
        cut = bytes.count
        break
      }
      cut = Self.lastLineEnd(of: bytes[searched...])
      searched = bytes.count
    }
    // Reads one byte ahead, so that a text that ends here gets no empty block.
    if cut == bytes.count && !isAtEnd { isAtEnd = try input.read(1, into: &bytes) == 0 }
    return take(cut, of: bytes, continuesBlock: false)
  }

  /// The complete lines in memory; reads more only if there are none.
  private mutating func nextLines() throws(FileError) -> TextChunk {
    var bytes = rest
    rest = []
    var cut = Self.lastLineEnd(of: bytes[...])
    while cut == 0 {
      let count = bytes.count
      if try input.readOnce(Self.extensionByteCount, into: &bytes) == 0 {
        isAtEnd = true
        break
      }
      cut = Self.lastLineEnd(of: bytes[count...])
    }
    if isAtEnd {
      let continuesBlock = bytes.isEmpty || continuesBlock(withTail: bytes.count)
      return take(bytes.count, of: bytes, continuesBlock: continuesBlock)
    }
    if let failure = TextChunk.firstInvalid(bytes[..<cut]), !isRaw, invalidUTF8 == .refuse {
      // The lines before the faulty one are returned first, however many arrive together.
      let lineStart = Self.lastLineEnd(of: bytes[..<failure])
      if lineStart > 0 { cut = lineStart }
    }
    let (end, continuesBlock) = blockEnd(in: bytes[..<cut])
    return take(end, of: bytes, continuesBlock: continuesBlock)
  }

  /// The number of bytes of `lines` in one block by the rule of ``nextBlock()``.
  ///
  /// The flag is true if that is the block of the previous lines.
  private mutating func blockEnd(in lines: ArraySlice<UInt8>) -> (Int, continuesBlock: Bool) {
    var continuesBlock = byteOffset > blockStart
    while true {
      let room = min(lines.count, blockStart + blockLimit - byteOffset)
      let end = Self.lastLineEnd(of: lines[..<room])
      if end > 0 { return (end, continuesBlock) }
      if continuesBlock {
        // The bytes read of the next line count towards its block's limit.
        let surplus = blockStart + blockLimit - byteOffset
        blockLimit = max(Self.blockByteCount, surplus + Self.extensionByteCount)
        blockStart = byteOffset
        continuesBlock = false
      } else {
        blockLimit += Self.extensionByteCount
      }
    }
  }

  /// True if the last line, which has no end, belongs to the block of the previous lines.
  private func continuesBlock(withTail byteCount: Int) -> Bool {
    byteOffset > blockStart && byteOffset + byteCount - blockStart < blockLimit
  }

  /// A block of the first `cut` of `bytes`; the rest stays for the next block.
  private mutating func take(
    _ cut: Int,
    of bytes: consuming [UInt8],
    continuesBlock: Bool
  ) -> TextChunk {
    if cut < bytes.count { rest = Array(bytes[cut...]) }
    bytes.removeSubrange(cut...)
    hash.append(bytes.span)
    var block = TextChunk(
      bytes: bytes,
      byteOffset: byteOffset,
      firstLine: line,
      isFirst: isFirst,
      isLast: isAtEnd,
      continuesBlock: continuesBlock
    )
    byteOffset += cut
    line += block.bytes.span.count(of: 10)
    if !isRaw && isFirst && block.bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      block.bytes.removeFirst(3)
      block.byteOffset = 3
    }
    isFirst = false
    return block
  }

  /// The end of the last complete line of `bytes`; 0 if there is none.
  private static func lastLineEnd(of bytes: ArraySlice<UInt8>) -> Int {
    bytes.lastIndex(of: 10).map { $0 + 1 } ?? 0
  }
}

extension TextChunk {
  /// Checks that the bytes are UTF-8, or replaces those that are not.
  ///
  /// - Throws: ``TextError`` for the first bytes that are not UTF-8, if these are refused.
  package mutating func check(
    _ invalidUTF8: TextReader.InvalidUTF8,
    path: String
  ) throws(TextError) {
    guard let failure = Self.firstInvalid(bytes[...]) else { return }
    switch invalidUTF8 {
    case .refuse:
      let lines = bytes.span.extracting(..<failure).count(of: 10)
      throw .invalidUTF8(
        path: path,
        line: firstLine + lines,
        byteOffset: byteOffset + failure
      )
    case .replace:
      bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
    }
  }

  /// The offset of the first bytes that are not UTF-8; nil if all are.
  fileprivate static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int? {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}
