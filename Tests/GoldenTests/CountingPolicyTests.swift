import Foundation
import LanguageModels
import Perplexity
import TestSupport
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
    var tally = PolicyTally(policy, sequence: model.settings.sequence, ngrams: model)
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

  @Test func `SRILM's models have SRILM's figures to the last digit`() throws {
    let folder = PackageFolder.golden + "/srilm"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".arpa") }.map { String($0.dropLast(5)) }.sorted()
    var count = 0
    for name in names {
      let text = try String(contentsOfFile: "\(folder)/\(name).ppl.txt", encoding: .utf8)
      let model = try ModelFile.openNGrams("\(folder)/\(name).arpa")
      let account = try account(.srilm, model, try #require(Pair.small.test.first))
      #expect(digits(account[.perplexity]) == (try field("ppl=", text)), "\(name)")
      #expect(digits(account[.perplexityWithoutEnds]) == (try field("ppl1=", text)), "\(name)")
      #expect(digits(account[.log10Probability]) == (try field("logprob=", text)), "\(name)")
      count += 1
      // With `<unk>` in the file, no word is unknown.
      let unknownCount = name.hasSuffix("unk") ? 0 : 50
      let summary = try #require(text.split(separator: "\n").last { $0.hasPrefix("file ") })
      #expect(summary.hasSuffix("5 sentences, 104 words, \(unknownCount) OOVs"))
      #expect(account[.sentences] == 5)
      #expect(account[.words] == 104)
      #expect(account[.outOfVocabulary] == Double(unknownCount))
    }
    #expect(count == 7)
  }

  /// KenLM adds a line up in single precision.
  @Test(
    arguments: [
      "small.3", "small.3.prune01", "small.3.prune001", "small.3.limitvocab", "characters.4",
    ]
  )
  func `KenLM's models have KenLM's figures`(model: String) throws {
    let folder = PackageFolder.golden
    let text = try String(contentsOfFile: "\(folder)/kenlm/\(model).query.txt", encoding: .utf8)
    let test = model.prefix { $0 != "." } + ".test.txt"
    let account = try account(
      .kenlm,
      try ModelFile.openNGrams("\(folder)/kenlm/\(model).arpa"),
      "\(folder)/\(test)"
    )
    for (kind, name) in [
      (PolicyAccount.Figure.Kind.perplexityIncludingOOVs, "including OOVs:"),
      (.perplexityExcludingOOVs, "excluding OOVs:"), (.outOfVocabulary, "OOVs:"),
      (.tokens, "Tokens:"),
    ] {
      let expected = try #require(Double(try field(name, text)))
      let found = try #require(account[kind])
      #expect(isClose(found, expected, within: 1e-6), "\(name) \(found), KenLM \(expected)")
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
      // SRILM's models were made without `-unk`.
      let unknownCount = try #require(Double(row[7]))
      let perplexity = try #require(account[.perplexityWithoutUnknown])
      let sentenceCount = try #require(account[.sentences])
      let wordCount = try #require(account[.words]) - unknownCount
      let logarithm = -(wordCount + sentenceCount) * log10(perplexity)
      let found = [perplexity, pow(10, -logarithm / wordCount), logarithm]
      for (found, expected) in zip(found, [row[10], row[11], row[9]]) {
        // One unit of the seventh digit.
        #expect(
          isClose(found, try #require(Double(expected)), within: 1.2e-6),
          "\(row[1]) \(order)"
        )
      }
      #expect(account[.sentences].map { Int($0) } == Int(row[5]))
      #expect(account[.words].map { Int($0) } == Int(row[6]))
      #expect(account[.zeroProbabilities].map { Int($0) } == Int(row[8]))
    }
  }
}
