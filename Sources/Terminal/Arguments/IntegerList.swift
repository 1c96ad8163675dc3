/// Whole numbers with commas between them, such as the count cut-offs `0,0,1`.
package struct IntegerList: ArgumentValue, Hashable, Sendable, ExpressibleByArrayLiteral {
  /// The numbers, in the order written.
  package var values: [Int]

  /// Wraps the numbers.
  package init(_ values: [Int]) { self.values = values }

  /// Wraps the numbers of a literal.
  package init(arrayLiteral elements: Int...) { values = elements }

  /// Numbers with commas.
  package static var placeholder: String { "N,N,..." }

  /// Said of a word that is not such a list.
  package static var expectation: String { "whole numbers with commas between them, such as 0,0,1" }

  /// Reads at least one number; white space is not allowed.
  package init?(argument: String) {
    values = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Int(part) else { return nil }
      values.append(value)
    }
  }

  /// The numbers with commas between them.
  package var argument: String { values.map(String.init).joined(separator: ",") }
}
