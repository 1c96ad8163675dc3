/// The share of right predictions at each confidence: the data of a reliability diagram.
///
/// Confidence is the probability of the class that a prediction holds for likeliest. The bins are
/// equally wide, open below and closed above, as (0, 0.1], (0.1, 0.2], …; 0 is in the first.
/// (Guo et al. 2017, section 2.)
package struct Calibration: Sendable, Equatable {
  /// The predictions whose confidence is in one range.
  package struct Bin: Sendable, Equatable {
    /// The confidences that it holds, without the lower end.
    package var range: ClosedRange<Double>
    /// The number of predictions in the bin.
    package var count = 0
    /// The number of these that are right.
    package var correctCount = 0
    var weight = CompensatedSum()
    var correctWeight = CompensatedSum()
    var confidenceSum = CompensatedSum()

    /// The mean confidence; NaN where the bin is empty.
    package var meanConfidence: Double { confidenceSum.value / weight.value }
    /// The share that is right; NaN where the bin is empty.
    package var accuracy: Double { correctWeight.value / weight.value }
  }

  /// The bins, the least confident first.
  package private(set) var bins: [Bin]

  /// Empty bins.
  package init(binCount: Int) {
    precondition(binCount > 0, "there must be at least one bin")
    bins = (0..<binCount).map { index in
      Bin(range: Double(index) / Double(binCount)...Double(index + 1) / Double(binCount))
    }
  }

  /// Adds a prediction.
  package mutating func add(confidence: Double, isCorrect: Bool, weight: Double = 1) {
    var index = min(bins.count - 1, max(0, Int(confidence * Double(bins.count))))
    if index > 0 && confidence <= bins[index].range.lowerBound { index -= 1 }
    bins[index].count += 1
    bins[index].correctCount += isCorrect ? 1 : 0
    bins[index].weight.add(weight)
    if isCorrect { bins[index].correctWeight.add(weight) }
    bins[index].confidenceSum.add(weight * confidence)
  }

  /// Adds the predictions of another with as many bins.
  package mutating func merge(_ other: Self) {
    for index in bins.indices {
      bins[index].count += other.bins[index].count
      bins[index].correctCount += other.bins[index].correctCount
      bins[index].weight.add(other.bins[index].weight)
      bins[index].correctWeight.add(other.bins[index].correctWeight)
      bins[index].confidenceSum.add(other.bins[index].confidenceSum)
    }
  }

  /// The expected calibration error: Σ share of the bin · |accuracy − mean confidence|, from 0 to 1.
  package var expectedError: Double {
    let total = bins.reduce(0) { $0 + $1.weight.value }
    return bins.reduce(0) { sum, bin in
      bin.count == 0
        ? sum
        : sum + bin.weight.value / total * (bin.accuracy - bin.meanConfidence).magnitude
    }
  }
}
