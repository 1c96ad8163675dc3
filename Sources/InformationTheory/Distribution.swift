import RealFunctions

/// Probabilities of outcomes, numbered from 0, that were checked to be a distribution.
///
///     H(P)    = −Σ p log₂ p                           entropy: the floor, what no code can go below
///     H(P, Q) = −Σ p log₂ q = H(P) + D(P‖Q)           cross-entropy: what a code made for Q needs
///     2^H(P, Q)                                       perplexity
///
/// ```swift
/// let test = try Distribution([0.8, 0.2, 0])
/// let model = try Distribution([0.8, 0.1, 0.1])
/// test.crossEntropyBits(predictedBy: model)  // 0.9219
/// test.perplexity(predictedBy: model)        // 1.8946
/// ```
///
/// An outcome of probability 0 adds 0 · log 0 = 0, whatever the other distribution says of it. An
/// outcome that happens (p > 0) and that the prediction holds to be impossible (q = 0) makes the
/// cross-entropy infinite: nothing is left out, and no small number is put in its place unless it is
/// asked for (``crossEntropy(predictedBy:flooredAt:)``). A nat is log₂ e = 1.4427 bits.
/// (Shannon 1948; Cover and Thomas 2006, sections 2.1 and 2.3.)
package struct Distribution: Sendable, Equatable {
  /// The largest deviation from 1 that a sum of probabilities may have.
  ///
  /// It accepts numbers with six decimals; the sum is not corrected.
  package static let tolerance = 1e-6

  /// The probabilities; index = outcome.
  package let probabilities: [Double]

  /// Checks that the probabilities are a distribution.
  ///
  /// - Throws: ``DistributionError`` naming the first outcome whose probability is none, or the sum.
  package init(
    _ probabilities: [Double],
    tolerance: Double = Self.tolerance
  ) throws(DistributionError) {
    guard !probabilities.isEmpty else { throw .empty }
    var sum = CompensatedSum()
    for (outcome, probability) in probabilities.enumerated() {
      guard probability >= 0 && probability <= 1 else {
        throw .notAProbability(outcome: outcome, value: probability)
      }
      sum.add(probability)
    }
    guard (sum.value - 1).magnitude <= tolerance else { throw .sum(sum.value) }
    self.probabilities = probabilities
  }

  /// Divides weights by their sum.
  ///
  /// - Throws: ``DistributionError`` where a weight is negative or not finite, or all are zero.
  package init(normalizing weights: [Double]) throws(DistributionError) {
    guard !weights.isEmpty else { throw .empty }
    var sum = CompensatedSum()
    for (outcome, weight) in weights.enumerated() {
      guard weight >= 0 && weight.isFinite else {
        throw .notAWeight(outcome: outcome, value: weight)
      }
      sum.add(weight)
    }
    let total = sum.value
    guard total > 0 && total.isFinite else { throw .sum(total) }
    probabilities = weights.map { $0 / total }
  }

  /// The uniform distribution over `outcomes` outcomes.
  package init(uniformOver outcomes: Int) {
    precondition(outcomes > 0, "a distribution has at least one outcome")
    probabilities = [Double](repeating: 1 / Double(outcomes), count: outcomes)
  }

  /// H(P), from 0 (one outcome is certain) to log₂ of the number of outcomes (all are as likely).
  package var entropyBits: Double { InformationTheory.entropyBits(of: probabilities) }

  /// 2^H(P): the number of equally likely outcomes that are as uncertain.
  package var perplexity: Double { exp2(entropyBits) }

  /// H(P, Q), where `prediction` is Q; infinite where Q holds to be impossible what P does not.
  ///
  /// - Precondition: both have the same number of outcomes, as in all that follows.
  package func crossEntropyBits(predictedBy prediction: Distribution) -> Double {
    precondition(
      probabilities.count == prediction.probabilities.count,
      "two distributions must be over the same outcomes"
    )
    var sum = CompensatedSum()
    for (p, q) in zip(probabilities, prediction.probabilities) where p > 0 {
      sum.add(p * surprisalBits(ofProbability: q))
    }
    return sum.value
  }

  /// 2^H(P, Q).
  package func perplexity(predictedBy prediction: Distribution) -> Double {
    exp2(crossEntropyBits(predictedBy: prediction))
  }

  /// D(P‖Q), the bits lost by a code made for Q: never negative, and 0 only if Q equals P.
  package func divergenceBits(from prediction: Distribution) -> Double {
    Divergence(of: probabilities, and: prediction.probabilities).forwardBits
  }

  /// JS(P, Q), from 0 to 1, the same both ways.
  package func jensenShannonBits(to other: Distribution) -> Double {
    Divergence(of: probabilities, and: other.probabilities).jensenShannonBits
  }

  /// H(P, Q) with every probability of Q raised to at least `floor`, and the effect of the floor.
  ///
  /// The raised numbers sum to more than one, so the figure belongs to no distribution and is too
  /// low. With zeros in Q it depends more on the floor than on Q. It exists because other programs
  /// apply a floor silently.
  package func crossEntropy(
    predictedBy prediction: Distribution,
    flooredAt floor: Double
  ) -> FlooredCrossEntropy {
    precondition(floor > 0 && floor <= 1, "a floor is a probability above 0, not \(floor)")
    var sum = CompensatedSum()
    var raised = 0
    for (p, q) in zip(probabilities, prediction.probabilities) where p > 0 {
      if q < floor { raised += 1 }
      sum.add(p * surprisalBits(ofProbability: max(q, floor)))
    }
    return FlooredCrossEntropy(
      bits: sum.value,
      unflooredBits: crossEntropyBits(predictedBy: prediction),
      raisedOutcomes: raised
    )
  }
}

/// A cross-entropy after small probabilities were raised to a floor.
package struct FlooredCrossEntropy: Sendable, Equatable {
  /// The figure with the floor.
  package var bits: Double
  /// The figure without, often infinite.
  package var unflooredBits: Double
  /// The number of outcomes with p > 0 whose predicted probability is below the floor.
  package var raisedOutcomes: Int

  /// The bits that the floor removes.
  package var changeBits: Double { raisedOutcomes == 0 ? 0 : unflooredBits - bits }
}

/// A reason why numbers are not a distribution.
package enum DistributionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no outcome.
  case empty
  /// A number below 0, above 1, or NaN.
  case notAProbability(outcome: Int, value: Double)
  /// A weight that is negative or not finite.
  case notAWeight(outcome: Int, value: Double)
  /// The sum is not one; or, of weights, it is zero or infinite.
  case sum(Double)

  /// The fault; outcomes are counted from 0.
  package var description: String {
    switch self {
    case .empty: "there are no outcomes"
    case .notAProbability(let outcome, let value):
      "outcome \(outcome) has \(value), which is not a probability between 0 and 1"
    case .notAWeight(let outcome, let value):
      "outcome \(outcome) has the weight \(value); weights are finite and not negative"
    case .sum(let sum): "the sum is \(sum), not 1"
    }
  }
}
