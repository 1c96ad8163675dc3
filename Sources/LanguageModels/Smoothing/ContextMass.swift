/// The counts of one context and their division: the formula of ``Smoothing`` as code.
///
///     α(w | h) = (c(hw) − d) / (c(h) + e)
///     γ(h)     = (Σ d + e) / (c(h) + e)
///
/// The caller counts all n-grams before it releases any discount, since a discount may depend on
/// the counts; then ``lend(by:order:predictedCount:)`` finds `e` and the divisor.
struct ContextMass: BitwiseCopyable {
  /// c(h): the sum of the counts of all n-grams of the context.
  var total: UInt64 = 0

  /// The part of `total` that belongs to n-grams that were left out of the model.
  private(set) var pruned: UInt64 = 0

  /// Σ d: the count that the n-grams give up; one that was left out gives up all it has.
  var released = 0.0

  /// e: the count that the context is lent.
  private(set) var lent = 0.0

  /// The denominator: c(h) + e.
  private(set) var divisor = 1.0

  /// The number of different tokens that follow.
  var types: UInt32 = 0

  /// The number of those whose n-grams were left out of the model.
  private(set) var prunedTypes: UInt32 = 0

  /// The counts that a method looks at.
  @inline(__always)
  var counts: ContextCounts { ContextCounts(total: total, types: UInt64(types)) }

  /// The number of n-grams that the model has of the context.
  @inline(__always)
  var keptFollowers: UInt32 { types - prunedTypes }

  /// Counts `types` n-grams that were left out of the model, `count` in all.
  @inline(__always)
  mutating func prune(_ count: UInt64, types: UInt32) {
    total += count
    pruned += count
    self.types += types
    prunedTypes += types
  }

  /// Releases the counts of the n-grams that were left out.
  @inline(__always)
  mutating func releasePruned() { released += Double(pruned) }

  /// Lends the context what `method` says, for n-grams of `order`, of `predictedCount` tokens.
  ///
  /// A context that gave nothing up would leave nothing for unseen tokens. It is lent one count
  /// more (Rosenfeld's remedy, and SRILM's).
  @inline(__always)
  mutating func lend(by method: some Smoothing, order: Int, predictedCount: Int) {
    lent = method.pseudocount(for: counts, order: order)
    if isSpent(order: order) && needsRest(method, order: order)
      && Int(keptFollowers) < predictedCount
    {
      lent += 1
    }
    divisor = Double(total) + lent
    // Nothing fills the place of what was left out: it counts as never seen.
    if method.combination == .maximumLikelihood { divisor -= Double(pruned) }
    if order == 1 { divisor = max(1, divisor) }
  }

  /// The share of a context's mass up to which SRILM takes it to be spent.
  ///
  /// Unigrams are spent where nothing is left: their rest goes to the unknown word, however small.
  private static func spentShare(order: Int) -> Double { order == 1 ? 0 : 3e-6 }

  /// Nothing, or next to nothing, goes to the shorter context.
  @inline(__always)
  private func isSpent(order: Int) -> Bool {
    released + lent <= Self.spentShare(order: order) * Double(total)
  }

  /// Unseen tokens have nothing but what the context gives up.
  ///
  /// Unigrams always pass it on, but unseen ones may have a count from the method itself, −d(0). Of
  /// longer n-grams, back-off divides by what is left and so cannot do without.
  @inline(__always)
  private func needsRest(_ method: some Smoothing, order: Int) -> Bool {
    if order > 1 { return method.combination == .backOff }
    return (method.combination == .backOff || method.combination == .interpolated)
      && method.discount(0, in: counts, order: 1) >= 0
  }

  /// γ(h) of the interpolated form, and of unigrams in every form that passes mass on.
  @inline(__always)
  var gamma: Double { (released + lent) / divisor }

  /// γ(h) where the unseen share evenly and no n-gram was left out: 1 − c(h) / (c(h) + e).
  @inline(__always)
  var uniformGamma: Double { 1 - Double(total) / divisor }

  /// γ(h) of the back-off form: (1 − `seen`) / (1 − `covered`).
  ///
  /// Both are sums over the tokens that follow the context: `seen` of what they have after it,
  /// `covered` of what they have after the shorter one. Where `covered` is within `tolerance` of
  /// one, no other token can take anything, and γ is zero: rounding of the sums, 1e-12 where they
  /// are of doubles, 1e-9 where they are of 24-bit values.
  @inline(__always)
  static func backOffGamma(seen: Double, covered: Double, tolerance: Double) -> Double {
    let uncovered = 1 - covered
    return uncovered <= tolerance ? 0 : max(0, 1 - seen) / uncovered
  }
}
