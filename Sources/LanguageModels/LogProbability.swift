import RealFunctions

/// The logarithm of a probability.
///
/// The unit is named where the number goes in or comes out.
/// The logarithm of zero is minus infinity, and stays so in every sum: a token that cannot be makes
/// its text impossible.
public struct LogProbability: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The logarithm to base 2: minus the surprisal in bits.
  public var bits: Double

  /// From a logarithm to base 2.
  public init(bits: Double) { self.bits = bits }

  /// From a natural logarithm.
  public init(nats: Double) { bits = nats / Self.natsPerBit }

  /// From a logarithm to base 10, as in ARPA files.
  public init(log10: Double) { bits = log10 / Self.log10PerBit }

  /// The logarithm of `probability`, which is at least 0.
  public init(of probability: Double) { bits = log2(probability) }

  /// The surprisal: −log₂ of the probability, and 0, not −0, for a certain event.
  public var surprisalBits: Double { 0 - bits }

  /// The natural logarithm.
  public var nats: Double { bits * Self.natsPerBit }

  /// The logarithm to base 10.
  public var log10: Double { bits * Self.log10PerBit }

  /// The probability itself.
  public var probability: Double { exp2(bits) }

  /// The logarithm of the product of two probabilities.
  public static func + (left: Self, right: Self) -> Self { Self(bits: left.bits + right.bits) }

  /// Multiplies the probability on the left by the one on the right.
  public static func += (left: inout Self, right: Self) { left.bits += right.bits }

  /// The order of probabilities.
  public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }

  /// The logarithm of one.
  public static let one = LogProbability(bits: 0)

  private static let natsPerBit = 0.693_147_180_559_945_309_4
  private static let log10PerBit = 0.301_029_995_663_981_195_2
}
