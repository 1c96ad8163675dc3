package import Tokenization

/// The part of a token's probability that comes from n-grams of one length.
///
///     p(w | h) = α(w | h) + γ(h) · p(w | h′)        h′ is h without its first token
///
/// Every method builds a probability so (Chen and Goodman 1998, section 2.8). α(w | h), times the γ
/// of all longer histories, is the share of the whole that comes from this length.
package struct OrderStep: Sendable, Equatable {
  /// The length of the n-gram: that of the history h, and one; 0 for the uniform distribution over
  /// all tokens.
  package var order: Int

  /// True if the model knows the history h; if not, p(w | h) = p(w | h′).
  package var isHistoryKnown: Bool

  /// True if the model lists the n-gram h w.
  package var isFound: Bool

  /// p(w | h), which all n-grams up to this length make; a score where the model has no
  /// probabilities.
  package var estimate: Double

  /// α(w | h): the part that n-grams of this length add.
  package var alpha: Double

  /// γ(h): the factor of the shorter history's probability.
  ///
  /// The back-off weight of h; 1 if h is not known, 0 if the shorter history does not contribute.
  package var gamma: Double

  /// The product of γ of all longer histories.
  package var gammaAbove = 1.0

  /// The part of the token's probability that comes from this length.
  package var share: Double { alpha * gammaAbove }
}

/// A token's probability as a sum with one term for each n-gram order.
package struct TokenExplanation: Sendable {
  /// The token; one that the vocabulary lacks was scored as `<unk>`.
  package var token: TokenID

  /// The tokens before it that the model looks at, the first first.
  package var history: [TokenID]

  /// The score of the token.
  package var score: TokenScore

  /// The part of each length, the longest first; their shares sum to the probability.
  package var steps: [OrderStep]

  /// The length of the longest n-gram that was found; 0 where the probability is the uniform one.
  package var orderUsed: Int { Int(score.matchedLength) }

  /// The tokens of ``history`` that the n-gram of a step begins with.
  package func history(of step: OrderStep) -> ArraySlice<TokenID> {
    history.suffix(max(0, step.order - 1))
  }
}

extension NGramModel {
  /// The parts of the probability of `token` after `history`, from the numbers that the model has.
  ///
  /// In an interpolated model α of an n-gram is its probability less the weighted one of the
  /// shorter n-gram; in a back-off model (also an ARPA file that some other program wrote, whatever
  /// it was made by) it is the whole probability. An additive model, which looks at the longest
  /// history alone, has that step and the uniform distribution. Values are stored with 24 bits, and
  /// so are their parts.
  ///
  /// - Complexity: O(order) searches.
  package func explanation(
    of token: TokenID,
    after history: some BidirectionalCollection<TokenID>
  ) -> TokenExplanation {
    let context = context(of: history)
    var explanation = TokenExplanation(
      token: token,
      history: context,
      score: plainScore(of: token, after: context),
      steps: steps(token, context)
    )
    var gammaAbove = 1.0
    for index in explanation.steps.indices {
      explanation.steps[index].gammaAbove = gammaAbove
      gammaAbove *= explanation.steps[index].gamma
    }
    return explanation
  }

  /// The number of tokens that can follow a history.
  private var outcomeCount: Double { Double(vocabulary.count - 1) }

  /// All tokens alike.
  private var uniformStep: OrderStep {
    OrderStep(
      order: 0,
      isHistoryKnown: true,
      isFound: true,
      estimate: 1 / outcomeCount,
      alpha: 1 / outcomeCount,
      gamma: 0
    )
  }

  /// The unigram step of `token`, preceded by the uniform distribution's if the model uses one.
  private func unigramSteps(_ token: TokenID) -> [OrderStep] {
    let value = rule.probability(ofStored: Double(unigram(token.index)))
    var uniform = description.uniformShare ?? 0
    // A token that the text lacks has this share and nothing else, rounded.
    if abs(value - uniform) <= Self.rounding * value { uniform = value }
    let step = OrderStep(
      order: 1,
      isHistoryKnown: true,
      isFound: true,
      estimate: value,
      alpha: value - uniform,
      gamma: uniform * outcomeCount
    )
    return uniform > 0 ? [step, uniformStep] : [step]
  }

  /// The relative distance of two equal numbers that are stored with 24 bits or as a logarithm.
  private static let rounding = 4e-6

  private func steps(_ token: TokenID, _ context: [TokenID]) -> [OrderStep] {
    var path = ContextPath()
    if rule.backsOffToUniform && !context.isEmpty {
      path = ContextPath(of: context, in: self)
      let isKnown = path.depth == context.count
      let order = context.count + 1
      return [step(token, isKnown ? path : nil, order: order, uniformStep), uniformStep]
    }
    var steps = unigramSteps(token)
    for (depth, previous) in context.reversed().enumerated() {
      let isKnown = path.depth == depth && path.extend(by: previous, in: self)
      steps.insert(step(token, isKnown ? path : nil, order: depth + 2, steps[0]), at: 0)
    }
    return steps
  }

  /// The step of `token` after the longest context of `path`, or after one that the model does not
  /// know; `shorter` is the step of the shorter history.
  private func step(
    _ token: TokenID,
    _ path: ContextPath?,
    order: Int,
    _ shorter: OrderStep
  ) -> OrderStep {
    var step = OrderStep(
      order: order,
      isHistoryKnown: false,
      isFound: false,
      estimate: 0,
      alpha: 0,
      gamma: rule.gamma(path?.weight)
    )
    if let path {
      // A word that nothing follows has a place among the contexts all the same.
      step.isHistoryKnown = path.hasNGrams || path.weight != rule.start
      if let value = path.value(of: token) {
        step.isFound = true
        let probability =
          path.followsFromShorter
          ? tailWeights.probability(path.depth, lower: shorter.estimate)
          : rule.probability(ofStored: value)
        split(probability, shorter.estimate, &step)
      }
    }
    step.estimate = step.alpha + step.gamma * shorter.estimate
    return step
  }

  /// Sets α, and γ as far as it enters, where the n-gram is listed with `probability`; `step` has
  /// the history's γ.
  private func split(_ probability: Double, _ shorter: Double, _ step: inout OrderStep) {
    switch description.combination {
    case .interpolated: break
    // Where n-grams were left out, the unseen ones have more than the uniform part of the listed.
    case .uniform where description.countedNGrams.isEmpty: break
    case .uniform, .backOff, .maximumLikelihood, .fixedWeight:
      step.alpha = probability
      step.gamma = 0
      return
    }
    step.alpha = probability - step.gamma * shorter
    // An n-gram that gave up all it has: what is left is the rounding.
    if step.alpha < 0 && shorter > 0 {
      step.alpha = 0
      step.gamma = probability / shorter
    }
  }
}
