import LanguageModels
import Tokenization

extension BreakdownCollector {
  /// The breakdown of the collected text, with the counts of the training text.
  ///
  /// `progress` gets the number of bytes done, out of twice the bytes of the training text.
  ///
  /// - Precondition: the collector was made with `TrainingSource.order(for:)`.
  /// - Throws: `FileError`, `TextError`.
  package mutating func breakdown(
    counting text: TrainingSource,
    progress: (Int) -> Void = { _ in }
  ) throws -> Breakdown {
    guard let ngrams = takeNGrams() else {
      preconditionFailure("n-grams were not remembered")
    }
    let counts = try TrainingCounts(ngrams, in: text, progress: progress)
    let frequencies = frequencyTable(counts)
    var breakdown = breakdown()
    var tables: [Breakdown.Subject: Breakdown.Table] = [.frequencyBand: frequencies]
    for table in breakdown.tables { tables[table.subject] = table }
    if text.model.historyLength != nil {
      tables[.trainingCount] = counts.table
      breakdown.expectedCounts = try ExpectedCounts(counts, text) {
        progress(counts.byteCount + $0)
      }
    }
    breakdown.trainingTokens = counts.tokenCount
    breakdown.trainingRecords = counts.records
    breakdown.tables = Breakdown.Subject.allCases.compactMap { tables[$0] }
    return breakdown
  }

  /// The tokens by the training count of their type.
  private func frequencyTable(_ counts: TrainingCounts) -> Breakdown.Table {
    let bands = Bands.frequencies
    var costs = [Cost](repeating: Cost(), count: bands.count)
    var unknown = Cost()
    for type in 0..<types.count where types.cost(type).tokens > 0 {
      let token = types.token(type)
      if token == TypeCosts.isUnknown || token == TokenID.unknown.rawValue {
        unknown += types.cost(type)
      } else {
        let node = counts.test.ngrams.tree.node(of: token, after: NGramTree.root)
        costs[bands.index(of: node.map { counts.count($0) } ?? 0)] += types.cost(type)
      }
    }
    return Breakdown.Table(
      .frequencyBand,
      [(WordClass.unknown.rawValue, unknown)] + costs.indices.map { (bands.key($0), costs[$0]) }
    )
  }
}

extension TrainingCounts {
  /// The tokens by the training count of the longest n-gram that ends in them and occurs in
  /// training.
  fileprivate var table: Breakdown.Table {
    let bands = Bands.trainingCounts
    var costs = [Cost](repeating: Cost(), count: bands.count)
    for whole in 1..<max(1, test.ngrams.tree.count) {
      let cost = test.ngrams.cost(whole)
      guard cost.tokens > 0 else { continue }
      var node = whole
      while node != NGramTree.root, count(node) == 0 { node = test.ngrams.tree.suffix(of: node) }
      costs[bands.index(of: node == NGramTree.root ? 0 : count(node))] += cost
    }
    return Breakdown.Table(.trainingCount, costs.indices.map { (bands.key($0), costs[$0]) })
  }
}
