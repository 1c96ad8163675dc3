import Files
import Records

/// The rows of a file of distributions, found to be of one of three forms.
struct DistributionRows {
  /// The form of rows.
  enum Form: Equatable {
    /// The outcome and its numbers; of numbers alone, the outcomes are numbered from 1.
    case outcomes
    /// The left and the right end of a bin, and its numbers.
    case bins
    /// A count and the outcome, as `uniq -c` writes them.
    case countsFirst
  }

  let form: Form
  let delimiter: UInt8
  private let path: String

  /// Finds out the form of `text`.
  init(_ text: [UInt8], path: String) {
    self.path = path
    let first = text.drop { [10, 13].contains($0) }.prefix { $0 != 10 }
    if Self.areCountsFirst(text, first) {
      (form, delimiter) = (.countsFirst, 32)
      return
    }
    delimiter = Self.delimiter(ofLine: first)
    form = Self.areBins(text, delimiter) ? .bins : .outcomes
  }

  /// The delimiter of a line: white space where there is nothing else.
  static func delimiter(ofLine line: ArraySlice<UInt8>) -> UInt8 {
    let visible = line.drop { $0 == 32 }
    let hasOther = visible.contains { [0x09, 0x2c, 0x3b, 0x22].contains($0) }
    return !hasOther && visible.contains(32) ? 32 : DelimitedFields.delimiter(ofLine: line)
  }

  /// Every line is a whole number, a blank and more; without blanks before the first number, none of
  /// the characters that divide fields stands in the first line.
  private static func areCountsFirst(_ text: [UInt8], _ first: ArraySlice<UInt8>) -> Bool {
    let isPadded = first.first == 32
    guard isPadded || !first.contains(where: { [0x09, 0x2c, 0x3b].contains($0) }) else {
      return false
    }
    // Numbers behind numbers may be outcomes and their counts as well, but for the blanks.
    var hasName = isPadded
    for line in text.split(separator: 10) where line.contains(where: { $0 != 13 }) {
      guard let (_, name) = countAndName(line) else { return false }
      if name.contains(where: { !(48...57 ~= $0 || $0 == 0x2e) }) { hasName = true }
    }
    return hasName
  }

  /// The count and the name of a line.
  static func countAndName(_ line: ArraySlice<UInt8>) -> (count: Double, name: ArraySlice<UInt8>)? {
    let visible = line.drop { $0 == 32 }
    let digits = visible.prefix { 48...57 ~= $0 }
    guard !digits.isEmpty, digits.count <= 15, let count = DecimalNumber.read(digits.span),
      digits.endIndex < line.endIndex, line[digits.endIndex] == 32
    else { return nil }
    var name = line[(digits.endIndex + 1)...]
    if name.last == 13 { name.removeLast() }
    return (count, name)
  }

  /// The first two fields of every row are the ends of a bin that begins where the one before ends,
  /// or behind it where the header says that they are ends.
  private static func areBins(_ text: [UInt8], _ delimiter: UInt8) -> Bool {
    var fields = DelimitedFields(delimiter: delimiter)
    var position = 0
    var last: Double?
    var (rows, gaps) = (0, 0)
    var isSaid = false
    while position < text.count {
      guard let isRow = try? fields.read(text.span, &position) else { return false }
      guard isRow else { continue }
      guard fields.ranges.count >= 3 else { return false }
      let ends = fields.ranges.prefix(2).map { fields.number(text.span.extracting($0)) }
      guard let left = ends[0], let right = ends[1] else {
        guard rows == 0, !isSaid else { return false }
        let words = fields.ranges.prefix(2).map {
          Set(NameParts.words(DelimitedFields.text(text.span.extracting($0))))
        }
        isSaid =
          !words[0].isDisjoint(with: [
            "left", "low", "lower", "start", "from", "begin", "min", "lo",
          ])
          && !words[1].isDisjoint(with: [
            "right", "high", "upper", "end", "to", "stop", "max", "hi",
          ])
        continue
      }
      guard left < right, last.map({ left >= $0 }) ?? true else { return false }
      if let last, left != last { gaps += 1 }
      last = right
      rows += 1
    }
    return rows > 0 && (isSaid || (rows > 1 && gaps == 0))
  }
}
