import Foundation
import LanguageModels
import Testing
import Tokenization

/// Models that KenLM and SRILM wrote, scored token by token as they score them.
@Suite(.enabled(if: Golden.hasSmall, Golden.comment))
struct ARPAFilesTests {
  @Test(arguments: [
    ("small.3", "small.test", "small.3.query.word"),
    ("small.5", "small.test", "small.5.query.word"),
    ("small.4.prune", "small.test", "small.4.prune.query.word"),
    ("tiny.2", "tiny.test", "tiny.2.query"), ("tiny.3", "tiny.test", "tiny.3.query"),
    ("tiny.5", "tiny.test", "tiny.5.query"),
    ("tiny.3.prune01", "tiny.test", "tiny.3.prune01.query"),
    ("tinychar.4.fb", "tinychar.test", "tinychar.4.fb.query"),
  ])
  func `an ARPA file of KenLM's scores as KenLM scores it`(names: (String, String, String)) throws {
    let model = try ModelFile.open(path("kenlm/\(names.0).arpa"))
    let scores = try scores(model, path("kenlm/\(names.1).txt"))
    let query = try text("kenlm/\(names.2).txt")
    // word=id matched-length log10
    let expected = query.matches(of: /=\d+ (\d+) (-?[0-9.e+-]+)/).map { match in
      (UInt8(match.1) ?? 0, Double(match.2) ?? .nan)
    }
    #expect(scores.count == expected.count)
    for (found, wanted) in zip(scores, expected) {
      #expect(found.matchedLength == wanted.0)
      // KenLM sums floats: half a unit in its seventh digit.
      #expect(abs(found.logProbability.log10 - wanted.1) < 1e-6)
    }
  }

  @Test(arguments: [
    "kni.one", "kn.one", "wb.one", "gt.one", "gt.def", "nd.def", "add01.one", "cdi.one",
  ])
  func `an ARPA file of SRILM's scores as SRILM scores it`(name: String) throws {
    let model = try ModelFile.open(path("srilm/small.3.\(name).arpa"))
    let scores = try scores(model, path("kenlm/small.test.txt"))
    let listing = try text("srilm/small.3.\(name).ppl2.txt")
    let expected = listing.matches(of: /p\( .*\) \t= \[(\w+)\] \S+ \[ (\S+) \]/)
    #expect(scores.count == expected.count)
    for (found, wanted) in zip(scores, expected) where wanted.1 != "OOV" {
      #expect("\(found.matchedLength)gram" == wanted.1)
      // SRILM prints six or seven digits.
      #expect(abs(found.logProbability.log10 - (Double(wanted.2) ?? .nan)) < 2e-6)
    }
  }

  private func path(_ name: String) -> String { (Golden.values ?? "") + "/" + name }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  private func scores(_ model: NGramModel, _ path: String) throws -> [TokenScore] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var numbering = model.vocabulary
    let tokens = try TextEncoder(model.settings)
      .encode(TextBlock(text), of: path, numbering: &numbering).tokens
    var scores = [TokenScore](
      repeating: TokenScore(logProbability: .one, matchedLength: 0),
      count: tokens.count
    )
    var span = scores.mutableSpan
    model.score(tokens.span, 0..<tokens.count, into: &span)
    return zip(tokens, scores).filter { $0.0 != .beginSentence }.map(\.1)
  }
}
