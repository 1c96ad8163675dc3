public import Files
import Glibc

/// Some whole lines of a text.
public struct TextBlock: Sendable {
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
}

extension TextBlock {
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

  /// The number of bytes a block has at least, but for the last.
  public static let blockByteCount = 1 << 18

  private let source: TextSource
  private let descriptor: Int32
  private let isRaw: Bool
  private let invalidUTF8: InvalidUTF8
  private var rest: [UInt8] = []
  private var byteOffset = 0
  private var line = 1
  private var isFirst = true
  private var isAtEnd = false

  /// Opens `source`.
  ///
  /// - Throws: `FileError` when it cannot be opened.
  public init(
    _ source: TextSource,
    isRaw: Bool,
    invalidUTF8: InvalidUTF8 = .refuse
  ) throws(FileError) {
    self.source = source
    self.isRaw = isRaw
    self.invalidUTF8 = invalidUTF8
    switch source {
    case .standardInput: descriptor = 0
    case .file(let path):
      descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(.open, path) }
    }
  }

  deinit {
    if descriptor > 0 { close(descriptor) }
  }

  /// The next block, or nil after the last.
  ///
  /// An empty text has one block without bytes.
  /// - Throws: `FileError` when reading fails, ``TextError`` for bytes that are not UTF-8.
  public mutating func next() throws -> TextBlock? {
    guard var block = try nextUnchecked() else { return nil }
    if !isRaw { try block.check(invalidUTF8, path: source.name) }
    return block
  }

  /// The next block, or nil after the last, its bytes as they are in the file: for those who call
  /// ``TextBlock/check(_:path:)`` on another thread.
  ///
  /// - Throws: `FileError` when reading fails.
  package mutating func nextUnchecked() throws(FileError) -> TextBlock? {
    guard !isAtEnd else { return nil }
    var bytes = rest
    rest = []
    var cut = 0
    var searched = 0
    while cut == 0 {
      let wanted = max(Self.blockByteCount - bytes.count, Self.blockByteCount / 4)
      if try read(wanted, into: &bytes) < wanted {
        isAtEnd = true
        cut = bytes.count
        break
      }
      cut = Self.lastLineEnd(of: bytes, from: searched)
      searched = bytes.count
    }
    // A look ahead, so that a text which ends here has no empty block behind it.
    if cut == bytes.count && !isAtEnd { isAtEnd = try read(1, into: &bytes) == 0 }
    if cut < bytes.count { rest = Array(bytes[cut...]) }
    bytes.removeSubrange(cut...)
    var block = TextBlock(
      bytes: bytes,
      byteOffset: byteOffset,
      firstLine: line,
      isFirst: isFirst,
      isLast: isAtEnd
    )
    byteOffset += cut
    line += bytes.span.count(of: 10)
    if !isRaw && isFirst && bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      block.bytes.removeFirst(3)
      block.byteOffset = 3
    }
    isFirst = false
    return block
  }

  private func read(_ count: Int, into bytes: inout [UInt8]) throws(FileError) -> Int {
    var done = 0
    var failure: FileError?
    bytes.append(addingCapacity: count) { output in
      output.withUnsafeMutableBufferPointer { buffer, initializedCount in
        guard let start = buffer.baseAddress.map({ $0 + initializedCount }) else { return }
        while done < count {
          let result = Glibc.read(descriptor, start + done, count - done)
          if result < 0 && errno == EINTR { continue }
          if result < 0 { failure = FileError(.read, source.name) }
          if result <= 0 { break }
          done += result
        }
        initializedCount += done
      }
    }
    if let failure { throw failure }
    return done
  }

  private static func lastLineEnd(of bytes: [UInt8], from start: Int) -> Int {
    var index = bytes.count
    while index > start {
      if bytes[index - 1] == 10 { return index }
      index -= 1
    }
    return 0
  }
}

extension TextBlock {
  /// Checks that the bytes are UTF-8, or replaces what is not.
  ///
  /// - Throws: ``TextError`` for the first bytes that are not UTF-8, where they are refused.
  package mutating func check(
    _ invalidUTF8: TextReader.InvalidUTF8,
    path: String
  ) throws(TextError) {
    let failure: Int? = bytes.withUnsafeBufferPointer { bytes in
      do throws(UTF8.ValidationError) {
        _ = try UTF8Span(validating: Span(_unsafeElements: bytes))
        return nil
      } catch {
        return error.byteOffsets.lowerBound
      }
    }
    guard let failure else { return }
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
}
