import RealFunctions
import Testing

@testable import BytePrediction

@Suite struct ExactExponentialTests {
  @Test func `it is within a millionth of the exponential from -80 to 80, and constant beyond`() {
    for step in -8000...8000 {
      let power = Float(step) / 100
      let value = Double(exactExponential(SIMD8(repeating: power))[3])
      #expect(abs(value / exp(Double(power)) - 1) < 8e-6)
    }
    #expect(exactExponential(SIMD8(repeating: 100))[0] == exactExponential(SIMD8(repeating: 80))[0])
    #expect(
      exactExponential(SIMD8(repeating: -1e30))[0] == exactExponential(SIMD8(repeating: -80))[0]
    )
  }

  @Test func `some values, to the last bit`() {
    let values = exactExponential(SIMD8(0, 1, -1, 0.5, 10, -10, 0.001, 79.9))
    let expected: [UInt32] = [
      0x3f80_0000, 0x402d_f854, 0x3ebc_5ab2, 0x3fd3_094c,
      0x46ac_14ee, 0x383e_6bce, 0x3f80_20c9, 0x791a_7c67,
    ]
    for index in 0..<8 { #expect(values[index].bitPattern == expected[index]) }
  }
}
