import RealFunctions

/// The mean over classes of the squared difference between softmax and target, for contrast.
///
///     L = Σ (p − t)² / K
package enum SquaredErrorLoss {
  /// The loss, from 0 to 2 / K.
  package static func value(target: [Double], logits: [Double]) -> Double {
    let squares = zip(Logits.softmax(logits), target).map { ($0 - $1) * ($0 - $1) }
    return squares.reduce(0, +) / Double(target.count)
  }

  /// The gradient with respect to the logits: 2/K · p ∘ (d − ⟨d, p⟩) with d = p − t.
  ///
  /// The factor p makes it vanish where the prediction is wrong and sure of itself, which is why
  /// cross-entropy trains classifiers and squared error does not.
  package static func gradient(target: [Double], logits: [Double]) -> [Double] {
    let probabilities = Logits.softmax(logits)
    let differences = zip(probabilities, target).map { $0 - $1 }
    let mean = zip(differences, probabilities).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(probabilities, differences).map { $0 * ($1 - mean) * 2 / Double(target.count) }
  }
}

/// Cross-entropy in which what is predicted well counts less: −(1 − p)^γ log p, in nats.
///
/// γ = 0 is cross-entropy itself. (Lin et al. 2017, equation 4.)
package enum FocalLoss {
  /// The loss of a label that was given a probability.
  package static func nats(probability: Double, gamma: Double) -> Double {
    precondition(gamma >= 0, "gamma must not be negative, and is \(gamma)")
    guard probability < 1 else { return 0 }
    return weight(probability, gamma: gamma) * CrossEntropyLoss.naturalInformation(probability)
  }

  /// The factor (1 − p)^γ, without the price of a power for the usual exponents.
  static func weight(_ probability: Double, gamma: Double) -> Double {
    let rest = 1 - probability
    return switch gamma {
    case 0: 1
    case 1: rest
    case 2: rest * rest
    default: pow(rest, gamma)
    }
  }
}

/// The divergence of a student's distribution from its teacher's, both made flatter by a temperature.
///
///     L = T² · D(softmax(teacher / T)‖softmax(student / T))
///
/// The factor T² keeps the size of the gradient the same at every temperature. (Hinton, Vinyals and
/// Dean 2015, section 2.)
package enum DistillationLoss {
  /// The loss, in nats; infinite where the student's logit is −∞ and the teacher's is not.
  package static func nats(teacher: [Double], student: [Double], temperature: Double) -> Double {
    let goal = Logits.logSoftmax(teacher, temperature: temperature)
    let reached = Logits.logSoftmax(student, temperature: temperature)
    let divergence = zip(goal, reached).reduce(0) { sum, pair in
      guard pair.0 > -.infinity else { return sum }
      // The product would be no number where the teacher's share is too small for one.
      return pair.1 == -.infinity ? .infinity : sum + exp(pair.0) * (pair.0 - pair.1)
    }
    return max(0, divergence) * temperature * temperature
  }

  /// The gradient with respect to the student's logits: T · (student's − teacher's probability).
  package static func gradient(
    teacher: [Double],
    student: [Double],
    temperature: Double
  ) -> [Double] {
    zip(
      Logits.softmax(student, temperature: temperature),
      Logits.softmax(teacher, temperature: temperature)
    ).map { ($0 - $1) * temperature }
  }
}
