import Foundation
import LanguageModels
import TestSupport
import Testing
import Tokenization

/// Every ARPA file of KenLM's and SRILM's in the tree, read and scored word by word.
@Suite struct ARPAGoldenTests {
  /// The names of the ARPA files of `tool`, without the ending.
  static func names(_ tool: String) -> [String] {
    let all = try? FileManager.default.contentsOfDirectory(
      atPath: "\(PackageFolder.golden)/\(tool)"
    )
    return (all ?? []).filter { $0.hasSuffix(".arpa") }.map { String($0.dropLast(5)) }.sorted()
  }

  static let paths = ["kenlm", "srilm"].flatMap { tool in names(tool).map { "\(tool)/\($0)" } }

  @Test func `all files are looked at`() { #expect(Self.paths.count == 12) }

  @Test(arguments: names("kenlm"))
  func `KenLM's models score as KenLM scores them`(name: String) throws {
    let model = try ModelFile.openNGrams(path("kenlm/\(name).arpa"))
    let query = path("kenlm/\(name).query.txt")
    let text = name.prefix { $0 != "." } + ".test.txt"
    let found = try scores(model, path(String(text)))
    // word=id matched-length log10
    let expected = try String(contentsOfFile: query, encoding: .utf8)
      .matches(of: /=(\d+) (\d+) (-?[0-9.e+-]+)/)
    #expect(found.count == expected.count)
    #expect(expected.contains { $0.1 == "0" } || name == "characters.4", "an unknown word")
    for (index, (score, wanted)) in zip(found, expected).enumerated() {
      #expect("\(score.matchedLength)" == wanted.2, "word \(index)")
      let log10 = Double(wanted.3) ?? .nan
      // KenLM adds floats: half a unit of the seventh digit an addition.
      #expect(abs(score.logProbability.log10 - log10) < 1e-6, "word \(index)")
    }
  }

  @Test(arguments: names("srilm"))
  func `SRILM's models score as SRILM scores them`(name: String) throws {
    let model = try ModelFile.openNGrams(path("srilm/\(name).arpa"))
    #expect(model.description.order == 3)
    let listing = path("srilm/\(name).ppl.txt")
    let found = try scores(model, path("small.test.txt"))
    let expected = try String(contentsOfFile: listing, encoding: .utf8)
      .matches(of: /p\( .*\) \t= \[(\w+)\] \S+ \[ (\S+) \]/)
    #expect(found.count == expected.count)
    for (index, (score, wanted)) in zip(found, expected).enumerated() where wanted.1 != "OOV" {
      #expect("\(score.matchedLength)gram" == wanted.1, "word \(index)")
      let log10 = Double(wanted.2) ?? .nan
      // SRILM prints six digits.
      #expect(abs(score.logProbability.log10 - log10) < 2e-6, "word \(index)")
    }
  }

  @Test(arguments: paths)
  func `each is listed the same after both ways`(name: String) throws {
    try withTemporaryFile("") { output in
      try ARPAWriter(ModelFile.openNGrams(path(name + ".arpa")), path: name).write(to: output)
      #expect(try listing(output) == listing(path(name + ".arpa")))
    }
  }

  private func path(_ name: String) -> String { "\(PackageFolder.golden)/\(name)" }

  /// The n-grams with their numbers as 32 bits; a weight of 0 is none.
  private func listing(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in
        var fields = line.split(separator: "\t").map { Float($0).map { "\($0)" } ?? "\($0)" }
        if fields.count == 3, Float(fields[2]) == 0 { fields.removeLast() }
        return fields.joined(separator: "\t")
      }
      .sorted()
  }

  /// The scores of the words of the text at `path` and of the ends of its lines.
  private func scores(_ model: NGramModel, _ path: String) throws -> [TokenScore] {
    let tokens = model.sentences(try String(contentsOfFile: path, encoding: .utf8))
    return zip(tokens, model.scores(tokens)).filter { $0.0 != .beginSentence }.map(\.1)
  }
}
