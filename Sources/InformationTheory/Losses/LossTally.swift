import RealFunctions

/// Adds up the losses of predictions, row by row, in memory that does not grow with the rows.
///
/// Rows are taken as they come; ``RowFault`` tells beforehand what is wrong with one. Tallies of parts
/// of a file that are merged in the file's order give the same summary however many threads made them.
///
/// - Complexity: O(classes) a row, some of them logarithms or powers of e; no allocation.
package struct LossTally: Sendable {
  private let options: LossOptions
  private var probabilities: [Double]
  private var sums = Sums()
  private var classes: [ClassSums]
  private var calibration: Calibration
  private var costliest: [LossSummary.CostlyRow] = []
  /// The loss that a row must exceed to be among them.
  private var costliestThreshold = -Double.infinity
  private var rows = 0
  private var correctRows = 0
  private var zeroRows = 0
  private var firstZeroRow: Int?
  private var flooredRows = 0

  /// An empty tally.
  package init(classCount: Int, options: LossOptions) {
    precondition(classCount >= 2, "there must be at least two classes")
    self.options = options
    probabilities = [Double](repeating: 0, count: classCount)
    classes = [ClassSums](repeating: ClassSums(), count: classCount)
    calibration = Calibration(binCount: options.calibrationBins)
    costliest.reserveCapacity(2 * options.costliestCount)
  }

  private struct Sums {
    var loss = CompensatedSum()
    var unfloored = CompensatedSum()
    var smoothed = CompensatedSum()
    var focal = CompensatedSum()
    var brier = CompensatedSum()
    var gradient = CompensatedSum()
    var squaredGradient = CompensatedSum()

    mutating func add(_ other: Self) {
      loss.add(other.loss)
      unfloored.add(other.unfloored)
      smoothed.add(other.smoothed)
      focal.add(other.focal)
      brier.add(other.brier)
      gradient.add(other.gradient)
      squaredGradient.add(other.squaredGradient)
    }
  }

  private struct ClassSums {
    var rows = 0
    var correct = 0
    var predicted = 0
    var loss = CompensatedSum()
    var brier = CompensatedSum()
    var probability = CompensatedSum()
  }

  /// The logarithms that a row needs: from logits they are more exact than those of its probabilities.
  private enum Logarithms {
    /// −log *p* is computed.
    case ofProbabilities
    /// −log *p* is log Σ exp of the logits' differences to the largest, less the logit's own: the
    /// largest, beside which a difference would lose its digits, does not enter.
    case ofLogits(largest: Double, logSum: Double)
    /// −log *p* of the two classes.
    case known(zero: Double, one: Double)
  }

  // MARK: Rows

  /// Adds a label, a number from 0 to the number of classes − 1, and the probability of each class.
  package mutating func add(label: Int, probabilities given: Span<Double>, row: Int) {
    for index in given.indices { probabilities[index] = given[index] }
    add(label, nil, given, .ofProbabilities, row)
  }

  /// Adds a label and the logit of each class.
  package mutating func add(label: Int, logits: Span<Double>, row: Int) {
    add(label, nil, logits, setProbabilities(logits), row)
  }

  /// Adds soft targets, which sum to one, and the probability of each class.
  package mutating func add(target: Span<Double>, probabilities given: Span<Double>, row: Int) {
    for index in given.indices { probabilities[index] = given[index] }
    add(Self.largest(target), target, given, .ofProbabilities, row)
  }

  /// Adds soft targets, which sum to one, and the logit of each class.
  package mutating func add(target: Span<Double>, logits: Span<Double>, row: Int) {
    add(Self.largest(target), target, logits, setProbabilities(logits), row)
  }

  /// Adds a label, 0 or 1, and the probability of the label 1.
  package mutating func add(label: Int, positiveProbability: Double, row: Int) {
    probabilities[0] = 1 - positiveProbability
    probabilities[1] = positiveProbability
    add(
      label,
      nil,
      Span(),
      .known(
        zero: CrossEntropyLoss.binaryNats(label: 0, probability: positiveProbability),
        one: CrossEntropyLoss.binaryNats(label: 1, probability: positiveProbability)
      ),
      row
    )
  }

  /// Adds a label, 0 or 1, and the logarithm of the odds of the label 1.
  package mutating func add(label: Int, positiveLogit: Double, row: Int) {
    probabilities[0] = Logits.sigmoid(-positiveLogit)
    probabilities[1] = Logits.sigmoid(positiveLogit)
    add(
      label,
      nil,
      Span(),
      .known(
        zero: CrossEntropyLoss.binaryNats(label: 0, logit: positiveLogit),
        one: CrossEntropyLoss.binaryNats(label: 1, logit: positiveLogit)
      ),
      row
    )
  }

  private mutating func setProbabilities(_ logits: Span<Double>) -> Logarithms {
    let peak = Self.largest(logits)
    let largest = logits[peak]
    var others = 0.0
    for index in logits.indices where index != peak { others += exp(logits[index] - largest) }
    let logSum = log1p(others)
    for index in logits.indices { probabilities[index] = exp(logits[index] - largest - logSum) }
    return .ofLogits(largest: largest, logSum: logSum)
  }

  /// The class under whose figures a row of soft targets comes: the first of the greatest target.
  package static func largest(_ values: Span<Double>) -> Int {
    var best = 0
    for index in values.indices where values[index] > values[best] { best = index }
    return best
  }

  private mutating func add(
    _ label: Int,
    _ target: Span<Double>?,
    _ given: Span<Double>,
    _ logarithms: Logarithms,
    _ row: Int
  ) {
    add(losses(label, target, given, logarithms), label: label, row: row)
  }

  /// The figures of one row.
  private struct RowLosses {
    /// −Σ t log p, with p raised to the floor.
    var loss = 0.0
    /// −Σ t log p.
    var unfloored = 0.0
    /// The loss against targets that are mixed with the uniform distribution.
    var smoothed = 0.0
    /// −Σ t (1 − p)^γ log p.
    var focal = 0.0
    /// Σ (p − t)².
    var brier = 0.0
    /// The square of the norm of the squared error's gradient, but for the factor 2 / K.
    var squaredGradient = 0.0
    /// The most probable class, the first of several.
    var predicted = 0
  }

  private func losses(
    _ label: Int,
    _ target: Span<Double>?,
    _ given: Span<Double>,
    _ logarithms: Logarithms
  ) -> RowLosses {
    let count = probabilities.count
    let floor = options.floor ?? 0
    let spread = options.labelSmoothing / Double(count)
    var losses = RowLosses()
    var differenceTimesProbability = 0.0
    for index in 0..<count {
      let p = probabilities[index]
      let t: Double = if let target { target[index] } else { index == label ? 1 : 0 }
      if p > probabilities[losses.predicted] { losses.predicted = index }
      let difference = p - t
      losses.brier += difference * difference
      differenceTimesProbability += difference * p
      guard t > 0 || spread > 0 else { continue }
      let nats =
        switch logarithms {
        case .ofProbabilities: CrossEntropyLoss.naturalInformation(p)
        case .ofLogits(let largest, let logSum): logSum - (given[index] - largest)
        case .known(let zero, let one): index == 0 ? zero : one
        }
      let floored = p < floor ? -log(floor) : nats
      losses.smoothed += ((1 - options.labelSmoothing) * t + spread) * floored
      guard t > 0 else { continue }
      losses.loss += t * floored
      losses.unfloored += t * nats
      losses.focal += p < 1 ? t * FocalLoss.weight(p, gamma: options.focalGamma) * floored : 0
    }
    for index in 0..<count {
      let t: Double = if let target { target[index] } else { index == label ? 1 : 0 }
      let p = probabilities[index]
      let slope = p * (p - t - differenceTimesProbability)
      losses.squaredGradient += slope * slope
    }
    return losses
  }

  private mutating func add(_ losses: RowLosses, label: Int, row: Int) {
    let loss = losses.loss
    rows += 1
    sums.loss.add(loss)
    sums.unfloored.add(losses.unfloored)
    sums.smoothed.add(losses.smoothed)
    sums.focal.add(losses.focal)
    sums.brier.add(losses.brier)
    sums.gradient.add(losses.brier.squareRoot())
    sums.squaredGradient.add(
      losses.squaredGradient.squareRoot() * 2 / Double(probabilities.count)
    )
    let isCorrect = losses.predicted == label
    if isCorrect { correctRows += 1 }
    calibration.add(confidence: probabilities[losses.predicted], isCorrect: isCorrect)
    if losses.unfloored == .infinity {
      zeroRows += 1
      if firstZeroRow == nil { firstZeroRow = row }
    }
    if loss != losses.unfloored { flooredRows += 1 }
    classes[losses.predicted].predicted += 1
    classes[label].rows += 1
    classes[label].correct += isCorrect ? 1 : 0
    classes[label].loss.add(loss)
    classes[label].brier.add(losses.brier)
    classes[label].probability.add(probabilities[label])
    if options.costliestCount > 0 && loss > costliestThreshold {
      keep(
        .init(row: row, label: label, probability: probabilities[label], lossNats: loss)
      )
    }
  }

  /// Keeps a row that may be among the costliest.
  ///
  /// They are sorted when there are twice as many as are wanted, so that a row takes O(log rows).
  private mutating func keep(_ row: LossSummary.CostlyRow) {
    costliest.append(row)
    guard costliest.count >= 2 * options.costliestCount else { return }
    costliest = sortedCostliest
    costliestThreshold = costliest.last?.lossNats ?? .infinity
  }

  /// The costliest rows, the costliest first, then the earliest.
  private var sortedCostliest: [LossSummary.CostlyRow] {
    Array(
      costliest.sorted { (-$0.lossNats, $0.row) < (-$1.lossNats, $1.row) }
        .prefix(options.costliestCount)
    )
  }

  // MARK: Results

  /// Adds the rows of another tally with the same classes and options, which come after these.
  package mutating func merge(_ later: LossTally) {
    precondition(later.classes.count == classes.count, "tallies must be of the same classes")
    sums.add(later.sums)
    rows += later.rows
    correctRows += later.correctRows
    zeroRows += later.zeroRows
    firstZeroRow = firstZeroRow ?? later.firstZeroRow
    flooredRows += later.flooredRows
    calibration.merge(later.calibration)
    for row in later.costliest where row.lossNats > costliestThreshold { keep(row) }
    for index in classes.indices {
      classes[index].rows += later.classes[index].rows
      classes[index].correct += later.classes[index].correct
      classes[index].predicted += later.classes[index].predicted
      classes[index].loss.add(later.classes[index].loss)
      classes[index].brier.add(later.classes[index].brier)
      classes[index].probability.add(later.classes[index].probability)
    }
  }

  /// The figures of all rows so far; without rows, NaN.
  package var summary: LossSummary {
    let count = Double(rows)
    return LossSummary(
      rows: rows,
      crossEntropyNats: sums.loss.value / count,
      smoothedCrossEntropyNats: options.labelSmoothing > 0 ? sums.smoothed.value / count : nil,
      focalNats: sums.focal.value / count,
      accuracy: Double(correctRows) / count,
      brier: sums.brier.value / count,
      meanSquaredError: sums.brier.value / count / Double(classes.count),
      gradientNorm: sums.gradient.value / count,
      squaredErrorGradientNorm: sums.squaredGradient.value / count,
      calibration: calibration,
      classes: classes.map { sums in
        let count = Double(sums.rows)
        return .init(
          rows: sums.rows,
          crossEntropyNats: sums.loss.value / count,
          recall: Double(sums.correct) / count,
          precision: Double(sums.correct) / Double(sums.predicted),
          brier: sums.brier.value / count,
          meanProbability: sums.probability.value / count
        )
      },
      costliest: sortedCostliest,
      zeroProbabilityRows: zeroRows,
      firstZeroProbabilityRow: firstZeroRow,
      floorEffect: options.floor.map { _ in
        .init(rows: flooredRows, crossEntropyNats: sums.unfloored.value / count)
      }
    )
  }
}
