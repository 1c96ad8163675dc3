import Records

/// The columns of a file of predictions that a command line names.
struct ColumnChoice: Sendable, Equatable {
  var label: String?
  var classes: [String] = []
  var weight: String?
  var id: String?
  /// Labels come from a file of their own.
  var hasOtherLabels = false
  /// Columns of classes without `logit_` have logits.
  var areLogits = false
  /// The number that stands for the probability 1.
  var total = 1.0
  /// Sums are divided out, so they tell nothing of columns.
  var normalizes = false
}

/// The names of the columns of a file of predictions, sorted by their roles.
///
/// A role follows from the command line, from the contract of names (`label`, `logit_a`), and for all
/// other columns from what their fields are: classes are the columns whose numbers sum to one.
struct PredictionHeader {
  let names: [String]
  let sample: PredictionSample
  let choice: ColumnChoice
  private(set) var label: Int?
  private(set) var weight: Int?
  private(set) var id: Int?
  private var positive: (column: Int, isLogit: Bool)?
  private var logits: [(column: Int, name: String)] = []
  private var targets: [String: Int] = [:]
  private var teachers: [String: Int] = [:]
  /// The columns that may be classes.
  private(set) var others: [Int] = []

  /// Sorts the columns by their names.
  ///
  /// - Throws: a sentence where two columns have one role.
  init(_ names: [String], _ sample: PredictionSample, _ choice: ColumnChoice) throws(RowError) {
    self.names = names
    self.sample = sample
    self.choice = choice
    if let name = choice.id { id = try column(name) }
    if let name = choice.weight { weight = try column(name) }
    if let name = choice.label, !choice.hasOtherLabels { label = try column(name) }
    for (column, name) in names.enumerated() where ![id, weight, label].contains(column) {
      let lower = name.lowercased()
      func rest(after prefix: String) -> String? {
        lower.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
      }
      if lower == "label", choice.label == nil {
        guard label == nil else { throw .init(message: "two columns of the header are 'label'") }
        label = column
      } else if lower == "probability" || lower == "logit", choice.classes.isEmpty {
        guard positive == nil else {
          throw .init(message: "a header has one column 'probability' or 'logit', not two")
        }
        positive = (column, lower == "logit")
      } else if let key = rest(after: "target_") {
        try Self.set(&targets, key, column, name)
      } else if let key = rest(after: "teacher_") {
        try Self.set(&teachers, key, column, name)
      } else {
        if let key = rest(after: "logit_") { logits.append((column, key)) }
        others.append(column)
      }
    }
    if choice.hasOtherLabels {
      label = nil
    } else if label == nil, targets.isEmpty {
      try findLabel()
    }
    others.removeAll { $0 == label }
    if choice.weight == nil { try findWeight() }
  }

  private static func set(
    _ columns: inout [String: Int],
    _ key: String,
    _ column: Int,
    _ name: String
  ) throws(RowError) {
    guard columns.updateValue(column, forKey: key) == nil else {
      throw .init(message: "two columns of the header have the name '\(name)'")
    }
  }

  /// The column called `name`, or so but for the case of its letters.
  func column(_ name: String) throws(RowError) -> Int {
    if let index = names.firstIndex(of: name) { return index }
    let matches = names.indices.filter { names[$0].lowercased() == name.lowercased() }
    guard matches.count == 1 else {
      throw .init(
        message: "no column '\(name)' in the header; it has \(Self.list(names))"
      )
    }
    return matches[0]
  }

  /// Names as a sentence has them, the first twelve of many.
  static func list(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }

  /// Returns true for a name that columns of labels often have.
  static func isLabelName(_ name: String) -> Bool {
    let words = NameParts.words(name).joined(separator: " ")
    return words == "label" || labelNames.contains(words)
  }

  private static let labelNames = [
    "y true", "true label", "label true", "true class", "ground truth", "gold label", "gold",
    "labels", "target", "truth", "actual", "y", "class", "y test", "expected", "gt",
  ]

  /// Finds the column of the label by the names that it often has, or by its fields: those of no
  /// other column are all names of other columns.
  private mutating func findLabel() throws(RowError) {
    for name in Self.labelNames {
      let matches = others.filter {
        NameParts.words(names[$0]).joined(separator: " ") == name
      }
      if matches.count == 1, others.count > 1 {
        label = matches[0]
        return
      }
    }
    let texts = others.filter { column in
      let fields = sample.columns[column]
      return fields.isText && !fields.spellings.isEmpty
        && fields.spellings.allSatisfy { spelling in
          names.contains { $0 == spelling || $0.hasSuffix("_" + spelling) }
        }
    }
    if texts.count == 1 { label = texts[0] }
  }

  /// Finds the column of the weights of rows: one that the name says to be that and nothing else.
  private mutating func findWeight() throws(RowError) {
    let matches = others.filter { Self.isWeightName(names[$0]) && !isNamedByLabel($0) }
    guard matches.count < 2 else {
      throw .init(
        message: "two columns may be weights, \(Self.list(matches.map { "'\(names[$0])'" })); "
          + "--weight names the one"
      )
    }
    weight = matches.first
    others.removeAll { $0 == weight }
  }

  /// Returns true for a name like `weight` and `sample_weight`.
  static func isWeightName(_ name: String) -> Bool {
    let kinds: Set<String> = [
      "weight", "weights", "sample", "samples", "instance", "row", "example", "case", "obs",
    ]
    let words = NameParts.words(name)
    return words.allSatisfy(kinds.contains) && words.contains { $0.hasPrefix("weight") }
  }

  /// Some label is the name of the column.
  func isNamedByLabel(_ column: Int) -> Bool {
    guard let label, !names[column].isEmpty else { return false }
    return sample.columns[label].spellings.contains(names[column])
  }

  // MARK: Predictions

  /// The columns of the prediction, their kind, and the names of the classes.
  func prediction() throws(RowError) -> (
    columns: PredictionColumns.Prediction, isLogits: Bool, classes: [String]
  ) {
    if !choice.classes.isEmpty { return try chosen() }
    if let positive { return (.ofPositive(positive.column), positive.isLogit, ["0", "1"]) }
    if logits.count >= 2 {
      return (.ofClasses(logits.map(\.column)), true, logits.map(\.name))
    }
    if choice.areLogits, let only = logits.first, others.count == 1 {
      return (.ofPositive(only.column), true, ["0", "1"])
    }
    let (columns, isPositive) = try ClassColumns(self).found()
    if isPositive { return (.ofPositive(columns[0]), choice.areLogits, ["0", "1"]) }
    guard columns.count >= 2 else {
      throw .init(
        message: """
          no predictions: the header needs 'probability', 'logit', or a column for each of at least \
          two classes; --classes names columns
          """
      )
    }
    return (.ofClasses(columns), choice.areLogits, columns.map { names[$0] })
  }

  private func chosen() throws(RowError) -> (
    columns: PredictionColumns.Prediction, isLogits: Bool, classes: [String]
  ) {
    var columns: [Int] = []
    for name in choice.classes { columns.append(try column(name)) }
    let isLogits =
      choice.areLogits
      || columns.allSatisfy { column in
        logits.contains { $0.column == column } || names[column].lowercased() == "logit"
      }
    guard columns.count > 1 else { return (.ofPositive(columns[0]), isLogits, ["0", "1"]) }
    let classes = columns.map { column in
      logits.first { $0.column == column && isLogits }?.name ?? names[column]
    }
    return (.ofClasses(columns), isLogits, classes)
  }

  /// The columns of the teacher; none without one.
  func teacher(of classes: [String]) throws(RowError) -> [Int] {
    if let positive {
      // Beside the column of the label 1 a teacher has one column as well; elsewhere `teacher` may be
      // the name of a class.
      let lone = others.filter { names[$0].lowercased() == "teacher" }
      guard lone.count < 2, targets.isEmpty, teachers.isEmpty else {
        throw .init(
          message:
            "'\(names[positive.column])' is of the label 1 alone; leave out columns other than 'label' and 'teacher'"
        )
      }
      return lone
    }
    guard teachers.isEmpty || Set(teachers.keys) == Set(classes) else {
      throw .init(message: "a teacher needs one 'teacher_NAME' for each class and no others")
    }
    return teachers.isEmpty ? [] : classes.compactMap { teachers[$0] }
  }

  // MARK: Truth

  /// The columns of the truth.
  func truth(of classes: [String]) throws(RowError) -> PredictionColumns.Truth {
    if choice.hasOtherLabels { return .other }
    if targets.isEmpty {
      guard let label else {
        throw .init(
          message: "no column 'label' in the header; --label names it, or give each class a "
            + "'target_NAME'"
        )
      }
      return .label(label)
    }
    guard label == nil, Set(targets.keys) == Set(classes), targets.count == classes.count else {
      throw .init(message: "soft targets need one 'target_NAME' for each class and no 'label'")
    }
    return .targets(classes.map { targets[$0] ?? 0 })
  }

  /// Two sets of columns whose names differ in what all of one begin or end with, as `is_a`, `is_b`
  /// and `p_a`, `p_b` do, where one has targets and the other predictions; nil without them.
  func targetsBesidePredictions() -> (targets: [Int], predictions: [Int], classes: [String])? {
    guard label == nil, targets.isEmpty, !choice.hasOtherLabels, choice.classes.isEmpty else {
      return nil
    }
    var families: [String: [(rest: String, column: Int)]] = [:]
    for column in others where sample.columns[column].isNumeric || sample.columns[column].isTruth {
      let name = names[column]
      for prefix in NameParts.prefixes(name) {
        families["<" + prefix, default: []].append((String(name.dropFirst(prefix.count)), column))
      }
      for suffix in NameParts.suffixes(name) {
        families[">" + suffix, default: []].append((String(name.dropLast(suffix.count)), column))
      }
    }
    var wholes: [String: Int] = [:]
    for column in others { wholes[names[column]] = column }
    for affix in families.keys.sorted() {
      guard let members = families[affix], members.count >= 2 else { continue }
      let rests = members.map(\.rest)
      guard Set(rests).count == rests.count,
        !members.allSatisfy({ sample.columns[$0.column].isZeroOrOne })
      else { continue }
      let plain = rests.compactMap { wholes[$0] }
      let candidates =
        families.filter { $0.key != affix && Set($0.value.map(\.rest)) == Set(rests) }.map {
          family in
          rests.compactMap { rest in family.value.first { $0.rest == rest }?.column }
        } + (plain.count == rests.count ? [plain] : [])
      for columns in candidates
      where columns.count == rests.count
        && columns.allSatisfy({ sample.columns[$0].isZeroOrOne })
      { return (columns, members.map(\.column), rests) }
    }
    return nil
  }
}
