import Records

/// Predictions in JSON objects with a list of numbers, or the number of the label 1.
struct PredictionObject: Sendable {
  let classCount: Int
  let isPositiveOnly: Bool
  let isLogits: Bool
  let hasTargets: Bool
  let hasTeacher: Bool
  /// Targets are 0 and 1, and some rows have none or several of 1.
  let isMultiLabel: Bool
  /// The classes, where the numbers have names.
  let names: [String]?
  let weightKey: String?
  private let key: String
  private let labelKey: String
  private let idKey: String?

  /// Finds out the form from the first rows; nil where they have no list and no known member.
  init?(_ rows: [JSONItem], _ choice: ColumnChoice) throws(RowError) {
    let first = rows[0]
    let members = first.members.compactMap { member in member.name.text.map { ($0, member.value) } }
    var labelKey =
      choice.label ?? (first["label"] != nil ? "label" : nil)
      ?? (first["target"] != nil ? "target" : nil)
    labelKey = labelKey ?? members.first { PredictionHeader.isLabelName($0.0) }?.0
    let contract = ["probability", "logit", "probabilities", "logits"].first { first[$0] != nil }
    let lists = members.filter { name, value in
      ![labelKey, "teacher", "target", choice.id].contains(name)
        && (value.kind == .array || value.kind == .object)
        && Self.count(value) >= 2
    }
    guard let key = contract ?? (lists.count == 1 ? lists[0].0 : nil), let value = first[key] else {
      guard lists.isEmpty else {
        throw .init(
          message: "which has the predictions, \(PredictionHeader.list(lists.map(\.0)))? call it "
            + "'probabilities' or 'logits'"
        )
      }
      return nil
    }
    self.key = key
    isLogits = key.lowercased().hasPrefix("logit") || (contract == nil && choice.areLogits)
    isPositiveOnly = value.kind != .array && value.kind != .object
    names = value.kind == .object ? value.members.compactMap(\.name.text) : nil
    hasTeacher = first["teacher"] != nil
    classCount = isPositiveOnly ? 2 : Self.count(value)
    guard classCount >= 2 else {
      throw .init(message: "'\(key)' needs a number for each of at least two classes")
    }
    hasTargets =
      !choice.hasOtherLabels
      && labelKey.flatMap { first[$0] }.map { $0.kind == .array || $0.kind == .object } ?? false
    self.labelKey = labelKey ?? "label"
    idKey = choice.id
    weightKey =
      choice.weight ?? members.map(\.0).first { PredictionHeader.isWeightName($0) && $0 != key }
    isMultiLabel =
      hasTargets && Self.areMultiLabel(rows, self.labelKey, isLogits ? nil : key)
  }

  private static func count(_ item: JSONItem) -> Int {
    item.kind == .object ? item.members.count : item.count
  }

  private static func areMultiLabel(_ rows: [JSONItem], _ key: String, _ values: String?) -> Bool {
    func numbers(_ item: JSONItem?) -> [Double] {
      guard let item else { return [] }
      return item.kind == .object
        ? item.members.map { $0.value.number ?? .nan } : item.elements.map { $0.number ?? .nan }
    }
    let targets = rows.map { numbers($0[key]) }
    guard targets.allSatisfy({ $0.allSatisfy { $0 == 0 || $0 == 1 } }),
      !targets.allSatisfy({ $0.reduce(0, +) == 1 })
    else { return false }
    guard let values else { return true }
    return !rows.allSatisfy { (numbers($0[values]).reduce(0, +) - 1).magnitude < 1e-5 }
  }

  /// Adds the prediction of an object.
  func read(
    _ object: JSONItem,
    _ truth: PredictionTruth,
    place: Int,
    row: Int,
    into tally: inout PredictionTally
  ) throws(RowError) {
    guard let value = object[key] else {
      throw .init(message: "no '\(key)', which the first row has")
    }
    var meaning: ClassLabels.Meaning?
    if truth.file != nil {
      var id: [UInt8]?
      if let idKey {
        guard let item = object[idKey] else { throw .init(message: "no '\(idKey)'") }
        id = JSONRow.text(item)
      }
      meaning = try truth.read(id: id, place: place, row: row, into: &tally)
    } else if hasTargets {
      guard let target = object[labelKey] else {
        throw .init(message: "no '\(labelKey)', which the first row has")
      }
      try JSONRow.fill(&tally.targets, target, labelKey, names: names)
    } else {
      guard let label = object[labelKey] else {
        throw .init(message: "no 'label'; give each row one, or 'target' with a list")
      }
      let text = JSONRow.text(label)
      meaning = try truth.classes.meaning(of: text.span)
    }
    if meaning == .ignored { return tally.ignoredRows += 1 }
    if isPositiveOnly {
      tally.values[0] = try JSONRow.number(value, key)
    } else {
      try JSONRow.fill(&tally.values, value, key, names: names)
    }
    try readTeacher(object, into: &tally)
    let weight = try weightKey.map { key throws(RowError) in
      guard let item = object[key] else { throw RowError(message: "no '\(key)'") }
      return try JSONRow.number(item, key)
    }
    if let meaning {
      try tally.add(label: meaning, weight: weight ?? 1, row: row)
    } else {
      try tally.addTargets(weight: weight ?? 1, row: row)
    }
  }

  private func readTeacher(
    _ object: JSONItem,
    into tally: inout PredictionTally
  ) throws(RowError) {
    switch (object["teacher"], hasTeacher) {
    case (let teacher?, true):
      if isPositiveOnly {
        tally.teacher[0] = try JSONRow.number(teacher, "teacher")
      } else {
        try JSONRow.fill(&tally.teacher, teacher, "teacher", names: names)
      }
    case (nil, true): throw .init(message: "no 'teacher', which the first row has")
    case (_?, false): throw .init(message: "a 'teacher', which the first row has not")
    case (nil, false): break
    }
  }
}
