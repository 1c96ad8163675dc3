import Glibc

/// Something that numbers tokens: a vocabulary, or one that grows.
public protocol TokenNumbering: ~Copyable {
  /// The number of the token of these bytes.
  mutating func number(of token: UnsafeRawBufferPointer) -> TokenID
}

extension Vocabulary: TokenNumbering {
  /// The number of `token`, or ``TokenID/outOfVocabulary``.
  public func number(of token: UnsafeRawBufferPointer) -> TokenID { number(token) }
}

extension VocabularyBuilder: TokenNumbering {
  /// The number of `token`, a new one where it has none and the vocabulary is open.
  public mutating func number(of token: UnsafeRawBufferPointer) -> TokenID { number(token) }
}

/// A text, or a part of one, as numbers.
public struct EncodedText: Sendable {
  /// The tokens, each sequence from its `<s>` to its `</s>`.
  public var tokens: [TokenID] = []

  /// Where each token stands in ``text``, where ranges were asked for; empty for the two markers.
  public var ranges: [Range<Int>] = []

  /// The lines, where ranges were asked for.
  public var lines: [Line] = []

  /// Where a line stands, and its size before normalisation, its line end included.
  public struct Line: Sendable {
    /// Its first byte in the file.
    public var byteOffset: Int
    /// Its first byte in ``EncodedText/text``.
    public var textOffset: Int
    /// Its first token.
    public var firstToken: Int
    /// The number of its bytes.
    public var byteCount: Int
    /// The number of its Unicode scalars.
    public var characterCount: Int
  }

  /// The normalised text, where ranges were asked for.
  public var text: [UInt8] = []

  /// The number of the first line.
  public var firstLine = 1

  /// The number of sequences that end here.
  public var sequenceCount = 0

  /// The number of lines with nothing on them.
  public var blankLineCount = 0

  /// The number of Unicode scalars of the text before normalisation, line ends included.
  public var characterCount = 0

  /// The number of bytes of the text before normalisation, line ends included.
  public var byteCount = 0

  /// Nothing yet.
  public init() {}
}

/// Turns blocks of text into numbers.
public struct TextEncoder: Sendable {
  /// What is done with a literal `<s>` or `</s>` in a line.
  public enum Markers: String, CaseIterable, Sendable {
    /// The line is refused.
    case refuse
    /// They are read as white space.
    case skip
  }

  /// How text becomes tokens.
  public let settings: TextSettings

  private let tokenizer: any Tokenizer
  private let markers: Markers
  private let keepsRanges: Bool

  /// An encoder; `keepsRanges` for those who need to know where each token stands.
  public init(_ settings: TextSettings, markers: Markers = .refuse, keepsRanges: Bool = false) {
    self.settings = settings
    self.markers = markers
    self.keepsRanges = keepsRanges
    tokenizer = settings.tokenizer.tokenizer
  }

  /// Encodes `block` of the text called `path`.
  ///
  /// - Throws: ``TextError`` for a literal `<s>` or `</s>`.
  public func encode<Numbering: TokenNumbering & ~Copyable>(
    _ block: TextBlock,
    of path: String,
    numbering: inout Numbering
  ) throws(TextError) -> EncodedText {
    var encoded = EncodedText()
    encoded.firstLine = block.firstLine
    encoded.byteCount = block.bytes.count
    encoded.characterCount = Self.characterCount(block.bytes[...])
    encoded.tokens.reserveCapacity(block.bytes.count / 3 + 16)
    if settings.sequence == .document && block.isFirst {
      encoded.append(.beginSentence, keepsRanges ? 0..<0 : nil)
    }
    var scratch = LineScratch()
    var line = block.firstLine
    var start = 0
    while start < block.bytes.count {
      let end = Self.lineEnd(block.bytes, from: start)
      do throws(MarkerFound) {
        try encodeLine(
          block.bytes,
          start..<end,
          fileOffset: block.byteOffset + start,
          scratch: &scratch,
          numbering: &numbering,
          into: &encoded
        )
      } catch {
        throw .marker(TokenID.specialSpellings[error.id.index], path: path, line: line)
      }
      line += 1
      start = end + 1
    }
    if settings.sequence == .document && block.isLast {
      encoded.append(.endSentence, keepsRanges ? encoded.text.count..<encoded.text.count : nil)
      encoded.sequenceCount += 1
    }
    return encoded
  }

  private struct MarkerFound: Error { var id: TokenID }

  private struct LineScratch {
    var normalized: [UInt8] = []
    var ranges: [Range<Int>] = []
  }

  private func encodeLine<Numbering: TokenNumbering & ~Copyable>(
    _ bytes: [UInt8],
    _ range: Range<Int>,
    fileOffset: Int,
    scratch: inout LineScratch,
    numbering: inout Numbering,
    into encoded: inout EncodedText
  ) throws(MarkerFound) {
    var end = range.upperBound
    let hasLineEnd = end < bytes.count
    if hasLineEnd && !settings.readsRawBytes && end > range.lowerBound && bytes[end - 1] == 13 {
      end -= 1
    }
    let textStart = encoded.text.count
    if keepsRanges {
      let whole = bytes[range.lowerBound..<min(bytes.count, range.upperBound + 1)]
      encoded.lines.append(
        EncodedText.Line(
          byteOffset: fileOffset,
          textOffset: textStart,
          firstToken: encoded.tokens.count,
          byteCount: whole.count,
          characterCount: Self.characterCount(whole)
        )
      )
    }
    if settings.sequence == .line {
      encoded.append(.beginSentence, keepsRanges ? textStart..<textStart : nil)
    }
    if end == range.lowerBound { encoded.blankLineCount += 1 }

    let isNormalized = settings.normalization.isIdentity
    var found: TokenID?
    bytes.withUnsafeBufferPointer { buffer in
      var line = UnsafeBufferPointer(rebasing: buffer[range.lowerBound..<end])
      if !isNormalized {
        scratch.normalized.removeAll(keepingCapacity: true)
        settings.normalization.apply(Span(_unsafeElements: line), into: &scratch.normalized)
      }
      scratch.normalized.withUnsafeBufferPointer { normalized in
        if !isNormalized { line = normalized }
        scratch.ranges.removeAll(keepingCapacity: true)
        tokenizer.tokenize(Span(_unsafeElements: line), into: &scratch.ranges)
        let raw = UnsafeRawBufferPointer(line)
        for token in scratch.ranges {
          let id = numbering.number(of: UnsafeRawBufferPointer(rebasing: raw[token]))
          if id.rawValue == 1 || id.rawValue == 2 {
            if markers == .skip { continue }
            found = id
            break
          }
          encoded.append(
            id,
            keepsRanges ? textStart + token.lowerBound..<textStart + token.upperBound : nil
          )
        }
        if keepsRanges { encoded.text.append(contentsOf: line) }
      }
    }
    if let found { throw MarkerFound(id: found) }
    let textEnd = encoded.text.count
    if settings.sequence == .line {
      encoded.append(.endSentence, keepsRanges ? textEnd..<textEnd : nil)
      encoded.sequenceCount += 1
    } else if hasLineEnd {
      let lineEnd: [UInt8] = [10]
      let id = lineEnd.withUnsafeBytes { numbering.number(of: $0) }
      encoded.append(id, keepsRanges ? textEnd..<textEnd + 1 : nil)
      if keepsRanges { encoded.text.append(10) }
    }
  }

  /// The number of Unicode scalars; of bytes that are not UTF-8, those that begin a sequence.
  private static func characterCount(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 & 0xc0 != 0x80 ? 1 : 0) }
  }

  private static func lineEnd(_ bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress,
        let found = memchr(base + start, 10, buffer.count - start)
      else { return buffer.count }
      return UnsafeRawPointer(found) - base
    }
  }
}

extension EncodedText {
  mutating func append(_ token: TokenID, _ range: Range<Int>?) {
    tokens.append(token)
    if let range { ranges.append(range) }
  }
}
