/// A JSON value: a place in the text of a document that was found to be well formed.
///
/// Values are decoded on demand, so a document takes its own bytes and 32 more for
/// each of its values.
package struct JSONItem {
  /// The kind of a value.
  package enum Kind: UInt8, BitwiseCopyable {
    case null, boolean, number, string, array, object
    /// `NaN`, `Infinity` or `-Infinity`, which are not JSON but which Python's `json` writes.
    case nonFinite
  }

  package let document: JSONDocument
  package let index: Int

  private var node: JSONDocument.Node { document.nodes[index] }

  /// The kind of the value.
  package var kind: Kind { node.kind }

  /// The value is `null`.
  package var isNull: Bool { kind == .null }

  /// The byte of the file where the value begins.
  package var byteOffset: Int { document.byteOffset + Int(node.start) }

  /// The bytes of the value as they stand in the file; of arrays and objects the first.
  package var source: ArraySlice<UInt8> { document.bytes[Int(node.start)..<Int(node.end)] }

  /// The bytes of the value with all that is in it.
  package var whole: ArraySlice<UInt8> {
    let last = document.nodes[node.next - 1]
    var end = last.end
    // Behind the last value within stand only the brackets that close.
    var open = 0
    var place = index
    while place < node.next {
      let inner = document.nodes[place]
      if inner.kind == .array || inner.kind == .object, inner.next == node.next { open += 1 }
      place += 1
    }
    while open > 0 {
      if document.bytes[end] == 0x5d || document.bytes[end] == 0x7d { open -= 1 }
      end += 1
    }
    return document.bytes[node.start..<end]
  }

  /// The truth value.
  package var boolean: Bool? { kind == .boolean ? source.first == 0x74 : nil }

  /// The number, also one that is not finite, or stands in a string, as `"-inf"` and `"nan"` do
  /// where a program keeps to the standard.
  ///
  /// Read without regard to the locale, to the nearest double.
  package var number: Double? {
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
  package var integer: Int? {
    guard kind == .number, let number, abs(number) < 9e15, number.rounded(.towardZero) == number
    else { return nil }
    return Int(number)
  }

  /// The bytes of a string, and whether they are exact; see ``JSONString``.
  package var string: JSONString? {
    kind == .string ? JSONString(escaped: source.dropFirst().dropLast()) : nil
  }

  /// A string as text.
  package var text: String? { string.map { String(decoding: $0.bytes, as: UTF8.self) } }

  /// The values of an array; none of anything else.
  package var elements: Children { Children(parent: self, isObject: false) }

  /// The number of values in an array.
  package var count: Int { elements.reduce(0) { count, _ in count + 1 } }

  /// The last member called `key` of an object; nil if there is none or the item is not an object.
  package subscript(_ key: String) -> JSONItem? {
    guard kind == .object else { return nil }
    var found: JSONItem?
    var names = Children(parent: self, isObject: true).makeIterator()
    while let name = names.next(), let value = names.next() {
      if name.source.dropFirst().dropLast().elementsEqual(key.utf8) { found = value }
    }
    return found
  }

  /// The names of an object's members with their values.
  package var members: [(name: JSONItem, value: JSONItem)] {
    var result: [(JSONItem, JSONItem)] = []
    var items = Children(parent: self, isObject: true).makeIterator()
    while let name = items.next(), let value = items.next() { result.append((name, value)) }
    return result
  }

  /// The values directly in a value.
  package struct Children: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private let end: Int
    private var position: Int

    package init(parent: JSONItem, isObject: Bool) {
      document = parent.document
      let holds = parent.kind == (isObject ? .object : .array)
      position = parent.index + 1
      end = holds ? document.nodes[parent.index].next : position
    }

    package mutating func next() -> JSONItem? {
      guard position < end else { return nil }
      defer { position = document.nodes[position].next }
      return JSONItem(document: document, index: position)
    }
  }
}

/// A well-formed JSON text: its bytes and where each value stands in them.
package final class JSONDocument: Sendable {
  /// A value.
  package struct Node: BitwiseCopyable, Sendable {
    package var kind: JSONItem.Kind
    /// The byte of the document where it begins.
    package var start: Int
    /// The byte where it ends; of arrays and objects, the end of their first byte.
    package var end: Int
    /// The value after it and all that is in it.
    package var next: Int
  }

  /// The text.
  package let bytes: [UInt8]

  /// The byte of the file where the text begins.
  package let byteOffset: Int

  /// The line of the file that it begins on, from 1.
  package let line: Int

  package let nodes: [Node]

  package init(bytes: [UInt8], byteOffset: Int, line: Int, nodes: [Node]) {
    self.bytes = bytes
    self.byteOffset = byteOffset
    self.line = line
    self.nodes = nodes
  }

  /// The value that the text is.
  package var root: JSONItem { JSONItem(document: self, index: 0) }
}
