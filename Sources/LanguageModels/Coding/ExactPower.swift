/// Powers of ten that have the same bits on every machine.
///
/// A system's `exp10` may differ from another's in the last bit, and a coder and a decoder must
/// not.
enum ExactPower {
  /// 1/n! for n = 13 down to 1: the series of *e* to the *x* up to where 0.35^n / n! is below
  /// 2^-57.
  private static let series: [Double] = [
    1.605_904_383_682_161_3e-10, 2.087_675_698_786_81e-09, 2.505_210_838_544_172e-08,
    2.755_731_922_398_589_3e-07, 2.755_731_922_398_589_3e-06, 2.480_158_730_158_73e-05,
    1.984_126_984_126_984e-04, 1.388_888_888_888_889e-03, 8.333_333_333_333_333e-03,
    4.166_666_666_666_666_4e-02, 1.666_666_666_666_666_6e-01, 5e-01, 1,
  ]

  /// 10 to the power of `exponent`, with a relative error below 2^-40.
  ///
  /// The result is 0 if it would be below 1e-300, for minus infinity and for NaN.
  ///
  /// Each operation is one of IEEE 754's on 64 bits, in the order written.
  static func ten(_ exponent: Double) -> Double {
    let binary = exponent * 3.321_928_094_887_362
    guard binary > -1000 else { return 0 }
    if binary >= 1000 { return 0x1p1000 }
    // Rounded to the nearest: what is converted is positive, and loses its fraction.
    let whole = Int(binary + 1000.5) - 1000
    let rest = (binary - Double(whole)) * 0.693_147_180_559_945_3
    var sum = 0.0
    for factor in series {
      sum = sum + factor
      sum = sum * rest
    }
    sum = sum + 1
    return sum * Double(bitPattern: UInt64(whole + 1023) << 52)
  }
}
