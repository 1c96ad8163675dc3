import Files
import Records

/// Converts blocks of text to token numbers.
public struct TextEncoder: Sendable {
  /// The treatment of a literal `<s>` or `</s>` in a line.
  public enum Markers: String, CaseIterable, Sendable {
    /// The line is an error.
    case refuse
    /// The markers count as white space.
    case skip
  }

  /// The settings that convert text to tokens.
  public let settings: TextSettings

  private let tokenizer: any Tokenizer
  private let markers: Markers
  private let keepsRanges: Bool
  private let countsCharacters: Bool

  /// An encoder; one that `keepsRanges` also stores each token's range in the text.
  ///
  /// Without `countsCharacters` the numbers of scalars and graphemes stay 0. In scripts with many
  /// joining characters, like Devanagari, counting takes as long as everything else.
  public init(
    _ settings: TextSettings,
    markers: Markers = .refuse,
    keepsRanges: Bool = false,
    countsCharacters: Bool = true
  ) {
    self.settings = settings
    self.markers = markers
    self.keepsRanges = keepsRanges
    self.countsCharacters = countsCharacters
    tokenizer = settings.symbols == .bytes ? ByteTokenizer() : settings.tokenizer.tokenizer
  }

  /// Encodes `block` of the text named `path`.
  ///
  /// - Throws: ``TextError`` for a literal `<s>` or `</s>`.
  public func encode<Numbering: TokenNumbering & ~Copyable>(
    _ block: TextChunk,
    of path: String,
    numbering: inout Numbering
  ) throws(TextError) -> EncodedText {
    var encoded = EncodedText()
    encoded.firstLine = block.firstLine
    encoded.tokens.reserveCapacity(block.bytes.count / 3 + 16)
    try encode(block, of: path, numbering: &numbering, into: &encoded)
    return encoded
  }

  /// Encodes `block` of the text named `path` and appends it to `encoded`.
  ///
  /// `encoded` is empty or contains the previous blocks.
  ///
  /// - Throws: ``TextError`` for a literal `<s>` or `</s>`; `encoded` then contains a part of the
  ///   block.
  package func encode<Numbering: TokenNumbering & ~Copyable>(
    _ block: TextChunk,
    of path: String,
    numbering: inout Numbering,
    into encoded: inout EncodedText
  ) throws(TextError) {
    encoded.rows = block.rows
    encoded.table = block.table
    if let tally = block.tally { encoded.tally = (encoded.tally ?? RecordTally()) + tally }
    for index in 0..<block.pieceCount {
      try encode(block.piece(index), of: block, path, numbering: &numbering, into: &encoded)
    }
  }

  private func encode<Numbering: TokenNumbering & ~Copyable>(
    _ piece: TextChunk.Piece,
    of block: TextChunk,
    _ path: String,
    numbering: inout Numbering,
    into encoded: inout EncodedText
  ) throws(TextError) {
    if let record = piece.record {
      if markers == .refuse, let marker = marker(in: block.bytes.span.extracting(piece.range)) {
        guard block.skipsFaultyRecords else {
          throw .record(.marker(marker), path: path, line: piece.firstLine)
        }
        encoded.tally?.count -= 1
        encoded.tally?.skip(.marker(marker), path: path, line: piece.firstLine)
        return
      }
      if keepsLines {
        encoded.records.append(
          EncodedText.Record(
            firstLine: encoded.lines.count,
            firstToken: encoded.tokens.count,
            name: record.name,
            row: record.row
          )
        )
      }
    }
    encoded.byteCount += piece.range.count
    if countsCharacters {
      let counts = CharacterCounts(of: block.bytes.span.extracting(piece.range))
      encoded.characterCount += counts.scalars
      encoded.graphemeCount += counts.graphemes
    }
    if settings.sequence != .line && piece.isFirst {
      encoded.append(.beginSentence, keepsRanges ? encoded.text.count..<encoded.text.count : nil)
    }
    var batch = LineBatch()
    var start = piece.range.lowerBound
    while start < piece.range.upperBound {
      let firstLine = batch.lineCount
      start = cutLines(of: block.bytes, piece, from: start, into: &encoded, batch: &batch)
      if usesCopy {
        batch.number(of: encoded.text.span, numbering: &numbering)
      } else {
        batch.number(of: block.bytes.span, numbering: &numbering)
      }
      if batch.hasMarkers {
        if markers == .refuse, let (line, id) = batch.firstMarker {
          throw .marker(
            TokenID.specialSpellings[id.index],
            path: path,
            line: piece.firstLine + firstLine + line
          )
        }
        batch.removeMarkers()
      }
      append(batch, to: &encoded)
      if !keepsRanges { encoded.text.removeAll(keepingCapacity: true) }
    }
    if settings.sequence != .line && piece.isLast {
      if settings.predictsEnds {
        encoded.append(.endSentence, keepsRanges ? encoded.text.count..<encoded.text.count : nil)
      }
      encoded.sequenceCount += 1
    }
  }

  /// The first literal `<s>` or `</s>` among the tokens of a record, found before any token of it is
  /// numbered.
  private func marker(in text: Span<UInt8>) -> String? {
    // Both end in `s>`; case matters only after normalization.
    var hasCandidate = false
    var position = 0
    while let end = text.firstIndex(of: UInt8(ascii: ">"), from: position) {
      if end > 1 && text[end - 1] | 0x20 == UInt8(ascii: "s") { hasCandidate = true }
      position = end + 1
    }
    guard hasCandidate else { return nil }
    var normalized: [UInt8] = []
    settings.normalization.apply(text, into: &normalized)
    var ranges: [Range<Int>] = []
    tokenizer.tokenize(normalized.span, into: &ranges)
    let markers = TokenID.specialSpellings[1...]
    for range in ranges where (3...4).contains(range.count) {
      let token = String(decoding: normalized[range], as: UTF8.self)
      if markers.contains(token) { return token }
    }
    return nil
  }

  private var keepsLines: Bool { keepsRanges || countsCharacters }

  /// True if tokens are cut from lines copied to ``EncodedText/text``, not from the block itself.
  private var usesCopy: Bool { keepsRanges || !settings.normalization.isIdentity }

  /// Cuts lines from `start` on, until a batch of tokens is full.
  ///
  /// - Returns: The start of the next line.
  private func cutLines(
    of bytes: [UInt8],
    _ piece: TextChunk.Piece,
    from start: Int,
    into encoded: inout EncodedText,
    batch: inout LineBatch
  ) -> Int {
    let pieceEnd = piece.range.upperBound
    let text = bytes.span.extracting(..<pieceEnd)
    batch.removeAll()
    var start = start
    while start < pieceEnd && batch.ranges.count < LineBatch.tokenCount {
      let next = text.firstIndex(of: 10, from: start) ?? pieceEnd
      let hasLineEnd = next < pieceEnd
      var end = next
      if hasLineEnd && !settings.keepsLineEnds && end > start && bytes[end - 1] == 13 { end -= 1 }
      if end == start { encoded.blankLineCount += 1 }
      let textStart = encoded.text.count
      if keepsLines {
        let whole = start..<min(pieceEnd, next + 1)
        var line = EncodedText.Line(
          firstToken: 0,  // known when the tokens before it are
          byteCount: whole.count,
          isBlank: end == start || (end == start + 1 && bytes[start] == 13)
        )
        if keepsRanges {
          let counts = CharacterCounts(of: bytes.span.extracting(whole))
          line.byteOffset = piece.byteOffset + start - piece.range.lowerBound
          line.textOffset = textStart
          line.characterCount = counts.scalars
          line.graphemeCount = counts.graphemes
        }
        encoded.lines.append(line)
      }
      if usesCopy {
        settings.normalization.apply(bytes.span.extracting(start..<end), into: &encoded.text)
        cut(encoded.text, textStart..<encoded.text.count, into: &batch.ranges)
      } else {
        cut(bytes, start..<end, into: &batch.ranges)
      }
      if settings.sequence != .line && hasLineEnd {
        let tokenStart = usesCopy ? encoded.text.count : next
        if usesCopy { encoded.text.append(10) }
        batch.ranges.append(tokenStart..<tokenStart + 1)
      }
      batch.endLine(textEnd: encoded.text.count)
      start = next + 1
    }
    return start
  }

  /// Appends the ranges of the tokens of one line.
  private func cut(_ text: [UInt8], _ line: Range<Int>, into ranges: inout [Range<Int>]) {
    let first = ranges.count
    tokenizer.tokenize(text.span.extracting(line), into: &ranges)
    var output = ranges.mutableSpan
    for index in first..<output.count {
      let range = output[index]
      output[index] =
        (line.lowerBound &+ range.lowerBound)..<(line.lowerBound &+ range.upperBound)
    }
  }

  /// Appends the tokens of `batch`, and their ranges if these are kept.
  private func append(_ batch: borrowing LineBatch, to encoded: inout EncodedText) {
    let isByLine = settings.sequence == .line
    if keepsLines { setFirstTokens(of: batch, in: &encoded) }
    encoded.tokens.append(addingCapacity: batch.ids.count + 2 * batch.lineEnds.count) { output in
      let ids = batch.ids.span
      var index = 0
      for end in batch.lineEnds {
        if isByLine { output.append(.beginSentence) }
        while index < end.token {
          output.append(ids[index])
          index += 1
        }
        if isByLine { output.append(.endSentence) }
      }
    }
    if isByLine { encoded.sequenceCount += batch.lineEnds.count }
    guard keepsRanges else { return }
    let firstLine = encoded.lines.count - batch.lineEnds.count
    var index = 0
    for (line, end) in batch.lineEnds.enumerated() {
      let textStart = encoded.lines[firstLine + line].textOffset
      if isByLine { encoded.ranges.append(textStart..<textStart) }
      encoded.ranges += batch.ranges[index..<end.token]
      index = end.token
      if isByLine { encoded.ranges.append(end.text..<end.text) }
    }
  }

  /// Sets the first token of each line of `batch`, before its tokens are appended.
  private func setFirstTokens(of batch: borrowing LineBatch, in encoded: inout EncodedText) {
    let markerCount = settings.sequence == .line ? 2 : 0
    let firstLine = encoded.lines.count - batch.lineEnds.count
    var firstToken = encoded.tokens.count
    var index = 0
    for (line, end) in batch.lineEnds.enumerated() {
      encoded.lines[firstLine + line].firstToken = firstToken
      firstToken += end.token - index + markerCount
      index = end.token
    }
  }
}

/// The tokens of some lines, numbered together.
private struct LineBatch {
  /// The number of tokens at which a batch is full.
  static let tokenCount = 1024

  /// The range of each token.
  var ranges: [Range<Int>] = []

  /// The numbers of the tokens.
  private(set) var ids: [TokenID] = []

  /// The end of each line, as a token index and as an offset in the encoded text.
  private(set) var lineEnds: [(token: Int, text: Int)] = []

  /// The number of lines in this batch and all previous ones.
  private(set) var lineCount = 0

  /// True if a token is a literal `<s>` or `</s>`.
  private(set) var hasMarkers = false

  /// Begins the next batch.
  mutating func removeAll() {
    ranges.removeAll(keepingCapacity: true)
    lineEnds.removeAll(keepingCapacity: true)
  }

  /// Ends a line after the last range.
  mutating func endLine(textEnd: Int) {
    lineEnds.append((ranges.count, textEnd))
    lineCount += 1
  }

  /// Computes the tokens' numbers.
  mutating func number<Numbering: TokenNumbering & ~Copyable>(
    of text: Span<UInt8>,
    numbering: inout Numbering
  ) {
    ids.removeAll(keepingCapacity: true)
    let ranges = ranges
    ids.append(addingCapacity: ranges.count) { output in
      numbering.number(ranges.span, of: text, into: &output)
    }
    var found: UInt32 = 0
    for id in ids { found |= Self.isMarker(id) ? 1 : 0 }
    hasMarkers = found != 0
  }

  /// The first literal `<s>` or `</s>`, and its line, counted from 0.
  var firstMarker: (line: Int, id: TokenID)? {
    guard let index = ids.firstIndex(where: Self.isMarker) else { return nil }
    return (lineEnds.prefix { $0.token <= index }.count, ids[index])
  }

  /// Removes each literal `<s>` and `</s>`.
  mutating func removeMarkers() {
    var kept = 0
    var index = 0
    for line in lineEnds.indices {
      while index < lineEnds[line].token {
        if !Self.isMarker(ids[index]) {
          ids[kept] = ids[index]
          ranges[kept] = ranges[index]
          kept += 1
        }
        index += 1
      }
      lineEnds[line].token = kept
    }
    ids.removeSubrange(kept...)
    ranges.removeSubrange(kept...)
  }

  private static func isMarker(_ id: TokenID) -> Bool { id.rawValue &- 1 < 2 }
}
