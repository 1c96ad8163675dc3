public import Tokenization

/// How often a token follows a history.
public struct FollowerCount: Sendable, Hashable {
  /// The token.
  public var token: TokenID

  /// How often the two occur together.
  public var occurrences: UInt64

  /// The number of different tokens before the two; nil where there can be none, at the beginning of
  /// a sequence.
  public var predecessors: UInt64?

  /// The counts of a token.
  public init(token: TokenID, occurrences: UInt64, predecessors: UInt64?) {
    self.token = token
    self.occurrences = occurrences
    self.predecessors = predecessors
  }
}

/// The numbers of an ``OrderStep``, made from counts as training made them.
///
///     own    = (c(hw) − d) / (c(h) + e)
///     weight = (what is given up + e) / (c(h) + e)
public struct CountedStep: Sendable, Equatable {
  /// c(hw): how often the n-gram occurs; where the method counts continuations, the number of
  /// different tokens before it.
  public var count: UInt64

  /// Whether counts are numbers of different tokens before an n-gram.
  public var countsContinuations: Bool

  /// c(h): the sum of the counts of what follows the history.
  public var historyCount: UInt64

  /// The number of different tokens that follow the history.
  public var typeCount: Int

  /// d: what the n-gram gives up; all of it where it was left out of the model.
  public var discount: Double

  /// e: what the history is lent.
  public var lent: Double

  /// What all n-grams of the history give up together.
  public var givenUp: Double

  /// What counts are divided by.
  public var divisor: Double

  /// What the n-gram adds by itself; nil where the history does not occur.
  public var own: Double?

  /// What the shorter history's probability is multiplied by; nil where counts do not tell.
  public var weight: Double?

  /// Where a back-off model leaves the shorter history's tokens what it does not give its own.
  public var remainder: Remainder?

  /// What is left after a history, and what the shorter history has for it.
  ///
  ///     weight = (1 − seen) / (1 − covered)
  public struct Remainder: Sendable, Equatable {
    /// The probability of all tokens that follow the history.
    public var seen: Double

    /// What the same tokens have after the shorter history.
    public var covered: Double

    /// The weight of the others.
    public var weight: Double {
      1 - covered <= 1e-9 ? 0 : max(0, 1 - seen) / (1 - covered)
    }
  }
}

extension NGramModel {
  /// Why counts of its training text do not tell how the model came about; nil where they do.
  public var obstacleToCounting: String? {
    if description.method(predictedCount: 1) == nil {
      return "it does not say how it was smoothed"
    }
    // The words that were dropped had counts of their own, which only training knew.
    if (description.countedNGrams.first ?? 0) > vocabulary.count {
      return "words were dropped from its vocabulary after they had been counted"
    }
    return nil
  }

  /// Whether any of its counts are numbers of different tokens before an n-gram.
  public var countsContinuations: Bool {
    description.order > 1
      && description.method(predictedCount: 1)?.lowerOrderCounts == .continuations
  }

  /// The step of `token` after `history` again, from what follows the history in the training text.
  ///
  /// Nil where there is an ``obstacleToCounting``.
  /// - Complexity: O(followers).
  public func countedStep(
    of token: TokenID,
    after history: ArraySlice<TokenID>,
    isFound: Bool,
    followers: [FollowerCount]
  ) -> CountedStep? {
    guard obstacleToCounting == nil,
      let method = description.method(predictedCount: vocabulary.count - 1)
    else { return nil }
    let order = history.count + 1
    let countsContinuations =
      method.lowerOrderCounts == .continuations && order < description.order
      && history.first != .beginSentence
    var counts = FollowerSums(
      followers,
      order: order,
      cutoff: order <= description.pruning.count ? description.pruning[order - 1] : 0,
      countsContinuations: countsContinuations,
      isPruned: !description.countedNGrams.isEmpty
    )
    counts.weigh(by: method, predictedCount: vocabulary.count - 1)
    var step = counts.step(of: token.index, by: method, isFound: isFound)
    if isFound, step.weight == 0, order > 1, weightAfter(history) == 0, counts.seen > 0,
      method.combination == .backOff || method.combination == .uniform
    {
      // Nothing unseen could take what is left: the seen have it.
      step.own = step.own.map { $0 / counts.seen }
    }
    if method.combination == .backOff, order > 1, !isFound, step.own != nil {
      let remainder = CountedStep.Remainder(
        seen: counts.seen,
        covered: probability(of: counts.keptTokens, after: history.dropFirst())
      )
      step.remainder = remainder
      step.weight = weightAfter(history) == 0 ? 0 : remainder.weight
    }
    return step
  }

  /// What `tokens` have after `history`, all together.
  private func probability(of tokens: [TokenID], after history: ArraySlice<TokenID>) -> Double {
    var scores = [TokenScore.certain]
    var sum = 0.0
    for token in tokens {
      let whole = history + [token]
      var span = scores.mutableSpan
      score(whole.span, history.count..<whole.count, into: &span)
      sum += scores[0].logProbability.probability
    }
    return sum
  }

  /// The back-off weight of a listed context; 1 where it is not one.
  private func weightAfter(_ history: ArraySlice<TokenID>) -> Double {
    let path = ContextPath(of: history, in: self)
    return path.depth == history.count && !path.isSingleton
      ? rule.probability(ofStored: path.weight) : 1
  }
}

/// What the followers of a history are and have together.
private struct FollowerSums {
  private struct Follower {
    var token: Int
    var count: UInt64
    var isKept: Bool
  }

  private let followers: [Follower]
  private let order: Int
  private let countsContinuations: Bool
  private let isPruned: Bool
  private let context: ContextCounts
  private var prunedTotal: UInt64 = 0
  private var givenUp = 0.0
  private var lent = 0.0
  private var divisor = 1.0
  /// What is added to every token's count, where that is not the n-gram's own.
  private var evenCount = 0.0
  /// The tokens whose n-grams the model has.
  var keptTokens: [TokenID] { followers.filter(\.isKept).map { TokenID(UInt32($0.token)) } }

  /// What the followers add by themselves, all together.
  private(set) var seen = 0.0
  private var weight: Double?

  init(
    _ counts: [FollowerCount],
    order: Int,
    cutoff: Int,
    countsContinuations: Bool,
    isPruned: Bool
  ) {
    self.order = order
    self.isPruned = isPruned
    self.countsContinuations = countsContinuations
    followers = counts.map {
      Follower(
        token: $0.token.index,
        count: countsContinuations ? $0.predecessors ?? $0.occurrences : $0.occurrences,
        isKept: $0.occurrences > UInt64(cutoff)
      )
    }
    context = ContextCounts(
      total: followers.reduce(0) { $0 + $1.count },
      types: UInt64(followers.count)
    )
    for follower in followers where !follower.isKept { prunedTotal += follower.count }
  }

  /// Finds what is given up and lent, as ``BlockEstimator`` and ``Unigrams`` do.
  mutating func weigh(by method: any Smoothing, predictedCount: Int) {
    evenCount =
      takesLower(method) ? -method.discount(0, in: context, order: order) : 0
    for follower in followers where follower.isKept {
      givenUp += method.discount(Double(follower.count), in: context, order: order) + evenCount
    }
    givenUp += Double(prunedTotal)
    lent = method.pseudocount(for: context, order: order)
    let keptCount = followers.count { $0.isKept }
    let needsRoom =
      method.combination == .backOff || order == 1 && method.combination == .interpolated
    let least = order == 1 ? 0 : BlockEstimator<MaximumLikelihood>.exhausted * Double(context.total)
    if needsRoom && evenCount == 0 && givenUp + lent <= least && keptCount < predictedCount {
      lent += 1
    }
    divisor = max(order == 1 ? 1 : .leastNonzeroMagnitude, Double(context.total) + lent)
    if method.combination == .nothing { divisor -= Double(prunedTotal) }
    for follower in followers where follower.isKept { seen += own(follower.count, method) }
    switch method.combination {
    // Where nothing was kept the model lacks the history, and the shorter one takes its place.
    case .nothing: weight = keptCount == 0 && order > 1 ? 1 : 0
    case .fixedWeight(let fixed): weight = order == 1 ? 0 : fixed
    case .interpolated, .uniform, .backOff:
      weight = takesLower(method) ? (givenUp + lent) / divisor : nil
    }
  }

  /// Whether n-grams that are found have a part from the shorter history, or the even one.
  private func takesLower(_ method: any Smoothing) -> Bool {
    switch method.combination {
    case .interpolated: true
    case .uniform: order == 1 || !isPruned
    case .backOff, .nothing, .fixedWeight: order == 1
    }
  }

  private func own(_ count: UInt64, _ method: any Smoothing) -> Double {
    let discount = method.discount(Double(count), in: context, order: order) + evenCount
    return (Double(count) - discount) / divisor
  }

  func step(of token: Int, by method: any Smoothing, isFound: Bool) -> CountedStep {
    let follower = followers.first { $0.token == token }
    let isKept = follower?.isKept == true
    let count = follower?.count ?? 0
    return CountedStep(
      count: count,
      countsContinuations: countsContinuations,
      historyCount: context.total,
      typeCount: followers.count,
      discount: isKept
        ? method.discount(Double(count), in: context, order: order) + evenCount : Double(count),
      lent: lent,
      givenUp: givenUp,
      divisor: divisor,
      own: context.total == 0 ? nil : isKept ? own(count, method) : 0,
      weight: context.total == 0 ? nil : isFound && !takesLower(method) ? 0 : weight
    )
  }
}

extension ModelDescription {
  /// The method with the parameters that it had in training, for so many tokens that can follow; nil
  /// where it is not known.
  func method(predictedCount: Int) -> (any Smoothing)? {
    guard discounts.count == order else { return nil }
    let single = discounts.compactMap(\.first)
    switch SmoothingMethod(rawValue: smoothing) {
    case .modifiedKneserNey:
      guard discounts.allSatisfy({ $0.count == 3 }) else { return nil }
      return ModifiedKneserNey(discounts: discounts, combination: combination)
    case .kneserNey:
      guard single.count == order else { return nil }
      return KneserNey(discounts: single, combination: combination)
    case .absoluteDiscounting:
      guard single.count == order else { return nil }
      return AbsoluteDiscounting(discounts: single, combination: combination)
    case .wittenBell: return WittenBell(combination: combination)
    case .katz: return Katz(ratios: discounts)
    case .jelinekMercer:
      guard discounts.allSatisfy({ $0.count == JelinekMercer.bucketCount }) else { return nil }
      return JelinekMercer(weights: discounts)
    case .additive:
      guard single.count == order else { return nil }
      return AdditiveSmoothing(
        alpha: single[0],
        vocabularySize: predictedCount,
        combination: combination
      )
    case .maximumLikelihood: return MaximumLikelihood()
    case .stupidBackOff: return StupidBackOff()
    case nil: return nil
    }
  }
}
