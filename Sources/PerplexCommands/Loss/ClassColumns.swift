import Records

/// Finds the columns of classes among columns whose names do not say what they are.
///
/// Probabilities are told by their sum: classes are the columns that sum to one in every row, if need
/// be without one to three others. For logits nothing of the kind holds; there, a column of whole
/// numbers beside columns that have none is no class, nor is one whose name says so.
struct ClassColumns {
  private let header: PredictionHeader
  private let numeric: [Int]

  private var sample: PredictionSample { header.sample }
  private var choice: ColumnChoice { header.choice }

  init(_ header: PredictionHeader) {
    self.header = header
    let hasRows = !header.sample.rows.isEmpty
    numeric = header.others.filter { column in
      // A column without a name is an index; one of text has no numbers.
      !header.names[column].isEmpty && !(hasRows && header.sample.columns[column].isText)
    }
  }

  /// The columns, and whether the one is that of the label 1.
  func found() throws(RowError) -> (columns: [Int], isPositive: Bool) {
    let named = numeric.filter { !saysOther($0) }
    let plain = named.filter { !isOddOne($0, among: named) }
    if choice.areLogits {
      if let family = family(of: named) { return (family, false) }
      try refuseDoubt(named, plain)
      return (plain, plain.count == 1)
    }
    if plain.count == 1 { return (plain, true) }
    if !choice.normalizes, let columns = try summing(named, plain) { return (columns, false) }
    if let column = positive(among: named) { return ([column], true) }
    return (plain, false)
  }

  /// The columns that sum to one, or else to 100.
  private func summing(_ named: [Int], _ plain: [Int]) throws(RowError) -> [Int]? {
    for total in choice.total == 1 ? [1, 100] : [choice.total] {
      func inRange(_ columns: [Int]) -> [Int] {
        columns.filter {
          sample.columns[$0].isNumeric && sample.columns[$0].smallest >= 0
            && sample.columns[$0].largest <= total * 1.001
        }
      }
      // Exact sums first, then those of numbers with few decimals.
      for part in [1e-5, 0.02] {
        for columns in [plain, named, numeric] where columns.count >= 2 {
          guard sample.sums(of: columns, are: total, within: part) else { continue }
          if columns == plain { try refuseDoubt(named, plain) }
          return columns
        }
        let families = Set(named.flatMap { NameParts.prefixes(header.names[$0]) }).sorted()
          .map { prefix in named.filter { header.names[$0].hasPrefix(prefix) } }
          .filter { $0.count >= 2 && sample.sums(of: $0, are: total, within: part) }
        if families.count == 1 { return families[0] }
        for columns in [inRange(plain), inRange(named)] where columns.count >= 2 {
          if sample.sums(of: columns, are: total, within: part) { return columns }
          if let rest = sample.largestPart(of: columns, summingTo: total, within: part) {
            return rest
          }
        }
      }
    }
    return nil
  }

  /// The columns whose names begin alike and go on as labels do, where others do not.
  private func family(of columns: [Int]) -> [Int]? {
    let words: Set<String> = [
      "logit", "logits", "score", "scores", "prediction", "pred", "class", "output", "out",
    ]
    let spellings = header.label.map { sample.columns[$0].spellings } ?? []
    let isText = header.label.map { sample.columns[$0].isText } ?? false
    let prefixes = Set(columns.flatMap { NameParts.prefixes(header.names[$0]) }).sorted()
    let families = prefixes.compactMap { prefix -> [Int]? in
      let members = columns.filter {
        header.names[$0].hasPrefix(prefix) && header.names[$0].count > prefix.count
      }
      guard members.count >= 2, members.count < columns.count else { return nil }
      let rests = members.map { String(header.names[$0].dropFirst(prefix.count)) }
      let isSaid = NameParts.words(prefix).contains { words.contains($0) }
      let fits =
        isText ? spellings.isSubset(of: rests) : isSaid || rests.allSatisfy { Int($0) != nil }
      return fits ? members : nil
    }
    return families.count == 1 ? families[0] : nil
  }

  /// A column whose name says that it is none of a prediction, unless a label has that name.
  private func saysOther(_ column: Int) -> Bool {
    let words = NameParts.words(header.names[column])
    guard let first = words.first, let last = words.last, !header.isNamedByLabel(column) else {
      return false
    }
    return ["id", "ids", "index", "idx", "row", "text", "fold", "split"].contains(last)
      || first == "unnamed" || words == ["fold", "number"]
  }

  /// A column of whole numbers, where all others have none in three rows and more.
  private func isOddOne(_ column: Int, among columns: [Int]) -> Bool {
    guard sample.rows.count >= 3, sample.columns[column].isWhole,
      !header.isNamedByLabel(column)
    else { return false }
    let others = columns.filter { !sample.columns[$0].isWhole }
    return !others.isEmpty && others.allSatisfy { sample.columns[$0].isFractional }
  }

  /// Refuses a column of zeros beside columns of fractions: a class that never comes, or none.
  private func refuseDoubt(_ named: [Int], _ plain: [Int]) throws(RowError) {
    // Labels by name are the same either way.
    if let label = header.label, sample.columns[label].isText { return }
    for column in named where !plain.contains(column) {
      let fields = sample.columns[column]
      guard fields.smallest == 0, fields.largest == 0 else { continue }
      throw .init(
        message:
          "the column '\(header.names[column])' is 0 in every row, and may be a class or none; "
          + "--classes names the columns of classes"
      )
    }
  }

  /// The column whose name says that it has the probability of the label 1.
  private func positive(among columns: [Int]) -> Int? {
    let kinds: Set<String> = [
      "y", "prob", "probs", "proba", "probability", "score", "pred", "prediction", "predicted", "p",
      "1", "positive", "pos", "confidence",
    ]
    let matches = columns.filter { column in
      let words = NameParts.words(header.names[column])
      return !words.isEmpty && words.allSatisfy(kinds.contains)
        && sample.columns[column].isNumeric && !sample.columns[column].isWhole
    }
    return matches.count == 1 ? matches[0] : nil
  }
}
