import BytePrediction
import InformationTheory
import TestSupport
import Testing

@Suite struct GatedCodingTests {
  static let texts: [[UInt8]] = [
    [],
    [0],
    [255],
    Array(0...255) + Array((0...255).reversed()),
    sentences(50),
    randomBytes(isWantedSlow ? 1500 : 600),
    [UInt8](repeating: 65, count: isWantedSlow ? 10_000 : 2000),
    // The encoder leaves zeros at the end out, so the text's own are not there.
    [UInt8](repeating: 255, count: 300) + [UInt8](repeating: 0, count: 900) + sentences(10),
  ]

  @Test(arguments: texts.indices, [true, false])
  func `a text comes back, in as many bits as its score says`(index: Int, learns: Bool) {
    let text = Self.texts[index]
    func model() -> GatedNGram {
      let model = GatedNGram(order: 5)
      model.train(sentences(isWantedSlow ? 60 : 20, seed: 8).span)
      model.finishTraining()
      model.learns = learns
      model.beginText()
      return model
    }
    var encoder = ArithmeticEncoder()
    model().encode(text.span, with: &encoder)
    encoder.finish()
    let bits = model().surprisals(text).reduce(0, +)
    #expect(abs(Double(8 * encoder.bytes.count) - bits) < 24)

    var decoder = ArithmeticDecoder(encoder.bytes)
    var decoded = [UInt8](repeating: 1, count: text.count)
    var target = decoded.mutableSpan
    model().decode(into: &target, with: &decoder)
    #expect(decoded == text)
  }
}
