/// The members of a JSON object, in their order.
///
/// ```swift
/// var object: JSONObject = ["tokens": 12]
/// object["perplexity"] = .double(8)
/// JSONValue.object(object).description  // {"tokens":12,"perplexity":8.0}
/// ```
package struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// A named value.
  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONValue
  }

  package private(set) var members: [Member]

  /// The members, in the order of `pairs`.
  package init(_ pairs: some Sequence<(String, JSONValue)>) {
    members = pairs.map { Member(name: $0, value: $1) }
  }

  /// The members, in the order of the literal.
  package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

  /// The value called `name`, or `null`; setting a new name appends it.
  package subscript(name: String) -> JSONValue {
    get { members.first { $0.name == name }?.value ?? .null }
    set {
      if let index = members.firstIndex(where: { $0.name == name }) {
        members[index].value = newValue
      } else {
        members.append(Member(name: name, value: newValue))
      }
    }
  }

  /// The members of `left`, then those of `right`.
  package static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum += right
    return sum
  }

  /// Appends the members of `right`.
  package static func += (left: inout Self, right: Self) { left.members += right.members }
}
