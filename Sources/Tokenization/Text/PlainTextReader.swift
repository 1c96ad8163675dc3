import Files
import Records

/// Reads plain text in blocks of whole lines.
struct PlainTextReader: ~Copyable, Sendable {
  /// The minimum number of bytes per read, and the extension of a block without a line end.
  private static let extensionByteCount = TextReader.blockByteCount / 4

  private let path: String
  private let isRaw: Bool
  private let isChecked: Bool
  private let invalidUTF8: TextReader.InvalidUTF8
  private let delivery: TextReader.Delivery
  private var input: InputBytes
  private var rest: [UInt8] = []
  private var byteOffset = 0
  private var line = 1
  private var isFirst = true
  private var isAtEnd = false

  // The start and the byte limit of the block of the last lines; only for `Delivery.lines`.
  private var blockStart = 0
  private var blockLimit = TextReader.blockByteCount

  /// Opens the text at `path`; one that `isChecked` is refused if it looks like another form.
  init(
    _ path: String,
    isRaw: Bool,
    isChecked: Bool,
    invalidUTF8: TextReader.InvalidUTF8,
    delivery: TextReader.Delivery
  ) throws(FileError) {
    self.path = path
    self.isRaw = isRaw
    self.isChecked = isChecked
    self.invalidUTF8 = invalidUTF8
    self.delivery = delivery
    input = try InputBytes(path)
  }

  /// The next block, the last of which says so; `hash` gets its bytes.
  mutating func next(hash: inout StreamingHash) throws -> TextChunk {
    let isFirst = isFirst
    let block = delivery == .blocks ? try nextBlock(&hash) : try nextLines(&hash)
    if isFirst && isChecked { try checkForm(block.bytes) }
    return block
  }

  /// Refuses a text that begins like another form of file.
  private func checkForm(_ bytes: [UInt8]) throws(TextError) {
    let kind = FileSignature.kind(of: bytes.prefix(FileSignature.byteCount))
    if let kind, kind.isModel || !isRaw {
      let remedy = kind.isModel ? "a model is named before the texts" : kind.remedy
      throw .noText(kind: kind.name, remedy: remedy ?? "give a text", path: path)
    }
    if !isRaw {
      if let encoding = TextEncoding.wide(bytes) { throw .encoding(encoding, path: path) }
      if TextEncoding.isBinary(bytes) {
        throw .noText(
          kind: "a file with many control characters",
          remedy: "if it is UTF-16, convert it with iconv -f UTF-16LE -t UTF-8 first",
          path: path
        )
      }
      if !bytes.contains(10) && bytes.dropLast().contains(13) {
        throw .carriageReturns(path: path)
      }
    }
    if let structure = StructuredText(path: path, start: bytes.span) {
      throw .structured(structure, path: path)
    }
  }

  private mutating func nextBlock(_ hash: inout StreamingHash) throws(FileError) -> TextChunk {
    var bytes = rest
    rest = []
    var cut = 0
    var searched = 0
    while cut == 0 {
      let wanted = max(TextReader.blockByteCount - bytes.count, Self.extensionByteCount)
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
    return take(cut, of: bytes, continuesBlock: false, &hash)
  }

  /// The complete lines in memory; reads more only if there are none.
  private mutating func nextLines(_ hash: inout StreamingHash) throws(FileError) -> TextChunk {
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
      return take(bytes.count, of: bytes, continuesBlock: continuesBlock, &hash)
    }
    if let failure = TextChunk.firstInvalid(bytes[..<cut]), !isRaw, invalidUTF8 == .refuse {
      // The lines before the faulty one are returned first, however many arrive together.
      let lineStart = Self.lastLineEnd(of: bytes[..<failure])
      if lineStart > 0 { cut = lineStart }
    }
    let (end, continuesBlock) = blockEnd(in: bytes[..<cut])
    return take(end, of: bytes, continuesBlock: continuesBlock, &hash)
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
        blockLimit = max(TextReader.blockByteCount, surplus + Self.extensionByteCount)
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
    continuesBlock: Bool,
    _ hash: inout StreamingHash
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
