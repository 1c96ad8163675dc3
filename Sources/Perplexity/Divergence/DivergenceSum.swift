import InformationTheory

/// What was found in some contexts, one after the other.
struct DivergenceSum: Sendable {
  /// What was found in a context.
  struct Record: Sendable {
    var divergence: Divergence
    var count: Int
    /// The outcome that each model holds for the likeliest, and its probability.
    var likeliest: (first: Int, second: Int)
    var highest: (first: Double, second: Double)
    /// How much of `<unk>` is tokens that the other model lacks.
    var movedMass: (first: Double, second: Double)
  }

  /// The contexts, in their order.
  private(set) var records: [Record] = []

  /// What each outcome adds to the Jensen-Shannon divergence, over all contexts.
  private(set) var jensenShannonBits: [Double]

  /// Each outcome's probability, over all contexts.
  private(set) var firstMass: [Double]
  private(set) var secondMass: [Double]

  private var terms: [Double]

  /// Nothing yet.
  init(outcomeCount: Int) {
    jensenShannonBits = [Double](repeating: 0, count: outcomeCount)
    firstMass = jensenShannonBits
    secondMass = jensenShannonBits
    terms = jensenShannonBits
  }

  /// Adds a context that `count` places have.
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

  /// Adds the sums by outcome of `other`, and its contexts after these.
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
