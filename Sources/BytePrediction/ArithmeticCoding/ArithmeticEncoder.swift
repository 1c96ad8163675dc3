import RealFunctions

/// Writes decisions as bytes, each at the cost of its surprisal.
///
/// A range coder with 64-bit words (Martin 1979; the carry is kept back as in Schindler's and
/// LZMA's): the range never falls below 2^56, so a decision costs at most 2^-24 of itself too much.
/// Probabilities are whole multiples of 2^-32.
public struct ArithmeticEncoder: Sendable {
  /// The sum of the probabilities of a decision.
  public static let total: UInt64 = 1 << 32

  /// The code so far; a few bytes behind the decisions until ``finish()``.
  public private(set) var bytes: [UInt8] = []

  private var low: UInt64 = 0
  private var range: UInt64 = .max
  /// The last byte that a carry can still reach, and the number of 0xFF after it.
  private var heldByte: UInt8?
  private var heldOnes = 0
  private var shiftedByteCount = 0

  /// An encoder that has written nothing.
  public init() {}

  /// Takes the code so far out of the encoder, which goes on after it.
  public mutating func takeBytes() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &bytes)
    return taken
  }

  /// The surprisal of all decisions so far, in bits; not valid after ``finish()``.
  ///
  /// It is −log₂ of the range that is left, and so includes the loss by rounding, at most 2^-24 of
  /// each decision. The code after ``finish()`` is at most two bytes longer.
  public var informationBits: Double {
    Double(8 * shiftedByteCount) + (64 - log2(Double(range)))
  }

  /// Writes the choice that has the part from `lower` to `upper` of ``total``.
  ///
  /// - Precondition: `lower` < `upper` ≤ ``total``.
  public mutating func encode(_ lower: UInt64, _ upper: UInt64) {
    precondition(lower < upper && upper <= Self.total, "a choice needs a share of the total")
    let start = Self.scaled(range, lower)
    let (sum, carry) = low.addingReportingOverflow(start)
    low = sum
    range = Self.scaled(range, upper) &- start
    if carry { carryOut() }
    normalize()
  }

  /// Writes one bit; 1 has the share `probabilityOfOne` of ``total``, more than 0 and less than
  /// all.
  public mutating func encode(bit: Bool, probabilityOfOne: UInt32) {
    let bound = Self.scaled(range, UInt64(probabilityOfOne))
    if bit {
      range = bound
    } else {
      let (sum, carry) = low.addingReportingOverflow(bound)
      low = sum
      range &-= bound
      if carry { carryOut() }
    }
    normalize()
  }

  /// Writes the bytes that the decoder still needs for the last decisions; nothing may follow.
  ///
  /// The decoder takes zeros for bytes behind the last.
  public mutating func finish() {
    let (sum, carry) = low.addingReportingOverflow((1 << 56) - 1)
    low = sum
    if carry { carryOut() }
    shiftOut()
    if let heldByte { bytes.append(heldByte) }
    bytes += repeatElement(0xFF, count: heldOnes)
    heldByte = nil
    heldOnes = 0
  }

  /// `range` · `part` / 2^32, rounded down.
  @inline(__always)
  static func scaled(_ range: UInt64, _ part: UInt64) -> UInt64 {
    let product = range.multipliedFullWidth(by: part)
    return product.high << 32 | product.low >> 32
  }

  @inline(__always)
  private mutating func normalize() {
    while range < 1 << 56 {
      shiftOut()
      range <<= 8
    }
  }

  private mutating func shiftOut() {
    let byte = UInt8(low >> 56)
    low <<= 8
    shiftedByteCount &+= 1
    if byte == 0xFF && heldByte != nil {
      heldOnes += 1
      return
    }
    if let heldByte {
      bytes.append(heldByte)
      bytes += repeatElement(0xFF, count: heldOnes)
    }
    heldByte = byte
    heldOnes = 0
  }

  /// Adds one to the bytes that were shifted out.
  ///
  /// There is a byte for it to reach: the range lay below one when that byte left, so a second
  /// carry cannot come before another byte is held that takes it, nor a first before any byte.
  private mutating func carryOut() {
    guard let byte = heldByte else { return }
    bytes.append(byte &+ 1)
    if heldOnes > 0 {
      bytes += repeatElement(0, count: heldOnes - 1)
      heldByte = 0
      heldOnes = 0
    } else {
      heldByte = nil
    }
  }
}
