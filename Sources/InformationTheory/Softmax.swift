import RealFunctions

/// Functions of logits: scores on a logarithmic scale, in nats, known up to a common constant.
///
/// Logits may be as large as ±10³⁰⁰ and may be −∞, an outcome that is impossible. +∞ and NaN are no
/// logits, nor are logits that are all −∞, which leave no outcome: the results are NaN then.
package enum Logits {
  /// Returns log Σ exp *x*, in nats.
  ///
  /// The largest logit is taken out first, so that nothing overflows and what underflows is below the
  /// rounding of the sum. Of nothing, or of −∞ alone, it is −∞.
  package static func logSumExp(_ logits: Span<Double>) -> Double {
    var largest = -Double.infinity
    for index in logits.indices {
      if logits[index].isNaN { return .nan }
      largest = max(largest, logits[index])
    }
    guard largest.isFinite else { return largest }
    var sum = 0.0
    for index in logits.indices { sum += exp(logits[index] - largest) }
    return largest + log(sum)
  }

  /// Returns log Σ exp *x*, in nats.
  package static func logSumExp(_ logits: [Double]) -> Double { logSumExp(logits.span) }

  /// Returns the distribution that is proportional to exp(*x* / *T*).
  ///
  /// The temperature *T* is above 0; above 1 it makes the distribution flatter, below 1 steeper.
  package static func softmax(_ logits: [Double], temperature: Double = 1) -> [Double] {
    logSoftmax(logits, temperature: temperature).map { exp($0) }
  }

  /// Returns the logarithms of ``softmax(_:temperature:)``, in nats; never by way of a probability that
  /// might have become zero.
  package static func logSoftmax(_ logits: [Double], temperature: Double = 1) -> [Double] {
    precondition(temperature > 0, "a temperature must be above 0, not \(temperature)")
    guard let largest = logits.max(), largest.isFinite, !logits.contains(where: \.isNaN) else {
      return logits.map { _ in .nan }
    }
    // Differences first: the quotient of a huge logit and a small temperature would overflow.
    let scaled = logits.map { ($0 - largest) / temperature }
    let total = logSumExp(scaled)
    return scaled.map { $0 - total }
  }

  /// Returns log(1 + exp *x*), in nats, for any *x*.
  ///
  /// It is the loss of a binary label: softplus(−*x*) where the label is 1, softplus(*x*) where 0.
  package static func softplus(_ logit: Double) -> Double {
    max(logit, 0) + log1p(exp(-logit.magnitude))
  }

  /// Returns 1 / (1 + exp(−*x*)), the probability of the label 1, exact at both ends.
  package static func sigmoid(_ logit: Double) -> Double {
    let power = exp(-logit.magnitude)
    return logit >= 0 ? 1 / (1 + power) : power / (1 + power)
  }
}
