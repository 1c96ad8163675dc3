import RealFunctions

/// The distance between two distributions over the same outcomes, in bits.
///
///     H(P)    = −Σ p log₂ p                      entropy
///     H(P, Q) = −Σ p log₂ q                      cross-entropy
///     D(P‖Q)  = Σ p log₂(p / q) = H(P, Q) − H(P)      Kullback-Leibler divergence, forward
///     JS(P, Q) = ½ D(P‖M) + ½ D(Q‖M)  with  M = (P + Q) / 2      Jensen-Shannon divergence
///
/// ```swift
/// let divergence = Divergence(of: [0.5, 0.5, 0], and: [0.25, 0.25, 0.5])
/// divergence.forwardBits   // 1.0
/// divergence.backwardBits  // inf: the second holds for possible what to the first is not
/// ```
///
/// An outcome of probability 0 adds 0 · log 0 = 0; where p > 0 and q = 0, D(P‖Q) is infinite. D is not
/// symmetric, JS is, and at most one bit. (Kullback and Leibler 1951; Lin 1991, section IV.)
package struct Divergence: Sendable, Equatable {
  /// H(P).
  package var firstEntropyBits = 0.0

  /// H(Q).
  package var secondEntropyBits = 0.0

  /// H(P, Q).
  package var forwardCrossEntropyBits = 0.0

  /// H(Q, P).
  package var backwardCrossEntropyBits = 0.0

  /// D(P‖Q), never negative.
  package var forwardBits = 0.0

  /// D(Q‖P), never negative.
  package var backwardBits = 0.0

  /// JS(P, Q), from 0 to 1.
  package var jensenShannonBits = 0.0

  /// The likeliest outcome of P among those that Q holds to be impossible.
  package var forwardImpossible: Int?

  /// The likeliest outcome of Q among those that P holds to be impossible.
  package var backwardImpossible: Int?

  /// No divergence, of nothing.
  package init() {}

  /// The divergence of two distributions; index = outcome.
  ///
  /// - Precondition: both have the same number of outcomes.
  package init(of first: [Double], and second: [Double]) {
    var terms = [Double](repeating: 0, count: first.count)
    var span = terms.mutableSpan
    self.init(of: first.span, and: second.span, jensenShannonTerms: &span)
  }

  /// The divergence of two distributions, and what each outcome adds to JS(P, Q), in bits.
  ///
  /// Each term of D(P‖Q) is taken as p log(p / q) − p + q: what is added is zero in sum, and no term
  /// is negative then, so that rounding makes no divergence of equals, and none below zero, where the
  /// numbers sum to one not quite.
  ///
  /// - Precondition: all have the same number of outcomes.
  /// - Complexity: three logarithms an outcome.
  package init(
    of first: Span<Double>,
    and second: Span<Double>,
    jensenShannonTerms terms: inout MutableSpan<Double>
  ) {
    precondition(
      first.count == second.count && terms.count == first.count,
      "two distributions must be over the same outcomes"
    )
    var firstEntropy = 0.0
    var secondEntropy = 0.0
    var forwardCross = 0.0
    var backwardCross = 0.0
    var forward = 0.0
    var backward = 0.0
    var jensenShannon = 0.0
    for outcome in 0..<first.count {
      let p = first[outcome]
      let q = second[outcome]
      if p == q {
        terms[outcome] = 0
        if p > 0 {
          let information = -p * log(p)
          firstEntropy += information
          secondEntropy += information
          forwardCross += information
          backwardCross += information
        }
        continue
      }
      let logOfP = p > 0 ? log(p) : 0
      let logOfQ = q > 0 ? log(q) : 0
      let logOfMean = log((p + q) / 2)
      firstEntropy -= p * logOfP
      secondEntropy -= q * logOfQ
      if q > 0 {
        forwardCross -= p * logOfQ
        forward += max(0, p * (logOfP - logOfQ) - p + q)
      } else if forwardImpossible.map({ first[$0] < p }) ?? true {
        forwardImpossible = outcome
      }
      if p > 0 {
        backwardCross -= q * logOfP
        backward += max(0, q * (logOfQ - logOfP) - q + p)
      } else if backwardImpossible.map({ second[$0] < q }) ?? true {
        backwardImpossible = outcome
      }
      let term = max(0, (p * (logOfP - logOfMean) + q * (logOfQ - logOfMean)) / 2)
      terms[outcome] = term * bitsPerNat
      jensenShannon += term
    }
    firstEntropyBits = firstEntropy * bitsPerNat
    secondEntropyBits = secondEntropy * bitsPerNat
    forwardCrossEntropyBits = forwardImpossible == nil ? forwardCross * bitsPerNat : .infinity
    backwardCrossEntropyBits = backwardImpossible == nil ? backwardCross * bitsPerNat : .infinity
    forwardBits = forwardImpossible == nil ? forward * bitsPerNat : .infinity
    backwardBits = backwardImpossible == nil ? backward * bitsPerNat : .infinity
    jensenShannonBits = min(1, jensenShannon * bitsPerNat)
  }
}
