import RealFunctions

/// Adds up the losses of predictions, row by row, in memory that does not grow with the rows.
///
/// Rows are taken as they come; ``RowFault`` tells beforehand what is wrong with one. Tallies of parts
/// of a file that are merged in the file's order give the same summary however many threads made them.
///
/// A row may have a weight. Every figure is then a weighted mean, Σ *w x* / Σ *w*. The weights of
/// classes, ``LossOptions/classWeights``, are those of cross-entropy, smoothed and focal loss alone.
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
  private var zeroRows = 0
  private var firstZeroRow: Int?
  private var flooredRows = 0

  /// An empty tally.
  package init(classCount: Int, options: LossOptions) {
    precondition(classCount >= 2, "there must be at least two classes")
    precondition(
      options.classWeights.isEmpty || options.classWeights.count == classCount,
      "there must be a weight for each class"
    )
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
    var correct = CompensatedSum()
    /// The weights of rows.
    var weight = CompensatedSum()
    /// The weights of rows times those of their classes.
    var lossWeight = CompensatedSum()

    mutating func add(_ other: Self) {
      loss.add(other.loss)
      unfloored.add(other.unfloored)
      smoothed.add(other.smoothed)
      focal.add(other.focal)
      brier.add(other.brier)
      gradient.add(other.gradient)
      squaredGradient.add(other.squaredGradient)
      correct.add(other.correct)
      weight.add(other.weight)
      lossWeight.add(other.lossWeight)
    }
  }

  private struct ClassSums {
    var rows = 0
    var weight = CompensatedSum()
    var correct = CompensatedSum()
    var predicted = CompensatedSum()
    var loss = CompensatedSum()
    var brier = CompensatedSum()
    var probability = CompensatedSum()
  }

  // MARK: Rows

  /// Adds a label, a number from 0 to the number of classes − 1, and the probability of each class.
  package mutating func add(
    label: Int,
    probabilities given: Span<Double>,
    row: Int,
    weight: Double = 1
  ) {
    for index in given.indices { probabilities[index] = given[index] }
    add(label, nil, given, .ofProbabilities, row, weight)
  }

  /// Adds a label and the logit of each class.
  package mutating func add(
    label: Int,
    logits: Span<Double>,
    row: Int,
    weight: Double = 1
  ) {
    add(label, nil, logits, setProbabilities(logits), row, weight)
  }

  /// Adds soft targets, which sum to one, and the probability of each class.
  package mutating func add(
    target: Span<Double>,
    probabilities given: Span<Double>,
    row: Int,
    weight: Double = 1
  ) {
    for index in given.indices { probabilities[index] = given[index] }
    add(Self.largest(target), target, given, .ofProbabilities, row, weight)
  }

  /// Adds soft targets, which sum to one, and the logit of each class.
  package mutating func add(
    target: Span<Double>,
    logits: Span<Double>,
    row: Int,
    weight: Double = 1
  ) {
    add(Self.largest(target), target, logits, setProbabilities(logits), row, weight)
  }

  /// Adds a label, 0 or 1, and the probability of the label 1.
  package mutating func add(
    label: Int,
    positiveProbability: Double,
    row: Int,
    weight: Double = 1
  ) {
    let logarithms = setPositive(probability: positiveProbability)
    add(label, nil, Span(), logarithms, row, weight)
  }

  /// Adds a label, 0 or 1, and the logarithm of the odds of the label 1.
  package mutating func add(label: Int, positiveLogit: Double, row: Int, weight: Double = 1) {
    let logarithms = setPositive(logit: positiveLogit)
    add(label, nil, Span(), logarithms, row, weight)
  }

  /// Adds the probability of the label 1, and the target of it: the probability that it should be.
  package mutating func add(
    positiveTarget target: Double,
    positiveProbability: Double,
    row: Int,
    weight: Double = 1
  ) {
    let logarithms = setPositive(probability: positiveProbability)
    add(positiveTarget: target, logarithms, row, weight)
  }

  /// Adds the logarithm of the odds of the label 1, and the target of the label 1.
  package mutating func add(
    positiveTarget target: Double,
    positiveLogit: Double,
    row: Int,
    weight: Double = 1
  ) {
    let logarithms = setPositive(logit: positiveLogit)
    add(positiveTarget: target, logarithms, row, weight)
  }

  private mutating func add(
    positiveTarget target: Double,
    _ logarithms: RowLosses.Logarithms,
    _ row: Int,
    _ weight: Double
  ) {
    if target == 0 || target == 1 {
      add(Int(target), nil, Span(), logarithms, row, weight)
    } else {
      let targets = [1 - target, target]
      add(Self.largest(targets.span), targets.span, Span(), logarithms, row, weight)
    }
  }

  private mutating func setPositive(probability: Double) -> RowLosses.Logarithms {
    probabilities[0] = 1 - probability
    probabilities[1] = probability
    return .known(
      zero: CrossEntropyLoss.binaryNats(label: 0, probability: probability),
      one: CrossEntropyLoss.binaryNats(label: 1, probability: probability)
    )
  }

  private mutating func setPositive(logit: Double) -> RowLosses.Logarithms {
    probabilities[0] = Logits.sigmoid(-logit)
    probabilities[1] = Logits.sigmoid(logit)
    return .known(
      zero: CrossEntropyLoss.binaryNats(label: 0, logit: logit),
      one: CrossEntropyLoss.binaryNats(label: 1, logit: logit)
    )
  }

  private mutating func setProbabilities(_ logits: Span<Double>) -> RowLosses.Logarithms {
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
    _ logarithms: RowLosses.Logarithms,
    _ row: Int,
    _ weight: Double
  ) {
    // A row of no weight may have an infinite loss, which is none of the mean.
    guard weight > 0 else {
      rows += 1
      classes[label].rows += 1
      return
    }
    let classWeights = options.classWeights
    sums.lossWeight.add(
      target == nil && !classWeights.isEmpty ? weight * classWeights[label] : weight
    )
    let losses = RowLosses(
      label: label,
      target: target,
      given: given,
      logarithms,
      probabilities.span,
      options
    )
    add(losses, label: label, row: row, weight)
  }

  private mutating func add(_ losses: RowLosses, label: Int, row: Int, _ weight: Double) {
    let loss = losses.loss
    rows += 1
    sums.weight.add(weight)
    sums.loss.add(weight * losses.weighted)
    sums.unfloored.add(weight * losses.unfloored)
    sums.smoothed.add(weight * losses.smoothed)
    sums.focal.add(weight * losses.focal)
    sums.brier.add(weight * losses.brier)
    sums.gradient.add(weight * losses.brier.squareRoot())
    sums.squaredGradient.add(
      weight * losses.squaredGradient.squareRoot() * 2 / Double(probabilities.count)
    )
    let isCorrect = losses.predicted == label
    if isCorrect { sums.correct.add(weight) }
    calibration.add(
      confidence: probabilities[losses.predicted],
      isCorrect: isCorrect,
      weight: weight
    )
    if losses.unfloored == .infinity {
      zeroRows += 1
      if firstZeroRow == nil { firstZeroRow = row }
    }
    if losses.weighted != losses.unfloored { flooredRows += 1 }
    classes[losses.predicted].predicted.add(weight)
    classes[label].rows += 1
    classes[label].weight.add(weight)
    if isCorrect { classes[label].correct.add(weight) }
    classes[label].loss.add(weight * loss)
    classes[label].brier.add(weight * losses.brier)
    classes[label].probability.add(weight * probabilities[label])
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
    zeroRows += later.zeroRows
    firstZeroRow = firstZeroRow ?? later.firstZeroRow
    flooredRows += later.flooredRows
    calibration.merge(later.calibration)
    for row in later.costliest where row.lossNats > costliestThreshold { keep(row) }
    for index in classes.indices {
      classes[index].rows += later.classes[index].rows
      classes[index].weight.add(later.classes[index].weight)
      classes[index].correct.add(later.classes[index].correct)
      classes[index].predicted.add(later.classes[index].predicted)
      classes[index].loss.add(later.classes[index].loss)
      classes[index].brier.add(later.classes[index].brier)
      classes[index].probability.add(later.classes[index].probability)
    }
  }

  /// The figures of all rows so far; without rows, or without weight, NaN.
  package var summary: LossSummary {
    let count = sums.weight.value
    let lossCount = sums.lossWeight.value
    return LossSummary(
      rows: rows,
      weight: count,
      crossEntropyNats: sums.loss.value / lossCount,
      smoothedCrossEntropyNats: options.labelSmoothing > 0 ? sums.smoothed.value / lossCount : nil,
      focalNats: sums.focal.value / lossCount,
      accuracy: sums.correct.value / count,
      brier: sums.brier.value / count,
      meanSquaredError: sums.brier.value / count / Double(classes.count),
      gradientNorm: sums.gradient.value / count,
      squaredErrorGradientNorm: sums.squaredGradient.value / count,
      calibration: calibration,
      classes: classes.map { sums in
        let count = sums.weight.value
        return .init(
          rows: sums.rows,
          crossEntropyNats: sums.loss.value / count,
          recall: sums.correct.value / count,
          precision: sums.correct.value / sums.predicted.value,
          brier: sums.brier.value / count,
          meanProbability: sums.probability.value / count
        )
      },
      costliest: sortedCostliest,
      zeroProbabilityRows: zeroRows,
      firstZeroProbabilityRow: firstZeroRow,
      floorEffect: options.floor.map { _ in
        .init(rows: flooredRows, crossEntropyNats: sums.unfloored.value / lossCount)
      }
    )
  }
}
