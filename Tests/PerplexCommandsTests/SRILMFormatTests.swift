import Foundation
import PerplexCommands
import TestSupport
import Testing

/// `score --format srilm` and `--policy`.
@Suite struct SRILMFormatTests {
  static let arpa = """

    \\data\\
    ngram 1=5
    ngram 2=3

    \\1-grams:
    -0.5\t</s>
    -99\t<s>\t-0.25
    -0.75\ta\t-0.125
    -1\tb
    -99\tz

    \\2-grams:
    -0.25\t<s> a
    -0.5\ta b
    -0.125\tb </s>

    \\end\\

    """

  private func bench(_ text: String) throws -> Workbench {
    let bench = try Workbench()
    try bench.write(Self.arpa, to: "m.arpa")
    try bench.write(text, to: "t.txt")
    return bench
  }

  /// The numbers are those of the file.
  ///
  /// log₁₀ p: a after `<s>` -0.25; b after a -0.5; `</s>` after b -0.125, after z -0.5; b after
  /// `<unk>` -1. Three of the second sentence's words have no probability or are unknown.
  @Test func `words, sentences and texts are as SRILM prints them`() throws {
    let bench = try bench("a b\n\n## no text\nq  b z\n")
    let outcome = bench.run("score", "@m.arpa", "@t.txt", "--format", "srilm")
    #expect(outcome.errors == "")
    let expected = [
      "a b",
      "\tp( a | <s> ) \t= [2gram] 0.5623413 [ -0.25 ]",
      "\tp( b | a ...) \t= [2gram] 0.3162278 [ -0.5 ]",
      "\tp( </s> | b ...) \t= [2gram] 0.7498942 [ -0.125 ]",
      "1 sentences, 2 words, 0 OOVs",
      "0 zeroprobs, logprob= -0.875 ppl= 1.957342 ppl1= 2.73842",
      "",
      "q b z",
      "\tp( <unk> | <s> ) \t= [OOV] 0 [ -inf ]",
      "\tp( b | <unk> ...) \t= [1gram] 0.1 [ -1 ]",
      "\tp( z | b ...) \t= [1gram] 0 [ -inf ]",
      "\tp( </s> | z ...) \t= [1gram] 0.3162278 [ -0.5 ]",
      "1 sentences, 3 words, 1 OOVs",
      "1 zeroprobs, logprob= -1.5 ppl= 5.623413 ppl1= 31.62278",
      "",
      "file t.txt: 2 sentences, 5 words, 1 OOVs",
      "1 zeroprobs, logprob= -2.375 ppl= 2.985383 ppl1= 6.189658",
    ]
    let found = outcome.output.replacingOccurrences(of: bench.folder + "/", with: "")
    #expect(found == expected.joined(separator: "\n") + "\n")
  }

  @Test func `a sentence of unknown words has no ppl1`() throws {
    let outcome = try bench("q\n").run("score", "@m.arpa", "@t.txt", "--format", "srilm")
    #expect(outcome.code == 1 || outcome.output.contains("ppl1= undefined"))
  }

  @Test func `models of documents and other results are refused in one line`() throws {
    let bench = try bench("a b\n")
    _ = bench.run("train", "@t.txt", "-o", "@c.perplex", "--tokenizer", "characters")
    let document = bench.run("score", "@c.perplex", "@t.txt", "--format", "srilm")
    #expect(document.code == 1)
    #expect(document.errors.contains("use --per-token"))
    #expect(document.errors.split(separator: "\n").count == 1)
    let words = ["score", "@m.arpa", "@t.txt"]
    for options in [
      ["--format", "srilm", "--json"], ["--format", "srilm", "--by", "line"],
      ["--format", "srilm", "--policy", "srilm"], ["--format", "srilm", "--breakdown"],
      ["--policy", "kenlm", "--per-token", "-"],
    ] {
      #expect(bench.run(words + options).code == 64)
    }
  }

  @Test(arguments: ["kenlm", "srilm", "lm-eval", "huggingface-mean"])
  func `a policy is in the report and in JSON`(policy: String) throws {
    let bench = try bench("a b\nb a\n")
    let words = ["score", "@m.arpa", "@t.txt", "--policy", policy]
    let report = bench.run(words)
    #expect(report.code == 0)
    #expect(report.output.contains("\(policy)'s figure"))
    let json = bench.run(words + ["--json"]).json
    let object = try #require(json["policy"] as? [String: Any])
    #expect(
      Set(object.keys) == [
        "name", "own_tokens", "own_bits", "items", "tokens", "bits", "figures",
      ]
    )
    #expect(object["name"] as? String == policy)
    let items = try #require(object["items"] as? [[String: Any]])
    let tokens = items.reduce(6) { $0 + ($1["tokens"] as? Int ?? 0) }
    #expect(object["tokens"] as? Int == tokens)
  }

  /// With `<unk>` in the model SRILM charges unknown words, and never their spelling.
  @Test(arguments: [[], ["--spell-unknown"]])
  func `SRILM's last line has the policy's figure, with unknown words charged`(
    options: [String]
  ) throws {
    let bench = try bench("the dog crossed the bridge .\nnobody sank .\n")
    try bench.write(sampleText, to: "train.txt")
    let training = bench.run(
      ["train", "@train.txt", "-o", "@w.perplex", "--order", "3", "--tokenizer", "whitespace"]
        + options
    )
    #expect(training.code == 0, "\(training.errors)")
    let words = ["score", "@w.perplex", "@t.txt"]
    let policy = bench.run(words + ["--policy", "srilm", "--json"]).json["policy"]
    let figures = (policy as? [String: Any])?["figures"] as? [String: Any]
    let perplexity = try #require(figures?["ppl"] as? Double)
    let items = (policy as? [String: Any])?["items"] as? [[String: Any]]
    #expect(figures?["out_of_vocabulary"] as? Int == 0)
    #expect(items?.count == (options.isEmpty ? 0 : 1))
    let text = bench.run(words + ["--format", "srilm"]).output
    let last = try #require(text.split(separator: "\n").last)
    // Each logarithm has 24 bits.
    let place = try #require(last.range(of: "ppl= "))
    let printed = try #require(Double(last[place.upperBound...].prefix { $0 != " " }))
    #expect(abs(printed - perplexity) < 2e-6 * perplexity)
  }

  @Test func `scores that are not probabilities have no policy`() throws {
    let bench = try bench("a b\n")
    _ = bench.run(
      "train",
      "@t.txt",
      "-o",
      "@s.perplex",
      "--smoothing",
      "stupid-backoff",
      "--order",
      "2"
    )
    for options in [["--policy", "srilm"], ["--format", "srilm"]] {
      let outcome = bench.run(["score", "@s.perplex", "@t.txt"] + options)
      #expect(outcome.code == 1)
      #expect(
        outcome.errors.contains(
          "stupid back-off gives scores, not probabilities"
        )
      )
    }
  }

  /// Seven models with SRILM's cut-offs or none, pruned, and with `<unk>`.
  @Test(
    arguments: [
      "add1.def", "gt.def", "gt.one.prune", "kn.def", "kni.def.unk", "kni.one", "wb.one",
    ]
  )
  func `SRILM's output on its own models is reproduced byte for byte`(model: String) throws {
    let path = "\(PackageFolder.golden)/srilm/small.3.\(model)"
    let expected = try String(contentsOfFile: path + ".ppl.txt", encoding: .utf8)
    let text = "\(PackageFolder.golden)/small.test.txt"
    let outcome = try Workbench().run("score", path + ".arpa", text, "--format", "srilm")
    #expect(outcome.output == expected.replacingOccurrences(of: "small.test.txt", with: text))
  }
}
