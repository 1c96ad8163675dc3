/// Some tokens and the bits that a model needed for them.
public struct Cost: Sendable, Equatable, BitwiseCopyable {
  /// The number of tokens.
  public var tokens: Int

  /// The sum of their surprisals, −log₂ p; infinite where one is impossible.
  public var bits: Double

  /// The cost of so many tokens.
  public init(tokens: Int = 0, bits: Double = 0) {
    self.tokens = tokens
    self.bits = bits
  }

  /// Bits a token; NaN for none.
  public var bitsPerToken: Double { bits / Double(tokens) }

  /// The part of `total`'s bits that these are; NaN where those are none or infinite.
  public func shareOfBits(in total: Cost) -> Double { bits / total.bits }

  /// The cost of both.
  public static func + (left: Self, right: Self) -> Self {
    Self(tokens: left.tokens + right.tokens, bits: left.bits + right.bits)
  }

  /// Adds the tokens of another cost.
  @inline(__always)
  public static func += (left: inout Self, right: Self) {
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
