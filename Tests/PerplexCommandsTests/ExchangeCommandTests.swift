import Foundation
import TestSupport
import Testing

@testable import PerplexCommands

/// ARPA files and word lists of other programs, and files for them.
@Suite struct ExchangeCommandTests {
  /// An ARPA file in which `<s>` has the tenth that the other words lack.
  private static let imported = """
    Language model created by QuickLM

    \\data\\
    ngram 1=3

    \\1-grams:
    -1.0000 <s> -0.3010
    -0.3010 </s> -0.3010
    -0.3979 LIGHTS -0.3010

    \\end\\

    """

  @Test func `an imported file that does not sum to one is told what is typical`() throws {
    let bench = try Workbench()
    // The weights are those of the highest order here.
    let text = Self.imported.replacingOccurrences(of: " -0.3010\n", with: "\n")
    try bench.write(text, to: "m.arpa")
    let outcome = bench.run("inspect", "@m.arpa", "--verify")
    #expect(outcome.code == 1)
    let deviation = 1 - (pow(10, -0.3010) + pow(10, -0.3979))
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines[0].contains("is \(String(format: "%.6f", deviation).dropLast())"))
    #expect(
      lines[0].hasSuffix(
        " away from summing to one; many ARPA files give <s> a part of the sum, or round to four "
          + "decimals; the figures are used as they stand"
      )
    )
  }

  @Test func `convert says which words other programs read otherwise`() throws {
    let bench = try Workbench()
    try bench.write("a b\n", to: "t.txt")
    let training = ["train", "@t.txt", "-o", "@m.perplex", "--quiet", "--smoothing", "witten-bell"]
    #expect(bench.run(training + ["--tokenizer", "characters"]).code == 0)
    let escaped = bench.run("convert", "@m.perplex", "@m.arpa")
    #expect(
      escaped.errors
        == "perplex: 2 words could not be read back as they stand and are written with "
        + "<0xHH>, which other programs do not undo\n"
    )
    try bench.write("a <UNK> <0xE2>\n", to: "t.txt")
    #expect(bench.run(training + ["--tokenizer", "whitespace"]).code == 0)
    let plain = bench.run("convert", "@m.perplex", "@m.arpa")
    #expect(
      plain.errors
        == "perplex: the model has the word <UNK> beside <unk>, which KenLM reads as one word\n"
    )
    try bench.write("a <0xE2>\n", to: "t.txt")
    #expect(bench.run(training + ["--tokenizer", "whitespace"]).code == 0)
    #expect(bench.run("convert", "@m.perplex", "@m.arpa").errors.isEmpty)
  }

  /// The list of the CMU tools, then without its comments, then with one word a line.
  @Test func `a word list with more than words is refused, and named`() throws {
    let bench = try Workbench()
    try bench.write("river stone river green\n", to: "t.txt")
    let training = [
      "train", "@t.txt", "-o", "@m.perplex", "--tokenizer", "whitespace", "-n", "1", "--smoothing",
      "witten-bell", "--vocabulary", "@v.txt", "--json",
    ]
    try bench.write("## Vocab of 2 words\nriver\nstone\n", to: "v.txt")
    let comment = bench.run(training)
    #expect(comment.code == 1)
    #expect(comment.errors.hasPrefix("perplex: v.txt:1: the line has white space"))
    #expect(comment.errors.hasSuffix("grep -v '^##'\n"))
    try bench.write("river\nstone 3\n", to: "v.txt")
    #expect(bench.run(training).errors.hasPrefix("perplex: v.txt:2: the line has"))
    try bench.write("river\nstone\n", to: "v.txt")
    #expect(bench.run(training).json["vocabulary_size"] as? Int == 5)
  }

  /// SRILM prints an `<unk>` of -99 as a word of the file, and counts it as OOV.
  @Test func `an <unk> without probability is listed as SRILM lists it`() throws {
    let bench = try Workbench()
    let text =
      "\\data\\\nngram 1=4\n\n\\1-grams:\n-99\t<unk>\n-99\t<s>\n-0.5\t</s>\n-0.5\ta\n\n\\end\\\n"
    try bench.write(text, to: "m.arpa")
    try bench.write("a q\n", to: "t.txt")
    let output = bench.run("score", "@m.arpa", "@t.txt", "--format", "srilm").output
    #expect(output.contains("\tp( <unk> | a ...) \t= [1gram] 0 [ -inf ]\n"))
    #expect(output.contains("1 sentences, 2 words, 1 OOVs\n"))
  }
}
