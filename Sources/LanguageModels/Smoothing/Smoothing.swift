/// A smoothing method: the rule by which counts become probabilities.
///
///     p(w | h) = α(w | h) + γ(h) · p(w | h′)        (Chen and Goodman 1998, section 2.8)
///
///     α(w | h) = (c(hw) − d) / (c(h) + e)
///     γ(h)     = (Σ d + e) / (c(h) + e)
///
/// `d` is the count that a seen n-gram gives up, `e` the count that a context is lent; both go to
/// the shorter context `h′`. The unigrams give theirs to the uniform distribution over the
/// vocabulary without `<s>`. So the sum over `w` is one by construction. In the back-off form a
/// seen n-gram has α alone, and γ(h) makes the unseen ones fill the rest (Katz 1987):
///
///     γ(h) = (1 − Σ_{seen} p(w | h)) / (1 − Σ_{seen} p(w | h′))
///
/// A method is `d`, `e`, and the counts that it takes below the highest order. That the methods
/// differ in these alone is Chen and Goodman's observation. ``ContextMass`` is the formula as code,
/// and ``SmoothingMethod`` the table of the methods.
package protocol Smoothing: Sendable {
  /// The counts of n-grams shorter than the longest.
  static var lowerOrderCounts: LowerOrderCounts { get }

  /// The forms that the method has, its default first.
  static var forms: [Combination] { get }

  /// The options that the method takes; none unless it says so.
  static var options: Set<SmoothingOption> { get }

  /// A sentence on what the method does about n-grams that the text lacks.
  static var remedy: String { get }

  /// Estimates the parameters of each order; adds to `notes` where a fallback had to be used.
  init(_ input: SmoothingInput, notes: inout [String])

  /// Makes the method from stored parameters, order 1 first, for `predictedCount` tokens that can
  /// follow; nil if they are not those of the method.
  init?(parameters: [[Double]], combination: Combination, predictedCount: Int)

  /// The distribution that an unseen n-gram takes its probability from.
  var combination: Combination { get }

  /// d: the count that an n-gram of `order` with `count` gives up.
  ///
  /// `count` is zero at order 1 only, for tokens of the vocabulary that the text lacks.
  func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double

  /// e: the count that a context of n-grams of `order` is lent; zero unless the method says so.
  func pseudocount(for context: ContextCounts, order: Int) -> Double

  /// The numbers that describe the method at `order`, for people and for the model file.
  func parameters(order: Int) -> [Double]

  /// Estimates the model of `counted` and writes it.
  ///
  /// No method has its own. It is a requirement so that the compiler makes one for each method:
  /// a generic function that is called with `any Smoothing` would look each discount up in a table.
  func write(_ counted: CountedText) throws -> ModelDescription
}

/// The figures and options that a method is estimated from.
package struct SmoothingInput: Sendable {
  /// The counts-of-counts of each order, order 1 first.
  package var countsOfCounts: [CountsOfCounts]

  /// The form that is wanted, one of the method's.
  package var combination: Combination

  /// V: the number of tokens that can follow a context, the vocabulary without `<s>`.
  package var predictedCount: Int

  /// α of ``AdditiveSmoothing``.
  package var alpha: Double

  /// One discount for all orders; estimated where nil.
  package var discount: Double?

  /// The weights that ``InterpolationWeights`` fitted to held-out text, of each order and bucket;
  /// empty if the method does not take ``SmoothingOption/heldOutText``.
  package var weights: [[Double]]

  /// The figures, with the defaults of training for those left out.
  package init(
    _ countsOfCounts: [CountsOfCounts] = [],
    combination: Combination = .interpolated,
    predictedCount: Int = 0,
    alpha: Double = 1,
    discount: Double? = nil,
    weights: [[Double]] = []
  ) {
    self.countsOfCounts = countsOfCounts
    self.combination = combination
    self.predictedCount = predictedCount
    self.alpha = alpha
    self.discount = discount
    self.weights = weights
  }
}

/// The counts of n-grams shorter than the longest.
package enum LowerOrderCounts: String, Sendable {
  /// The number of times that the n-gram occurs.
  case occurrences
  /// The number of different tokens that precede it (Kneser and Ney 1995); after `<s>`, where none
  /// can, the number of times that it occurs.
  case continuations
}

/// The way in which the distributions of the orders make one.
package enum Combination: Hashable, Sendable {
  /// Every n-gram has a share from the shorter context.
  case interpolated
  /// Unseen n-grams alone have a share from the shorter context.
  case backOff
  /// Unseen n-grams share the rest evenly.
  case uniform
  /// The seen take all: an unseen token has probability zero in a seen context.
  case maximumLikelihood
  /// An unseen n-gram has the shorter one's score times this weight; scores, not probabilities.
  case fixedWeight(Double)

  /// The sum over all tokens is one.
  var isNormalized: Bool { if case .fixedWeight = self { false } else { true } }

  /// True if a context that was seen once needs no list of n-grams.
  ///
  /// One weight and its only token determine its probabilities (``TailWeights``), or it needs no
  /// weight.
  var hasTails: Bool { self == .interpolated || self == .maximumLikelihood }
}

extension Smoothing {
  package static var options: Set<SmoothingOption> { [] }

  package func pseudocount(for context: ContextCounts, order: Int) -> Double { 0 }
}
