import Files
import InformationTheory
import Records
import Tokenization

/// Distributions over named outcomes, read from files.
///
/// CSV and TSV have a row for each outcome: its name and its probability, or the probability alone;
/// or, in one file of both distributions, its name and two probabilities. JSON is an object of
/// names and probabilities, a list of probabilities, or a list of objects with `outcome` or `token`
/// and `probability`.
struct DistributionFile: ~Copyable {
  /// The numbers of one distribution, in the order of ``DistributionFile/names``.
  struct Weights {
    var values: [Double] = []
    /// The line of each number.
    var lines: [Int] = []
    var path: String
    /// Outcomes have names, and not only an order.
    var hasNames = false

    /// Gives outcome `index` its number.
    mutating func set(_ index: Int, _ value: Double, line: Int) throws {
      while values.count <= index {
        values.append(0)
        lines.append(0)
      }
      guard lines[index] == 0 else {
        throw RecordError(
          path: path,
          line: line,
          "this outcome is on line \(lines[index]) already; give each once"
        )
      }
      values[index] = value
      lines[index] = line
    }
  }

  /// The names of outcomes, as they first came, and their numbers.
  private var numbers = VocabularyBuilder()
  private var indices: [UInt32: Int] = [:]
  private(set) var names: [String] = []
  private var columnCount = 0

  /// Reads the distributions of one file, which has two, or of two files, which have one each.
  ///
  /// - Throws: `RecordError` naming the line, where a file is not of these forms or has an outcome
  ///   twice.
  static func read(
    _ paths: [String],
    columnsOf count: Int
  ) throws -> (names: [String], weights: [Weights]) {
    var reader = DistributionFile()
    var weights: [Weights] = []
    for path in paths {
      let bytes = try Bytes.whole(path)
      var columns = [Weights(path: path)]
      if count == 2 { columns.append(Weights(path: path)) }
      var text = bytes.withBytes(0..<bytes.count) { Array($0) }
      if text.starts(with: [0xef, 0xbb, 0xbf]) { text.removeFirst(3) }
      guard text.contains(where: { ![32, 9, 10, 13].contains($0) }) else {
        throw RecordError(path: path, "the file is empty; give a row for each outcome")
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
    for index in weights.indices {
      let missing = reader.names.count - weights[index].values.count
      weights[index].values += [Double](repeating: 0, count: missing)
      weights[index].lines += [Int](repeating: 0, count: missing)
    }
    return (reader.names, weights)
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
  private static func isJSON(_ text: [UInt8]) -> Bool {
    var visible = text.lazy.filter { ![32, 9, 10, 13].contains($0) }.makeIterator()
    switch (visible.next(), visible.next()) {
    case (0x7b, 0x22?), (0x7b, 0x7d?), (0x7b, nil), (0x5b, nil): return true
    case (0x5b, let next?): return [0x7b, 0x22, 0x5b, 0x5d, 0x2d].contains(next) || 48...57 ~= next
    default: return false
    }
  }

  private mutating func readRows(
    _ text: [UInt8],
    _ columns: inout [Weights]
  ) throws {
    let path = columns[0].path
    let firstLine = text.drop { [32, 9, 10, 13].contains($0) }.prefix { $0 != 10 }
    var fields = DelimitedFields(delimiter: DelimitedFields.delimiter(ofLine: firstLine))
    var position = 0
    var line = 0
    var fieldCount = 0
    while position < text.count {
      line += 1
      do throws(RowError) {
        guard try fields.read(text.span, &position) else { continue }
      } catch { throw RecordError(path: path, line: line, error.message) }
      let count = fields.ranges.count
      let values = fields.ranges.suffix(columns.count).map { range in
        DecimalNumber.read(text.span.extracting(range))
      }
      if fieldCount == 0 {
        fieldCount = count
        guard count == columns.count + 1 || (count == 1 && columns.count == 1) else {
          throw RecordError(
            path: path,
            line: line,
            columns.count == 2
              ? "one file needs three fields a row, outcome, p and q; or name two files"
              : "a row is an outcome and its probability; this one has \(count) fields"
          )
        }
        // A first row without numbers has the names of the columns, which do not begin as numbers do.
        let isHeader = zip(values, fields.ranges.suffix(columns.count)).allSatisfy { value, range in
          value == nil && !(text[range].first.map { 43...57 ~= $0 } ?? false)
        }
        if isHeader { continue }
      }
      guard count == fieldCount else {
        throw RecordError(
          path: path,
          line: line,
          "\(count) fields where the first row has \(fieldCount); are some missing?"
        )
      }
      let index: Int
      for column in columns.indices { columns[column].hasNames = count != columns.count }
      if count == columns.count {
        index = self.index(of: Array("\(columns[0].values.count + 1)".utf8)[...])
      } else {
        let field = text[fields.ranges[0]]
        // A quotation mark in a name is written twice.
        index =
          field.contains(0x22)
          ? self.index(of: Array(DelimitedFields.text(field.span).utf8)[...])
          : self.index(of: field)
      }
      for (column, value) in values.enumerated() {
        guard let value else {
          let field = fields.ranges[count - columns.count + column]
          throw RecordError(
            path: path,
            line: line,
            "'\(String(decoding: text[field], as: UTF8.self))' is not a number"
          )
        }
        try columns[column].set(index, value, line: line)
      }
    }
  }

  private mutating func readJSON(_ bytes: [UInt8], _ weights: inout Weights) throws {
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
      throw RecordError(path: path, line: line, "an outcome without a number for its probability")
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
        let value = element.kind == .object ? element["probability"] : element
        try weights.set(index, number(value, line), line: line)
      }
    }
    guard !weights.values.isEmpty else {
      throw RecordError(path: path, "there is no outcome; give each its probability")
    }
  }
}

extension DistributionFile.Weights {
  /// The numbers as a distribution, divided by their sum if `normalizes`.
  ///
  /// - Throws: `RecordError` naming the line of a number that is not a probability, or the sum.
  func distribution(normalizes: Bool) throws -> Distribution {
    do throws(DistributionError) {
      return normalizes
        ? try Distribution(normalizing: values) : try Distribution(values)
    } catch {
      switch error {
      case .empty:
        throw RecordError(path: path, "there is no outcome; give each its probability")
      case .sum(let sum):
        let remedy =
          sum > 0 && sum.isFinite
          ? "--normalize divides them by it" : "give probabilities above 0"
        throw RecordError(path: path, "the probabilities sum to \(sum), not 1; \(remedy)")
      case .notAProbability(let outcome, let value):
        let remedy =
          value > 1 && value.isFinite ? "; --normalize divides counts by their sum" : ""
        throw RecordError(
          path: path,
          line: lines[outcome],
          "\(value) is not a probability between 0 and 1\(remedy)"
        )
      case .notAWeight(let outcome, let value):
        throw RecordError(
          path: path,
          line: lines[outcome],
          "\(value) is no weight; weights are finite and not negative"
        )
      }
    }
  }
}
