import Files
import Records

/// The forms of files, told from their first rows.
extension PredictionReader {
  /// The form of the first line that is not empty.
  func form(of chunk: LineChunks.Chunk) throws -> Form {
    var line = chunk.firstLine
    var position = 0
    for text in chunk.bytes.split(separator: 10, omittingEmptySubsequences: false) {
      position += text.count + 1
      defer { line += 1 }
      guard let visible = text.first(where: { ![32, 9, 13].contains($0) }) else { continue }
      do throws(RowError) {
        if visible == 0x7b { return .json(try JSONForm(try objects(chunk, from: text), choice)) }
        let delimiter = DelimitedFields.delimiter(ofLine: text)
        let bytes = Array(text)
        var fields = DelimitedFields(delimiter: delimiter)
        var start = 0
        _ = try fields.read(bytes.span, &start)
        let names = fields.ranges.map { DelimitedFields.text(bytes.span.extracting($0)) }
        let sample = PredictionSample(
          chunk.bytes.span,
          from: min(position, chunk.bytes.count),
          fieldCount: names.count,
          delimiter: delimiter
        )
        if let lists = try lists(names, chunk, from: position, delimiter) { return lists }
        let columns = try PredictionColumns(firstRow: names, fields, sample, choice)
        return .delimited(columns, delimiter: delimiter)
      } catch { throw RecordError(path: path, line: line, error.message) }
    }
    throw empty
  }

  /// The form of rows with lists, from 100 rows at most; nil where the first has none.
  private func lists(
    _ names: [String],
    _ chunk: LineChunks.Chunk,
    from start: Int,
    _ delimiter: UInt8
  ) throws(RowError) -> Form? {
    var fields = DelimitedFields(delimiter: delimiter)
    var position = start
    var rows: [JSONItem] = []
    var lists: ListFields?
    let bytes = chunk.bytes
    while position < bytes.count, rows.count < 100 {
      guard let isRow = try? fields.read(bytes.span, &position) else { break }
      guard isRow else { continue }
      if lists == nil {
        lists = ListFields(
          names: names,
          fields: fields.ranges.map { Array(bytes.span.extracting($0)) }
        )
      }
      guard let lists else { return nil }
      // A faulty row is reported when it is read for its figures.
      if let row = try? lists.object(bytes.span, fields) { rows.append(row) }
    }
    guard let lists else { return nil }
    return .lists(lists, try JSONForm(rows, choice), delimiter: delimiter)
  }

  /// The rows of a file that is one object of columns; nil for another.
  func columns(
    _ first: LineChunks.Chunk,
    _ chunks: inout LineChunks
  ) throws -> [JSONElements.Chunk]? {
    let blanks: [UInt8] = [32, 9, 10, 13]
    guard let start = first.bytes.firstIndex(where: { !blanks.contains($0) }),
      first.bytes[start] == 0x7b
    else { return nil }
    let line = first.bytes[start...].prefix { $0 != 10 }
    // A first line that is an object, and others behind it, are rows.
    let isObject = (try? JSONRow.object(line)) != nil
    var bytes = first.bytes
    if isObject {
      let isOnly = !first.bytes[line.endIndex...].contains { !blanks.contains($0) }
      guard isOnly, chunks.isAtItsEnd else { return nil }
    } else {
      while let chunk = try chunks.next() {
        bytes += chunk.bytes
        guard bytes.count <= LineChunks.longestLine else { return nil }
      }
    }
    // An object that is cut off is reported as a row.
    guard let root = try? JSONItem(whole: bytes, path: path) else { return nil }
    if let rows = JSONColumns.rows(root) { return rows }
    guard isObject else {
      throw RecordError(
        path: path,
        line: first.firstLine,
        "an object over several lines that has no columns; write an object a line, or an array"
      )
    }
    return nil
  }

  /// The first object, which `first` is, and those behind it, 100 at most.
  private func objects(
    _ chunk: LineChunks.Chunk,
    from first: ArraySlice<UInt8>
  ) throws(RowError) -> [JSONItem] {
    var rows = [try JSONRow.object(first)]
    let rest = chunk.bytes[first.endIndex...]
    for text in rest.split(separator: 10, maxSplits: 100).prefix(100) {
      // A faulty row is reported when it is read for its figures.
      if let row = try? JSONRow.object(text) { rows.append(row) }
    }
    return rows
  }
}
