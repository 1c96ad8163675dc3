/// The reason why a record cannot be read.
public enum RecordFault: Error, Hashable, Sendable {
  /// The line is not JSON, for this reason.
  case notJSON(String)
  /// The line is JSON, but no object.
  case notObject
  /// The record lacks the field; its names.
  case noField(String, names: [String])
  /// Two columns have the name; their numbers.
  case sameNames(String, columns: Int, Int)
  /// The field has a value of this kind, not a text.
  case notText(String, kind: String)
  /// A row has another number of fields than the first one.
  case fieldCount(Int, expected: Int)
  /// Quotation marks in a row do not match.
  case quotation(String)
  /// Bytes of the record are not UTF-8, but perhaps of another encoding.
  case invalidUTF8(TextEncoding.Guess = .faultyUTF8)
  /// The text has a literal `<s>` or `</s>`.
  case marker(String)
}

extension RecordFault: CustomStringConvertible {
  /// The fault, without its place and remedy.
  public var description: String {
    switch self {
    case .notJSON(let reason): "the line is not JSON: \(reason)"
    case .notObject: "the line is JSON, but no object"
    case .noField(let name, let names):
      names.isEmpty
        ? "there is no field '\(name)'"
        : "there is no field '\(name)' among \(names.prefix(12).joined(separator: ", "))"
    case .sameNames(let name, let first, let second):
      "columns \(first) and \(second) are both called '\(name)'; give the number of one"
    case .notText(let name, let kind): "the field '\(name)' is \(kind), not a string"
    case .fieldCount(let count, let expected):
      "the row has \(count) \(count == 1 ? "field" : "fields") where the first has \(expected)"
    case .quotation(let fault): fault
    case .invalidUTF8: "the record is not UTF-8"
    case .marker(let marker): "the text has a literal '\(marker)', which marks sentences"
    }
  }

  /// The remedy.
  public var remedy: String {
    switch self {
    case .notObject: "write an object a line; of an array, jq -c '.[]' makes such lines"
    case .noField: "name another, or use --on-error skip to leave such records out"
    case .invalidUTF8(.faultyUTF8):
      "mend the record, use --invalid-utf8 replace, or --on-error skip to leave such records out"
    case .invalidUTF8(let guess): guess.remedy
    case .marker: "use --markers skip to read it as white space, or --on-error skip"
    default: "mend the record, or use --on-error skip to leave such records out"
    }
  }
}
