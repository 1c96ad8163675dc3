import Files
import Records

/// The classes that a label may name, and what labels mean.
///
/// A label is the name of a class, or what tells the name from the others' (`cat` of `p_cat`), or a
/// number: that of the class whose name ends in it where all names end in different numbers, else
/// the place of a class, from 0. Of two classes, `true` is the second and `-1` the first. Where one
/// label is named as that of the only column, every other label is the first class.
struct ClassLabels: Sendable {
  /// The meaning of a label.
  enum Meaning: Equatable {
    case ofClass(Int)
    /// −1, which is the first of two classes where no label is 0.
    case minusOne
    /// A label whose rows are left out.
    case ignored
  }

  /// The names of classes, as they are shown.
  let names: [String]
  /// The spellings of a label, and the classes.
  private var spellings: [(bytes: [UInt8], index: Int)] = []
  /// Some spelling begins with a digit.
  private var hasNumbers = false
  /// The classes by the numbers that their names end in; nil where labels count classes from 0.
  private let numbers: [Int: Int]?
  private let ignored: (text: [UInt8], number: Double?)?
  /// The label whose probabilities a file of one column has.
  private let positive: (text: [UInt8], number: Double?)?
  /// The predictions are one column.
  private let isPositiveOnly: Bool

  /// The classes of columns or members with names; without, they are numbered from 0.
  ///
  /// If `isPositiveOnly`, the predictions are those of one label, which `positive` may name.
  init(
    names: [String],
    areNumbered: Bool = false,
    isPositiveOnly: Bool = false,
    positive: String? = nil,
    ignoring ignored: String?
  ) {
    self.names = positive.map { ["not \($0)", $0] } ?? names
    self.isPositiveOnly = isPositiveOnly
    self.positive = positive.map { (Array($0.utf8), DecimalNumber.read(Array($0.utf8).span)) }
    self.ignored = ignored.map { (Array($0.utf8), DecimalNumber.read(Array($0.utf8).span)) }
    guard !areNumbered else {
      numbers = nil
      return
    }
    let parts = NameParts.distinct(names)
    var found: [Int: Int] = [:]
    for (index, number) in NameParts.numbers(names, parts).enumerated() {
      if let number { found[number] = index }
    }
    numbers = found.count == names.count ? found : nil
    for (index, name) in names.enumerated() { spellings.append((Array(name.utf8), index)) }
    for (index, part) in parts.enumerated() where part != names[index] {
      spellings.append((Array(part.utf8), index))
    }
    hasNumbers = spellings.contains { spelling in
      spelling.bytes.first.map { 48...57 ~= $0 } ?? false
    }
  }

  /// The meaning of a field.
  func meaning(of field: Span<UInt8>) throws(RowError) -> Meaning {
    if let ignored, field.isEqual(to: ignored.text.span) { return .ignored }
    if let positive {
      guard !field.isEmpty else { throw unknown("") }
      if field.isEqual(to: positive.text.span) { return .ofClass(1) }
      if let number = DecimalNumber.read(field) { return try meaning(of: number) }
      return .ofClass(0)
    }
    if hasNumbers || field.isEmpty || !(48...57 ~= field[0]) {
      for spelling in spellings where field.isEqual(to: spelling.bytes.span) {
        return .ofClass(spelling.index)
      }
    }
    if let number = DecimalNumber.read(field) { return try meaning(of: number) }
    if names.count == 2, let truth = PredictionSample.truth(field) { return .ofClass(Int(truth)) }
    throw unknown(DelimitedFields.text(field))
  }

  /// The meaning of a number.
  func meaning(of number: Double) throws(RowError) -> Meaning {
    if let ignored, ignored.number == number { return .ignored }
    if let positive { return .ofClass(positive.number == number ? 1 : 0) }
    guard let place = Int(exactly: number) else { throw unknown("\(number)") }
    if let numbers {
      if let index = numbers[place] { return .ofClass(index) }
      guard place == -1, names.count == 2, numbers[1] == 1 else { throw unknown("\(place)") }
      return .minusOne
    }
    if names.indices.contains(place) { return .ofClass(place) }
    guard place == -1, names.count == 2 else {
      throw RowError(
        message: "label \(place) is out of range; the classes are 0 to \(names.count - 1)"
          + Self.remedy("\(place)", place < 0)
      )
    }
    return .minusOne
  }

  private func unknown(_ label: String) -> RowError {
    RowError(
      message: "the label '\(label)' is none of the classes "
        + (spellings.isEmpty
          ? "0 to \(names.count - 1)"
          : names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : ""))
        + (spellings.isEmpty || label.isEmpty || label.hasPrefix("-")
          ? Self.remedy(label, label.isEmpty || label.hasPrefix("-"))
          : "; --classes names the columns")
        + (isPositiveOnly && !label.isEmpty ? "; --positive names the label of the column" : "")
    )
  }

  /// A label that marks rows without one can be left out.
  private static func remedy(_ label: String, _ isMark: Bool) -> String {
    isMark ? "; --ignore \(label.isEmpty ? "''" : label) leaves its rows out" : ""
  }
}

/// The part of a column's name that the other columns' names do not share.
enum NameParts {
  /// The characters that divide a name into words.
  private static let separators: Set<Character> = ["_", "-", " ", ".", ":", "/", "|", "[", "("]

  /// The names without the words that all of them begin with, and end in.
  static func distinct(_ names: [String]) -> [String] {
    guard names.count > 1, let first = names.first else { return names }
    var prefix = first[...]
    var suffix = first[...]
    for name in names.dropFirst() {
      prefix = prefix.prefix(zip(prefix, name).prefix { $0 == $1 }.count)
      suffix = suffix.suffix(zip(suffix.reversed(), name.reversed()).prefix { $0 == $1 }.count)
    }
    let head = (prefix.lastIndex { separators.contains($0) }).map { prefix[...$0].count } ?? 0
    let tail = (suffix.firstIndex { separators.contains($0) }).map { suffix[$0...].count } ?? 0
    let parts = names.map { String($0.dropFirst(head).dropLast(tail)) }
    return parts.contains("") ? names : parts
  }

  /// The numbers in which names differ: the one run of digits that is not the same in all of them,
  /// where nothing else differs; else those that `parts`, the names' own, are or end in.
  static func numbers(_ names: [String], _ parts: [String]) -> [Int?] {
    let ends = parts.map(number)
    if ends.allSatisfy({ $0 != nil }) { return ends }
    let runs = names.map { name in
      name.split { !$0.isASCII || !$0.isNumber }.map { Int($0) }
    }
    let patterns = Set(names.map { name in name.filter { !$0.isASCII || !$0.isNumber } })
    guard patterns.count == 1, Set(runs.map(\.count)).count == 1, let first = runs.first else {
      return ends
    }
    let differing = first.indices.filter { index in Set(runs.map { $0[index] }).count > 1 }
    return differing.count == 1 ? runs.map { $0[differing[0]] } : ends
  }

  /// The whole number that a name is, as `1` and `1.0` are, or ends in, as `p_10` and `p10` do.
  static func number(_ name: String) -> Int? {
    if let value = DecimalNumber.read(Array(name.utf8).span) { return Int(exactly: value) }
    let digits = name.utf8.reversed().prefix { 48...57 ~= $0 }.count
    guard digits > 0, digits < 10, let number = Int(name.suffix(digits)) else { return nil }
    let before = name.dropLast(digits).suffix(2)
    let isNegative =
      before.last == "-"
      && (before.count == 1 || before.first.map { separators.contains($0) } == true)
    return isNegative ? -number : number
  }

  /// The prefixes of a name that end in a separator, or stand before digits at its end.
  static func prefixes(_ name: String) -> [String] {
    var result = name.indices.filter { separators.contains(name[$0]) }.map { String(name[...$0]) }
    let digits = name.utf8.reversed().prefix { 48...57 ~= $0 }.count
    let stem = String(name.dropLast(digits))
    if digits > 0, !stem.isEmpty, result.last != stem { result.append(stem) }
    return result.filter { $0.count < name.count }
  }

  /// The suffixes of a name that begin with a separator.
  static func suffixes(_ name: String) -> [String] {
    name.indices.dropFirst().filter { separators.contains(name[$0]) }.map { String(name[$0...]) }
  }

  /// The words of a name, small: `sampleWeight` and `sample_weight` have the same.
  static func words(_ name: String) -> [String] {
    var words = [""]
    var isBehindSmall = false
    for character in name {
      if separators.contains(character) {
        words.append("")
      } else {
        if character.isUppercase && isBehindSmall { words.append("") }
        words[words.count - 1] += character.lowercased()
      }
      isBehindSmall = character.isLowercase
    }
    return words.filter { !$0.isEmpty }
  }
}
