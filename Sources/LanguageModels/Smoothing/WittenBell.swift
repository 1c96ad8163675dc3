/// Witten-Bell: a context is lent one count for each different token that followed it.
///
///     d = 0    e(h) = N₁₊(h •)
///
/// Source: Bell, Cleary and Witten 1990 (method C); Chen and Goodman 1998, section 2.5.
public struct WittenBell: Smoothing {
  public let combination: Combination
  public var lowerOrderCounts: LowerOrderCounts { .occurrences }

  /// The method in its interpolated or its back-off form.
  public init(combination: Combination = .interpolated) { self.combination = combination }

  public func discount(_ count: Double, in context: ContextCounts, order: Int) -> Double { 0 }

  public func pseudocount(for context: ContextCounts, order: Int) -> Double {
    Double(context.types)
  }

  public func parameters(order: Int) -> [Double] { [] }
}
