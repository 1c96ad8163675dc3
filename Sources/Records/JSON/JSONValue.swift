/// A JSON value; objects keep the order of their members.
///
/// ```swift
/// let report: JSONValue = ["tokens": 12, "perplexity": .double(8), "models": ["a", "b"]]
/// report.description  // {"tokens":12,"perplexity":8.0,"models":["a","b"]}
/// ```
///
/// Doubles are written unrounded, with the fewest digits that read back as the same number. JSON
/// has no word for the others: they become the strings `"inf"`, `"-inf"` and `"nan"`.
package enum JSONValue: Sendable, Equatable {
  /// No value.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number, written without a point.
  case integer(Int)
  /// A whole number that may be beyond `Int`, such as a seed.
  case unsigned(UInt64)
  /// A number, always written with a point or an exponent.
  case double(Double)
  /// A text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Named values in order.
  case object(JSONObject)

  /// The number, or `null` if it is nil.
  package init(_ value: Double?) { self = value.map(Self.double) ?? .null }

  /// The number, or `null` if it is nil.
  package init(_ value: Int?) { self = value.map(Self.integer) ?? .null }

  /// The text, or `null` if it is nil.
  package init(_ value: String?) { self = value.map(Self.string) ?? .null }

  /// The value of that name in an object, or `nil`.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let object) = self else { return nil }
    return object.members.first { $0.name == name }?.value
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value on one line, without blanks.
  package var description: String {
    var text = ""
    write(to: &text, indentation: nil)
    return text
  }

  /// The value on several lines, indented by two blanks; no line feed at the end.
  package var prettyPrinted: String {
    var text = ""
    write(to: &text, indentation: 0)
    return text
  }

  private func write(to text: inout String, indentation: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    case .double(let value):
      text += value.isFinite ? value.description : "\"\(value.isNaN ? "nan" : "\(value)")\""
    case .string(let value): Self.writeEscaped(value, to: &text)
    case .array(let values):
      Self.writeList(values, "[", "]", to: &text, indentation: indentation) {
        $0.write(to: &$1, indentation: $2)
      }
    case .object(let object):
      Self.writeList(object.members, "{", "}", to: &text, indentation: indentation) {
        Self.writeEscaped($0.name, to: &$1)
        $1 += $2 == nil ? ":" : ": "
        $0.value.write(to: &$1, indentation: $2)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element],
    _ opening: String,
    _ closing: String,
    to text: inout String,
    indentation: Int?,
    element write: (Element, _ text: inout String, _ indentation: Int?) -> Void
  ) {
    text += opening
    let inner = indentation.map { $0 + 2 }
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) }
      write(element, &text, inner)
    }
    if let indentation, !elements.isEmpty {
      text += "\n" + String(repeating: " ", count: indentation)
    }
    text += closing
  }

  private static func writeEscaped(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\u{0}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// An object, in the order of the literal.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements))
  }

  /// An array.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// A text.
  package init(stringLiteral value: String) { self = .string(value) }

  /// A whole number.
  package init(integerLiteral value: Int) { self = .integer(value) }

  /// A number.
  package init(floatLiteral value: Double) { self = .double(value) }

  /// True or false.
  package init(booleanLiteral value: Bool) { self = .bool(value) }

  /// No value.
  package init(nilLiteral: ()) { self = .null }
}
