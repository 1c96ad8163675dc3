import RealFunctions

/// Cross-entropy as the loss of a classifier, in nats, and its gradient.
///
///     L = −Σ t log p          t: the target, p: the prediction
///     L = −log p[label]       where the target is one label (one-hot)
///
/// It is H(T, P) of ``Distribution``, so it has the floor H(T), which is 0 for labels alone. A target
/// of 0 adds nothing; a prediction of 0 for what is true is an infinite loss. From logits the loss is
/// log Σ exp *z* − Σ t *z*, which needs no probability and so loses nothing where one would be too
/// small for a number.
package enum CrossEntropyLoss {
  /// The loss of a label, from probabilities.
  package static func nats(label: Int, probabilities: [Double]) -> Double {
    naturalInformation(probabilities[label])
  }

  /// The loss of a label, from logits.
  package static func nats(label: Int, logits: [Double]) -> Double {
    // The difference of the two is the result; the larger of them never enters it.
    guard let largest = logits.max(), largest.isFinite else { return .nan }
    return Logits.logSumExp(logits.map { $0 - largest }) - (logits[label] - largest)
  }

  /// The loss of soft targets, which sum to one, from probabilities.
  package static func nats(target: [Double], probabilities: [Double]) -> Double {
    precondition(target.count == probabilities.count, "a target for each class")
    return zip(target, probabilities).reduce(0) { sum, pair in
      pair.0 > 0 ? sum + pair.0 * naturalInformation(pair.1) : sum
    }
  }

  /// The loss of soft targets, which sum to one, from logits.
  package static func nats(target: [Double], logits: [Double]) -> Double {
    precondition(target.count == logits.count, "a target for each class")
    return zip(target, Logits.logSoftmax(logits)).reduce(0) { sum, pair in
      pair.0 > 0 ? sum - pair.0 * pair.1 : sum
    }
  }

  /// The loss of a binary label, from the probability of the label 1.
  package static func binaryNats(label: Int, probability: Double) -> Double {
    label == 0 ? -log1p(-probability) + 0 : naturalInformation(probability)
  }

  /// The loss of a binary label, from a logit: the logarithm of the odds of the label 1.
  package static func binaryNats(label: Int, logit: Double) -> Double {
    Logits.softplus(label == 0 ? logit : -logit)
  }

  /// The gradient of the loss with respect to the logits: softmax − target.
  ///
  /// It is bounded, and does not vanish as long as the prediction is wrong.
  package static func gradient(target: [Double], logits: [Double]) -> [Double] {
    zip(Logits.softmax(logits), target).map { $0 - $1 }
  }

  /// A label as a target: 1 for its class and 0 for all others.
  package static func oneHot(_ label: Int, classCount: Int) -> [Double] {
    (0..<classCount).map { $0 == label ? 1 : 0 }
  }

  /// Targets of which a share was spread evenly over all classes: (1 − ε) t + ε / K.
  ///
  /// The loss has a floor above zero then, the entropy of the smoothed target. (Szegedy et al. 2016,
  /// section 7.)
  package static func smoothed(_ target: [Double], by share: Double) -> [Double] {
    precondition(share >= 0 && share <= 1, "a share is between 0 and 1, not \(share)")
    return target.map { $0 * (1 - share) + share / Double(target.count) }
  }

  /// Information in nats of an event: −log *p*, 0 (and not −0) for a certain one.
  static func naturalInformation(_ probability: Double) -> Double {
    probability == 1 ? 0 : -log(probability)
  }
}
