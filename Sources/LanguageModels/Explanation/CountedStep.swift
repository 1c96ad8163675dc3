package import Tokenization

/// The counts of a token after a history.
package struct FollowerCount: Sendable, Hashable {
  /// The token.
  package var token: TokenID

  /// The number of times that the history and the token occur together.
  package var occurrences: UInt64

  /// The number of different tokens before the two; nil if there can be none, at the beginning
  /// of a sequence.
  package var predecessors: UInt64?

  /// The counts of a token.
  package init(token: TokenID, occurrences: UInt64, predecessors: UInt64?) {
    self.token = token
    self.occurrences = occurrences
    self.predecessors = predecessors
  }
}

/// The numbers of an ``OrderStep``, made from counts as training made them.
///
///     p(w | h) = α(w | h) + γ(h) · p(w | h′)        (Chen and Goodman 1998, section 2.8)
///
///     α(w | h) = (c(hw) − d) / (c(h) + e)
///     γ(h)     = (Σ d + e) / (c(h) + e)
package struct CountedStep: Sendable, Equatable {
  /// c(hw): the number of times that the n-gram occurs; where the method counts continuations, the
  /// number of different tokens before it.
  package var count: UInt64

  /// Counts are numbers of different tokens before an n-gram.
  package var countsContinuations: Bool

  /// c(h): the sum of the counts of what follows the history.
  package var historyCount: UInt64

  /// The number of different tokens that follow the history.
  package var typeCount: Int

  /// d: the count that the n-gram gives up; all of it where it was left out of the model.
  package var discount: Double

  /// e: the count that the history is lent.
  package var lent: Double

  /// Σ d: the count that all n-grams of the history give up.
  package var givenUp: Double

  /// The denominator of α and γ.
  package var divisor: Double

  /// α(w | h): the n-gram's own share; nil if the history does not occur.
  package var alpha: Double?

  /// γ(h): the factor of the shorter history's probability; nil if the counts do not determine it.
  package var gamma: Double?

  /// The sums that γ is made of in a back-off model; nil in others.
  package var remainder: Remainder?

  /// The probability of the tokens that follow a history, after it and after the shorter one.
  ///
  ///     γ(h) = (1 − seen) / (1 − covered)
  package struct Remainder: Sendable, Equatable {
    /// The probability of all tokens that follow the history.
    package var seen: Double

    /// The probability of the same tokens after the shorter history.
    package var covered: Double

    /// γ of the other tokens.
    package var gamma: Double {
      ContextMass.backOffGamma(seen: seen, covered: covered, tolerance: 1e-9)
    }
  }
}

extension NGramModel {
  /// The reason why counts of the training text do not explain the model; nil if they do.
  package var obstacleToCounting: String? {
    if description.method(predictedCount: 1) == nil {
      return "it does not say how it was smoothed"
    }
    // The words that were dropped had counts of their own, which only training knew.
    if (description.countedNGrams.first ?? 0) > vocabulary.count {
      return "words were dropped from its vocabulary after they had been counted"
    }
    return nil
  }

  /// Some of its counts are numbers of different tokens before an n-gram.
  package var countsContinuations: Bool {
    description.order > 1
      && description.method(predictedCount: 1).map { type(of: $0).lowerOrderCounts }
        == .continuations
  }

  /// The step of `token` after `history` again, from what follows the history in the training text.
  ///
  /// Nil if there is an ``obstacleToCounting``.
  /// - Complexity: O(followers).
  package func countedStep(
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
      type(of: method).lowerOrderCounts == .continuations && order < description.order
      && history.first != .beginSentence
    var counts = FollowerSums(
      followers,
      order: order,
      cutoff: order <= description.pruning.count ? description.pruning[order - 1] : 0,
      countsContinuations: countsContinuations,
      isPruned: !description.countedNGrams.isEmpty
    )
    counts.setMass(by: method, predictedCount: vocabulary.count - 1)
    var step = counts.step(of: token.index, by: method, isFound: isFound)
    if isFound, step.gamma == 0, order > 1, weightAfter(history) == 0, counts.seen > 0,
      method.combination == .backOff || method.combination == .uniform
    {
      // Nothing unseen could take the rest: the seen have it.
      step.alpha = step.alpha.map { $0 / counts.seen }
    }
    if method.combination == .backOff, order > 1, !isFound, step.alpha != nil {
      let remainder = CountedStep.Remainder(
        seen: counts.seen,
        covered: probability(of: counts.keptTokens, after: history.dropFirst())
      )
      step.remainder = remainder
      step.gamma = weightAfter(history) == 0 ? 0 : remainder.gamma
    }
    return step
  }

  /// The probability of all `tokens` together after `history`.
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
    guard path.depth > 0, path.depth == history.count, !path.isSingleton else { return 1 }
    return rule.probability(ofStored: path.weight)
  }
}

/// The counts and the mass of the followers of a history.
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
  private var mass = ContextMass()

  /// −d(0): a count that every token has beside the n-gram's own, where the step below is uniform.
  private var uniformCount = 0.0

  /// Σ α over the tokens whose n-grams the model has.
  private(set) var seen = 0.0

  private var gamma: Double?

  /// The tokens whose n-grams the model has.
  var keptTokens: [TokenID] { followers.filter(\.isKept).map { TokenID(UInt32($0.token)) } }

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
    for follower in followers {
      if follower.isKept {
        mass.total += follower.count
        mass.types += 1
      } else {
        mass.prune(follower.count, types: 1)
      }
    }
  }

  /// Finds the mass that is released and lent, as training did, and with it γ.
  mutating func setMass(by method: any Smoothing, predictedCount: Int) {
    uniformCount =
      takesLower(method) ? -method.discount(0, in: mass.counts, order: order) : 0
    for follower in followers where follower.isKept {
      mass.released += discount(follower.count, method)
    }
    mass.releasePruned()
    mass.lend(by: method, order: order, predictedCount: predictedCount)
    for follower in followers where follower.isKept { seen += alpha(follower.count, method) }
    switch method.combination {
    // Where nothing was kept the model lacks the history, and the shorter one takes its place.
    case .maximumLikelihood: gamma = mass.keptFollowers == 0 && order > 1 ? 1 : 0
    case .fixedWeight(let fixed): gamma = order == 1 ? 0 : fixed
    case .interpolated, .uniform, .backOff: gamma = takesLower(method) ? mass.gamma : nil
    }
  }

  /// N-grams that are found have a share from the step below: the shorter history, or the uniform
  /// distribution.
  private func takesLower(_ method: any Smoothing) -> Bool {
    switch method.combination {
    case .interpolated: true
    case .uniform: order == 1 || !isPruned
    case .backOff, .maximumLikelihood, .fixedWeight: order == 1
    }
  }

  private func discount(_ count: UInt64, _ method: any Smoothing) -> Double {
    method.discount(Double(count), in: mass.counts, order: order) + uniformCount
  }

  private func alpha(_ count: UInt64, _ method: any Smoothing) -> Double {
    (Double(count) - discount(count, method)) / mass.divisor
  }

  func step(of token: Int, by method: any Smoothing, isFound: Bool) -> CountedStep {
    let follower = followers.first { $0.token == token }
    let isKept = follower?.isKept == true
    let count = follower?.count ?? 0
    return CountedStep(
      count: count,
      countsContinuations: countsContinuations,
      historyCount: mass.total,
      typeCount: followers.count,
      discount: isKept ? discount(count, method) : Double(count),
      lent: mass.lent,
      givenUp: mass.released,
      divisor: mass.divisor,
      alpha: mass.total == 0 ? nil : isKept ? alpha(count, method) : 0,
      gamma: mass.total == 0 ? nil : isFound && !takesLower(method) ? 0 : gamma
    )
  }
}

extension ModelDescription {
  /// The method with the parameters that it had in training, for `predictedCount` tokens that can
  /// follow; nil if it is not known.
  func method(predictedCount: Int) -> (any Smoothing)? {
    guard discounts.count == order, let method = SmoothingMethod(rawValue: smoothing) else {
      return nil
    }
    return method.type.init(
      parameters: discounts,
      combination: combination,
      predictedCount: predictedCount
    )
  }
}
