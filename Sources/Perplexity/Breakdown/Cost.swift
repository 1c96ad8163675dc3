/// A number of tokens and the bits that a model needs for them.
package struct Cost: Sendable, Equatable, BitwiseCopyable {
  /// The number of tokens.
  package var tokens: Int

  /// The sum of their surprisals, −log₂ p; infinite if one is impossible.
  package var bits: Double

  /// The cost of `tokens` tokens with `bits` bits in total.
  package init(tokens: Int = 0, bits: Double = 0) {
    self.tokens = tokens
    self.bits = bits
  }

  /// The mean bits per token; NaN without tokens.
  package var bitsPerToken: Double { bits / Double(tokens) }

  /// These bits as a fraction of `total`'s bits; NaN if those are zero or infinite.
  package func shareOfBits(in total: Cost) -> Double { bits / total.bits }

  /// The sum of both costs.
  package static func + (left: Self, right: Self) -> Self {
    Self(tokens: left.tokens + right.tokens, bits: left.bits + right.bits)
  }

  /// Adds the tokens of another cost.
  @inline(__always)
  package static func += (left: inout Self, right: Self) {
    left.tokens += right.tokens
    left.bits += right.bits
  }

  /// Adds a token.
  @inline(__always)
  mutating func add(_ bits: Double) {
    tokens += 1
    self.bits += bits
  }
}
