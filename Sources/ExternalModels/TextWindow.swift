import Perplexity
import Records
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
  /// The records that begin in the window, by their first bytes; nil for plain text.
  private(set) var records: [TextChunk.Record]?
  /// The records left out since the last part was taken.
  private var tally = RecordTally()
  private var isAtEnd = false
  /// The places behind the line ends of the run found last, from its start; offsets in the file.
  private var lineEnds: [Int] = []

  /// Opens `source`.
  init(_ source: TextSource, invalidUTF8: TextReader.InvalidUTF8) throws {
    var reader = try TextReader(source, isRaw: false, invalidUTF8: invalidUTF8)
    let block = try reader.next()
    byteOffset = block?.byteOffset ?? 0
    self.reader = reader
    if let block { append(block) }
    isAtEnd = block?.isLast ?? true
  }

  /// True if the text has a byte at `position`; reads on as needed.
  mutating func reaches(_ position: Int) throws -> Bool {
    while position >= bytes.count && !isAtEnd {
      guard let block = try reader.next() else {
        isAtEnd = true
        break
      }
      append(block)
    }
    return position < bytes.count
  }

  private mutating func append(_ block: TextChunk) {
    if let new = block.records {
      records = records ?? []
      for var record in new {
        record.start += bytes.count
        records?.append(record)
      }
      tally = tally + (block.tally ?? RecordTally())
    }
    bytes += block.bytes
    isAtEnd = block.isLast
  }

  /// True if the part may end at `position`, where a token ends: a line ends there, or a record.
  func endsLine(at position: Int) -> Bool {
    guard let records else { return bytes[position - 1] == 10 }
    var low = 0
    var high = records.count
    while low < high {
      let middle = (low + high) / 2
      if records[middle].start < position { low = middle + 1 } else { high = middle }
    }
    return low < records.count ? records[low].start == position : position == bytes.count && isAtEnd
  }

  /// The line of the text, or of its record, that the byte at `position` is on.
  func place(of position: Int) -> TextPlace {
    let record = records?.last { $0.start <= position }
    let start = record?.start ?? 0
    let lineCount = bytes[start..<max(start, position)].count { $0 == 10 }
    return TextPlace(record: record?.name, line: (records == nil ? line : 1) + lineCount)
  }

  /// Takes the records before `end`, with what was left out among them; nil for plain text.
  mutating func takeRecords(before end: Int) -> (records: [TextChunk.Record], tally: RecordTally)? {
    guard let all = records else { return nil }
    let isLast = isAtEnd && end == bytes.count
    let taken = all.prefix { $0.start < end || isLast }
    var takenTally = tally
    takenTally.count = taken.count
    tally = RecordTally()
    records = all.dropFirst(taken.count).map { record in
      var record = record
      record.start -= end
      return record
    }
    return (Array(taken), takenTally)
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

  /// The number of line ends in a row from `position` on.
  ///
  /// A run is looked through once, though many documents begin in it.
  mutating func lineEndCount(from position: Int) throws -> Int {
    let start = position + byteOffset
    if let index = lineEndIndex(of: start) { return lineEnds.count - 1 - index }
    lineEnds = [start]
    var end = position
    while let next = try lineEnd(at: end) {
      end = next
      lineEnds.append(next + byteOffset)
    }
    return lineEnds.count - 1
  }

  /// The place behind `count` of the line ends from `position` on, as
  /// `lineEndCount(from:)` counts them.
  mutating func place(behind count: Int, from position: Int) throws -> Int {
    guard try lineEndCount(from: position) > 0, let index = lineEndIndex(of: position + byteOffset)
    else { return position }
    return lineEnds[index + count] - byteOffset
  }

  private func lineEndIndex(of offset: Int) -> Int? {
    var (low, high) = (0, lineEnds.count)
    while low < high {
      let middle = (low + high) / 2
      if lineEnds[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low < lineEnds.count && lineEnds[low] == offset ? low : nil
  }

  /// Removes the first `count` bytes, which end with a line or the text.
  mutating func remove(first count: Int) {
    line += bytes[..<count].count { $0 == 10 }
    byteOffset += count
    bytes.removeSubrange(..<count)
  }
}
