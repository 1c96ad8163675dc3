public import Tokenization

/// What n-grams of one length have to do with the probability of a token.
///
///     p(w | h) = own + weight · p(w | h′)        h′ is h without its first token
///
/// That is how every method builds a probability, so that `own`, times the weights of all longer
/// n-grams, is the share of the whole that comes from here.
public struct OrderStep: Sendable, Equatable {
  /// The length of the n-gram: that of the history h, and one; 0 for the even distribution over all
  /// tokens.
  public var order: Int

  /// Whether the model has anything of the history h; if not, p(w | h) is p(w | h′).
  public var isHistoryKnown: Bool

  /// Whether the model lists the n-gram h w.
  public var isFound: Bool

  /// p(w | h), which all n-grams up to this length make; a score where the model has no probabilities.
  public var estimate: Double

  /// What n-grams of this length add by themselves.
  public var own: Double

  /// What the shorter history's probability is multiplied by, before it is added.
  ///
  /// It is the back-off weight of h; 1 where h is not known, 0 where nothing of the shorter enters.
  public var weight: Double

  /// The product of the weights of all longer n-grams.
  public var weightAbove = 1.0

  /// The part of the token's probability that comes from here.
  public var share: Double { own * weightAbove }
}

/// How the probability of a token came about.
public struct TokenExplanation: Sendable {
  /// The token; one that the vocabulary lacks was scored as `<unk>`.
  public var token: TokenID

  /// The tokens before it that the model looks at, the first first.
  public var history: [TokenID]

  /// What scoring gives the token.
  public var score: TokenScore

  /// What came from each length, the longest first; their shares sum to the probability.
  public var steps: [OrderStep]

  /// The length of the longest n-gram that was found; 0 where the probability is the even one.
  public var orderUsed: Int { Int(score.matchedLength) }

  /// The tokens of ``history`` that the n-gram of a step begins with.
  public func history(of step: OrderStep) -> ArraySlice<TokenID> {
    history.suffix(max(0, step.order - 1))
  }
}

extension NGramModel {
  /// How the probability of `token` after `history` comes about, from the numbers that the model has.
  ///
  /// In an interpolated model the own part of an n-gram is what its probability is above the weighted
  /// one of the shorter n-gram; in a back-off model (also an ARPA file that some other program wrote,
  /// whatever it was made by) it is the whole probability. Of an additive model, which looks at the
  /// longest history alone, there are that and the even distribution. Values are stored with 24 bits,
  /// and so is what they are taken apart into.
  ///
  /// - Complexity: O(order) searches.
  public func explanation(
    of token: TokenID,
    after history: some BidirectionalCollection<TokenID>
  ) -> TokenExplanation {
    let window = history.suffix(description.order - 1)
    let start = window.lastIndex(of: .beginSentence) ?? window.startIndex
    let context = Array(window[start...])
    var scores = [TokenScore.certain]
    var span = scores.mutableSpan
    let tokens = context + [token]
    score(tokens.span, context.count..<tokens.count, into: &span)
    var explanation = TokenExplanation(
      token: token,
      history: context,
      score: scores[0],
      steps: sharesEvenly ? evenSteps(token, context) : steps(token, context)
    )
    var weightAbove = 1.0
    for index in explanation.steps.indices {
      explanation.steps[index].weightAbove = weightAbove
      weightAbove *= explanation.steps[index].weight
    }
    return explanation
  }

  /// The number of tokens that can follow a history.
  private var predictedCount: Double { Double(vocabulary.count - 1) }

  /// All tokens alike.
  private var evenStep: OrderStep {
    let even = 1 / predictedCount
    return OrderStep(
      order: 0,
      isHistoryKnown: true,
      isFound: true,
      estimate: even,
      own: even,
      weight: 0
    )
  }

  /// The step of the token by itself, after that of the even distribution where it enters.
  private func unigramSteps(_ token: TokenID) -> [OrderStep] {
    let value = linear(unigram(token.index))
    var even = description.uniformShare ?? 0
    // A token that the text lacks has this share and nothing else, rounded.
    if abs(value - even) <= Self.rounding * value { even = value }
    let step = OrderStep(
      order: 1,
      isHistoryKnown: true,
      isFound: true,
      estimate: value,
      own: value - even,
      weight: even * predictedCount
    )
    return even > 0 ? [step, evenStep] : [step]
  }

  /// How far apart two equal numbers can be that are stored with 24 bits or as a logarithm.
  private static let rounding = 4e-6

  private func steps(_ token: TokenID, _ context: [TokenID]) -> [OrderStep] {
    var steps = Array(unigramSteps(token).reversed())
    let (region, path) = path(of: context)
    let word = UInt32(token.index)
    for depth in stride(from: 1, through: context.count, by: 1) {
      let below = steps.last?.estimate ?? 0
      var step = OrderStep(
        order: depth + 1,
        isHistoryKnown: false,
        isFound: false,
        estimate: 0,
        own: 0,
        weight: unknownWeight
      )
      if let region, depth <= path.nodes.count {
        read(path.nodes[depth - 1], word, in: region, below, into: &step)
      } else if let region, depth <= path.knownCount {
        readTail(path, word, depth, in: region, below, into: &step)
      }
      step.estimate = step.own + step.weight * below
      steps.append(step)
    }
    return steps.reversed()
  }

  /// The region of a context's last word, and how far the model knows the context.
  private func path(of context: [TokenID]) -> (Region?, Path) {
    guard let last = context.last, let region = region(of: last.index) else {
      return (nil, Path(nodes: [], tail: Region.none, knownCount: 0))
    }
    let before = context.reversed().dropFirst().map { UInt32($0.index) }
    return (region, path(region, from: last.index, before))
  }

  /// The weight of the shorter history's probability where the longer one is not known.
  private var unknownWeight: Double {
    if case .fixedWeight(let weight) = description.combination { weight } else { 1 }
  }

  /// Reads the step of `word` after the listed context `node`.
  private func read(
    _ node: Int,
    _ word: UInt32,
    in region: Region,
    _ below: Double,
    into step: inout OrderStep
  ) {
    let backOff = region.backOff(node)
    // A word that nothing follows has a place among the contexts all the same.
    step.isHistoryKnown =
      !region.ngrams(node).isEmpty || Double(backOff) != neutralWeight
    if case .fixedWeight = description.combination {} else { step.weight = linear(backOff) }
    let ngram = region.ngram(node, word)
    guard ngram != Region.none else { return }
    step.isFound = true
    split(linear(region.value(ngram)), below, &step)
  }

  /// Reads the step of `word` after the context of `depth` words that a tail has.
  private func readTail(
    _ path: Path,
    _ word: UInt32,
    _ depth: Int,
    in region: Region,
    _ below: Double,
    into step: inout OrderStep
  ) {
    let listed = path.nodes.count
    step.isHistoryKnown = true
    step.weight = tailWeights.weight(depth)
    guard region.tailLastWord(path.tail, depth: listed) == word else { return }
    step.isFound = true
    let value =
      depth == listed + 1
      ? region.tailValue(path.tail, depth: listed)
      : tailWeights.probability(depth, lower: below)
    split(value, below, &step)
  }

  /// Takes the probability of a listed n-gram apart; `step` has the history's weight.
  private func split(_ probability: Double, _ below: Double, _ step: inout OrderStep) {
    guard description.combination == .interpolated else {
      step.own = probability
      step.weight = 0
      return
    }
    step.own = probability - step.weight * below
    // An n-gram that gave up all it has: what is left is the rounding.
    if step.own < 0 && below > 0 {
      step.own = 0
      step.weight = probability / below
    }
  }

  private func evenSteps(_ token: TokenID, _ context: [TokenID]) -> [OrderStep] {
    guard !context.isEmpty else { return unigramSteps(token) }
    let even = evenStep
    var step = OrderStep(
      order: context.count + 1,
      isHistoryKnown: false,
      isFound: false,
      estimate: even.estimate,
      own: 0,
      weight: 1
    )
    let (region, path) = path(of: context)
    if let region, path.nodes.count == context.count, let node = path.nodes.last {
      read(node, UInt32(token.index), in: region, even.estimate, into: &step)
      let share = linear(region.backOff(node)) * even.estimate
      // Where n-grams were left out, the unseen ones have more than every n-gram's even part.
      if step.isFound && description.countedNGrams.isEmpty {
        step.weight = linear(region.backOff(node))
        step.own -= share
      }
      step.estimate = step.own + step.weight * even.estimate
    }
    return [step, even]
  }
}
