import Files
import Records

/// One value of JSON that is a row of predictions or of labels.
enum JSONRow {
  /// The value of a line, or of an element of an array.
  static func parse(_ text: ArraySlice<UInt8>) throws(RowError) -> JSONItem {
    let bytes = Array(text)
    do throws(JSONParser.Failure) {
      let (nodes, end) = try JSONParser.parse(bytes.span)
      guard bytes[end...].allSatisfy({ [32, 9, 10, 13].contains($0) }) else {
        throw JSONParser.Failure(position: end, message: "expected the end of the line")
      }
      return JSONDocument(bytes: bytes, byteOffset: 0, line: 1, nodes: nodes).root
    } catch {
      throw .init(message: "not JSON: \(error.message) (byte \(error.position + 1) of the line)")
    }
  }

  /// The object of a line, or of an element of an array.
  static func object(_ text: ArraySlice<UInt8>) throws(RowError) -> JSONItem {
    let item = try parse(text)
    guard item.kind == .object else {
      throw .init(message: "a row must be an object, {\"label\": …, \"probabilities\": […]}")
    }
    return item
  }

  /// A label or a name, as a field of a table has it.
  static func text(_ item: JSONItem) -> [UInt8] {
    item.string?.bytes ?? (item.isNull ? [] : Array(item.source))
  }

  /// The members of an object that are no lists and no objects, as a row of a table.
  static func fields(_ object: JSONItem) -> [[UInt8]] {
    object.members.map { text($0.value) }
  }

  /// The number of a member.
  static func number(_ item: JSONItem, _ key: String) throws(RowError) -> Double {
    if let number = item.number { return number }
    if let truth = item.boolean { return truth ? 1 : 0 }
    throw .init(message: "'\(key)' has a value that is not a number")
  }

  /// Reads a list of numbers, or an object with a number for each of `names`.
  static func fill(
    _ values: inout [Double],
    _ item: JSONItem,
    _ key: String,
    names: [String]?
  ) throws(RowError) {
    if item.kind == .object, let names {
      for (index, name) in names.enumerated() {
        guard let value = item[name] else { throw .init(message: "'\(key)' has no '\(name)'") }
        values[index] = try number(value, key)
      }
      guard item.members.count == names.count else {
        throw .init(
          message: "'\(key)' has \(item.members.count) numbers for \(values.count) classes"
        )
      }
      return
    }
    var index = 0
    for element in item.elements {
      if index < values.count { values[index] = try number(element, key) }
      index += 1
    }
    guard index == values.count else {
      throw .init(message: "'\(key)' has \(index) numbers for \(values.count) classes")
    }
  }
}

/// The form of predictions in JSON objects: lists, or members that are the columns of a table.
enum JSONForm: Sendable {
  case lists(PredictionObject)
  case table(PredictionColumns)

  /// Finds out the form from the first rows.
  init(_ rows: [JSONItem], _ choice: ColumnChoice) throws(RowError) {
    guard let first = rows.first else { throw .init(message: "there is no row") }
    if choice.classes.isEmpty, let object = try PredictionObject(rows, choice) {
      self = .lists(object)
      return
    }
    let names = first.members.compactMap(\.name.text)
    guard names.contains(where: { DecimalNumber.read(Array($0.utf8).span) == nil }) else {
      throw .init(
        message: "no predictions: give 'probability', 'probabilities', 'logit' or 'logits'"
      )
    }
    let sample = PredictionSample(rows.map(JSONRow.fields), fieldCount: names.count)
    self = .table(
      try PredictionColumns(firstRow: names, DelimitedFields(delimiter: 0x2c), sample, choice)
    )
  }
}
