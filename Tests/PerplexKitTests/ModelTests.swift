import Files
import Foundation
import LanguageModels
import PerplexKit
import TestSupport
import Testing
import Tokenization

@Suite struct ModelTests {
  private let train = Text.file(PackageFolder.corpora + "/stories/train.txt")
  private let heldOut = Text.file(PackageFolder.corpora + "/stories/held-out.txt")

  @Test func `a model has the figures of the program`() throws {
    let score = try Model(trainingOn: [train]).score([heldOut])
    #expect(score.tokenCount == 1_433)
    #expect(score.unknownTokenCount == 116)
    #expect(score.byteCount == 5_730)
    #expect(abs(score.crossEntropyBits - 6.5378) < 5e-5)
    #expect(abs(score.perplexity - 92.9142) < 5e-5)
    #expect(abs(score.perplexityOfKnownTokens - 63.3843) < 5e-5)
    #expect(abs(score.bitsPerByte - 1.6350) < 5e-5)
    let interval = try #require(score.perplexityInterval)
    #expect(abs(interval.lowerBound - 81.6052) < 5e-5)
    #expect(abs(interval.upperBound - 104.6288) < 5e-5)
  }

  @Test func `a text is the same from a file and from a string`() throws {
    let folder = try TestFolder()
    let sentences = "the dog slept .\nthe old dog sang .\n"
    let path = try folder.write(sentences, to: "a.txt")
    let model = try Model(trainingOn: [.string(sentences)])
    #expect(try model.score([.string(sentences)]) == model.score([.file(path)]))
    #expect(try Model(trainingOn: [.file(path)]).vocabularySize == model.vocabularySize)
  }

  @Test func `a saved model scores as it did`() throws {
    let folder = try TestFolder()
    let path = folder.file("m.perplex")
    var options = TrainingOptions()
    options.order = 3
    options.smoothing = .wittenBell
    let trained = try Model(trainingOn: [train], options: options, savingTo: path)
    #expect(try Model(opening: path).score([heldOut]) == trained.score([heldOut]))
  }

  @Test(arguments: TrainingOptions.Smoothing.allCases, TrainingOptions.Tokenizer.allCases)
  func `every method and tokenizer trains`(
    smoothing: TrainingOptions.Smoothing,
    tokenizer: TrainingOptions.Tokenizer
  ) throws {
    var options = TrainingOptions()
    options.order = 2
    options.smoothing = smoothing
    options.tokenizer = tokenizer
    let text = Text.string("the dog slept .\nthe old dog sang .\nthe cat slept .\n")
    #expect(try Model(trainingOn: [text], options: options).score([text]).perplexity >= 1)
  }

  @Test func `surprisals are those of the text's tokens, and add up to its bits`() throws {
    var options = TrainingOptions()
    options.smoothing = .wittenBell
    let model = try Model(trainingOn: [train], options: options)
    let text = "The old man\nxyzzy sat.\n"
    let tokens = try model.surprisals(of: text)
    #expect(tokens.map(\.text) == ["The", "old", "man", "</s>", "xyzzy", "sat", ".", "</s>"])
    #expect(tokens.map(\.line) == [1, 1, 1, 1, 2, 2, 2, 2])
    #expect(tokens.filter(\.isUnknown).map(\.text) == ["xyzzy"])
    let score = try model.score([.string(text)])
    let bits = tokens.reduce(0) { $0 + $1.bits }
    #expect(abs(bits - score.crossEntropyBits * Double(score.tokenCount)) < 1e-9)
  }

  @Test func `a comparison has the figures of the program`() throws {
    var options = TrainingOptions()
    options.order = 3
    let baseline = try Model(trainingOn: [train], options: options)
    options.smoothing = .jelinekMercer
    let model = try Model(trainingOn: [train], options: options)
    let comparison = try model.compared(with: baseline, on: [heldOut])
    #expect(comparison.unit == .token)
    #expect(comparison.obstacles.isEmpty)
    #expect(abs(comparison.difference - 0.1811) < 5e-5)
    let interval = try #require(comparison.interval)
    #expect(abs(interval.lowerBound - 0.1473) < 5e-5)
    #expect(abs(interval.upperBound - 0.2134) < 5e-5)
    #expect(try #require(comparison.pValue) < 0.001)
  }

  @Test func `models of different tokens are compared by bits per byte`() throws {
    var options = TrainingOptions()
    options.tokenizer = .characters
    let characters = try Model(trainingOn: [train], options: options)
    let comparison = try characters.compared(with: Model(trainingOn: [train]), on: [heldOut])
    #expect(comparison.unit == .byte)
    #expect(!comparison.obstacles.isEmpty)
    let bits = comparison.model.bitsPerByte - comparison.baseline.bitsPerByte
    #expect(abs(comparison.difference - bits) < 1e-9)
  }

  @Test func `errors name their subject and cause`() throws {
    var options = TrainingOptions()
    options.order = 17
    func error(_ body: () throws -> Void) -> PerplexError? {
      do { try body() } catch { return error as? PerplexError }
      return nil
    }
    let wrongOrder = error { _ = try Model(trainingOn: [train], options: options) }
    #expect(wrongOrder?.subject == .options)
    #expect(wrongOrder?.description == "order must be 1 to 16, not 17")
    let missing = error { _ = try Model(opening: "none.perplex") }
    #expect(missing?.subject == .model)
    #expect(missing?.description.hasPrefix("none.perplex: cannot open") == true)
    let empty = error { _ = try Model(trainingOn: [.string("")]) }
    #expect(empty?.subject == .text)
  }

  @Test func `without a text there is nothing to train on, to score or to compare`() throws {
    let model = try Model(trainingOn: [.string("the dog slept .\n")])
    #expect(throws: PerplexError.self) { try Model(trainingOn: []) }
    #expect(throws: PerplexError.self) { try model.score([]) }
    #expect(throws: PerplexError.self) { try model.compared(with: model, on: []) }
  }

  @Test func `a model does not replace the text that it is trained on`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = folder.appendingPathComponent("a.txt")
    try Data("the dog slept .\n".utf8).write(to: text)
    let link = folder.appendingPathComponent("link").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: text.path)
    for path in [text.path, link] {
      #expect(throws: PerplexError.self) {
        try Model(trainingOn: [.file(text.path)], savingTo: path)
      }
    }
    #expect(try Data(contentsOf: text) == Data("the dog slept .\n".utf8))
  }

  @Test func `a model of scores does not open, since it has no perplexity`() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: text) }
    try Data("the dog slept .\n".utf8).write(to: text)
    var options = EstimationOptions()
    options.method = .stupidBackOff
    let input = TrainingInput([.file(text.path)], settings: TextSettings(tokenizer: .words))
    _ = try NGramEstimator(try TrainingData(input), options: options).write(to: OutputFile(path))
    let error = #expect(throws: PerplexError.self) { try Model(opening: path) }
    #expect(error?.description.contains("gives scores, not probabilities") == true)
  }
}
