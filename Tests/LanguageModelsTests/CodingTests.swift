import BytePrediction
import Files
import Foundation
import InformationTheory
import TestSupport
import Testing
import Tokenization

@testable import LanguageModels

/// A text as an n-gram model codes it.
private struct Coded {
  var code: [UInt8]
  var surprisalBits: Double
  var spellingBits: Double

  /// Codes `text` in parts of `partByteCount`, each with what was left of the one before.
  init(_ text: [UInt8], with model: NGramModel, partByteCount: Int = 1 << 16) throws {
    let coder = try NGramCoder(model, path: "m")
    var encoder = ArithmeticEncoder()
    var code: [UInt8] = []
    var rest = text[...]
    var part: [UInt8] = []
    repeat {
      part += rest.prefix(partByteCount)
      rest = rest.dropFirst(partByteCount)
      let taken = try coder.encode(part.span, isLast: rest.isEmpty, with: &encoder)
      part.removeFirst(taken)
      code += encoder.takeBytes()
    } while !rest.isEmpty
    encoder.finish()
    self.code = code + encoder.bytes
    surprisalBits = coder.surprisalBits
    spellingBits = coder.spellingBits
  }

  /// What is decoded from `code`; nil where it makes no sense.
  static func text(
    _ code: [UInt8],
    byteCount: Int,
    with model: NGramModel,
    partByteCount: Int = 1 << 16
  ) throws -> [UInt8]? {
    let coder = try NGramCoder(model, path: "m")
    var decoder = ArithmeticDecoder(code)
    var text: [UInt8] = []
    while text.count < byteCount {
      let left = byteCount - text.count
      let wanted = min(partByteCount, left)
      guard coder.decode(wanted, limit: left, into: &text, with: &decoder) else { return nil }
    }
    return text
  }
}

/// A model of characters or bytes, of whatever kind.
private struct CodingCase: Sendable, CustomTestStringConvertible {
  var recipe: Recipe
  var testDescription: String { recipe.testDescription }

  static let all: [CodingCase] =
    SmoothingMethod.allCases.filter { $0 != .stupidBackOff }.flatMap { method in
      (isWantedSlow ? [1, 2, 5] : [2, 4]).flatMap { order in
        TextSettings.Sequence.allCases.map { sequence in
          CodingCase(
            recipe: Recipe(
              method: method,
              order: order,
              tokenizer: (order == 2) == (sequence == .line) ? .bytes : .characters,
              sequence: sequence
            )
          )
        }
      }
    } + [
      CodingCase(recipe: Recipe(usesBackOff: true, order: 4, tokenizer: .characters)),
      CodingCase(recipe: Recipe(order: 16, tokenizer: .characters)),
      CodingCase(recipe: Recipe(order: 5, tokenizer: .characters, prune: [0, 0, 1])),
      CodingCase(recipe: Recipe(order: 3, tokenizer: .characters, minimumCount: 3)),
    ]
}

@Suite struct CodingTests {
  private static let training =
    randomText(words: 60, lines: isWantedSlow ? 300 : 60, seed: 11) + jack + "naïve\n – …\n"
  private static let held =
    jack + "\n\n" + randomText(words: 60, lines: isWantedSlow ? 40 : 10, seed: 12) + "ω\u{1F600}!"

  /// What scoring sums over `text`, without the `</s>` at its end where that is not coded.
  private func scoredBits(_ text: String, _ model: NGramModel) throws -> Double {
    var numbering = CachedVocabulary(model.vocabulary)
    var tokens = try TextEncoder(model.settings)
      .encode(TextChunk(text), of: "t", numbering: &numbering).tokens
    let endsInside = model.settings.sequence == .line && text.hasSuffix("\n")
    if model.settings.predictsEnds && !endsInside { tokens.removeLast() }
    return model.scores(tokens).reduce(0) { $0 + $1.surprisalBits }
  }

  @Test(arguments: CodingCase.all)
  private func `a text comes back, in as many bits as scoring says`(_ example: CodingCase) throws {
    let model = try example.recipe.model(Self.training)
    for text in [Self.held, Self.training] {
      let coded = try Coded(Array(text.utf8), with: model)
      let expected = try scoredBits(text, model)
      #expect(isClose(coded.surprisalBits, expected, within: 1e-9))
      let lengthBits = Double(8 * coded.code.count)
      if expected.isFinite {
        #expect(lengthBits < expected + coded.spellingBits + 128)
        // Units of 2^-32 make what has less than one of them cheaper.
        #expect(lengthBits > expected + coded.spellingBits - 128)
      } else {
        #expect(lengthBits < Double(64 * text.utf8.count))
      }
      let decoded = try Coded.text(coded.code, byteCount: text.utf8.count, with: model)
      #expect(decoded == Array(text.utf8))
    }
  }

  @Test(arguments: TextSettings.Sequence.allCases, [TokenizerName.bytes, .characters])
  func `odd texts come back to the byte`(
    sequence: TextSettings.Sequence,
    tokenizer: TokenizerName
  ) throws {
    let model = try Recipe(order: 4, tokenizer: tokenizer, sequence: sequence).model(jack)
    let texts = [
      "", "\n", "a", "\n\n\n", "\r\n", "a\r", "\r\r\n\n", "\u{FEFF}", "\u{FEFF}the rat\r\nate",
      "no end", "<s> </s> <unk>\n", "\u{0}\u{0}", "\u{D7FF}\u{E000}\u{10FFFF}", "e\u{301}\n",
      String(repeating: "\u{1F600}", count: 50), String(repeating: "the malt\n", count: 50),
    ]
    for text in texts {
      let bytes = Array(text.utf8)
      let coded = try Coded(bytes, with: model)
      #expect(try Coded.text(coded.code, byteCount: bytes.count, with: model) == bytes, "\(text)")
    }
  }

  @Test func `bytes that are no text come back with a model of bytes`() throws {
    let model = try Recipe(order: 3, tokenizer: .bytes).model(jack)
    let all = (0...255).map { UInt8($0) }
    for bytes in [all, randomBytes(3000, seed: 4), [0xFF], [UInt8](repeating: 0xC3, count: 100)] {
      let coded = try Coded(bytes, with: model)
      #expect(try Coded.text(coded.code, byteCount: bytes.count, with: model) == bytes)
    }
  }

  @Test(arguments: [1, 2, 3, 5, 64])
  func `how a text is cut into parts changes nothing`(partByteCount: Int) throws {
    let model = try Recipe(order: 4, tokenizer: .characters).model(jack)
    let bytes = Array((jack + "ωω\u{1F600} naïve").utf8)
    let whole = try Coded(bytes, with: model)
    let parts = try Coded(bytes, with: model, partByteCount: partByteCount)
    #expect(parts.code == whole.code)
    #expect(parts.surprisalBits == whole.surprisalBits)
    let decoded = try Coded.text(
      whole.code,
      byteCount: bytes.count,
      with: model,
      partByteCount: partByteCount
    )
    #expect(decoded == bytes)
  }

  @Test func `a model imported from ARPA codes as it scores`() throws {
    for method in [SmoothingMethod.modifiedKneserNey, .katz, .wittenBell] {
      let trained = try Recipe(method: method, order: 4, tokenizer: .characters).model(
        Self.training
      )
      let model = try trained.throughARPA()
      let bytes = Array(Self.held.utf8)
      let coded = try Coded(bytes, with: model)
      let expected = try scoredBits(Self.held, model)
      #expect(isClose(coded.surprisalBits, expected, within: 1e-9))
      #expect(abs(Double(8 * coded.code.count) - expected - coded.spellingBits) < 128)
      #expect(try Coded.text(coded.code, byteCount: bytes.count, with: model) == bytes)
    }
  }

  @Test func `bytes that are not UTF-8 are found by a model of characters, and where`() throws {
    let model = try Recipe(order: 3, tokenizer: .characters).model(jack)
    let cases: [([UInt8], Int)] = [
      ([0x61, 0xFF], 1), ([0x61, 0xC3], 1), ([0xED, 0xA0, 0x80], 0), ([0x80], 0),
      ([0x61, 0x62, 0xF0, 0x9F, 0x98], 2), ([0xC3, 0xA9, 0xC3, 0x28], 2),
    ]
    for (bytes, offset) in cases {
      let error = #expect(throws: UTF8.ValidationError.self) { try Coded(bytes, with: model) }
      #expect(error?.byteOffsets.lowerBound == offset)
    }
  }

  @Test func `models that cannot give a text back are refused by name`() throws {
    func refusal(_ recipe: Recipe) throws -> ModelError? {
      let model = try recipe.model(jack)
      do {
        _ = try NGramCoder(model, path: "m")
        return nil
      } catch { return error }
    }
    for tokenizer in [TokenizerName.whitespace, .words, .graphemes] {
      let expected = ModelError.losesText(path: "m", tokenizer: tokenizer.rawValue)
      #expect(try refusal(Recipe(tokenizer: tokenizer)) == expected)
    }
    let scores = Recipe(method: .stupidBackOff, tokenizer: .characters)
    #expect(try refusal(scores) == .noProbabilities(path: "m"))
  }

  @Test func `any bytes decode to something or to nothing, and never crash`() throws {
    let model = try Recipe(order: 5, tokenizer: .characters, sequence: .line).model(jack)
    let byteCount = isWantedSlow ? 5000 : 2000
    let codes = (0..<20).map { randomBytes(200, seed: $0) }
    for code in codes + [[UInt8](repeating: 0xFF, count: 50), []] {
      let text = try Coded.text(code, byteCount: byteCount, with: model)
      if let text { #expect(text.count == byteCount) }
    }
  }

  @Test(arguments: 0..<(isWantedSlow ? 40 : 12) as Range<UInt64>)
  func `a model with damaged numbers never crashes the coder`(seed: UInt64) throws {
    var recipe = Recipe(order: 4, tokenizer: .bytes)
    if seed % 3 == 0 { recipe.method = .additive }
    let file = try recipe.file(recipe.data(jack))
    var generator = SplitMix64(seed: seed)
    var bytes = file.withBytes(0..<file.count) { Array($0) }
    // Behind the vocabulary: values, places, words.
    let start = bytes.count / 2
    for _ in 0..<200 {
      bytes[Int.random(in: start..<bytes.count, using: &generator)] =
        UInt8.random(in: 0...255, using: &generator)
    }
    let damaged = Bytes(copying: bytes.span)
    guard let model = try? NGramModel(damaged, path: "m") else { return }
    let coded = try Coded(Array(jack.utf8), with: model)
    let decoded = try Coded.text(coded.code, byteCount: jack.utf8.count, with: model)
    #expect(decoded == Array(jack.utf8))
  }

  @Test func `powers of ten are those of mathematics`() {
    for step in -3000...300 {
      let exponent = Double(step) / 97
      #expect(isClose(ExactPower.ten(exponent), pow(10, exponent), within: 1e-12))
    }
    #expect(ExactPower.ten(0) == 1)
    #expect(ExactPower.ten(-.infinity) == 0)
    #expect(ExactPower.ten(.nan) == 0)
    #expect(ExactPower.ten(.infinity).isFinite)
    #expect(ExactPower.ten(-0.0) == 1)
  }

  @Test func `powers of ten have the bits they had`() {
    // Written down, so that another machine, or another compiler, is held to them.
    let expected: [(Double, UInt64)] = [
      (0, 0x3ff0000000000000), (-0.1, 0x3fe96b230bcdc434), (-0.30103, 0x3fdffffffaa3cd64),
      (-1, 0x3fb999999999999a), (-2.345678, 0x3f727aa9747fdb98), (-7.5, 0x3e60fa3389d6eb44),
      (-12.25, 0x3d63c91ed0405d67), (-98.75, 0x2b6f1dc8aed17b93), (0.4771213, 0x4008000029fb3a6b),
      (1.5, 0x403f9f6e4990f227),
    ]
    for (exponent, bits) in expected { #expect(ExactPower.ten(exponent).bitPattern == bits) }
  }
}
