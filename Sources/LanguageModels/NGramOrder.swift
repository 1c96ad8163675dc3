/// The lengths that an n-gram can have.
package enum NGramOrder {
  /// The greatest order of a model.
  ///
  /// A bound that is known beforehand lets a history's contexts stand in arrays of a fixed size,
  /// without allocation. No published model is longer: Google's counts end at 5, and on text the
  /// gain of orders above 7 for words, and 12 for characters, is below a hundredth of a bit.
  package static let maximum = 16

  /// All orders: 1 to ``maximum``.
  package static let all = 1...maximum
}
