/// The functions between probabilities and logits, as tables made by + − × ÷ alone.
///
/// A logit is ln(p / (1 − p)), called *stretch* in the literature of compression; its inverse
/// 1 / (1 + e^−x) is *squash*. Every machine computes the same tables, as encoder and decoder must.
///
/// The initialiser alone writes to the tables, so all threads may read them.
final class LogisticTables: @unchecked Sendable {
  static let shared = LogisticTables()

  /// Logits of (i + ½) / 4096.
  let logits = UncheckedBuffer<Float>(zeroed: 4096)

  /// Logits of (i + ½) / 2^19 for i < 4096, where the other table is too coarse.
  let tailLogits = UncheckedBuffer<Float>(zeroed: 4096)

  /// (2i + 1) / 4096 − 1: the distance of the probability from ½, doubled.
  let centered = UncheckedBuffer<Float>(zeroed: 4096)

  /// The position of (i + ½) / 4096 between the 33 steps of an interpolated map: step · 64 + part.
  let steps = UncheckedBuffer<UInt16>(zeroed: 4096)

  /// 1 / (1 + e^−x) at x = (i − 2048) / 128, and the derivative for one step after it.
  let logistic = UncheckedBuffer<SIMD2<Float>>(zeroed: 4097)

  /// 65536 / (n + 1.6): the step of a probability after n observations.
  let slotRates = UncheckedBuffer<UInt32>(zeroed: 64)

  /// 65536 / (n + 1.5), by which an entry of a map moves.
  let mapRates = UncheckedBuffer<UInt32>(zeroed: 1024)

  /// The slot on the path of a byte that followed its context n times, for bits 0 and 1.
  let runSlots = UncheckedBuffer<UInt32>(zeroed: 512)

  private init() {
    for index in 0..<4096 {
      let p = (Double(index) + 0.5) / 4096
      let logit = Self.naturalLogarithm(p) - Self.naturalLogarithm(1 - p)
      logits[index] = Float(logit)
      centered[index] = Float(2 * p - 1)
      steps[index] = UInt16(max(0, min(2047.0, (logit + 8) * 128)))
      let tail = (Double(index) + 0.5) / 524288
      tailLogits[index] = Float(Self.naturalLogarithm(tail) - Self.naturalLogarithm(1 - tail))
    }
    for index in 0..<4097 {
      let p = 1 / (1 + Self.exponential(Double(2048 - index) / 128))
      logistic[index] = SIMD2(Float(p), Float(p * (1 - p) / 128))
    }
    for n in 0..<64 {
      slotRates[n] = UInt32(65536 / (Double(n < 48 ? n : 48 + (n - 48) * 8) + 1.6))
    }
    for n in 0..<1024 { mapRates[n] = UInt32(65536 / (Double(n) + 1.5)) }
    for bit in 0..<2 {
      var slot: UInt32 = 0
      for n in 0..<256 {
        runSlots[bit << 8 | n] = slot
        slot = BitSlot.updated(
          slot,
          bit: UInt32(bit),
          rate: slotRates[BitSlot.rateIndex(slot)],
          limit: 63
        )
      }
    }
  }

  /// The logit of a probability in 2^-22, finer near 0 and 1.
  @inline(__always)
  func fineLogit(_ p: UInt32) -> Float {
    if p < 1 << 15 { return tailLogits[Int(p >> 3)] }
    if p >= (1 << 22) - (1 << 15) { return -tailLogits[Int(((1 << 22) - 1 - p) >> 3)] }
    return logits[Int(p >> 10)]
  }

  /// e^x, to 1e-14 of itself for |x| < 30.
  static func exponential(_ x: Double) -> Double {
    let small = x / 1024
    var term = 1.0
    var sum = 1.0
    for n in 1..<12 {
      term = term * small / Double(n)
      sum += term
    }
    for _ in 0..<10 { sum = sum * sum }
    return sum
  }

  /// ln x for x > 0: halved or doubled to [¾, 1½), then 2 artanh((x − 1) / (x + 1)).
  static func naturalLogarithm(_ x: Double) -> Double {
    var mantissa = x
    var exponent = 0
    while mantissa >= 1.5 {
      mantissa /= 2
      exponent += 1
    }
    while mantissa < 0.75 {
      mantissa *= 2
      exponent -= 1
    }
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    var power = ratio
    var sum = 0.0
    for n in 0..<24 {
      sum += power / Double(2 * n + 1)
      power *= square
    }
    return 2 * sum + Double(exponent) * 0.693147180559945309417
  }
}

/// 1 / (1 + e^−x), interpolated between the entries of ``LogisticTables/logistic``.
///
/// NaN counts as the lower end, so damaged weights stay in the table.
@inline(__always)
func squash(_ x: Float, _ table: borrowing UncheckedBuffer<SIMD2<Float>>) -> Float {
  let bounded = x > -15.9 ? (x < 15.9 ? x : 15.9) : -15.9
  // Adding 1.5 · 2^23 rounds to the nearest whole number, which then lies in the lowest bits.
  let scaled = bounded * 128 + 2048
  let rounded = scaled + 12_582_912
  let index = Int(rounded.bitPattern & 0x1FFF)
  let part = scaled - (rounded - 12_582_912)
  let entry = table[index]
  return entry.x + part * entry.y
}
