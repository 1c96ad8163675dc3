import RealFunctions

/// Tells whether softmax was, or will be, applied to numbers that are probabilities already.
///
/// Logits that sum to one in every row, none of them below 0, are probabilities. Softmax makes of
/// probabilities rows whose greatest number is at most e times the smallest: the logarithms of such a
/// row, moved to sum to one, are the probabilities it was made of. Uncertain predictions are such rows
/// as well, so that all rows must be, and one of them of a certain prediction.
struct RepeatedSoftmax: Sendable {
  /// The mistake that the numbers show.
  enum Finding: String {
    case logitsAreProbabilities = "logits_are_probabilities"
    case probabilitiesOfProbabilities = "probabilities_of_probabilities"
  }

  private var rows = 0
  private var fits = true
  /// The most certain prediction.
  private var largest = 0.0
  private var smallest = 1.0
  private let areLogits: Bool

  init(areLogits: Bool) { self.areLogits = areLogits }

  /// Adds a row of numbers of classes, or the number of the label 1.
  mutating func add(_ values: Span<Double>) {
    guard fits else { return }
    rows += 1
    var (low, high, sum) = (Double.infinity, -Double.infinity, 0.0)
    for index in values.indices {
      low = min(low, values[index])
      high = max(high, values[index])
      sum += values[index]
    }
    if areLogits {
      fits = low >= 0 && high <= 1 && (values.count == 1 || (sum - 1).magnitude < 1e-4)
      smallest = min(smallest, low)
      largest = max(largest, high)
    } else if values.count == 1 {
      // 1 / (1 + exp(-p)) of p from 0 to 1.
      fits = low > 0.4999 && high < 0.7312
      smallest = min(smallest, low)
      largest = max(largest, log(high / (1 - high)))
    } else {
      fits = low > 0 && high <= low * 2.74
      guard fits else { return }
      var logarithms = 0.0
      for index in values.indices { logarithms += log(values[index]) }
      let shift = (1 - logarithms) / Double(values.count)
      fits = log(low) + shift > -0.01
      largest = max(largest, log(high) + shift)
    }
  }

  /// Adds the rows of another.
  mutating func merge(_ other: Self) {
    rows += other.rows
    fits = fits && other.fits
    largest = max(largest, other.largest)
    smallest = min(smallest, other.smallest)
  }

  /// The mistake; nil where there is none, or too few rows to tell.
  ///
  /// `classCount` is 1 where a row has the number of the label 1 alone.
  func finding(classCount: Int) -> Finding? {
    guard fits else { return nil }
    if areLogits {
      // Lone numbers between 0 and 1 may be logits by chance, and of a few rows.
      let isEnough = classCount > 1 ? rows > 0 : rows >= 10 && smallest < 0.1 && largest > 0.9
      return isEnough ? .logitsAreProbabilities : nil
    }
    let reachesZero = classCount > 1 || smallest < 0.51
    return rows >= 10 && largest > 0.97 && reachesZero ? .probabilitiesOfProbabilities : nil
  }
}
