package import Files
package import Records

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

  /// The records whose texts ``bytes`` are, one behind the other; nil for plain text.
  package var records: [Record]?

  /// The records read and left out.
  package var tally: RecordTally?

  /// Records that cannot be read are left out.
  package var skipsFaultyRecords = false

  /// A record of a chunk.
  package struct Record: Sendable, Equatable {
    /// The offset of its text in the chunk.
    package var start: Int
    /// Its line in the file, from 1.
    package var line: Int
    /// Its name, or its number in the file.
    package var name: String
    /// Its row in ``TextChunk/rows``; empty unless rows are kept.
    package var row = 0..<0
  }

  /// The rows of the records as they stand in the file, if they are kept.
  package var rows: [UInt8] = []

  /// The form of a table's rows; nil for JSON Lines.
  package var table: TableForm?
}

extension TextChunk {
  /// A part of a chunk that belongs to one document.
  package struct Piece {
    /// The bytes in the chunk.
    package var range: Range<Int>
    /// The document begins with it.
    package var isFirst: Bool
    /// The document ends with it.
    var isLast: Bool
    /// The number of its first line in the file.
    var firstLine: Int
    /// The offset of its first byte in the document.
    var byteOffset: Int
    /// The name of the record that it is; nil for plain text.
    var record: Record?
  }

  /// The number of documents that the chunk has a part of.
  package var pieceCount: Int { records?.count ?? 1 }

  /// The part of the chunk that belongs to document `index` of it.
  package func piece(_ index: Int) -> Piece {
    guard let records else {
      return Piece(
        range: 0..<bytes.count,
        isFirst: isFirst,
        isLast: isLast,
        firstLine: firstLine,
        byteOffset: byteOffset
      )
    }
    let record = records[index]
    return Piece(
      range: record.start..<(index + 1 < records.count ? records[index + 1].start : bytes.count),
      isFirst: true,
      isLast: true,
      firstLine: record.line,
      byteOffset: 0,
      record: record
    )
  }
}

extension TextChunk {
  /// Appends the text to `hash`; that of each record with a byte after it that no text has.
  package func appendContent(to hash: inout StreamingHash) {
    for index in 0..<pieceCount {
      hash.append(bytes.span.extracting(piece(index).range))
      if records != nil { hash.append([0xff].span) }
    }
  }
}

extension TextChunk {
  /// A whole text in memory.
  public init(_ text: String) {
    self.init(bytes: Array(text.utf8), byteOffset: 0, firstLine: 1, isFirst: true, isLast: true)
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
    // The texts of records were checked one by one.
    guard records == nil, let failure = Self.firstInvalid(bytes[...]) else { return }
    switch invalidUTF8 {
    case .refuse:
      let lines = bytes.span.extracting(..<failure).count(of: 10)
      throw .invalidUTF8(
        path: path,
        line: firstLine + lines,
        byteOffset: byteOffset + failure,
        guess: TextEncoding.guess(bytes)
      )
    case .replace:
      bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
    }
  }

  /// The offset of the first bytes that are not UTF-8; nil if all are.
  static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int? {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}
