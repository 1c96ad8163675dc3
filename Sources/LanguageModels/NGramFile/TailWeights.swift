/// The back-off weight γ of every context that was seen once (a singleton), at each length.
///
/// Such a context has one n-gram w, of count one, and an interpolated method gives
///
///     p(w | h) = (1 − γ) + γ p(w | h′)        γ = (d(1) + e) / (1 + e)
///
/// with the same γ for all contexts of one length. So where a history was seen once from some
/// length on, one probability and the last word give those of all longer contexts.
struct TailWeights: Sendable {
  /// γ after contexts of one word, of two and so on.
  let weights: [Double]

  /// The weights at each length.
  init(_ weights: [Double]) { self.weights = weights }

  /// The weights of `method` for n-grams up to `order`.
  init(_ method: some Smoothing, order: Int) {
    weights = (1..<max(1, order)).map { depth in
      if method.combination != .interpolated { return 0 }
      var once = ContextMass()
      once.total = 1
      once.types = 1
      once.released = method.discount(1, in: once.counts, order: depth + 1)
      once.lend(by: method, order: depth + 1, predictedCount: .max)
      return once.gamma
    }
  }

  /// γ after a context of `depth` words.
  @inline(__always)
  func weight(_ depth: Int) -> Double { depth <= weights.count ? weights[depth - 1] : 1 }

  /// The probability of the n-gram after a context of `depth` words, where the shorter has `lower`.
  @inline(__always)
  func probability(_ depth: Int, lower: Double) -> Double {
    let weight = weight(depth)
    return (1 - weight) + weight * lower
  }

  /// The probability after a context of `end` words, where the one after `depth` words is `value`.
  func probability(_ value: Double, from depth: Int, to end: Int) -> Double {
    var value = value
    for longer in stride(from: depth + 1, through: end, by: 1) {
      value = probability(longer, lower: value)
    }
    return value
  }

  /// The product of γ after contexts of `depth` to `end` words.
  func weight(from depth: Int, to end: Int) -> Double {
    var product = 1.0
    for longer in stride(from: depth, through: end, by: 1) { product *= weight(longer) }
    return product
  }
}
