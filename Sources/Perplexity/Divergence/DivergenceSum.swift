import InformationTheory

/// The divergences in consecutive contexts, with sums over them.
struct DivergenceSum: Sendable {
  /// The divergence in one context.
  struct Record: Sendable {
    var divergence: Divergence
    var count: Int
    /// The likeliest outcome of each model, and its probability.
    var likeliest: (first: Int, second: Int)
    var highest: (first: Double, second: Double)
    /// The probability in each model's `<unk>` that comes from tokens missing in the other model.
    var movedMass: (first: Double, second: Double)
  }

  /// The records of the contexts, in order.
  private(set) var records: [Record] = []

  /// The contribution of each outcome to the Jensen-Shannon divergence, summed over contexts.
  private(set) var jensenShannonBits: [Double]

  /// The probability of each outcome, summed over contexts.
  private(set) var firstMass: [Double]
  private(set) var secondMass: [Double]

  private var terms: [Double]

  /// A sum over no contexts.
  init(outcomeCount: Int) {
    jensenShannonBits = [Double](repeating: 0, count: outcomeCount)
    firstMass = jensenShannonBits
    secondMass = jensenShannonBits
    terms = jensenShannonBits
  }

  /// Adds a context with `count` positions.
  mutating func add(
    _ first: SharedOutcomes.Reduced,
    _ second: SharedOutcomes.Reduced,
    count: Int
  ) {
    var span = terms.mutableSpan
    let divergence = Divergence(
      of: first.probabilities.span,
      and: second.probabilities.span,
      jensenShannonTerms: &span
    )
    let weight = Double(count)
    let terms = terms
    Self.add(terms.span, weight, to: &jensenShannonBits)
    Self.add(first.probabilities.span, weight, to: &firstMass)
    Self.add(second.probabilities.span, weight, to: &secondMass)
    records.append(
      Record(
        divergence: divergence,
        count: count,
        likeliest: (first.likeliest, second.likeliest),
        highest: (
          first.probabilities[first.likeliest], second.probabilities[second.likeliest]
        ),
        movedMass: (first.movedMass, second.movedMass)
      )
    )
  }

  /// Appends the contexts of `other` and adds its sums by outcome.
  mutating func append(_ other: DivergenceSum) {
    records += other.records
    Self.add(other.jensenShannonBits.span, 1, to: &jensenShannonBits)
    Self.add(other.firstMass.span, 1, to: &firstMass)
    Self.add(other.secondMass.span, 1, to: &secondMass)
  }

  private static func add(_ values: Span<Double>, _ weight: Double, to sums: inout [Double]) {
    var span = sums.mutableSpan
    for index in 0..<min(values.count, span.count) { span[index] += weight * values[index] }
  }
}
