import Foundation
import Testing

@Suite struct CompareTests {
  /// Models of the sample: words at two orders, bytes; and a text of 24 lines.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write(
      String(repeating: "the dog sang in the rain .\nnobody crossed .\n", count: 12),
      to: "test.txt"
    )
    for (name, order) in [("one", "1"), ("three", "3")] {
      _ = bench.run(
        "train",
        "@train.txt",
        "-o",
        "@\(name)",
        "--order",
        order,
        "--smoothing",
        "witten-bell"
      )
    }
    _ = bench.run("train", "@train.txt", "-o", "@bytes", "--tokenizer", "bytes", "--order", "3")
    return bench
  }

  @Test func `compare prints the keys of its contract as JSON`() throws {
    let bench = try bench()
    let outcome = bench.run("compare", "@one", "@three", "--on", "@test.txt", "--json")
    #expect(outcome.code == 0)
    let json = outcome.json
    #expect(
      outcome.keys(in: json).isSuperset(
        of: ["ranked_by", "baseline", "comparable_perplexity", "models"]
      )
    )
    #expect(json["ranked_by"] as? String == "perplexity")
    #expect(json["baseline"] as? String == bench.path("one"))
    #expect(json["comparable_perplexity"] as? Bool == true)
    let models = try #require(json["models"] as? [[String: Any]])
    #expect(models.map { $0["model"] as? String } == [bench.path("three"), bench.path("one")])
    let score = bench.run("score", "@three", "@test.txt", "--json").json["total"]
    let scoreKeys = outcome.keys(in: score)
    #expect(
      outcome.keys(in: models[0]).isSuperset(
        of: scoreKeys.union(["difference_bits", "difference_interval", "p_value", "wins"])
      )
    )
    let figures = try #require(score as? [String: Any])
    #expect(models[0]["perplexity"] as? Double == figures["perplexity"] as? Double)
    let difference = try #require(models[0]["difference_bits"] as? Double)
    let interval = try #require(models[0]["difference_interval"] as? [Double])
    #expect(interval[0] <= difference && difference <= interval[1])
    #expect(models[1]["difference_bits"] is NSNull)
  }

  @Test func `the largest seed is written as it was given`() throws {
    let bench = try bench()
    let seed = String(UInt64.max)
    for words in [
      ["score", "@three", "@test.txt"], ["compare", "@one", "@three", "--on", "@test.txt"],
    ] {
      let outcome = bench.run(words + ["--json", "--seed", seed])
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("\"seed\": \(seed)"))
    }
  }

  @Test func `byte-order marks do not shift the tokens of later texts`() throws {
    let bench = try bench()
    for mark in ["", "\u{FEFF}"] {
      for name in ["1.txt", "2.txt", "3.txt"] {
        try bench.write(
          mark + "the dog sang in the rain .\n",
          to: "texts\(mark.utf8.count)/\(name)"
        )
      }
    }
    let counts = try ["texts0", "texts3"].map { texts in
      let outcome = bench.run("compare", "@bytes", "@three", "--on", "@\(texts)", "--json")
      let models = try #require(outcome.json["models"] as? [[String: Any]])
      return try #require(models.compactMap { $0["wins"] as? Double }.first)
    }
    #expect(counts[0] == counts[1])
  }

  @Test func `models of other tokens are ranked by bits per byte, with the reasons`() throws {
    let bench = try bench()
    let outcome = bench.run("compare", "@three", "@bytes", "--on", "@test.txt")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("ranked by bits per byte"))
    #expect(outcome.output.contains("tokens: "))
    #expect(outcome.output.contains("sentence ends: "))
    let forced = bench.run(
      "compare",
      "@three",
      "@bytes",
      "--on",
      "@test.txt",
      "--force-perplexity",
      "--json"
    )
    #expect(forced.json["ranked_by"] as? String == "perplexity")
    #expect(forced.json["comparable_perplexity"] as? Bool == false)
  }

  @Test func `words, characters, bytes and another program's scores are ranked by bits per byte`()
    throws
  {
    let bench = try bench()
    let text = "the dog sang in the rain .\n"
    try bench.write(text, to: "one-line.txt")
    // Each byte a token of a bit, but for the first, which has no score.
    let tokens = text.unicodeScalars.enumerated().map { index, scalar in
      #"{"t": "\#(scalar == "\n" ? "\\n" : String(scalar))", "lp": \#(index == 0 ? "null" : "-1")}"#
    }
    try bench.write(
      #"{"unit": "bit", "tokens": [\#(tokens.joined(separator: ", "))]}"# + "\n",
      to: "other.jsonl"
    )
    _ = bench.run("train", "@train.txt", "-o", "@characters", "--tokenizer", "characters")
    _ = bench.run("train", "@train.txt", "-o", "@words", "--spell-unknown")
    let outcome = bench.run(
      "compare",
      "@words",
      "@characters",
      "@bytes",
      "@other.jsonl",
      "--on",
      "@one-line.txt",
      "--json"
    )
    #expect(outcome.code == 0)
    #expect(outcome.json["ranked_by"] as? String == "bits_per_byte")
    #expect(outcome.json["comparable_perplexity"] as? Bool == false)
    let obstacles = try #require(outcome.json["obstacles"] as? [[String: Any]])
    #expect(obstacles.contains { $0["subject"] as? String == "tokens" })
    let models = try #require(outcome.json["models"] as? [[String: Any]])
    let figures = models.compactMap { $0["bits_per_byte"] as? Double }
    #expect(figures.count == 4 && figures == figures.sorted())
    let other = try #require(models.first { $0["model"] as? String == bench.path("other.jsonl") })
    let bits = Double(text.utf8.count - 1) + 8
    #expect(other["bits_per_byte"] as? Double == bits / Double(text.utf8.count))
    #expect(other["unscored_bytes"] as? Int == 1)
  }

  @Test func `a probability above one is told, by score and by compare`() throws {
    let bench = try bench()
    try bench.write(
      """
      \\data\\
      ngram 1=4
      ngram 2=1

      \\1-grams:
      -1\t<unk>
      -99\t<s>\t3
      -1\t</s>
      -0.5\tthe\t0

      \\2-grams:
      -1\tthe the

      \\end\\

      """,
      to: "loud.arpa"
    )
    let score = bench.run("score", "@loud.arpa", "@test.txt", "--json")
    #expect(score.code == 0)
    #expect(score.errors.contains("above one, so its figures are not perplexities"))
    let total = try #require(score.json["total"] as? [String: Any])
    #expect(total["tokens_above_probability_one"] as? Int == 24)
    let compare = bench.run("compare", "@one", "@loud.arpa", "--on", "@test.txt")
    #expect(compare.output.contains("above one"))
    #expect(bench.run("score", "@one", "@test.txt").errors == "")
  }

  @Test(arguments: [("0.95", "95 %"), ("0.5", "50 %"), ("0.999", "99.9 %")])
  func `the level is told with the decimals it has`(level: String, text: String) throws {
    let bench = try bench()
    let outcome = bench.run("score", "@one", "@test.txt", "--confidence", level)
    #expect(outcome.output.contains("  \(text) interval"))
  }

  @Test func `any seed is told in JSON`() throws {
    let bench = try bench()
    let outcome = bench.run(
      "compare",
      "@one",
      "@three",
      "--on",
      "@test.txt",
      "--json",
      "--seed",
      "18446744073709551615"
    )
    #expect(outcome.output.contains(#""seed": 18446744073709551615"#))
  }

  @Test func `threads change nothing but the time`() throws {
    let bench = try bench()
    let outputs = ["1", "3"].map { threads in
      bench.run("compare", "@one", "@three", "--on", "@test.txt", "--json", "--threads", threads)
        .output.split(separator: "\n").filter {
          !$0.contains("_second") && !$0.contains("\"seconds\"")
        }
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test(arguments: [
    (["compare", "@one", "--on", "@test.txt"], 64, "MODEL"),
    (["compare", "@one", "@three"], 64, "--on"),
    (
      ["compare", "@one", "@three", "--on", "@test.txt", "--confidence", "1"], 64,
      "above 0 and below 1"
    ),
    (["compare", "@one", "@three", "--on", "@test.txt", "--resamples", "0"], 64, "--resamples"),
    (
      ["compare", "@one", "@three", "--on", "@test.txt", "--resamples", "39"], 64, "between 40 "
    ),
    (["compare", "@one", "@one", "--on", "@test.txt"], 64, "is given twice"),
    (["compare", "@one", "@three", "--on", "-"], 64, "save standard input to a file"),
    (
      ["compare", "@one", "@three", "--on", "@test.txt", "--baseline", "two"], 64,
      "one of the models"
    ),
    (["compare", "@one", "@three", "--on", "@none.txt"], 1, "none.txt"),
    (["compare", "@one", "@back-off", "--on", "@test.txt"], 1, "scores, not probabilities"),
  ])
  func `bad input is one line`(words: [String], code: Int32, message: String) throws {
    let bench = try bench()
    _ = bench.run(
      "train",
      "@train.txt",
      "-o",
      "@back-off",
      "--smoothing",
      "stupid-backoff"
    )
    let outcome = bench.run(words)
    #expect(outcome.code == code)
    #expect(outcome.errors.contains(message))
    #expect(outcome.output == "")
  }

  @Test func `a figure known to be too low is never first, and has no p-value`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    let lines = (0..<40).map {
      "the dog slept in the shed by the river" + ($0 % 3 == 0 ? " .\n" : "\n")
    }
    try bench.write(lines.joined(), to: "test.txt")
    for (name, options) in [
      ("words", []), ("more", ["-n", "2"]), ("characters", ["--tokenizer", "characters"]),
      ("spelled", ["--spell-unknown"]), ("lower", ["--lowercase"]),
    ] {
      let words = ["train", "@train.txt", "-o", "@\(name).perplex", "-q"] + options
      #expect(bench.run(words).code == 0)
    }
    let models = ["@words.perplex", "@lower.perplex", "@characters.perplex", "@spelled.perplex"]
    let outcome = bench.run(["compare"] + models + ["--on", "@test.txt", "--json"])
    let ranked = try #require(outcome.json["models"] as? [[String: Any]])
    let bounds = ranked.compactMap { $0["bits_per_byte_is_lower_bound"] as? Bool }
    #expect(bounds == [false, false, true, true])
    let figures = ranked.compactMap { $0["bits_per_byte"] as? Double }
    #expect(figures[0] < figures[1] && figures[2] < figures[0])
    #expect(ranked.allSatisfy { !($0["p_value"] is Double) })
    let table = bench.run(["compare"] + models + ["--on", "@test.txt"])
    #expect(table.output.contains(">= "))
    // Models of one vocabulary leave out the same: their difference is exact.
    let same = bench.run(
      "compare",
      "@words.perplex",
      "@more.perplex",
      "--on",
      "@test.txt",
      "--json"
    )
    let pair = try #require(same.json["models"] as? [[String: Any]])
    #expect(pair.contains { $0["p_value"] is Double })
    #expect(bench.run("train", "@train.txt", "-o", "@one.perplex", "-n", "1", "-q").code == 0)
    let three = bench.run(
      "compare",
      "@words.perplex",
      "@more.perplex",
      "@one.perplex",
      "--on",
      "@test.txt"
    )
    let paragraph = three.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(paragraph.contains("Holm's correction for 2 comparisons"))
    let honest = bench.run(
      "compare",
      "@characters.perplex",
      "@spelled.perplex",
      "--on",
      "@test.txt",
      "--json"
    )
    let two = try #require(honest.json["models"] as? [[String: Any]])
    #expect(two.contains { $0["p_value"] is Double })
  }
}
