@testable import BytePrediction
import Glibc
import Testing

@Suite("The exponential with the same bits everywhere")
struct ExactExponentialTests {
  @Test("It is within a millionth of the exponential from -80 to 80, and constant beyond")
  func accuracy() {
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

  @Test("Some values, to the last bit")
  func bits() {
    let values = exactExponential(SIMD8(0, 1, -1, 0.5, 10, -10, 0.001, 79.9))
    #expect(values[0] == 1)
    #expect(values[1].bitPattern == expected[0])
  }
  private let expected: [UInt32] = [0x402d_f854]
}
