import BytePrediction
import Glibc
import Testing

@Suite("Arithmetic coding")
struct ArithmeticCodingTests {
  @Test("Bits come back as they were written, at the cost of their surprisal, for any probability")
  func bitsRoundTrip() {
    var generator = SystemRandomNumberGenerator()
    var bits: [(Bool, UInt32)] = []
    var costBits = 0.0
    for _ in 0..<20_000 {
      let shift = UInt32.random(in: 0..<32, using: &generator)
      var probability = max(1, UInt32.random(in: 1...UInt32.max, using: &generator) >> shift)
      if Bool.random(using: &generator) { probability = UInt32.max - (probability - 1) }
      let bit = UInt32.random(in: 0...UInt32.max, using: &generator) < probability
      bits.append((bit, probability))
      let ofOne = Double(probability) / Double(ArithmeticEncoder.total)
      costBits -= log2(bit ? ofOne : 1 - ofOne)
    }
    var encoder = ArithmeticEncoder()
    for (bit, probability) in bits { encoder.encode(bit: bit, probabilityOfOne: probability) }
    encoder.finish()
    #expect(abs(Double(encoder.bytes.count * 8) - costBits) < 32)
    var decoder = ArithmeticDecoder(encoder.bytes)
    for (bit, probability) in bits {
      #expect(decoder.decodeBit(probabilityOfOne: probability) == bit)
    }
  }
}
