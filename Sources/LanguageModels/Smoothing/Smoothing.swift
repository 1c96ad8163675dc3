/// How counts become probabilities.
///
///     p(w | h) = (c(hw) − d(c(hw))) / (c(h) + e(h))  +  γ(h) · p(w | h′)
///     γ(h)     = (Σ d + e(h)) / (c(h) + e(h))
///
/// `d` is what each seen n-gram gives up, `e` what each context is lent; both go to the shorter
/// context `h′`, that of unigrams to the uniform distribution over the vocabulary without `<s>`. So
/// the sum over `w` is one by construction. In the back-off form a seen n-gram has the first summand
/// alone, and γ(h) makes the unseen ones fill what is left (Katz 1987):
///
///     γ(h) = (1 − Σ_{seen} p(w | h)) / (1 − Σ_{seen} p(w | h′))
///
/// A method is `d`, `e`, and what is counted below the highest order. That the methods differ in
/// these alone is Chen and Goodman's observation (1998, section 2.8).
package protocol Smoothing: Sendable {
  /// What is counted for n-grams shorter than the longest.
  var lowerOrderCounts: LowerOrderCounts { get }

  /// Which distribution an unseen n-gram takes its probability from.
  var combination: Combination { get }

  /// d: what an n-gram of `order` with `count` gives up. A count of zero is asked for at order 1
  /// only, for tokens of the vocabulary that the text lacks.
  func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double

  /// e: what a context of n-grams of `order` is lent.
  func pseudocount(for context: ContextCounts, order: Int) -> Double

  /// The numbers that describe the method at `order`, for people and for the model file.
  func parameters(order: Int) -> [Double]
}

/// What is counted for n-grams shorter than the longest.
public enum LowerOrderCounts: String, Sendable {
  /// How often the n-gram occurs.
  case occurrences
  /// How many different tokens precede it (Kneser and Ney 1995); after `<s>`, where none can, how
  /// often it occurs.
  case continuations
}

/// How the distributions of the orders make one.
public enum Combination: Hashable, Sendable {
  /// Every n-gram has a share from the shorter context.
  case interpolated
  /// Only unseen n-grams have.
  case backOff
  /// Unseen n-grams share what is left evenly.
  case uniform
  /// What is seen takes all: an unseen token has probability zero in a seen context.
  case nothing
  /// An unseen n-gram has the shorter one's score times this weight; scores, not probabilities.
  case fixedWeight(Double)
}

extension Smoothing {
  /// The methods without lent counts need not say so.
  package func pseudocount(for context: ContextCounts, order: Int) -> Double { 0 }
}
