import Foundation
import LanguageModels
import Perplexity
import Testing
import Tokenization

/// Figures of other tools, by their own way of counting.
@Suite(.serialized) struct CountingPolicyGoldenTests {
  /// What `policy` makes of `model` on the text at `path`.
  private func account(
    _ policy: CountingPolicy,
    _ model: NGramModel,
    _ path: String
  ) throws -> PolicyAccount {
    var tally = PolicyTally(policy, sequence: model.settings.sequence)
    let evaluation = try Evaluator(model).evaluate(.file(path)) { tally.add($0) }
    tally.endText()
    return tally.account(of: evaluation)
  }

  /// The number after `name` in `text`, as it is written.
  private func field(_ name: String, _ text: String) throws -> String {
    let place = try #require(text.range(of: name, options: .backwards))
    return String(text[place.upperBound...].drop { $0.isWhitespace }.prefix { !$0.isWhitespace })
  }

  /// Seven digits, as SRILM prints them.
  private func digits(_ value: Double?) -> String { String(format: "%.7g", value ?? .nan) }

  @Test(.enabled(if: Golden.hasSmall, Golden.comment))
  func `SRILM's models have SRILM's figures to the last digit`() throws {
    let folder = "\(Golden.values ?? "")/srilm"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".arpa") }.map { String($0.dropLast(5)) }.sorted()
    var count = 0
    for name in names {
      guard
        let text = try? String(contentsOfFile: "\(folder)/\(name).ppl2.txt", encoding: .utf8)
      else { continue }
      let model = try ModelFile.openNGrams("\(folder)/\(name).arpa")
      let account = try account(.srilm, model, try #require(Pair.small.test.first))
      let kind: PolicyAccount.Figure.Kind =
        name.hasSuffix("unk") ? .perplexityWithUnknown : .perplexity
      #expect(digits(account[kind]) == (try field("ppl=", text)), "\(name)")
      count += 1
      guard kind == .perplexity else { continue }
      #expect(digits(account[.perplexityWithoutEnds]) == (try field("ppl1=", text)), "\(name)")
      #expect(digits(account[.log10Probability]) == (try field("logprob=", text)), "\(name)")
      let summary = try #require(text.split(separator: "\n").last { $0.hasPrefix("file ") })
      #expect(summary.hasSuffix("50 sentences, 1032 words, 167 OOVs"))
      #expect(account[.sentences] == 50)
      #expect(account[.words] == 1032)
      #expect(account[.outOfVocabulary] == 167)
    }
    #expect(count == 25)
  }

  /// KenLM adds a line up in single precision.
  @Test(
    .enabled(if: Golden.hasSmall, Golden.comment),
    arguments: [
      ("small.3", "small.3.query.sentence"), ("small.4.prune", "small.4.prune.query.sentence"),
      ("small.5", "small.5.query.sentence"), ("tiny.3", "tiny.3.query"), ("tiny.5", "tiny.5.query"),
      ("tiny.3.limitvocab", "tiny.3.limitvocab.query"),
    ]
  )
  func `KenLM's models have KenLM's figures`(model: String, output: String) throws {
    let folder = "\(Golden.values ?? "")/kenlm"
    let text = try String(contentsOfFile: "\(folder)/\(output).txt", encoding: .utf8)
    let test = model.hasPrefix("small") ? "small.test.txt" : "tiny.test.txt"
    let account = try account(
      .kenlm,
      try ModelFile.openNGrams("\(folder)/\(model).arpa"),
      "\(folder)/\(test)"
    )
    for (kind, name) in [
      (PolicyAccount.Figure.Kind.perplexityIncludingOOVs, "including OOVs:"),
      (.perplexityExcludingOOVs, "excluding OOVs:"), (.outOfVocabulary, "OOVs:"),
      (.tokens, "Tokens:"),
    ] {
      let expected = try #require(Double(try field(name, text)))
      let found = try #require(account[kind])
      #expect(agree(found, expected, within: 1e-6), "\(name) \(found), KenLM \(expected)")
    }
  }

  /// Methods in which SRILM's customs do not show; see ``SRILMTests``.
  @Test(.enabled(if: SRILMTests.isWanted, SRILMTests.comment))
  func `Brown has SRILM's figures by SRILM's way of counting`() throws {
    let data = try Pair.brown.data()
    let path = try #require(Pair.brown.test.first)
    for row in try Golden.table("\(Golden.values ?? "")/srilm.tsv") {
      guard row.count > 11, row[0] == "brown", row[2] == "one", let order = Int(row[3]),
        let method = SRILMMethod.all[row[1]], method.method.usesBackOff || order < 3,
        !row[1].hasPrefix("add"), order <= 3 || Golden.wantsAll
      else { continue }
      let model = try Pair.brown.model(data, method.method, order: order)
      let account = try account(.srilm, model, path)
      let found: [Double] = [.perplexity, .perplexityWithoutEnds, .log10Probability].map {
        account[$0] ?? .nan
      }
      for (found, expected) in zip(found, [row[10], row[11], row[9]]) {
        // One unit of the seventh digit.
        #expect(agree(found, try #require(Double(expected)), within: 1.2e-6), "\(row[1]) \(order)")
      }
      #expect(account[.sentences].map { Int($0) } == Int(row[5]))
      #expect(account[.words].map { Int($0) } == Int(row[6]))
      #expect(account[.outOfVocabulary].map { Int($0) } == Int(row[7]))
      #expect(account[.zeroProbabilities].map { Int($0) } == Int(row[8]))
    }
  }
}
