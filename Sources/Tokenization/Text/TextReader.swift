public import Files

/// Some whole lines of a text.
public struct TextChunk: Sendable {
  /// The bytes, line ends included; only the last block of a text may lack one.
  public var bytes: [UInt8]

  /// Where the block begins in the file.
  public var byteOffset: Int

  /// The number of the first line, from 1.
  public var firstLine: Int

  /// Whether the block is the first of its text.
  public var isFirst: Bool

  /// Whether the block is the last of its text.
  public var isLast: Bool

  /// Whether the lines belong to the same block as those before; see ``TextReader/Delivery``.
  public var continuesBlock = false
}

extension TextChunk {
  /// A whole text that is at hand.
  public init(_ text: String) {
    self.init(bytes: Array(text.utf8), byteOffset: 0, firstLine: 1, isFirst: true, isLast: true)
  }
}

/// Reads a text block by block, so that its size does not matter.
///
/// Every block holds whole lines and valid UTF-8 (unless raw bytes are asked for), so blocks can be
/// worked on apart. Where the blocks are cut depends on the text alone.
public struct TextReader: ~Copyable, Sendable {
  /// What is done with bytes that are not UTF-8.
  public enum InvalidUTF8: String, CaseIterable, Sendable {
    /// The text is refused, with the place named.
    case refuse
    /// Each ill-formed sequence becomes U+FFFD.
    case replace
  }

  /// When lines are given to who asks for them.
  public enum Delivery: Sendable {
    /// A block at a time.
    case blocks
    /// As soon as they are read, which on a pipe or a terminal is as soon as they are written.
    ///
    /// ``TextChunk/continuesBlock`` tells which of them make up a block of the other kind. The last
    /// may have no bytes, where only then the text is seen to be at its end.
    case lines
  }

  /// The number of bytes that are read for a block; it ends with the last line that ends in them.
  public static let blockByteCount = 1 << 18

  /// The number of bytes that are read at least, and on where no line ends in a block.
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

  /// A hash of the bytes given so far, as they are in the file.
  public var fingerprint: UInt64 { hash.value }

  // Where the block of the lines that were given last begins and how many bytes are read for it;
  // kept for `Delivery.lines` only.
  private var blockStart = 0
  private var blockLimit = Self.blockByteCount

  /// Opens `source`.
  ///
  /// - Throws: `FileError` when it cannot be opened.
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

  /// The next block, or nil after the last.
  ///
  /// An empty text has one block without bytes.
  /// - Throws: `FileError` when reading fails, ``TextError`` for bytes that are not UTF-8.
  public mutating func next() throws -> TextChunk? {
    guard var block = try nextUnchecked() else { return nil }
    if !isRaw { try block.check(invalidUTF8, path: source.name) }
    return block
  }

  /// The next block, or nil after the last, its bytes as they are in the file: for those who call
  /// ``TextChunk/check(_:path:)`` on another thread.
  ///
  /// - Throws: `FileError` when reading fails.
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
    // A look ahead, so that a text which ends here has no empty block behind it.
    if cut == bytes.count && !isAtEnd { isAtEnd = try input.read(1, into: &bytes) == 0 }
    return take(cut, of: bytes, continuesBlock: false)
  }

  /// The whole lines of what is there; what is there is added to only if it holds none.
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
      // The lines before that one have their answer first, however many came together.
      let lineStart = Self.lastLineEnd(of: bytes[..<failure])
      if lineStart > 0 { cut = lineStart }
    }
    let (end, continuesBlock) = blockEnd(in: bytes[..<cut])
    return take(end, of: bytes, continuesBlock: continuesBlock)
  }

  /// How many of `lines` belong to one block by the rule of ``nextBlock()``, and whether it is that
  /// of the lines before.
  private mutating func blockEnd(in lines: ArraySlice<UInt8>) -> (Int, continuesBlock: Bool) {
    var continuesBlock = byteOffset > blockStart
    while true {
      let room = min(lines.count, blockStart + blockLimit - byteOffset)
      let end = Self.lastLineEnd(of: lines[..<room])
      if end > 0 { return (end, continuesBlock) }
      if continuesBlock {
        // What was read of the next line counts in its block's limit.
        let surplus = blockStart + blockLimit - byteOffset
        blockLimit = max(Self.blockByteCount, surplus + Self.extensionByteCount)
        blockStart = byteOffset
        continuesBlock = false
      } else {
        blockLimit += Self.extensionByteCount
      }
    }
  }

  /// Whether the last line, which has no end, belongs to the block of the lines before.
  private func continuesBlock(withTail byteCount: Int) -> Bool {
    byteOffset > blockStart && byteOffset + byteCount - blockStart < blockLimit
  }

  /// A block of the first `cut` of `bytes`; the others are kept for the next.
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

  /// Where the last line of `bytes` that has an end ends; 0 where none has.
  private static func lastLineEnd(of bytes: ArraySlice<UInt8>) -> Int {
    bytes.lastIndex(of: 10).map { $0 + 1 } ?? 0
  }
}

extension TextChunk {
  /// Checks that the bytes are UTF-8, or replaces what is not.
  ///
  /// - Throws: ``TextError`` for the first bytes that are not UTF-8, where they are refused.
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

  /// Where the bytes stop to be UTF-8.
  fileprivate static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int? {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}
