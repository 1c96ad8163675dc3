/// *e* to the power of each of eight numbers, with the same bits on every machine.
///
///     eˣ = 2ⁿ · 2ᶠ,  n = x / ln 2 rounded to the nearest,  −½ ≤ f ≤ ½
///
/// and 2ᶠ by the Taylor polynomial of degree 6: a relative error below 4 · 10⁻⁷. Numbers beyond ±80
/// count as ±80. IEEE binary32, each operation rounded by itself.
@inline(__always)
func exactExponential(_ powers: SIMD8<Float>) -> SIMD8<Float> {
  var bounded = powers
  bounded.replace(with: -80, where: powers .< -80)
  bounded.replace(with: 80, where: powers .> 80)
  let scaled = bounded * 1.442695
  // Adding 1.5 · 2^23 leaves no bits below one: the sum's last bits are n.
  let shifted = scaled + 12_582_912
  let fraction = scaled - (shifted - 12_582_912)
  var sum = SIMD8<Float>(repeating: 0.000154035)
  sum = sum * fraction + 0.001333356
  sum = sum * fraction + 0.009618129
  sum = sum * fraction + 0.05550411
  sum = sum * fraction + 0.2402265
  sum = sum * fraction + 0.6931472
  sum = sum * fraction + 1
  return SIMD8(bits: sum.bits &+ shifted.bits &<< 23)
}
