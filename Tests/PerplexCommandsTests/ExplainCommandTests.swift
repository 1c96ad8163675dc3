import Foundation
import PerplexCommands
import Testing

@Suite struct ExplainCommandTests {
  /// The corpus of Jurafsky and Martin's bigrams (Speech and Language Processing, section 3.1).
  private static let iAmSam = "I am Sam\nSam I am\nI do not like green eggs and ham\n"

  private func bench(_ options: String..., text: String = iAmSam) throws -> Workbench {
    let bench = try Workbench()
    try bench.write(text, to: "train.txt")
    let outcome = bench.run(
      ["train", "@train.txt", "-o", "@m.perplex", "--tokenizer", "whitespace"] + options
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    return bench
  }

  private func total(_ outcome: Workbench.Outcome) throws -> [String: Any] {
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try #require(outcome.json["total"] as? [String: Any])
  }

  private func number(_ object: [String: Any], _ key: String) throws -> Double {
    try #require(object[key] as? Double, "\(key)")
  }

  @Test func `a sentence without tokens is named on one line`() throws {
    let bench = try bench("--order", "2")
    let outcome = bench.run("explain", "@m.perplex", "I am Sam", " \n")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors == "perplex: ' \\n': the text has no tokens; give a text with words\n"
    )
  }

  // MARK: The textbook's numbers

  @Test func `I am Sam has probability one ninth and perplexity 1.732`() throws {
    let bench = try bench("--order", "2", "--smoothing", "maximum-likelihood")
    let explained = try total(bench.run("explain", "@m.perplex", "I am Sam", "--json"))
    // P(I | <s>) P(am | I) P(Sam | am) P(</s> | Sam) = 2/3 · 2/3 · 1/2 · 1/2.
    #expect(abs(try number(explained, "probability") - 1.0 / 9) < 1e-7)
    #expect(abs(try number(explained, "perplexity") - 3.0.squareRoot()) < 1e-6)
    #expect(abs(try number(explained, "perplexity_from_bits") - 3.0.squareRoot()) < 1e-6)
    try bench.write("I am Sam\n", to: "test.txt")
    let scored = try total(bench.run("score", "@m.perplex", "@test.txt", "--json"))
    #expect(abs(pow(10, try number(scored, "log10_probability")) - 1.0 / 9) < 1e-7)
    #expect(abs(try number(scored, "perplexity") - 3.0.squareRoot()) < 1e-6)
    let report = bench.run("explain", "@m.perplex", "I am Sam", "--training", "@train.txt").output
    for line in [
      "P             0.6667 x 0.6667 x 0.5000 x 0.5000  0.1111",
      "bits          0.585 + 0.585 + 1.000 + 1.000      3.1699",
      "perplexity    P^(-1/4)                           1.7321",
      "              2^0.7925                           1.7321",
      "    2  2 / 3 = 0.6667     found: nothing shorter enters",
    ] {
      #expect(report.contains(line + "\n"), "\(line)\n\(report)")
    }
  }

  @Test(arguments: [
    // Ten tokens, eight of them red; PP = (.8^4 · .1)^(-1/5).
    (
      "red red red red red red red red blue green", "red red red red blue",
      pow(pow(0.8, 4) * 0.1, -0.2), "1.8946"
    ),
    // Exercise 3.12: 91 zeros and one of each other digit; PP = (.91^9 · .01)^(-1/10).
    (
      String(repeating: "0 ", count: 91) + "1 2 3 4 5 6 7 8 9", "0 0 0 0 0 3 0 0 0 0",
      pow(pow(0.91, 9) * 0.01, -0.1), "1.7253"
    ),
  ])
  func `unigrams of colours and of digits have the textbook's perplexities`(
    training: String,
    test: String,
    expected: Double,
    printed: String
  ) throws {
    let bench = try bench(
      "--order",
      "1",
      "--smoothing",
      "maximum-likelihood",
      "--sequence",
      "stream",
      text: training
    )
    try bench.write(test, to: "test.txt")
    let outcome = bench.run("score", "@m.perplex", "@test.txt", "--json")
    #expect(abs(try number(total(outcome), "perplexity") - expected) < 1e-6)
    let report = bench.run("score", "@m.perplex", "@test.txt").output
    #expect(report.contains(printed), "\(report)")
    #expect(report.contains("whose ends are not predicted"))
    let explained = try total(bench.run("explain", "@m.perplex", test, "--json"))
    #expect(abs(try number(explained, "perplexity") - expected) < 1e-6)
  }

  // MARK: Output

  @Test func `JSON has the keys of its contract, and shares sum to what score gives`() throws {
    let bench = try bench("--order", "3")
    try bench.write("Sam I am Zoe\nI am\n", to: "test.txt")
    let words = ["explain", "@m.perplex", "Sam I am Zoe", "I am", "--training", "@train.txt"]
    let outcome = bench.run(words + ["--json"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(bench.run(words + ["--json", "--threads", "1"]).output == outcome.output)
    let json = outcome.json
    #expect(
      outcome.keys(in: json) == [
        "model", "order", "smoothing", "form", "sentences", "tokens", "total",
      ]
    )
    #expect(
      outcome.keys(in: json["total"]) == [
        "tokens", "probability", "log10_probability", "bits", "cross_entropy_bits", "perplexity",
        "perplexity_from_bits",
      ]
    )
    let tokens = try #require(json["tokens"] as? [[String: Any]])
    #expect(tokens.compactMap { $0["sentence"] as? Int } == [1, 1, 1, 1, 1, 2, 2, 2])
    #expect(
      tokens.compactMap { $0["token"] as? String }.prefix(5) == ["Sam", "I", "am", "Zoe", "</s>"]
    )
    for token in tokens {
      #expect(
        Set(token.keys) == [
          "sentence", "token", "out_of_vocabulary", "history", "order_used", "probability",
          "log10_probability", "surprisal_bits", "running_bits", "steps",
        ]
      )
      let steps = try #require(token["steps"] as? [[String: Any]])
      let sum = try steps.reduce(0) { $0 + (try number($1, "share")) }
      #expect(abs(sum - (try number(token, "probability"))) < 1e-12)
      #expect(steps.last?["order"] as? Int == 0)
    }
    let first = try #require((tokens[0]["steps"] as? [[String: Any]])?.first)
    #expect(
      Set(first.keys) == [
        "order", "history", "history_known", "found", "estimate", "own", "weight", "weight_above",
        "share", "count", "counts_continuations", "history_count", "history_types", "discount",
        "given_up", "lent", "own_from_counts", "weight_from_counts",
      ]
    )
    #expect(first["history"] as? [String] == ["<s>"])
    #expect(first["count"] as? Int == 1 && first["history_count"] as? Int == 3)
    let scored = try total(bench.run("score", "@m.perplex", "@test.txt", "--json"))
    let explained = try total(outcome)
    for key in ["log10_probability", "perplexity"] {
      #expect(abs(try number(scored, key) / (try number(explained, key)) - 1) < 1e-12)
    }
    // A sentence's markers may be written.
    let marked = bench.run("explain", "@m.perplex", "<s> I am </s>", "--json")
    #expect(
      marked.json["tokens"] as? NSArray == bench.run("explain", "@m.perplex", "I am", "--json")
        .json["tokens"] as? NSArray
    )
  }

  @Test func `the report shows the arithmetic from counts to shares`() throws {
    let bench = try bench("--order", "2", "--smoothing", "witten-bell")
    let outcome = bench.run("explain", "@m.perplex", "am Zoe", "--training", "@train.txt")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    // <s> is followed by I, I and Sam; 17 tokens are of 11 types.
    for line in [
      "1. 'am', after '<s>'",
      "    2  <s> am     0        0.4000  1       0        not seen",
      "    1  am         0.07143  0.3929  0.4000  0.02857  ██████▉",
      "    0  any of 12  0.08333          0.1571  0.01310  ███▏",
      "    2  0 / (3 + 2) = 0          2 / (3 + 2) = 0.4000",
      "    1  2 / (17 + 11) = 0.07143  11 / (17 + 11) = 0.3929",
      "    2  <unk> </s>  0        1       1       0        no history",
      "    2  the history does not occur",
      "   p = 0.02857 + 0.01310 = 0.04167",
      "2. 'Zoe', unknown, so as <unk>, after 'am'",
      "   p = 0.5000 x 0.3929 x 0.08333 = 0.01637",
    ] {
      #expect(outcome.output.contains(line), "\(line)\n\(outcome.output)")
    }
    // But for the first line, which has the model's path.
    let lines = outcome.output.components(separatedBy: "\n")
    #expect(lines.dropFirst().allSatisfy { $0.count <= 100 })
  }

  @Test func `the blanks of characters are seen`() throws {
    let bench = try Workbench()
    try bench.write(Self.iAmSam, to: "train.txt")
    _ = bench.run(
      "train",
      "@train.txt",
      "-o",
      "@m.perplex",
      "--tokenizer",
      "characters",
      "--order",
      "3"
    )
    let output = bench.run("explain", "@m.perplex", "I a").output
    #expect(output.contains("2. ' ', after '<s>I'"))
    #expect(output.contains("3. 'a', after 'I␣'"))
    #expect(output.contains("    3  I␣a "))
  }

  @Test func `a token of probability zero is named with its history`() throws {
    let bench = try bench("--order", "2", "--smoothing", "maximum-likelihood")
    let outcome = bench.run("explain", "@m.perplex", "I Sam")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("'Sam' after 'I' is impossible to this model"))
    #expect(outcome.output.contains("P = 0, so the perplexity is infinite"))
    let json = bench.run("explain", "@m.perplex", "I Sam", "--json")
    #expect((try total(json))["perplexity"] as? String == "inf")
    #expect((try total(json))["log10_probability"] as? String == "-inf")
  }

  @Test func `scores of stupid back-off are called scores`() throws {
    let bench = try bench("--order", "2", "--smoothing", "stupid-backoff")
    let outcome = bench.run("explain", "@m.perplex", "I Sam")
    // 0.4 · 2/17.
    #expect(outcome.output.contains("score = 0.4000 x 0.1176 = 0.04706"))
    #expect(!outcome.output.contains("perplexity"))
    #expect(!outcome.output.contains("bits"))
    let json = bench.run("explain", "@m.perplex", "I Sam", "--json")
    #expect((try total(json))["perplexity"] is NSNull)
  }

  // MARK: What cannot be explained

  @Test func `another text than the training text is noted`() throws {
    let bench = try bench("--order", "2")
    try bench.write("I am Sam\n", to: "other.txt")
    #expect(
      bench.run("explain", "@m.perplex", "I am", "--training", "@other.txt").errors
        == "perplex: the training text has 4 tokens, but m.perplex was trained on 17: is it the same "
        + "text?\n"
    )
    // As many tokens, but others.
    try bench.write(Self.iAmSam.replacingOccurrences(of: "Sam", with: "I"), to: "like.txt")
    #expect(
      bench.run("explain", "@m.perplex", "I am", "--training", "@like.txt").errors
        == "perplex: the counts of 'I' give other numbers than m.perplex has: is it the text that it "
        + "was trained on?\n"
    )
  }

  @Test func `models without orders are refused in one line`() throws {
    let bench = try bench("--order", "2")
    _ = bench.run("train", "@train.txt", "--model", "mixing", "--fast", "-o", "@mixing.perplex")
    #expect(
      bench.run("explain", "@mixing.perplex", "I am").errors
        == "perplex: mixing.perplex: a mixing model predicts bits from many contexts at once and has no "
        + "orders to show; explain a model of n-grams or --model gated\n"
    )
    try bench.write(
      #"{"unit": "nat", "tokens": [{"t": "I", "lp": -1}, {"t": " am", "lp": -2}]}"#,
      to: "gpt.jsonl"
    )
    let external = bench.run("explain", "@gpt.jsonl", "I am")
    #expect(external.code == 1)
    #expect(
      external.errors
        == "perplex: gpt.jsonl: the file has another program's log-probabilities, not how they came about; "
        + "score --per-token lists them\n"
    )
    #expect(bench.run("explain", "@m.perplex", " ").code == 1)
    #expect(bench.run("explain", "@m.perplex").code == 64)
    #expect(bench.run("explain", "@m.perplex", "-", "--training", "-").code == 64)
  }

  @Test func `words dropped from the vocabulary leave no counts to be shown`() throws {
    let bench = try bench("--order", "2", "--min-count", "2", "--rare", "drop")
    #expect(bench.run("explain", "@m.perplex", "I am").code == 0)
    let outcome = bench.run("explain", "@m.perplex", "I am", "--training", "@train.txt")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "perplex: m.perplex: a training text does not show its counts, because words were dropped from its "
        + "vocabulary after they had been counted; leave out --training\n"
    )
  }

  @Test func `a gated model is explained byte by byte`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    _ = bench.run("train", "@train.txt", "--model", "gated", "-o", "@g.perplex")
    try bench.write("the", to: "test.txt")
    let scored = try total(bench.run("score", "@g.perplex", "@test.txt", "--json"))
    let outcome = bench.run("explain", "@g.perplex", "the", "--json")
    #expect((outcome.json["tokens"] as? [Any])?.count == 3)
    let explained = try total(outcome)
    #expect(
      abs(try number(explained, "perplexity_from_bits") - (try number(scored, "perplexity"))) < 1e-9
    )
    let report = bench.run("explain", "@g.perplex", "the").output
    #expect(report.contains("2. 'h', after 't'") && report.contains("3 bytes, "))
  }
}
