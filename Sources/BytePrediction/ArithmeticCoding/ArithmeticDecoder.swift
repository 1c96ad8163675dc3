/// Reads the decisions of an ``ArithmeticEncoder`` from their code.
///
/// Any bytes can be read: wrong ones give wrong decisions and never an error, so a caller needs a
/// checksum of the result.
public struct ArithmeticDecoder: Sendable {
  private let bytes: [UInt8]
  private var position = 0
  /// The number read from the code, less the lower end of the range.
  private var offset: UInt64 = 0
  private var range: UInt64 = .max

  /// A decoder of `bytes`.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    for _ in 0..<8 { offset = offset << 8 | UInt64(nextByte()) }
  }

  /// The number of bytes read past the end: at most eight where the decisions are those written.
  public var readPastEnd: Int { max(0, position - bytes.count) }

  /// Reads one bit, where 1 has `probabilityOfOne` of ``ArithmeticEncoder/total``.
  public mutating func decodeBit(probabilityOfOne: UInt32) -> Bool {
    let bound = ArithmeticEncoder.scaled(range, UInt64(probabilityOfOne))
    let bit = offset < bound
    if bit {
      range = bound
    } else {
      offset &-= bound
      range &-= bound
    }
    normalize()
    return bit
  }

  /// The position of the next choice in ``ArithmeticEncoder/total``; ``take(_:_:)`` reads the
  /// choice.
  public var target: UInt64 {
    // The largest x with x · range / 2^32, rounded down, at most `offset`.
    let high = (offset &+ 1) >> 32
    let low = (offset &+ 1) << 32
    let dividend = low == 0 ? (high &- 1, UInt64.max) : (high, low &- 1)
    guard dividend.0 < range else { return ArithmeticEncoder.total - 1 }
    return min(ArithmeticEncoder.total - 1, range.dividingFullWidth(dividend).quotient)
  }

  /// Reads the choice that lies from `lower` to `upper`; ``target`` is in between.
  ///
  /// - Precondition: `lower` < `upper` ≤ ``ArithmeticEncoder/total``.
  public mutating func take(_ lower: UInt64, _ upper: UInt64) {
    precondition(
      lower < upper && upper <= ArithmeticEncoder.total,
      "a choice needs a share of the total"
    )
    let start = ArithmeticEncoder.scaled(range, lower)
    offset &-= start
    range = ArithmeticEncoder.scaled(range, upper) &- start
    normalize()
  }

  @inline(__always)
  private mutating func normalize() {
    while range < 1 << 56 {
      offset = offset << 8 | UInt64(nextByte())
      range <<= 8
    }
  }

  @inline(__always)
  private mutating func nextByte() -> UInt8 {
    let byte = position < bytes.count ? bytes[position] : 0
    position += 1
    return byte
  }
}
