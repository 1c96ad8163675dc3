import Files
import Records

/// Reads the texts of records in blocks of whole records.
struct RecordTextReader: ~Copyable, Sendable {
  private let path: String
  private let format: RecordFormat
  private let delivery: TextReader.Delivery
  private var reader: RecordReader
  private var isFirst = true
  /// The bytes of the open block that were returned already; only for `Delivery.lines`.
  private var returnedByteCount = 0

  /// Opens the records at `path`.
  init(
    _ path: String,
    _ format: RecordFormat,
    invalidUTF8: TextReader.InvalidUTF8,
    delivery: TextReader.Delivery
  ) throws(FileError) {
    self.path = path
    self.format = format
    self.delivery = delivery
    reader = try RecordReader(path, format, replacesInvalidUTF8: invalidUTF8 == .replace)
  }

  /// The next block, the last of which says so.
  ///
  /// A block ends with the record that makes it as long as a block is.
  mutating func next() throws -> TextChunk {
    var block = TextChunk(
      bytes: [],
      byteOffset: 0,
      firstLine: 1,
      isFirst: isFirst,
      isLast: false,
      continuesBlock: returnedByteCount > 0
    )
    isFirst = false
    var records: [TextChunk.Record] = []
    var tally = RecordTally()
    while returnedByteCount + block.bytes.count < TextReader.blockByteCount {
      let start = block.bytes.count
      let waits = delivery == .blocks || (records.isEmpty && tally.skippedCount == 0)
      guard let item = try reader.next(into: &block.bytes, waits: waits) else { break }
      switch item {
      case .record(let line, let number, let id):
        tally.count += 1
        var record = TextChunk.Record(start: start, line: line, name: id ?? "\(number)")
        if format.keepsRows {
          let rowStart = block.rows.count
          reader.appendRow(to: &block.rows)
          record.row = rowStart..<block.rows.count
        }
        records.append(record)
      case .fault(let fault, let line):
        guard format.skipsFaulty else {
          throw TextError.record(fault, path: path, line: line)
        }
        tally.skip(fault, path: path, line: line)
      }
    }
    // Without waiting for a writer, the end is known only once it is reached.
    if delivery == .blocks { try reader.lookAhead() }
    tally.foundHeader = reader.foundHeader
    block.isLast = reader.isAtEnd
    block.records = records
    block.table = reader.table
    block.tally = tally
    block.skipsFaultyRecords = format.skipsFaulty
    returnedByteCount += block.bytes.count
    if returnedByteCount >= TextReader.blockByteCount { returnedByteCount = 0 }
    return block
  }
}
