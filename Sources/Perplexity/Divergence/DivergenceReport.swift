import InformationTheory
import LanguageModels
import Tokenization

/// Computes the figures from the sums over contexts.
struct DivergenceReport {
  private let first: any LanguageModel
  private let second: any LanguageModel
  private let outcomes: SharedOutcomes
  private let sample: ContextSample
  private var sum: DivergenceSum

  /// A report on `sums`, in the order of the contexts.
  init(
    _ first: any LanguageModel,
    _ second: any LanguageModel,
    _ outcomes: SharedOutcomes,
    _ sample: ContextSample,
    _ sums: [DivergenceSum]
  ) {
    self.first = first
    self.second = second
    self.outcomes = outcomes
    self.sample = sample
    sum = DivergenceSum(outcomeCount: outcomes.count)
    for part in sums { sum.append(part) }
  }

  /// The figures, with a list of `top` tokens and contexts.
  func divergence(top: Int) -> ModelDivergence {
    var result = ModelDivergence()
    let total = Double(sample.sampledCount)
    result.records = sample.tokens.records
    result.positionCount = sample.positionCount
    result.contextCount = sample.sampledCount
    result.distinctContextCount = sample.contexts.count
    result.leavesOutEnds = outcomes.leavesOutEnds
    result.sharedTokenCount = outcomes.count - 1
    result.unshared.first.count = outcomes.unshared.first.count
    result.unshared.second.count = outcomes.unshared.second.count
    for (record, context) in zip(sum.records, sample.contexts) {
      let share = Double(record.count) / total
      result.mean.add(record.divergence, times: share)
      if record.likeliest.first == record.likeliest.second { result.top1Agreement += share }
      result.unshared.first.mass += share * record.movedMass.first
      result.unshared.second.mass += share * record.movedMass.second
      note(record.divergence.forwardImpossible, record, context, in: &result.forwardImpossible)
      note(record.divergence.backwardImpossible, record, context, in: &result.backwardImpossible)
    }
    // Rounding may lift the sum of the fractions above 1.
    result.top1Agreement = min(1, result.top1Agreement)
    result.mean.jensenShannonBits = min(1, result.mean.jensenShannonBits)
    result.standardErrors = ModelDivergence.StandardErrors(
      forwardBits: standardError(\.forwardBits, mean: result.mean.forwardBits),
      backwardBits: standardError(\.backwardBits, mean: result.mean.backwardBits),
      jensenShannonBits: standardError(\.jensenShannonBits, mean: result.mean.jensenShannonBits)
    )
    result.tokens = Self.highest(sum.jensenShannonBits, top).map { outcome in
      ModelDivergence.Token(
        token: spelling(outcome),
        jensenShannonBits: sum.jensenShannonBits[outcome] / total,
        firstProbability: sum.firstMass[outcome] / total,
        secondProbability: sum.secondMass[outcome] / total
      )
    }
    result.contexts = Self.highest(sum.records.map(\.divergence.jensenShannonBits), top).map {
      let record = sum.records[$0]
      return ModelDivergence.Context(
        location: location(sample.contexts[$0]),
        count: record.count,
        divergence: record.divergence,
        likeliest: (
          .init(token: spelling(record.likeliest.first), probability: record.highest.first),
          .init(token: spelling(record.likeliest.second), probability: record.highest.second)
        )
      )
    }
    return result
  }

  /// The standard error s · √((1 − n / N) / n) of n positions out of N.
  ///
  /// s is the standard deviation of the figure over positions. The result is NaN for an infinite
  /// mean.
  private func standardError(_ figure: KeyPath<Divergence, Double>, mean: Double) -> Double {
    let sampled = Double(sample.sampledCount)
    if sample.sampledCount == sample.positionCount { return mean.isFinite ? 0 : .nan }
    var squares = 0.0
    for record in sum.records {
      let distance = record.divergence[keyPath: figure] - mean
      squares += Double(record.count) * distance * distance
    }
    return ((squares / (sampled - 1)) * (1 - sampled / Double(sample.positionCount)) / sampled)
      .squareRoot()
  }

  /// The indices of the `count` highest positive `values`, the highest first.
  private static func highest(_ values: [Double], _ count: Int) -> [Int] {
    Array(
      values.indices.filter { values[$0] > 0 }
        .sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1] }
        .prefix(count)
    )
  }

  private func note(
    _ outcome: Int?,
    _ record: DivergenceSum.Record,
    _ context: ContextSample.Context,
    in impossible: inout ModelDivergence.Impossible?
  ) {
    guard let outcome else { return }
    impossible =
      impossible
      ?? ModelDivergence.Impossible(token: spelling(outcome), location: location(context), count: 0)
    impossible?.count += record.count
  }

  private func spelling(_ outcome: Int) -> String {
    outcome == SharedOutcomes.unknown
      ? TokenID.specialSpellings[0]
      : first.vocabulary[TokenID(UInt32(outcomes.tokens.first[outcome - 1]))]
  }

  private func location(_ context: ContextSample.Context) -> ModelDivergence.Location {
    let longest = [first.historyLength, second.historyLength].map { $0 ?? 8 }.max() ?? 8
    let tokens = ContextSample.history(
      of: context.position,
      in: sample.tokens.first,
      length: min(NGramOrder.maximum, longest)
    )
    let location = sample.location(of: context.position)
    return ModelDivergence.Location(
      context: tokens.map { $0.isOutOfVocabulary ? "<unk>" : first.vocabulary[$0] },
      text: location.text,
      line: location.line
    )
  }
}

extension Divergence {
  /// Adds each figure of `other`, multiplied by `share`.
  fileprivate mutating func add(_ other: Divergence, times share: Double) {
    firstEntropyBits += share * other.firstEntropyBits
    secondEntropyBits += share * other.secondEntropyBits
    forwardCrossEntropyBits += share * other.forwardCrossEntropyBits
    backwardCrossEntropyBits += share * other.backwardCrossEntropyBits
    forwardBits += share * other.forwardBits
    backwardBits += share * other.backwardBits
    jensenShannonBits += share * other.jensenShannonBits
  }
}
