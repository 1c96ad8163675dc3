/// A JSON value: a place in the text of a document that was found to be well formed.
///
/// Nothing is decoded before it is asked for, so a document takes its own bytes and 32 more for each
/// of its values.
struct JSONItem {
  /// What a value is.
  enum Kind: UInt8 {
    case null, boolean, number, string, array, object
    /// `NaN`, `Infinity` or `-Infinity`, which are not JSON but which Python's `json` writes.
    case nonFinite
  }

  let document: JSONDocument
  let index: Int

  private var node: JSONDocument.Node { document.nodes[index] }

  /// What the value is.
  var kind: Kind { node.kind }

  /// Whether the value is `null`.
  var isNull: Bool { kind == .null }

  /// Where the value begins in the file, in bytes.
  var byteOffset: Int { document.byteOffset + Int(node.start) }

  /// The bytes of the value as they stand in the file; of arrays and objects the first.
  var source: ArraySlice<UInt8> { document.bytes[Int(node.start)..<Int(node.end)] }

  /// The truth value.
  var boolean: Bool? { kind == .boolean ? source.first == 0x74 : nil }

  /// The number, also one that is not finite, or stands in a string, as `"-inf"` and `"nan"` do where
  /// a program keeps to the standard.
  ///
  /// Read without regard to the locale, to the nearest double.
  var number: Double? {
    switch kind {
    case .number: return Double(String(decoding: source, as: UTF8.self))
    case .nonFinite, .string:
      let name = kind == .string ? source.dropFirst().dropLast() : source
      switch String(decoding: name, as: UTF8.self).lowercased() {
      case "nan": return .nan
      case "infinity", "inf": return .infinity
      case "-infinity", "-inf": return -.infinity
      case let text: return kind == .string ? Self.decimal(text) : nil
      }
    default: return nil
    }
  }

  private static func decimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || [43, 45, 46, 101].contains($0) }) else {
      return nil
    }
    return Double(text)
  }

  /// The number, where it is whole and no larger than positions are.
  var integer: Int? {
    guard kind == .number, let number, abs(number) < 9e15, number.rounded(.towardZero) == number
    else { return nil }
    return Int(number)
  }

  /// The bytes of a string and whether they are what it stands for; see ``JSONString``.
  var string: JSONString? {
    kind == .string ? JSONString(escaped: source.dropFirst().dropLast()) : nil
  }

  /// A string as text.
  var text: String? { string.map { String(decoding: $0.bytes, as: UTF8.self) } }

  /// The values of an array; none of anything else.
  var elements: Children { Children(parent: self, isObject: false) }

  /// The number of values in an array.
  var count: Int { elements.reduce(0) { count, _ in count + 1 } }

  /// The member of an object called `key`, the last of that name; nil where there is none, and of
  /// anything else.
  subscript(_ key: String) -> JSONItem? {
    guard kind == .object else { return nil }
    var found: JSONItem?
    var names = Children(parent: self, isObject: true).makeIterator()
    while let name = names.next(), let value = names.next() {
      if name.source.dropFirst().dropLast().elementsEqual(key.utf8) { found = value }
    }
    return found
  }

  /// The names of an object's members with their values.
  var members: [(name: JSONItem, value: JSONItem)] {
    var result: [(JSONItem, JSONItem)] = []
    var items = Children(parent: self, isObject: true).makeIterator()
    while let name = items.next(), let value = items.next() { result.append((name, value)) }
    return result
  }

  /// The values directly in a value.
  struct Children: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private let end: Int
    private var position: Int

    init(parent: JSONItem, isObject: Bool) {
      document = parent.document
      let holds = parent.kind == (isObject ? .object : .array)
      position = parent.index + 1
      end = holds ? document.nodes[parent.index].next : position
    }

    mutating func next() -> JSONItem? {
      guard position < end else { return nil }
      defer { position = document.nodes[position].next }
      return JSONItem(document: document, index: position)
    }
  }
}

/// A well-formed JSON text: its bytes and where each value stands in them.
final class JSONDocument: Sendable {
  /// A value.
  struct Node: BitwiseCopyable, Sendable {
    var kind: JSONItem.Kind
    /// Where it begins in the document's bytes.
    var start: Int
    /// Where it ends; of arrays and objects, where their first byte does.
    var end: Int
    /// The value after it and all that is in it.
    var next: Int
  }

  /// The text.
  let bytes: [UInt8]

  /// Where the text begins in the file.
  let byteOffset: Int

  /// The line of the file that it begins on, from 1.
  let line: Int

  let nodes: [Node]

  init(bytes: [UInt8], byteOffset: Int, line: Int, nodes: [Node]) {
    self.bytes = bytes
    self.byteOffset = byteOffset
    self.line = line
    self.nodes = nodes
  }

  /// The value that the text is.
  var root: JSONItem { JSONItem(document: self, index: 0) }
}
