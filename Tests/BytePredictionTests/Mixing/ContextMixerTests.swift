import RealFunctions
import TestSupport
import Testing

@testable import BytePrediction

@Suite struct ContextMixerTests {
  static let english = Array(
    """
    It was the best of times, it was the worst of times, it was the age of wisdom, it was the age \
    of foolishness, it was the epoch of belief, it was the epoch of incredulity,
    it was the season of Light, it was the season of Darkness, it was the spring of hope.
    """.utf8
  )

  static func model(
    trainedOn text: [UInt8]? = nil,
    _ preset: MixingPreset = .fast
  ) -> ContextMixer {
    // As little as the preset can do with: tables take the time of most tests.
    let memoryByteCount = preset == .fast ? 16 << 20 : 64 << 20
    let model = ContextMixer(
      textByteCount: 4096,
      memoryByteCount: memoryByteCount,
      preset: preset
    )
    if let text {
      model.train(text.span)
      model.finishTraining()
      model.beginText()
    }
    return model
  }

  @Test(arguments: [true, false], MixingPreset.allCases)
  func `the probabilities of all bytes sum to one and are those that scoring gives`(
    learns: Bool,
    preset: MixingPreset
  ) {
    let model = Self.model(trainedOn: Self.english, preset)
    model.learns = learns
    for byte in Array("it was the Zen of \u{E9}\n\0".utf8) {
      let probabilities = model.probabilities()
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
      #expect(probabilities.allSatisfy { $0 > 0x1p-161 })
      let score = model.scores([byte])[0]
      #expect(abs(exp2(-score.surprisalBits) / probabilities[Int(byte)] - 1) < 1e-9)
    }
  }

  @Test(arguments: [true, false])
  func `a text comes back from its code, whose length is the sum of the scores`(learns: Bool) {
    let text =
      Self.english + (0...255).map { UInt8($0) } + randomBytes(300)
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
    let bits = scores.scores(text).reduce(0) { $0 + $1.surprisalBits }
    #expect(abs(Double(code.count) * 8 - bits) < 24)

    let decodes = Self.model(trainedOn: trained)
    decodes.learns = learns
    var decoder = ArithmeticDecoder(code)
    var decoded = [UInt8](repeating: 0, count: text.count)
    var places = decoded.mutableSpan
    decodes.decode(into: &places, with: &decoder)
    #expect(decoded == text)
    #expect(decodes.probabilities() == encodes.probabilities())
  }

  @Test func `the code does not depend on how the text was cut into parts`() {
    let whole = Self.model()
    let cut = Self.model()
    let text = Self.english + randomBytes(50)
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

  @Test func `a model read from its memory predicts what the written one does, in each bit`() throws
  {
    let model = Self.model(trainedOn: Self.english)
    let read = try ContextMixer.reading(model.memoryImage(), model.parameters)
    #expect(read.parameters == model.parameters)
    #expect(read.memoryByteCount == model.memoryByteCount)
    for learns in [false, true] {
      model.learns = learns
      read.learns = learns
      model.beginText()
      read.beginText()
      let text = Array("it was the spring of 1859".utf8)
      #expect(
        model.surprisals(text)
          == read.surprisals(text)
      )
    }
  }

  @Test func `it does not matter how a training text is cut into parts`() {
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
    #expect(whole.memoryImage() == parts.memoryImage())
  }

  @Test func `a frozen model changes in nothing by scoring`() {
    let model = Self.model(trainedOn: Self.english)
    let before = model.memoryImage()
    let text = Array("it was the winter of despair".utf8)
    let first = model.surprisals(text)
    _ = model.probabilities()
    #expect(model.memoryImage() == before)
    model.beginText()
    #expect(model.surprisals(text) == first)
  }

  @Test func `predicting a chunk before it is learned leaves no trace in the gated model`() throws {
    let text = Self.english + Self.english + randomBytes(64)
    let trained = Self.model(trainedOn: text, .strong)
    let read = Self.model(trainedOn: nil, .strong)
    read.learns = true
    _ = read.scores(text)
    read.finishTraining()
    let gated = try #require(trained.gated)
    let other = try #require(read.gated)
    gated.learns = true
    gated.beginText()
    other.beginText()
    #expect(gated.probabilities() == other.probabilities())
  }

  @Test func `a learning model is not changed by asking for distributions`() {
    let asked = Self.model()
    let silent = Self.model()
    for byte in Self.english.prefix(60) {
      _ = asked.probabilities()
      #expect(
        asked.scores([byte])[0].surprisalBits
          == silent.scores([byte])[0].surprisalBits
      )
    }
  }

  @Test func `what was learned is predicted, and noise costs little more than its eight bits`() {
    let model = Self.model()
    let first = model.scores(Self.english)
    let again = model.scores(Self.english)
    let bits = { (scores: [ByteScore]) in scores.reduce(0) { $0 + $1.surprisalBits } }
    #expect(bits(again) < bits(first) / 4)
    #expect(again.suffix(100).allSatisfy { $0.matchedLength > 8 })
    let noise = randomBytes(600)
    #expect(bits(Self.model().scores(noise)) < 600 * 8.6)
  }

  @Test func `a long run gets cheap`() {
    let model = Self.model()
    let run = [UInt8](repeating: 0, count: 4000)
    let bits = model.scores(run).suffix(1000).reduce(0) { $0 + $1.surprisalBits }
    #expect(bits < 10)
  }

  @Test(arguments: isWantedSlow ? [0xFF, 0x7F, 0x80] : [0xFF, 0x80])
  func `damaged memory gives a wrong model and no crash`(value: UInt8) throws {
    let model = Self.model(trainedOn: Self.english)
    var memory: [UInt8] = []
    model.writeMemory { table in
      memory += imageOfTable([UInt8](repeating: value, count: table.byteCount))
    }
    let damaged = try ContextMixer.reading(memory, model.parameters)
    for learns in [false, true] {
      damaged.learns = learns
      #expect(damaged.scores(Self.english).allSatisfy { $0.surprisalBits >= 0 })
      #expect(abs(damaged.probabilities().reduce(0, +) - 1) < 1e-9)
    }
  }

  @Test func `memory that is too short, and parameters out of range, are errors`() throws {
    let model = Self.model(trainedOn: Self.english)
    let memory = model.memoryImage()
    #expect(throws: PredictorError("share")) {
      try ContextMixer.reading(Array(memory.dropLast(8)), model.parameters)
    }
    var parameters = model.parameters
    parameters["bucketCount"] = 0
    #expect(throws: PredictorError("bucketCount")) {
      try ContextMixer.reading(memory, parameters)
    }
    parameters["preset"] = 9
    #expect(throws: PredictorError("preset")) {
      try ContextMixer.reading(memory, parameters)
    }
  }

  @Test(arguments: MixingPreset.allCases)
  func `the memory stays within its bound for any length of text`(preset: MixingPreset) {
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
