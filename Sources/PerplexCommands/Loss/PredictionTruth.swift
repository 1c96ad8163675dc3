import Files
import Records

/// The meaning of labels, and the file of labels if they are not beside the predictions.
struct PredictionTruth: Sendable {
  let classes: ClassLabels
  let file: LabelFile?

  /// Reads the truth of a row from the file of labels, before the row's numbers are there.
  ///
  /// - Returns: The meaning of the label; nil where the tally has the targets now.
  func read(
    id: [UInt8]?,
    place: Int,
    row: Int,
    into tally: inout PredictionTally
  ) throws(RowError) -> ClassLabels.Meaning? {
    guard let file else { return nil }
    var found = place
    if let id { found = try file.place(of: id) }
    guard found < file.count else {
      throw RowError(
        message: "there are \(file.count) labels in \(file.path), and more rows of predictions"
      )
    }
    tally.joined.append((found, row))
    guard let array = file.array else { return try file.meaning(at: found, classes) }
    guard array.columnCount > 1 else {
      array.read(row: found, into: &tally.targets)
      return try classes.meaning(of: tally.targets[0])
    }
    array.read(row: found, into: &tally.targets)
    return nil
  }
}

/// Labels of rows that stand in a file of their own, by the names of the rows or by their order.
///
/// CSV and TSV with a header have a column of names and one of labels; a file with one column has the
/// labels in the order of the predictions, as have JSON arrays of labels and `.npy`.
struct LabelFile: Sendable {
  let path: String
  /// The number of labels.
  private(set) var count = 0
  /// The array, if the file is one.
  private(set) var array: NumberArray?
  /// The labels, one behind the other, and where each ends.
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var places: [[UInt8]: Int] = [:]
  /// Labels have the names of rows.
  let isNamed: Bool

  /// Reads a file of labels; `id` is the column of the names, `label` that of the labels.
  init(_ path: String, id: String?, label: String?) throws {
    self.path = path
    isNamed = id != nil
    var chunks = try LineChunks(path)
    let beginning = try chunks.beginning()
    if NumberArray.isOne(beginning.prefix(8)) {
      guard id == nil else {
        throw RecordError(path: path, "an array has no names of rows; leave out --id")
      }
      array = try NumberArray(.whole(path), path: path)
      count = array?.rowCount ?? 0
    } else {
      try RecordError.checkForm(of: beginning, path: path)
      let first = beginning.first { ![32, 9, 10, 13].contains($0) }
      if first == 0x5b || first == 0x7b {
        try readJSON(chunks, isArray: first == 0x5b, id, label)
      } else {
        try readRows(&chunks, id, label)
      }
    }
    guard count > 0 else { throw RecordError(path: path, "there is no label") }
  }

  /// The place of the label of the row called `id`.
  func place(of id: [UInt8]) throws(RowError) -> Int {
    if let place = places[id] { return place }
    throw RowError(message: "'\(String(decoding: id, as: UTF8.self))' has no label in \(path)")
  }

  /// The meaning of the label at a place.
  func meaning(at place: Int, _ classes: ClassLabels) throws(RowError) -> ClassLabels.Meaning {
    let start = place == 0 ? 0 : ends[place - 1]
    return try classes.meaning(of: bytes.span.extracting(start..<ends[place]))
  }

  private mutating func add(_ label: [UInt8], _ id: [UInt8]?, line: Int) throws {
    if let id, places.updateValue(count, forKey: id) != nil {
      throw RecordError(
        path: path,
        line: line,
        "'\(String(decoding: id, as: UTF8.self))' has a label already; give each row one"
      )
    }
    bytes += label
    ends.append(bytes.count)
    count += 1
  }

  private mutating func readRows(
    _ chunks: inout LineChunks,
    _ id: String?,
    _ label: String?
  ) throws {
    var columns: (id: Int?, label: Int, count: Int)?
    var fields = DelimitedFields(delimiter: 0x2c)
    while let chunk = try chunks.next() {
      var position = 0
      var line = chunk.firstLine
      while position < chunk.bytes.count {
        defer { line += 1 }
        if columns == nil {
          let text = chunk.bytes[position...].prefix { $0 != 10 }
          fields = DelimitedFields(delimiter: DelimitedFields.delimiter(ofLine: text))
        }
        do {
          guard try fields.read(chunk.bytes.span, &position) else { continue }
          let texts = fields.ranges.map {
            DelimitedFields.text(chunk.bytes.span.extracting($0))
          }
          guard let columns else {
            let found = try Self.columns(texts, id, label)
            columns = (found.id, found.label, texts.count)
            if !found.isHeader { try add(Array(texts[0].utf8), nil, line: line) }
            continue
          }
          guard texts.count == columns.count else {
            throw RowError(
              message: "\(texts.count) fields where the first row has \(columns.count)"
            )
          }
          try add(
            Array(texts[columns.label].utf8),
            columns.id.map { Array(texts[$0].utf8) },
            line: line
          )
        } catch let error as RowError {
          throw RecordError(path: path, line: line, error.message)
        }
      }
    }
  }

  /// The columns of names and labels, and whether the first row has their names.
  private static func columns(
    _ names: [String],
    _ id: String?,
    _ label: String?
  ) throws(RowError) -> (id: Int?, label: Int, isHeader: Bool) {
    func column(_ name: String) throws(RowError) -> Int {
      if let index = names.firstIndex(of: name) { return index }
      throw .init(message: "no column '\(name)'; the header has \(PredictionHeader.list(names))")
    }
    guard let id else {
      guard names.count == 1 else {
        throw .init(
          message: "\(names.count) columns; --id names the one that the predictions have as well"
        )
      }
      return (nil, 0, names[0] == label || PredictionHeader.isLabelName(names[0]))
    }
    let idColumn = try column(id)
    if let label, names.contains(label) { return (idColumn, try column(label), true) }
    let others = names.indices.filter { $0 != idColumn }
    let labels = others.filter { PredictionHeader.isLabelName(names[$0]) }
    guard let found = labels.count == 1 ? labels[0] : others.count == 1 ? others[0] : nil else {
      throw .init(message: "which column has the labels? --label names it")
    }
    return (idColumn, found, true)
  }

  private mutating func readJSON(
    _ chunks: consuming LineChunks,
    isArray: Bool,
    _ id: String?,
    _ label: String?
  ) throws {
    let path = path
    func add(_ text: ArraySlice<UInt8>, _ line: Int, to file: inout Self) throws {
      do {
        let item = try JSONRow.parse(text)
        guard item.kind == .object else { return try file.add(JSONRow.text(item), nil, line: line) }
        let names = item.members.compactMap(\.name.text)
        let found = try Self.columns(names, id, label)
        guard let name = found.id.flatMap({ item[names[$0]] }),
          let value = item[names[found.label]]
        else { throw RowError(message: "--id names what joins the labels with the predictions") }
        try file.add(JSONRow.text(value), JSONRow.text(name), line: line)
      } catch let error as RowError {
        throw RecordError(path: path, line: line, error.message)
      }
    }
    if isArray {
      var elements = try chunks.elements()
      while let chunk = try elements.next() {
        for (range, line) in chunk.elements { try add(chunk.bytes[range], line, to: &self) }
      }
    } else {
      while let chunk = try chunks.next() {
        var line = chunk.firstLine
        for text in chunk.bytes.split(separator: 10, omittingEmptySubsequences: false) {
          if text.contains(where: { ![32, 9, 13].contains($0) }) { try add(text, line, to: &self) }
          line += 1
        }
      }
    }
  }
}
