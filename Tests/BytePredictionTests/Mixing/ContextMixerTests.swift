@testable import BytePrediction
import Files
import Glibc
import Testing

@Suite("The context-mixing model")
struct ContextMixerTests {
  static let english = Array(
    """
    It was the best of times, it was the worst of times, it was the age of wisdom, it was the age \
    of foolishness, it was the epoch of belief, it was the epoch of incredulity,
    it was the season of Light, it was the season of Darkness, it was the spring of hope.
    """.utf8
  )

  /// Bytes that follow no rule, the same in each run.
  static func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }

  static func model(
    trainedOn text: [UInt8]? = nil,
    _ preset: MixingPreset = .fast
  ) -> ContextMixer {
    let model = ContextMixer(textByteCount: 4096, memoryByteCount: 64 << 20, preset: preset)
    if let text {
      model.train(text.span)
      model.finishTraining()
      model.beginText()
    }
    return model
  }

  static func scores(_ text: [UInt8], by model: ContextMixer) -> [ByteScore] {
    var scores = [ByteScore](
      repeating: ByteScore(surprisalBits: 0, matchedLength: 0),
      count: text.count
    )
    var places = scores.mutableSpan
    model.score(text.span, into: &places)
    return scores
  }

  static func distribution(of model: ContextMixer) -> [Double] {
    var probabilities = [Double](repeating: 0, count: 256)
    var places = probabilities.mutableSpan
    model.distribution(into: &places)
    return probabilities
  }

  static func memory(of model: ContextMixer) -> [UInt8] {
    var bytes: [UInt8] = []
    model.writeMemory { block in PredictorMemory.write(block) { bytes += $0 } }
    return bytes
  }

  static func model(parameters: [String: Int], memory: [UInt8]) throws -> ContextMixer {
    let bytes = memory.withUnsafeBytes { Bytes(copying: $0) }
    var blocks = PredictorMemory(bytes, 0..<bytes.count)
    return try ContextMixer(parameters: parameters, memory: &blocks)
  }

  @Test(
    "The probabilities of all bytes sum to one and are those that scoring gives",
    arguments: [true, false],
    MixingPreset.allCases
  )
  func distributions(learns: Bool, preset: MixingPreset) {
    let model = Self.model(trainedOn: Self.english, preset)
    model.learns = learns
    for byte in Array("it was the Zen of \u{E9}\n\0".utf8) {
      let probabilities = Self.distribution(of: model)
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
      #expect(probabilities.allSatisfy { $0 > 0x1p-161 })
      let score = Self.scores([byte], by: model)[0]
      #expect(abs(exp2(-score.surprisalBits) / probabilities[Int(byte)] - 1) < 1e-9)
    }
  }

  @Test(
    "A text comes back from its code, whose length is the sum of the scores",
    arguments: [true, false]
  )
  func roundTrip(learns: Bool) {
    let text =
      Self.english + (0...255).map { UInt8($0) } + Self.noise(300)
      + [UInt8](repeating: 7, count: 700) + Self.english
    let trained = Self.english
    let encodes = Self.model(trainedOn: trained)
    encodes.learns = learns
    var encoder = ArithmeticEncoder()
    encodes.encode(text.span, with: &encoder)
    encoder.finish()
    let code = encoder.bytes

    let scores = Self.model(trainedOn: trained)
    scores.learns = learns
    let bits = Self.scores(text, by: scores).reduce(0) { $0 + $1.surprisalBits }
    #expect(abs(Double(code.count) * 8 - bits) < 24)

    let decodes = Self.model(trainedOn: trained)
    decodes.learns = learns
    var decoder = ArithmeticDecoder(code)
    var decoded = [UInt8](repeating: 0, count: text.count)
    var places = decoded.mutableSpan
    decodes.decode(into: &places, with: &decoder)
    #expect(decoded == text)
    #expect(Self.distribution(of: decodes) == Self.distribution(of: encodes))
  }

  @Test("The code does not depend on how the text was cut into parts")
  func parts() {
    let whole = Self.model()
    let cut = Self.model()
    let text = Self.english + Self.noise(50)
    var first = ArithmeticEncoder()
    whole.encode(text.span, with: &first)
    first.finish()
    var second = ArithmeticEncoder()
    for start in stride(from: 0, to: text.count, by: 17) {
      let part = Array(text[start..<min(text.count, start + 17)])
      cut.encode(part.span, with: &second)
    }
    second.finish()
    #expect(first.bytes == second.bytes)
  }

  @Test("A model read from its memory predicts what the written one does, in each bit")
  func memoryRoundTrip() throws {
    let model = Self.model(trainedOn: Self.english)
    let read = try Self.model(parameters: model.parameters, memory: Self.memory(of: model))
    #expect(read.parameters == model.parameters)
    #expect(read.memoryByteCount == model.memoryByteCount)
    for learns in [false, true] {
      model.learns = learns
      read.learns = learns
      model.beginText()
      read.beginText()
      let text = Array("it was the spring of 1859".utf8)
      #expect(
        Self.scores(text, by: model).map(\.surprisalBits)
          == Self.scores(text, by: read).map(\.surprisalBits)
      )
    }
  }

  @Test("It does not matter how a training text is cut into parts")
  func trainingParts() {
    let text = Self.english + Self.english.reversed()
    let whole = Self.model()
    whole.train(text.span)
    whole.finishTraining()
    let parts = Self.model()
    var start = 0
    while start < text.count {
      let end = min(text.count, start + 1 + start * 7 % 500)
      parts.train(text.span.extracting(start..<end))
      start = end
    }
    parts.finishTraining()
    #expect(Self.memory(of: whole) == Self.memory(of: parts))
  }

  @Test("A frozen model changes in nothing by scoring")
  func frozen() {
    let model = Self.model(trainedOn: Self.english)
    let before = Self.memory(of: model)
    let text = Array("it was the winter of despair".utf8)
    let first = Self.scores(text, by: model).map(\.surprisalBits)
    _ = Self.distribution(of: model)
    #expect(Self.memory(of: model) == before)
    model.beginText()
    #expect(Self.scores(text, by: model).map(\.surprisalBits) == first)
  }

  @Test("Predicting a block before it is learned leaves no trace in the gated model")
  func heldOutBlocks() throws {
    let text = Self.english + Self.english + Self.noise(64)
    let trained = Self.model(trainedOn: text, .strong)
    let read = Self.model(trainedOn: nil, .strong)
    read.learns = true
    _ = Self.scores(text, by: read)
    read.finishTraining()
    let gated = try #require(trained.gated)
    let other = try #require(read.gated)
    gated.learns = true
    gated.beginText()
    other.beginText()
    var probabilities = [Double](repeating: 0, count: 256)
    var expected = probabilities
    var places = probabilities.mutableSpan
    gated.distribution(into: &places)
    var expectedPlaces = expected.mutableSpan
    other.distribution(into: &expectedPlaces)
    #expect(probabilities == expected)
  }

  @Test("A learning model is not changed by asking for distributions")
  func askingChangesNothing() {
    let asked = Self.model()
    let silent = Self.model()
    for byte in Self.english.prefix(60) {
      _ = Self.distribution(of: asked)
      #expect(
        Self.scores([byte], by: asked)[0].surprisalBits
          == Self.scores([byte], by: silent)[0].surprisalBits
      )
    }
  }

  @Test("What was learned is predicted, and noise costs little more than its eight bits")
  func learning() {
    let model = Self.model()
    let first = Self.scores(Self.english, by: model)
    let again = Self.scores(Self.english, by: model)
    let bits = { (scores: [ByteScore]) in scores.reduce(0) { $0 + $1.surprisalBits } }
    #expect(bits(again) < bits(first) / 4)
    #expect(again.suffix(100).allSatisfy { $0.matchedLength > 8 })
    let noise = Self.noise(600)
    #expect(bits(Self.scores(noise, by: Self.model())) < 600 * 8.6)
  }

  @Test("A long run gets cheap")
  func runs() {
    let model = Self.model()
    let run = [UInt8](repeating: 0, count: 4000)
    let bits = Self.scores(run, by: model).suffix(1000).reduce(0) { $0 + $1.surprisalBits }
    #expect(bits < 10)
  }

  @Test("Damaged memory gives a wrong model and no crash", arguments: [0xFF, 0x7F, 0x80])
  func damaged(value: UInt8) throws {
    let model = Self.model(trainedOn: Self.english)
    var memory: [UInt8] = []
    model.writeMemory { block in
      [UInt8](repeating: value, count: block.count).withUnsafeBytes {
        PredictorMemory.write($0) { memory += $0 }
      }
    }
    let damaged = try Self.model(parameters: model.parameters, memory: memory)
    for learns in [false, true] {
      damaged.learns = learns
      #expect(Self.scores(Self.english, by: damaged).allSatisfy { $0.surprisalBits >= 0 })
      #expect(abs(Self.distribution(of: damaged).reduce(0, +) - 1) < 1e-9)
    }
  }

  @Test("Memory that is too short, and parameters out of range, are errors")
  func errors() throws {
    let model = Self.model(trainedOn: Self.english)
    let memory = Self.memory(of: model)
    #expect(throws: PredictorError("share")) {
      try Self.model(parameters: model.parameters, memory: Array(memory.dropLast(8)))
    }
    var parameters = model.parameters
    parameters["bucketCount"] = 0
    #expect(throws: PredictorError("bucketCount")) {
      try Self.model(parameters: parameters, memory: memory)
    }
    parameters["preset"] = 9
    #expect(throws: PredictorError("preset")) {
      try Self.model(parameters: parameters, memory: memory)
    }
  }

  @Test(
    "The memory stays within its bound for any length of text",
    arguments: MixingPreset.allCases
  )
  func memoryBound(preset: MixingPreset) {
    for memoryByteCount in [80 << 20, 100 << 20, 300 << 20] {
      for textByteCount in [nil, 0, 1 << 20, 1 << 40] as [Int?] {
        let model = ContextMixer(
          textByteCount: textByteCount,
          memoryByteCount: memoryByteCount,
          preset: preset
        )
        #expect(model.memoryByteCount <= memoryByteCount)
      }
    }
  }
}
