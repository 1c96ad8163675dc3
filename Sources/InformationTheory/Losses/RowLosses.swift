import RealFunctions

/// The figures of one row of predictions.
struct RowLosses {
  /// −Σ t log p, with p raised to the floor, without weights.
  var loss = 0.0
  /// −Σ w t log p, with p raised to the floor, w the weight of the class.
  var weighted = 0.0
  /// −Σ w t log p.
  var unfloored = 0.0
  /// The loss against targets that are mixed with the uniform distribution.
  var smoothed = 0.0
  /// −Σ t (1 − p)^γ log p.
  var focal = 0.0
  /// Σ (p − t)².
  var brier = 0.0
  /// The square of the norm of the squared error's gradient, but for the factor 2 / K.
  var squaredGradient = 0.0
  /// The most probable class, the first of several.
  var predicted = 0

  /// The logarithms that a row needs: from logits they are more exact than those of its probabilities.
  enum Logarithms {
    /// −log *p* is computed.
    case ofProbabilities
    /// −log *p* is log Σ exp of the logits' differences to the largest, less the logit's own: the
    /// largest, beside which a difference would lose its digits, does not enter.
    case ofLogits(largest: Double, logSum: Double)
    /// −log *p* of the two classes.
    case known(zero: Double, one: Double)
  }

  /// The figures of `probabilities`, which `given` are made of: the row's numbers as they came.
  init(
    label: Int,
    target: Span<Double>?,
    given: Span<Double>,
    _ logarithms: Logarithms,
    _ probabilities: Span<Double>,
    _ options: LossOptions
  ) {
    let count = probabilities.count
    let classWeights = options.classWeights
    let floor = options.floor ?? 0
    let spread = options.labelSmoothing / Double(count)
    var differenceTimesProbability = 0.0
    for index in 0..<count {
      let p = probabilities[index]
      let t: Double = if let target { target[index] } else { index == label ? 1 : 0 }
      if p > probabilities[predicted] { predicted = index }
      let difference = p - t
      brier += difference * difference
      differenceTimesProbability += difference * p
      guard t > 0 || spread > 0 else { continue }
      let nats =
        switch logarithms {
        case .ofProbabilities: CrossEntropyLoss.naturalInformation(p)
        case .ofLogits(let largest, let logSum): logSum - (given[index] - largest)
        case .known(let zero, let one): index == 0 ? zero : one
        }
      let floored = p < floor ? -log(floor) : nats
      let w = classWeights.isEmpty ? 1 : classWeights[index]
      if w > 0 { smoothed += w * ((1 - options.labelSmoothing) * t + spread) * floored }
      guard t > 0 else { continue }
      loss += t * floored
      guard w > 0 else { continue }
      weighted += w * t * floored
      unfloored += w * t * nats
      focal += p < 1 ? w * t * FocalLoss.weight(p, gamma: options.focalGamma) * floored : 0
    }
    for index in 0..<count {
      let t: Double = if let target { target[index] } else { index == label ? 1 : 0 }
      let p = probabilities[index]
      let slope = p * (p - t - differenceTimesProbability)
      squaredGradient += slope * slope
    }
  }
}
