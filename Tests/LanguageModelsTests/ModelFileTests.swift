import Files
import InformationTheory
@testable import LanguageModels
import TestSupport
import Testing
import Tokenization

/// A model's file: what it says of itself, and what becomes of a damaged one.
@Suite struct ModelFileTests {
  /// A model of few bytes with contexts at every level.
  static let recipe = Recipe(method: .wittenBell, order: 3)
  static let text = "a b c a b\nb a c\n"

  private func bytes(_ recipe: Recipe = Self.recipe, of text: String = Self.text) throws -> [UInt8]
  {
    let file = try recipe.file(recipe.data(text))
    return file.withBytes(0..<file.count) { Array($0) }
  }

  private func open(_ bytes: [UInt8]) throws(ModelFileError) -> NGramModel {
    let file = Bytes(copying: bytes.span)
    return try NGramModel(file, path: "m")
  }

  @Test func `a description comes back from its lines`() throws {
    var description = ModelDescription(
      order: 3,
      settings: TextSettings(
        tokenizer: .graphemes,
        normalization: Normalization(lowercases: true, form: .nfc),
        sequence: .line
      ),
      smoothing: "kneser-ney",
      combination: .fixedWeight(0.4)
    )
    description.scale = .log10
    description.discounts = [[0.5], [0.1, 1e-300, 2.0 / 3], []]
    description.notes = ["order 1: a note", "and\ta tab"]
    description.ngramCounts = [10, 20, 30]
    description.tokenCount = 12345
    description.sequenceCount = 67
    description.textFingerprint = .max
    description.vocabularyFingerprint = 1
    #expect(ModelDescription(text: description.text) == description)
    description.pruning = [0, 0, 2]
    description.countedNGrams = [12, 34, 56]
    #expect(ModelDescription(text: description.text) == description)
    for combination in [Combination.interpolated, .backOff, .uniform, .maximumLikelihood] {
      description.combination = combination
      #expect(ModelDescription(text: description.text) == description)
    }
    #expect(ModelDescription(text: description.text + "later\tkey\n") == description)
  }

  @Test(arguments: [
    "", "order", "order\t3\n", "order\t0\n", "order\t17\n", "order\tthree\n", "tokenizer\tmorse\n",
  ])
  func `a description without its parts is none`(text: String) throws {
    #expect(ModelDescription(text: text) == nil)
    let model = try open(bytes())
    let lines = model.description.text.split(separator: "\n")
    for key in ["order", "tokenizer", "normalize", "sequence", "smoothing", "scale", "ngrams"] {
      let rest = lines.filter { !$0.hasPrefix(key + "\t") }.joined(separator: "\n")
      #expect(ModelDescription(text: rest) == nil, "without \(key)")
    }
  }

  @Test func `a written model is read with all it says`() throws {
    let recipe = Recipe(order: 4, tokenizer: .characters)
    let data = try recipe.data(jack)
    let model = try recipe.model(data)
    #expect(model.description.order == 4)
    #expect(model.settings == TextSettings(tokenizer: .characters))
    #expect(model.description.ngramCounts.count == 4)
    #expect(model.description.ngramCounts[0] == data.vocabulary.count)
    #expect(model.description.tokenCount == data.text.count - 1)
    #expect(model.description.vocabularyFingerprint == model.vocabulary.fingerprint)
    #expect(model.historyLength == 3)
    for token in 0..<data.vocabulary.count {
      let token = TokenID(UInt32(token))
      #expect(model.vocabulary[token] == data.vocabulary[token])
    }
  }

  @Test(arguments: 0..<4)
  func `no changed byte crashes and every one is found`(part: Int) throws {
    var bytes = try bytes()
    let tokens = try open(bytes).sentences(Self.text + "a a c c b\nb b zebra a")
    var generator = SplitMix64(seed: 2)
    for index in stride(from: part, to: bytes.count, by: isWantedSlow ? 4 : 52) {
      let original = bytes[index]
      bytes[index] = original ^ (1 << UInt8(generator.next() % 8))
      if let model = try? open(bytes) {
        use(model, tokens)
        #expect(throws: ModelFileError.self, "byte \(index) is \(bytes[index])") {
          try model.verifyChecksums(path: "m")
        }
      }
      bytes[index] = original
    }
    try open(bytes).verifyChecksums(path: "m")
  }

  @Test func `several changed bytes crash no more than one`() throws {
    let bytes = try bytes()
    let tokens = try open(bytes).sentences(Self.text)
    let regions = bytes.count - 700
    let tableEnd = ModelLayout.tableEnd(sectionCount: Int(bytes[16]))
    var generator = SplitMix64(seed: 12)
    for round in 0..<(isWantedSlow ? 1500 : 200) {
      var copy = bytes
      // Every other round only behind the header, whose checksum would refuse the file.
      for _ in 0..<(1 + round % 9) {
        let range = round % 3 == 0 ? regions..<bytes.count : tableEnd..<bytes.count
        let place = Int.random(in: range, using: &generator)
        copy[place] = round % 2 == 0 ? 0xff : UInt8(truncatingIfNeeded: generator.next())
      }
      if let model = try? open(copy) { use(model, tokens) }
    }
  }

  /// Keys of two halves, and a region that damage makes one of no word, or of very many.
  @Test func `changed bytes of a model with long histories crash no more than others`() throws {
    let text = randomText(words: 2000, lines: 200, length: 16, seed: 21)
    let bytes = try bytes(Recipe(method: .modifiedKneserNey, order: 8), of: text)
    let model = try open(bytes)
    #expect(model.vocabulary.count > 512)
    let tokens = model.sentences(
      text.prefix(3000) + "\n" + randomText(words: 2100, lines: 40, seed: 22)
    )
    let file = Bytes(copying: bytes.span)
    let sections = try ModelSections(file, path: "m")
    let table = sections.range(.regionTable)
    let regions = sections.range(.regions)
    var generator = SplitMix64(seed: 23)
    for round in 0..<(isWantedSlow ? 60 : 12) {
      var copy = bytes
      for _ in 0..<(1 + round % 3 * 40) {
        let place = Int.random(in: round % 2 == 0 ? table : regions, using: &generator)
        copy[place] = round % 4 < 2 ? UInt8(truncatingIfNeeded: generator.next()) : 0
      }
      if let model = try? open(copy) { use(model, tokens) }
    }
    for wordCount: UInt32 in [0, 1, .max] {
      var copy = bytes
      for entry in stride(from: table.lowerBound, to: table.upperBound, by: 40) {
        for byte in 0..<4 {
          copy[entry + 20 + byte] = UInt8(truncatingIfNeeded: wordCount >> UInt32(8 * byte))
        }
      }
      use(try open(copy), tokens)
    }
  }

  @Test func `a file cut at any length is refused`() throws {
    let bytes = try bytes()
    for length in stride(from: 0, to: bytes.count, by: isWantedSlow ? 1 : 11) {
      #expect(throws: ModelFileError.self, "\(length) bytes") {
        try open(Array(bytes[..<length]))
      }
    }
    #expect(
      throws: ModelFileError.size(
        path: "m",
        expected: UInt64(bytes.count),
        found: UInt64(bytes.count - 1)
      )
    ) { try open(bytes.dropLast()) }
    #expect(
      throws: ModelFileError.size(
        path: "m",
        expected: UInt64(bytes.count),
        found: UInt64(bytes.count + 1)
      )
    ) { try open(bytes + [0]) }
  }

  @Test func `what is no model is told`() throws {
    #expect(throws: ModelFileError.notAModel(path: "m", looksLike: nil)) { try open([]) }
    #expect(throws: ModelFileError.incomplete(path: "m")) {
      try open([UInt8](repeating: 0, count: 4096))
    }
    var generator = SplitMix64(seed: 1)
    for _ in 0..<100 {
      let bytes = (0..<1000).map { _ in UInt8(truncatingIfNeeded: generator.next()) | 1 }
      #expect(throws: ModelFileError.notAModel(path: "m", looksLike: nil)) { try open(bytes) }
    }
    var bytes = try bytes()
    bytes[8] = 99
    #expect(throws: ModelFileError.version(path: "m", 99)) { try open(bytes) }
    bytes[8] = UInt8(ModelLayout.version)
    bytes[12] = 0
    #expect(throws: ModelFileError.incomplete(path: "m")) { try open(bytes) }
  }

  @Test func `a damaged part is named`() throws {
    let bytes = try bytes()
    let file = Bytes(copying: bytes.span)
    let sections = try ModelSections(file, path: "m")
    for (section, name) in [
      (ModelLayout.Section.unigrams, "unigrams"), (.vocabulary, "vocabulary"),
      (.regionTable, "regionTable"), (.regions, "region 0"),
    ] {
      var copy = bytes
      copy[sections.range(section).upperBound - 1] ^= 0x40
      let model = try open(copy)
      #expect(throws: ModelFileError.damaged(path: "m", part: name)) {
        try model.verifyChecksums(path: "m")
      }
    }
  }

  @Test func `every error is one line that names the file`() {
    let errors: [ModelFileError] = [
      .notAModel(path: "m", looksLike: nil), .notAModel(path: "m", looksLike: "a gzip file"),
      .version(path: "m", 9), .incomplete(path: "m"), .size(path: "m", expected: 3, found: 2),
      .damaged(path: "m", part: "vocabulary"),
    ]
    for error in errors {
      #expect("\(error)".hasPrefix("m: ") && !"\(error)".contains("\n"))
    }
    #expect(
      "\(errors[4])" == "m: the model has 2 bytes and should have 3; copy it anew"
    )
  }

  /// Does all that reads the model's numbers.
  private func use(_ model: NGramModel, _ tokens: [TokenID]) {
    let clipped = tokens.map { TokenID(min($0.rawValue, 9)) }
    _ = model.scores(tokens)
    SortedBatch(model, tokens, [0..<tokens.count], threads: 1).score()
    _ = model.distribution(after: Array(clipped.prefix(3)))
    _ = model.distribution(after: [clipped[2], clipped[3]])
    _ = model.vocabulary["b"]
    _ = model.vocabulary[clipped[1]]
  }
}
