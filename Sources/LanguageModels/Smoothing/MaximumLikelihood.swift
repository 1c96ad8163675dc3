/// Maximum likelihood: the relative frequency and nothing else.
///
///     p(w | h) = c(hw) / c(h)
///
/// An unseen token in a seen context has probability zero, so most held-out text is impossible: the
/// lesson that smoothing answers. A context that was never seen has no relative frequencies; the
/// longest seen part of it is taken, so that every distribution sums to one.
public struct MaximumLikelihood: Smoothing {
  public var combination: Combination { .nothing }
  public var lowerOrderCounts: LowerOrderCounts { .occurrences }

  /// The method; it has no parameters.
  public init() {}

  public func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double { 0 }

  public func parameters(order: Int) -> [Double] { [] }
}
