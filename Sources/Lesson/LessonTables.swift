import InformationTheory

/// The entropy of a coin, and what a bet on it costs, at every place of the page's sliders.
struct LessonCoin: Sendable {
  /// The steps from a probability of 0 to one of 1.
  static let stepCount = 200
  /// The same of the bet.
  static let betStepCount = 20

  /// The probability of heads at a step.
  static func probability(_ step: Int) -> Double { Double(step) / Double(stepCount) }

  /// The entropy in bits; index = step.
  let entropyBits: [Double]
  /// 2 to the entropy; index = step.
  let perplexities: [Double]
  /// The cross-entropy in bits of a coin to one who takes it for another; indices = step of the
  /// bet, step.
  let crossEntropyBits: [[Double]]

  init() throws(DistributionError) {
    var coins: [Distribution] = []
    for step in 0...Self.stepCount { coins.append(try Self.coin(Self.probability(step))) }
    var bets: [Distribution] = []
    for step in 0...Self.betStepCount {
      bets.append(try Self.coin(Double(step) / Double(Self.betStepCount)))
    }
    entropyBits = coins.map(\.entropyBits)
    perplexities = coins.map(\.perplexity)
    crossEntropyBits = bets.map { bet in coins.map { $0.crossEntropyBits(predictedBy: bet) } }
  }

  private static func coin(_ probability: Double) throws(DistributionError) -> Distribution {
    try Distribution([probability, 1 - probability])
  }
}

/// The terms of entropy, cross-entropy and divergence, for every height of the page's bars.
///
/// A figure of two distributions is the sum of one entry for each outcome, so that a table of pairs
/// of distributions, which would be large, is not needed.
struct LessonTerms: Sendable {
  /// The steps from a probability of 0 to one of 1.
  static let stepCount = 20

  /// p · −log₂ q in bits; indices = step of p, step of q.
  let information: [[Double]]
  /// p · log₂(p / q) in bits; indices = step of p, step of q.
  let divergence: [[Double]]

  init() {
    let probabilities = (0...Self.stepCount).map { Double($0) / Double(Self.stepCount) }
    information = probabilities.map { p in
      probabilities.map { q in p > 0 ? p * surprisalBits(ofProbability: q) : 0 }
    }
    divergence = probabilities.map { p in
      probabilities.map { q in
        guard p > 0 else { return 0 }
        return p * (surprisalBits(ofProbability: q) - surprisalBits(ofProbability: p))
      }
    }
  }
}

/// The losses of a classifier, by the probability that it gives to the true one of two classes.
struct LessonLosses: Sendable {
  /// A prediction and its losses.
  struct Row: Sendable {
    /// The probability of the true class.
    var probability: Double
    /// Cross-entropy in nats.
    var crossEntropyNats: Double
    /// Cross-entropy in bits.
    var crossEntropyBits: Double
    /// The mean over both classes of the squared difference.
    var squaredError: Double
    /// The share of right predictions: 1 or 0.
    var accuracy: Double
    /// The derivative of cross-entropy, in nats, with respect to the true class's logit.
    var crossEntropyGradient: Double
    /// The derivative of squared error with respect to the true class's logit.
    var squaredErrorGradient: Double
  }

  /// Probabilities from 0.01 to 0.99 in steps of 0.01.
  let rows: [Row]

  /// The row of a probability in hundredths, from 1 to 99.
  func row(_ hundredths: Int) -> Row { rows[hundredths - 1] }

  init() {
    rows = (1...99).map { hundredths in
      let probability = Double(hundredths) / 100
      var tally = LossTally(classCount: 2, options: LossOptions())
      tally.add(label: 1, positiveProbability: probability, row: 1)
      let summary = tally.summary
      // Logarithms of probabilities are logits whose softmax is those probabilities.
      let logits = [1 - probability, probability].map {
        -CrossEntropyLoss.nats(label: 0, probabilities: [$0])
      }
      let target = CrossEntropyLoss.oneHot(1, classCount: 2)
      return Row(
        probability: probability,
        crossEntropyNats: summary.crossEntropyNats,
        crossEntropyBits: summary.crossEntropyBits,
        squaredError: summary.meanSquaredError,
        accuracy: summary.accuracy,
        crossEntropyGradient: CrossEntropyLoss.gradient(target: target, logits: logits)[1],
        squaredErrorGradient: SquaredErrorLoss.gradient(target: target, logits: logits)[1]
      )
    }
  }
}
