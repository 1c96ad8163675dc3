/// Consecutive ranges of whole numbers; the last has no upper end.
package struct Bands: Sendable, Equatable {
  /// The smallest number of each band.
  private let starts: [Int]

  /// Bands that begin at the numbers `starts`, in increasing order.
  init(_ starts: [Int]) { self.starts = starts }

  /// Bands of an n-gram's training count; small counts, which smoothing methods treat separately,
  /// have a band each.
  package static let trainingCounts = Bands([0, 1, 2, 3, 4, 5, 10, 100, 1000, 10_000])

  /// Bands of a word's training count, by powers of ten.
  package static let frequencies = Bands([0, 1, 2, 10, 100, 1000, 10_000])

  /// Bands of the number of tokens in a line, its end included.
  package static let lineLengths = Bands([1, 2, 6, 11, 21, 41, 81, 161])

  /// Bands of a token's position in its line, from 1.
  package static let linePositions = Bands([1, 2, 3, 4, 5, 6, 11, 21, 41, 81])

  /// The number of bands.
  package var count: Int { starts.count }

  /// The smallest number of the last band.
  var lastStart: Int { starts[starts.count - 1] }

  /// The index of the band that contains `number`; the first band for smaller numbers.
  package func index(of number: Int) -> Int {
    max(0, (starts.firstIndex { $0 > number } ?? starts.count) - 1)
  }

  /// The name of a band: `3`, `5-9` or `10000+`.
  package func key(_ index: Int) -> String {
    guard index + 1 < starts.count else { return "\(starts[index])+" }
    let last = starts[index + 1] - 1
    return last == starts[index] ? "\(last)" : "\(starts[index])-\(last)"
  }
}
