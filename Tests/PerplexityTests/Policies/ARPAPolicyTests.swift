import Foundation
import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

/// KenLM's and SRILM's figures where an ARPA file gives a token no probability; the sums are those
/// of `query` and `ngram -debug 2 -ppl` on these files.
@Suite struct ARPAPolicyTests {
  /// A file of this `<unk>` line and of this back-off weight of "blue".
  private static func file(unknown: String = "", blue: String = "-0.3") -> String {
    """
    \\data\\
    ngram 1=\(unknown.isEmpty ? 6 : 7)
    ngram 2=1

    \\1-grams:
    \(unknown)
    -1\tviolet\t-0.2
    -99\t<s>\t-0.3
    -0.5\t</s>
    -0.4\tred\t-0.3
    -0.7\tblue\t\(blue)
    -99\tgray\t-0.1

    \\2-grams:
    -0.4\t<s> red

    \\end\\

    """
  }

  private func account(
    _ policy: CountingPolicy,
    _ file: String,
    _ text: String
  ) throws -> PolicyAccount {
    try withTemporaryFile(file) { path in
      let model = try ModelFile.openNGrams(path)
      var tally = PolicyTally(policy, sequence: .line, ngrams: model)
      let evaluation = try withText(text.utf8) { source in
        try Evaluator(model, threads: 1).evaluate(source) { tally.add($0) }
      }
      tally.endText()
      return tally.account(of: evaluation)
    }
  }

  /// A case: the file, the text, and log10 of the whole by each program.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String
    var text: String
    /// The sum of all tokens, and that of the unknown ones.
    var kenlm: (all: Double, unknown: Double, unknownCount: Int)
    var srilm: (all: Double, unknownCount: Int, zeroCount: Int)

    var testDescription: String { name }
  }

  static let cases = [
    // <s> red: -0.4; green: -0.3 - 100; red: -0.4; </s>: -0.3 - 0.5.
    Case(
      name: "no <unk>, after a weight",
      file: file(),
      text: "red green red\n",
      kenlm: (-101.9, -100.3, 1),
      srilm: (-1.6, 1, 0)
    ),
    // green: -0.3 - 100; a literal <unk>: -100, as <unk> weighs nothing; </s>: -0.5.
    Case(
      name: "no <unk>, twice in a row",
      file: file(),
      text: "green <unk>\n",
      kenlm: (-200.8, -200.3, 2),
      srilm: (-0.5, 2, 0)
    ),
    // blue: -0.3 - 0.7; red: -99 - 0.4; </s>: -0.3 - 0.5.
    Case(
      name: "a weight of -99",
      file: file(blue: "-99"),
      text: "blue red\n",
      kenlm: (-101.2, 0, 0),
      srilm: (-1.8, 0, 1)
    ),
    // blue: -1.0; green: -99 - 100; </s>: -0.5.
    Case(
      name: "a weight of -99 and no <unk>",
      file: file(blue: "-99"),
      text: "blue green\n",
      kenlm: (-200.5, -199, 1),
      srilm: (-1.5, 1, 0)
    ),
    // violet: -0.3 - 1; gray: -0.2 - 99; red: -0.1 - 0.4; </s>: -0.8.
    Case(
      name: "a word of -99",
      file: file(),
      text: "violet gray red\n",
      kenlm: (-101.8, 0, 0),
      srilm: (-2.6, 0, 1)
    ),
    // red: -0.4; green: -0.3 - 99; </s>: -0.5.
    Case(
      name: "<unk> of -99",
      file: file(unknown: "-99\t<unk>"),
      text: "red green\n",
      kenlm: (-100.2, -99.3, 1),
      srilm: (-0.9, 1, 0)
    ),
    // Only -99 is log 0 to SRILM: red: -0.4; green: -0.3 - 99.999; </s>: -0.5.
    Case(
      name: "<unk> of -99.999, as CMU's tools write it",
      file: file(unknown: "-99.999\t<unk>"),
      text: "red green\n",
      kenlm: (-101.199, -100.299, 1),
      srilm: (-101.199, 0, 0)
    ),
    // red: -0.4; green: -0.3 - 1.5; red: -0.6 - 0.4; </s>: -0.8.
    Case(
      name: "<unk> with a probability and a weight",
      file: file(unknown: "-1.5\t<unk>\t-0.6"),
      text: "red green red\n",
      kenlm: (-4, -1.8, 1),
      srilm: (-4, 0, 0)
    ),
  ]

  @Test(arguments: cases)
  func `KenLM's figures`(of example: Case) throws {
    let account = try account(.kenlm, example.file, example.text)
    let count = example.text.split { $0 == " " || $0 == "\n" }.count + 1
    let (all, unknown, unknownCount) = example.kenlm
    #expect(account[.tokens] == Double(count))
    #expect(account[.outOfVocabulary] == Double(unknownCount))
    let including = account[.perplexityIncludingOOVs].map { log10($0) } ?? .nan
    #expect(abs(including + all / Double(count)) < 1e-5)
    let excluding = account[.perplexityExcludingOOVs].map { log10($0) } ?? .nan
    #expect(abs(excluding + (all - unknown) / Double(count - unknownCount)) < 1e-5)
  }

  @Test(arguments: cases)
  func `SRILM's figures`(of example: Case) throws {
    let account = try account(.srilm, example.file, example.text)
    let count = example.text.split { $0 == " " || $0 == "\n" }.count + 1
    let (all, unknownCount, zeroCount) = example.srilm
    #expect(account[.outOfVocabulary] == Double(unknownCount))
    #expect(account[.zeroProbabilities] == Double(zeroCount))
    #expect(abs((account[.log10Probability] ?? .nan) - all) < 1e-5)
    let perplexity = account[.perplexity].map { log10($0) } ?? .nan
    #expect(abs(perplexity + all / Double(count - unknownCount - zeroCount)) < 1e-5)
    let words = count - 1 - unknownCount - zeroCount
    let withoutEnds = account[.perplexityWithoutEnds].map { log10($0) } ?? .nan
    #expect(words == 0 ? withoutEnds.isNaN : abs(withoutEnds + all / Double(words)) < 1e-5)
  }
}
