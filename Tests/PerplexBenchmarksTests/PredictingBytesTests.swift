import BytePrediction
import Testing

@testable import PerplexBenchmarks

/// Gives every byte the same probability, or decodes zeros where it is told to be wrong.
private final class UniformPredictor: BytePredictor {
  let isWrong: Bool
  var learns = true
  var learned = 0

  init(isWrong: Bool) { self.isWrong = isWrong }

  init(parameters: [String: Int], memory: inout PredictorMemory) throws(PredictorError) {
    throw PredictorError("a file")
  }

  var parameters: [String: Int] { [:] }
  func writeMemory(_ write: (RawSpan) throws -> Void) rethrows {}
  var memoryByteCount: Int { 0 }
  func beginText() {}
  func train(_ text: Span<UInt8>) { learned += text.count }
  func finishTraining() { learns = false }

  func score(_ text: Span<UInt8>, into scores: inout MutableSpan<ByteScore>) {
    for index in text.indices { scores[index] = ByteScore(surprisalBits: 8, matchedLength: 0) }
    if learns { learned += text.count }
  }

  func distribution(into probabilities: inout MutableSpan<Double>) {
    for index in probabilities.indices { probabilities[index] = 1.0 / 256 }
  }

  func encode(_ text: Span<UInt8>, with encoder: inout ArithmeticEncoder) {
    for index in text.indices {
      encoder.encode(UInt64(text[index]) << 24, (UInt64(text[index]) + 1) << 24)
    }
  }

  func decode(into text: inout MutableSpan<UInt8>, with decoder: inout ArithmeticDecoder) {
    for index in text.indices {
      let byte = decoder.target >> 24
      decoder.take(byte << 24, (byte + 1) << 24)
      text[index] = isWrong ? 0 : UInt8(byte)
    }
  }
}

@Suite struct PredictingBytesTests {
  private let text = GeneratedText.bytes(2000, seed: 1)

  @Test func `a predictor is trained once, and learns from the held-out text at the end only`()
    throws
  {
    let predictor = UniformPredictor(isWrong: false)
    var sizes: [Int] = []
    let recipe = PredictorRecipe(name: "uniform", trainingByteCount: 1000) {
      sizes.append($0)
      return predictor
    }
    let laps = try predictingBytes(recipe, training: text, heldOut: text)()
    #expect(sizes == [1000])
    #expect(predictor.learned == 1200)
    #expect(
      laps.map(\.stage) == [
        "uniform: train", "uniform: score", "uniform: encode", "uniform: decode",
        "uniform: score, learning",
      ]
    )
    #expect(laps.map(\.byteCount) == [1000, 200, 200, 200, 200])
    #expect(laps.map(\.resultByteCount) == [nil, nil, 200, nil, 200], "eight bits a byte")
  }

  @Test func `a text may be shorter than what is asked for`() throws {
    let recipe = PredictorRecipe(name: "uniform", trainingByteCount: 1 << 20) { _ in
      UniformPredictor(isWrong: false)
    }
    let laps = try predictingBytes(recipe, training: text, heldOut: Array("ab".utf8))()
    #expect(laps.map(\.byteCount) == [text.count, 2, 2, 2, 2])
  }

  @Test func `a decoder that is wrong is noticed`() {
    let recipe = PredictorRecipe(name: "wrong", trainingByteCount: 1000) { _ in
      UniformPredictor(isWrong: true)
    }
    #expect(throws: BenchmarkError.wrongDecoding(predictor: "wrong")) {
      _ = try predictingBytes(recipe, training: text, heldOut: text)()
    }
  }
}
