/// Ranges of whole numbers that follow one another, the last without end.
public struct Bands: Sendable, Equatable {
  /// The least number of each band, the first band's first.
  private let starts: [Int]

  /// Bands that begin at these numbers, which grow.
  init(_ starts: [Int]) { self.starts = starts }

  /// How often an n-gram occurs in training: one by one where a smoothing method tells counts apart.
  public static let trainingCounts = Bands([0, 1, 2, 3, 4, 5, 10, 100, 1000, 10_000])

  /// How often a word occurs in training, by powers of ten.
  public static let frequencies = Bands([0, 1, 2, 10, 100, 1000, 10_000])

  /// The tokens of a line, its end among them.
  public static let lineLengths = Bands([1, 2, 6, 11, 21, 41, 81, 161])

  /// The place of a token in its line, the first being 1.
  public static let linePositions = Bands([1, 2, 3, 4, 5, 6, 11, 21, 41, 81])

  /// The number of bands.
  public var count: Int { starts.count }

  /// The least number of the last band.
  var lastStart: Int { starts[starts.count - 1] }

  /// The band that `number` is in; the first for those below it.
  public func index(of number: Int) -> Int {
    max(0, (starts.firstIndex { $0 > number } ?? starts.count) - 1)
  }

  /// The name of a band, as `3`, `5-9` or `10000+`.
  public func key(_ index: Int) -> String {
    guard index + 1 < starts.count else { return "\(starts[index])+" }
    let last = starts[index + 1] - 1
    return last == starts[index] ? "\(last)" : "\(starts[index])-\(last)"
  }
}
