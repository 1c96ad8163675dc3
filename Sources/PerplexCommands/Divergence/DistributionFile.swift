import Files
import InformationTheory
import Records
import Tokenization

/// Distributions over named outcomes, read from files.
///
/// CSV and TSV have a row for each outcome: its name and its probability, or the probability alone;
/// or, in one file of both distributions, its name and two probabilities. The outcome may be a bin,
/// two numbers, and rows may be those of `uniq -c`. JSON is an object of
/// names and probabilities, a list of probabilities, or a list of objects with `outcome` or `token`
/// and `probability`.
struct DistributionFile: ~Copyable {
  /// The names of outcomes, as they first came, and their numbers.
  private var numbers = VocabularyBuilder()
  private var indices: [UInt32: Int] = [:]
  private(set) var names: [String] = []

  /// Reads the distributions of one file, which has two, or of two files, which have one each.
  ///
  /// - Throws: `RecordError` naming the line, where a file is not of these forms or has an outcome
  ///   twice.
  static func read(
    _ paths: [String],
    columnsOf count: Int
  ) throws -> (names: [String], weights: [DistributionWeights]) {
    var reader = DistributionFile()
    var weights: [DistributionWeights] = []
    for path in paths {
      let bytes = try Bytes.whole(path)
      var columns = [DistributionWeights(path: path)]
      if count == 2 { columns.append(DistributionWeights(path: path)) }
      var text = bytes.withBytes(0..<bytes.count) { Array($0) }
      if text.starts(with: [0xef, 0xbb, 0xbf]) { text.removeFirst(3) }
      guard text.contains(where: { ![32, 9, 10, 13].contains($0) }) else {
        throw RecordError(path: path, "the file is empty; give a row for each outcome")
      }
      if NumberArray.isOne(text) {
        try reader.read(NumberArray(bytes, path: path), &columns)
        weights += columns
        continue
      }
      try RecordError.checkForm(of: text[...], path: path)
      if Self.isJSON(text) {
        guard count == 1 else {
          throw RecordError(path: path, "JSON has one distribution; name a second file")
        }
        try reader.readJSON(text, &columns[0])
      } else {
        try reader.readRows(text, &columns)
      }
      weights += columns
    }
    try checkBins(weights, reader.names.count)
    for index in weights.indices {
      let missing = reader.names.count - weights[index].values.count
      weights[index].values += [Double](repeating: 0, count: missing)
      weights[index].lines += [Int](repeating: 0, count: missing)
    }
    try checkNames(weights)
    return (reader.names, weights)
  }

  /// Refuses bins beside outcomes that are none, and beside other bins.
  private static func checkBins(_ weights: [DistributionWeights], _ count: Int) throws {
    guard let bins = weights.first(where: { !$0.widths.isEmpty }) else { return }
    for other in weights where other.widths.count != count {
      throw RecordError(
        path: other.path,
        "its bins are not those of \(bins.path == other.path ? "the other file" : bins.path); "
          + "count both in the same bins"
      )
    }
  }

  /// Refuses names beside numbers in an order, where no name is the number of a place.
  private static func checkNames(_ weights: [DistributionWeights]) throws {
    guard let named = weights.first(where: \.hasNames),
      let other = weights.first(where: { !$0.hasNames }),
      !zip(named.lines, other.lines).contains(where: { $0 != 0 && $1 != 0 })
    else { return }
    throw RecordError(
      path: other.path,
      "its outcomes have no names, and those of \(named.path) have; give each its name"
    )
  }

  /// The number of an outcome, counted from 0.
  private mutating func index(of name: ArraySlice<UInt8>) -> Int {
    let number = numbers.number(of: name.span).index
    // The builder has numbers for its special tokens, which an outcome may be called.
    let index = indices[UInt32(number)] ?? names.count
    if index == names.count {
      indices[UInt32(number)] = index
      names.append(String(decoding: name, as: UTF8.self))
    }
    return index
  }

  /// Returns true where `text` begins as an object or a list does; `[UNK],0.5` is a row.
  static func isJSON(_ text: [UInt8]) -> Bool {
    var visible = text.lazy.filter { ![32, 9, 10, 13].contains($0) }.makeIterator()
    switch (visible.next(), visible.next()) {
    case (0x7b, 0x22?), (0x7b, 0x7d?), (0x7b, nil), (0x5b, nil): return true
    case (0x5b, let next?): return [0x7b, 0x22, 0x5b, 0x5d, 0x2d].contains(next) || 48...57 ~= next
    default: return false
    }
  }

  private mutating func readRows(_ text: [UInt8], _ columns: inout [DistributionWeights]) throws {
    let path = columns[0].path
    let rows = DistributionRows(text, path: path)
    guard rows.form != .countsFirst else { return try readCounts(text, &columns) }
    var fields = DelimitedFields(delimiter: rows.delimiter)
    var position = 0
    var line = 0
    var layout: RowLayout?
    while position < text.count {
      line += 1
      do {
        guard try fields.read(text.span, &position) else { continue }
        let isFirst = layout == nil
        let places = try layout ?? RowLayout(fields, text.span, rows.form, columns.count)
        layout = places
        guard fields.ranges.count == places.count else {
          throw RowError(
            message: "\(fields.ranges.count) fields where the first row has \(places.count); "
              + "are some missing?"
          )
        }
        let values = places.values.map { fields.number(text.span.extracting(fields.ranges[$0])) }
        // A first row without numbers has the names of the columns, which do not begin as numbers do.
        let isHeader = zip(values, places.values).allSatisfy { value, column in
          value == nil && !(text[fields.ranges[column]].first.map { 43...57 ~= $0 } ?? false)
        }
        if isFirst && isHeader { continue }
        let index = index(places, fields, text, &columns)
        for (column, value) in values.enumerated() {
          guard let value else {
            let field = text[fields.ranges[places.values[column]]]
            throw RowError(
              message: "'\(String(decoding: field, as: UTF8.self))' is not a number"
                + (field.contains(0x2c) ? "; write decimals with a point" : "")
            )
          }
          try columns[column].set(index, value, line: line)
        }
      } catch let error as RowError {
        throw RecordError(path: path, line: line, error.message)
      }
    }
  }

  /// The number of the outcome of a row.
  private mutating func index(
    _ layout: RowLayout,
    _ fields: DelimitedFields,
    _ text: [UInt8],
    _ columns: inout [DistributionWeights]
  ) -> Int {
    for column in columns.indices { columns[column].hasNames = !layout.names.isEmpty }
    switch layout.names.count {
    case 0: return index(of: Array("\(columns[0].values.count + 1)".utf8)[...])
    case 1:
      let field = text[fields.ranges[layout.names[0]]]
      // A quotation mark in a name is written twice.
      return field.contains(0x22)
        ? index(of: Array(DelimitedFields.text(field.span).utf8)[...]) : index(of: field)
    default:
      let ends = layout.names.map {
        fields.number(text.span.extracting(fields.ranges[$0])) ?? .nan
      }
      for column in columns.indices { columns[column].widths.append(ends[1] - ends[0]) }
      return index(of: Array("\(ends[0]) to \(ends[1])".utf8)[...])
    }
  }

  /// Reads the numbers of an array with one dimension.
  private mutating func read(_ array: NumberArray, _ columns: inout [DistributionWeights]) throws {
    guard array.columnCount == 1, columns.count == 1 else {
      throw RecordError(
        path: columns[0].path,
        array.columnCount == 1
          ? "an array has one distribution; name a second file"
          : "an array of rows; --rows reads each as a distribution"
      )
    }
    var value = [0.0]
    for row in 0..<array.rowCount {
      array.read(row: row, into: &value)
      try columns[0].set(index(of: Array("\(row + 1)".utf8)[...]), value[0], line: row + 1)
    }
  }

  /// Reads lines of a count and a name.
  private mutating func readCounts(
    _ text: [UInt8],
    _ columns: inout [DistributionWeights]
  ) throws {
    guard columns.count == 1 else {
      throw RecordError(
        path: columns[0].path,
        "a list of counts has one distribution; name a second file"
      )
    }
    columns[0].hasNames = true
    for (line, bytes) in text.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      guard let (count, name) = DistributionRows.countAndName(bytes) else { continue }
      try columns[0].set(index(of: name), count, line: line + 1)
    }
  }

  private mutating func readJSON(_ bytes: [UInt8], _ weights: inout DistributionWeights) throws {
    let path = weights.path
    let root = try JSONItem(whole: bytes, path: path)
    var line = 1
    var counted = 0
    func lineOf(_ item: JSONItem) -> Int {
      line += bytes[counted..<item.byteOffset].count { $0 == 10 }
      counted = item.byteOffset
      return line
    }
    func number(_ item: JSONItem?, _ line: Int) throws -> Double {
      if let value = item?.number { return value }
      throw RecordError(
        path: path,
        line: line,
        "an outcome without a number for its probability"
          + (item?.kind == .array ? "; --rows reads lists as distributions" : "")
      )
    }
    // What `inspect --next --json` prints has its distribution under `next`.
    let next = root["next"].flatMap { $0.kind == .array || $0.kind == .object ? $0 : nil }
    let list = next ?? root
    weights.hasNames = list.kind == .object
    if list.kind == .object {
      for (name, value) in list.members {
        let line = lineOf(name)
        let index = name.string.map { self.index(of: $0.bytes[...]) }
        try weights.set(index ?? 0, number(value, line), line: line)
      }
    } else {
      for element in list.elements {
        let line = lineOf(element)
        let name = element["outcome"] ?? element["token"]
        let spelling = name?.string?.bytes ?? Array("\(weights.values.count + 1)".utf8)
        let index = self.index(of: spelling[...])
        weights.hasNames = name != nil
        let value = element.kind == .object ? element["probability"] : element
        try weights.set(index, number(value, line), line: line)
      }
    }
    guard !weights.values.isEmpty else {
      throw RecordError(path: path, "there is no outcome; give each its probability")
    }
  }
}

/// The columns of outcomes and of numbers.
private struct RowLayout {
  /// None, one, or two of the ends of bins.
  let names: [Int]
  let values: [Int]
  /// The number of fields of a row.
  let count: Int

  /// The layout of rows like the first, which `fields` are, with `valueCount` numbers.
  init(
    _ fields: DelimitedFields,
    _ text: Span<UInt8>,
    _ form: DistributionRows.Form,
    _ valueCount: Int
  ) throws(RowError) {
    count = fields.ranges.count
    // A first column without a name has the row numbers of the program that wrote the table.
    let first = DelimitedFields.text(text.extracting(fields.ranges[0])).lowercased()
    let isIndex = first.isEmpty || first.hasPrefix("unnamed:")
    let start = isIndex && count > valueCount + 1 ? 1 : 0
    let nameCount = form == .bins ? 2 : count == 1 ? 0 : 1
    guard count - start == nameCount + valueCount else {
      if form == .bins, valueCount == 2 {
        throw .init(message: "bins with one number; name a second file, or give each p and q")
      }
      throw .init(
        message: (valueCount == 2
          ? "one file needs three fields a row, outcome, p and q; or name two files"
          : "a row is an outcome and its probability; this one has \(count) fields")
          + (count > 2
            ? "; --rows reads each row as a distribution, --against compares all columns" : "")
      )
    }
    names = Array(start..<start + nameCount)
    values = Array(start + nameCount..<count)
  }
}
