/// The estimate of an *n*-gram order for a byte, and its weight.
public struct OrderExplanation: Sendable, Hashable {
  /// The length of the *n*-grams: that of the context, and one.
  public var order: Int

  /// The sum of the counts of all bytes in the context.
  public var total: Int

  /// The number of bytes that have a count in the context.
  public var typeCount: Int

  /// The count of the byte in the context.
  public var count: Int

  /// γ: the share of the next shorter order's estimate in this order's.
  public var shorterShare: Double

  /// The order's estimate of the byte's probability, with the share of shorter orders.
  public var estimate: Double

  /// The weight of this estimate alone in the mixture.
  public var weight: Double
}

/// A probability as a sum with one term for each order.
///
/// It is the sum of each order's weight times its estimate, of the weights of those recent bytes
/// that are equal to the byte, and of 2^-24, which every byte has.
public struct ByteExplanation: Sendable, Hashable {
  /// The byte.
  public var byte: UInt8

  /// Its probability.
  public var probability: Double

  /// The orders from 1 to that of the longest known context.
  public var orders: [OrderExplanation]

  /// The byte that was counted last in the longest known context, and that in the context two bytes
  /// shorter: each has a weight of its own in the mixture.
  public var recentBytes: [UInt8]

  /// The weights of the recent bytes.
  public var recentWeights: [Double]
}

extension GatedNGram {
  /// Explains the probability of `byte` as the next one; reads nothing.
  ///
  /// - Complexity: O(``order``) look-ups of the byte.
  public func explanation(of byte: UInt8) -> ByteExplanation {
    learnChunk()
    return mixture.explanation(of: byte, learns: learns)
  }
}

extension OrderMixture {
  fileprivate func explanation(of byte: UInt8, learns: Bool) -> ByteExplanation {
    let situation = situation(learns: learns)
    var explanation = ByteExplanation(
      byte: byte,
      probability: probability(byte, situation),
      orders: [],
      recentBytes: [],
      recentWeights: []
    )
    guard situation.known >= 0 else { return explanation }
    var estimate = 1.0 / 256
    for length in 0...situation.known {
      let summary = tree.summary(path[length])
      estimate = amounts[length] * ownUnits[length] + shorterParts[length] * estimate
      let longer = length < situation.known
      let fromLonger = longer ? estimateParts[length + 1] * shorterParts[length + 1] : 0
      explanation.orders.append(
        OrderExplanation(
          order: length + 1,
          total: Int(summary.total),
          typeCount: summary.typeCount,
          count: Int(tree.find(byte, in: path[length]).count),
          shorterShare: shorterParts[length],
          estimate: estimate,
          weight: estimateParts[length] - fromLonger
        )
      )
    }
    explanation.recentBytes = [situation.recent.0, situation.recent.1]
    explanation.recentWeights = [situation.recentShares.0, situation.recentShares.1]
    return explanation
  }
}
