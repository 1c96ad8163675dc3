import RealFunctions

/// Adds up what students lose to their teachers, row by row: ``DistillationLoss`` over a file.
///
/// Teacher and student are given in one form, both as logits or both as probabilities; the logits of
/// probabilities are their logarithms, so that a temperature *T* makes p^(1/*T*) / Σ p^(1/*T*) of
/// them. Rows are taken as they come; ``RowFault`` tells beforehand what is wrong with one.
///
/// - Complexity: O(classes) a row, some powers of e for each; no allocation.
package struct DistillationTally: Sendable {
  private let temperature: Double
  /// The teacher's and the student's log-probabilities of a row, flattened.
  private var goal: [Double]
  private var reached: [Double]
  private var divergence = CompensatedSum()
  private var gradient = CompensatedSum()
  private var entropy = CompensatedSum()
  private var classes: [ClassSums]
  private var weights = CompensatedSum()
  private var agreement = CompensatedSum()
  private var infiniteRows = 0
  private var firstInfiniteRow: Int?

  private struct ClassSums {
    var weight = CompensatedSum()
    var divergence = CompensatedSum()
  }

  /// An empty tally of a temperature above 0.
  package init(classCount: Int, temperature: Double) {
    precondition(classCount >= 2, "there must be at least two classes")
    precondition(temperature > 0, "a temperature must be above 0, not \(temperature)")
    self.temperature = temperature
    goal = [Double](repeating: 0, count: classCount)
    reached = goal
    classes = [ClassSums](repeating: ClassSums(), count: classCount)
  }

  // MARK: Rows

  /// Adds the logits of both; `label` is the class under whose figures the row comes.
  package mutating func add(
    teacher: Span<Double>,
    student: Span<Double>,
    label: Int,
    row: Int,
    weight: Double = 1
  ) {
    for index in teacher.indices {
      goal[index] = teacher[index]
      reached[index] = student[index]
    }
    addLogits(label, row, weight)
  }

  /// Adds the probabilities of both, each of which sum to one.
  package mutating func add(
    teacherProbabilities teacher: Span<Double>,
    studentProbabilities student: Span<Double>,
    label: Int,
    row: Int,
    weight: Double = 1
  ) {
    for index in teacher.indices {
      goal[index] = log(teacher[index])
      reached[index] = log(student[index])
    }
    addLogits(label, row, weight)
  }

  /// Adds the logits of the label 1 of both, which may be infinite either way.
  package mutating func add(
    teacherPositiveLogit teacher: Double,
    studentPositiveLogit student: Double,
    label: Int,
    row: Int,
    weight: Double = 1
  ) {
    goal[0] = -Logits.softplus(teacher / temperature)
    goal[1] = -Logits.softplus(-teacher / temperature)
    reached[0] = -Logits.softplus(student / temperature)
    reached[1] = -Logits.softplus(-student / temperature)
    addLogarithms(label, row, weight)
  }

  /// Adds the probability of the label 1 of both.
  package mutating func add(
    teacherPositiveProbability teacher: Double,
    studentPositiveProbability student: Double,
    label: Int,
    row: Int,
    weight: Double = 1
  ) {
    add(
      teacherPositiveLogit: log(teacher) - log1p(-teacher),
      studentPositiveLogit: log(student) - log1p(-student),
      label: label,
      row: row,
      weight: weight
    )
  }

  private mutating func addLogits(_ label: Int, _ row: Int, _ weight: Double) {
    Self.flatten(&goal, temperature)
    Self.flatten(&reached, temperature)
    addLogarithms(label, row, weight)
  }

  /// Makes logits the log-probabilities of a temperature.
  private static func flatten(_ logits: inout [Double], _ temperature: Double) {
    var largest = -Double.infinity
    for value in logits { largest = max(largest, value) }
    var sum = 0.0
    for index in logits.indices {
      // Differences first: the quotient of a huge logit and a small temperature would overflow.
      logits[index] = (logits[index] - largest) / temperature
      sum += exp(logits[index])
    }
    let logSum = log(sum)
    for index in logits.indices { logits[index] -= logSum }
  }

  private mutating func addLogarithms(_ label: Int, _ row: Int, _ weight: Double) {
    var (loss, squares, surprise) = (0.0, 0.0, 0.0)
    var (likeliest, chosen) = (0, 0)
    for index in goal.indices {
      let (wanted, given) = (goal[index], reached[index])
      if wanted > goal[likeliest] { likeliest = index }
      if given > reached[chosen] { chosen = index }
      let share = exp(wanted)
      let difference = exp(given) - share
      squares += difference * difference
      guard wanted > -.infinity else { continue }
      surprise -= share * wanted
      // Also where the share is too small for a number, which is no reason to call it nothing.
      loss += given == -.infinity ? .infinity : share * (wanted - given)
    }
    guard weight > 0 else { return }
    weights.add(weight)
    // A divergence is never negative; the rounding of one that is nothing may be.
    loss = max(0, loss)
    divergence.add(weight * loss)
    gradient.add(weight * squares.squareRoot())
    entropy.add(weight * surprise)
    if likeliest == chosen { agreement.add(weight) }
    classes[label].weight.add(weight)
    classes[label].divergence.add(weight * loss)
    if loss == .infinity {
      infiniteRows += 1
      if firstInfiniteRow == nil { firstInfiniteRow = row }
    }
  }

  // MARK: Results

  /// Adds the rows of another tally with the same classes and temperature, which come after these.
  package mutating func merge(_ later: Self) {
    precondition(
      later.classes.count == classes.count && later.temperature == temperature,
      "tallies must be of the same classes and temperature"
    )
    divergence.add(later.divergence)
    gradient.add(later.gradient)
    entropy.add(later.entropy)
    weights.add(later.weights)
    agreement.add(later.agreement)
    infiniteRows += later.infiniteRows
    firstInfiniteRow = firstInfiniteRow ?? later.firstInfiniteRow
    for index in classes.indices {
      classes[index].weight.add(later.classes[index].weight)
      classes[index].divergence.add(later.classes[index].divergence)
    }
  }

  /// The figures of all rows so far; without rows, NaN.
  package var summary: DistillationSummary {
    let count = weights.value
    let factor = temperature * temperature
    return DistillationSummary(
      temperature: temperature,
      divergenceNats: divergence.value / count,
      teacherEntropyNats: entropy.value / count,
      gradientNorm: gradient.value / count * temperature,
      agreement: agreement.value / count,
      classLossNats: classes.map { $0.divergence.value / $0.weight.value * factor },
      infiniteRows: infiniteRows,
      firstInfiniteRow: firstInfiniteRow
    )
  }
}

/// The distance of a student from its teacher, as means over the rows.
package struct DistillationSummary: Sendable, Equatable {
  /// The temperature that divided the logits of both.
  package var temperature: Double
  /// D(teacher‖student) of the distributions at the temperature, without the factor T².
  ///
  /// Infinite where the student holds for impossible what the teacher does not.
  package var divergenceNats: Double
  /// The entropy of the teacher's distribution at the temperature.
  ///
  /// With the divergence it makes the cross-entropy of the student against the teacher.
  package var teacherEntropyNats: Double
  /// The length of the loss's gradient with respect to a row's logits, T · √Σ (student − teacher)².
  package var gradientNorm: Double
  /// The share of rows in which both hold the same class for the likeliest, the first of equals.
  package var agreement: Double
  /// The loss of the rows of each class, T² · D; NaN without rows.
  package var classLossNats: [Double]
  /// The number of rows with an infinite loss.
  package var infiniteRows: Int
  /// The first of them.
  package var firstInfiniteRow: Int?

  /// The loss, T² · D(teacher‖student), in nats.
  package var lossNats: Double { divergenceNats * temperature * temperature }

  /// The loss in bits.
  package var lossBits: Double { lossNats * bitsPerNat }

  /// The divergence in bits.
  package var divergenceBits: Double { divergenceNats * bitsPerNat }

  /// The teacher's entropy in bits.
  package var teacherEntropyBits: Double { teacherEntropyNats * bitsPerNat }
}
