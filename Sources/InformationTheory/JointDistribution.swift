/// The probabilities of pairs of outcomes: a table with a row for each first outcome.
public struct JointDistribution: Sendable, Equatable {
  /// The probability of the pair (row, column).
  public let rows: [[Double]]

  /// Checks that all rows have as many columns and that all cells sum to one.
  ///
  /// - Throws: ``DistributionError``; outcomes are counted through the rows, one after the other.
  public init(_ rows: [[Double]]) throws(DistributionError) {
    precondition(rows.allSatisfy { $0.count == rows[0].count }, "rows must be equally long")
    _ = try Distribution(rows.flatMap(\.self))
    self.rows = rows
  }

  /// H(X, Y).
  public var entropyBits: Double { InformationTheory.entropyBits(of: rows.joined()) }

  /// The probabilities of the first outcome alone.
  public var rowSums: [Double] { rows.map { $0.reduce(0, +) } }

  /// The probabilities of the second outcome alone.
  public var columnSums: [Double] {
    rows.dropFirst().reduce(rows[0]) { sums, row in zip(sums, row).map(+) }
  }

  /// H(Y | X) = Σ p(x) H(Y | X = x): what remains open of the second outcome once the first is known.
  ///
  /// It is the sum over each row's own distribution, not a difference of entropies, and never negative.
  public var conditionalEntropyBits: Double {
    rows.reduce(0) { sum, row in
      let total = row.reduce(0, +)
      guard total > 0 else { return sum }
      return sum + total * InformationTheory.entropyBits(of: row.lazy.map { $0 / total })
    }
  }

  /// I(X; Y) = D(p(x, y)‖p(x) p(y)): what one outcome tells of the other.
  public var mutualInformationBits: Double {
    let columns = columnSums
    let product = rowSums.flatMap { row in columns.map { row * $0 } }
    return Divergence(of: rows.flatMap(\.self), and: product).forwardBits
  }
}
