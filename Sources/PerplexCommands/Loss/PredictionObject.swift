import Records

/// The form of predictions in JSON, an object a line.
struct PredictionObject: Sendable {
  let classCount: Int
  let isPositiveOnly: Bool
  let isLogits: Bool
  let hasTargets: Bool
  let hasTeacher: Bool
  private let key: String

  /// Finds out the form from the first object.
  init(line: ArraySlice<UInt8>) throws(RowError) {
    let object = try Self.object(line)
    guard
      let key = ["probability", "logit", "probabilities", "logits"].first(where: {
        object[$0] != nil
      }), let value = object[key]
    else {
      throw .init(
        message: "no predictions: give 'probability', 'probabilities', 'logit' or 'logits'"
      )
    }
    self.key = key
    isLogits = key.hasPrefix("logit")
    isPositiveOnly = key == "probability" || key == "logit"
    hasTargets = object["target"] != nil
    hasTeacher = object["teacher"] != nil
    classCount = isPositiveOnly ? 2 : value.count
    guard classCount >= 2 else {
      throw .init(message: "'\(key)' needs a number for each of at least two classes")
    }
  }

  private static func object(_ line: ArraySlice<UInt8>) throws(RowError) -> JSONItem {
    let bytes = Array(line)
    do throws(JSONParser.Failure) {
      let (nodes, end) = try JSONParser.parse(bytes.span)
      guard bytes[end...].allSatisfy({ [32, 9, 13].contains($0) }) else {
        throw JSONParser.Failure(position: end, message: "expected the end of the line")
      }
      let root = JSONDocument(bytes: bytes, byteOffset: 0, line: 1, nodes: nodes).root
      if root.kind == .object { return root }
    } catch {
      throw .init(message: "not JSON: \(error.message) (byte \(error.position + 1) of the line)")
    }
    throw .init(message: "a row must be an object, {\"label\": …, \"probabilities\": […]}")
  }

  /// Adds the prediction of a line.
  func read(
    _ line: ArraySlice<UInt8>,
    row: Int,
    into tally: inout PredictionTally
  ) throws(RowError) {
    let object = try Self.object(line)
    guard let value = object[key] else {
      throw .init(message: "no '\(key)', which the first row has")
    }
    if isPositiveOnly {
      tally.values[0] = try Self.number(value, key)
    } else {
      try Self.fill(&tally.values, value, key)
    }
    switch (object["teacher"], hasTeacher) {
    case (let teacher?, true):
      if isPositiveOnly {
        tally.teacher[0] = try Self.number(teacher, "teacher")
      } else {
        try Self.fill(&tally.teacher, teacher, "teacher")
      }
    case (nil, true): throw .init(message: "no 'teacher', which the first row has")
    case (_?, false): throw .init(message: "a 'teacher', which the first row has not")
    case (nil, false): break
    }
    if hasTargets {
      guard let target = object["target"] else {
        throw .init(message: "no 'target', which the first row has")
      }
      try Self.fill(&tally.targets, target, "target")
      try tally.add(label: nil, row: row)
    } else {
      guard let label = object["label"]?.integer else {
        throw .init(message: "no 'label', or none that is a whole number from 0")
      }
      try tally.add(label: label, row: row)
    }
  }

  private static func number(_ item: JSONItem, _ key: String) throws(RowError)
    -> Double
  {
    guard let number = item.number else {
      throw .init(message: "'\(key)' has a value that is not a number")
    }
    return number
  }

  private static func fill(
    _ values: inout [Double],
    _ item: JSONItem,
    _ key: String
  ) throws(RowError) {
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
