import Foundation
import Testing

@Suite struct BreakdownCommandTests {
  private func bench(_ options: String...) throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the old dog crossed the Nile .\n\nthe ferry slept in 1999 .\n", to: "test.txt")
    let words = ["train", "@train.txt", "--output", "@m.perplex", "--quiet"] + options
    #expect(bench.run(words).code == 0)
    return bench
  }

  private func numbers(_ rows: Any?, _ key: String) -> [Double] {
    ((rows as? [[String: Any]]) ?? []).compactMap { ($0[key] as? NSNumber)?.doubleValue }
  }

  private func first(_ rows: Any?) -> Any? { (rows as? [Any])?.first }

  @Test(arguments: [["--order", "3"], ["--tokenizer", "bytes"], ["--model", "gated"]])
  func `every group of the JSON adds up to the total`(options: [String]) throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the old dog crossed the Nile .\n\nthe ferry slept in 1999 .\n", to: "test.txt")
    #expect(bench.run(["train", "@train.txt", "--output", "@m.perplex"] + options).code == 0)
    let outcome = bench.run(
      "score",
      "@m.perplex",
      "@test.txt",
      "--breakdown",
      "--training",
      "@train.txt",
      "--json"
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    let total = try #require(outcome.json["total"] as? [String: Any])
    let breakdown = try #require(total["breakdown"] as? [String: Any])
    let tokens = try #require((total["tokens"] as? NSNumber)?.doubleValue)
    let perToken = try #require((total["cross_entropy_bits"] as? NSNumber)?.doubleValue)
    let tables = breakdown.keys.filter { $0.hasPrefix("by_") }
    #expect(tables.count >= 4)
    for table in tables {
      #expect(numbers(breakdown[table], "tokens").reduce(0, +) == tokens, "\(table)")
      let bits = numbers(breakdown[table], "bits").reduce(0, +)
      #expect(abs(bits - tokens * perToken) <= 1e-9 * bits, "\(table)")
      #expect(abs(numbers(breakdown[table], "share_of_bits").reduce(0, +) - 1) < 1e-9)
    }
    #expect(
      outcome.keys(in: first(breakdown["by_word_class"]))
        == ["group", "tokens", "bits", "bits_per_token", "share_of_bits"]
    )
    #expect(
      outcome.keys(in: first(breakdown["costliest_lines"]))
        == ["text", "line", "excerpt", "tokens", "bits", "bits_per_token", "share_of_bits"]
    )
    #expect((outcome.json["texts"] as? [[String: Any]])?.first?["breakdown"] == nil)
  }

  @Test func `the report tells where the bits go`() throws {
    let bench = try bench("--order", "3")
    let outcome = bench.run(
      "score",
      "@m.perplex",
      "@test.txt",
      "--breakdown",
      "--training",
      "@train.txt",
      "--top",
      "2"
    )
    #expect(outcome.code == 0)
    #expect(outcome.errors == "")
    for words in [
      "sorts all tokens", "longest known n-gram", "count of that n-gram", "never seen",
      "sentence end", "punctuation", "tokens of the line", "Expected over actual", "n = 3",
      "costliest tokens", "costliest lines",
    ] {
      #expect(outcome.output.contains(words), "\(words)")
    }
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    let last = try #require(lines.lastIndex { $0.contains("costliest lines") })
    #expect(lines[(last + 1)...].prefix { !$0.isEmpty }.count == 2)
  }

  @Test func `without the training text its tables are absent and the option is named`() throws {
    let bench = try bench()
    let outcome = bench.run("score", "@m.perplex", "@test.txt", "--breakdown")
    #expect(outcome.code == 0)
    #expect(!outcome.output.contains("count of"))
    #expect(
      outcome.errors
        == "perplex: no tables by training count: give the training text with --training\n"
    )
  }

  @Test func `another training text than the model's is noted`() throws {
    let bench = try bench()
    let outcome = bench.run(
      "score",
      "@m.perplex",
      "@test.txt",
      "--breakdown",
      "--training",
      "@test.txt"
    )
    #expect(outcome.code == 0)
    #expect(outcome.errors.hasSuffix("is it the same text?\n"))
  }

  @Test func `scores that are not probabilities have no bits to break down`() throws {
    let bench = try bench("--smoothing", "stupid-backoff")
    let outcome = bench.run("score", "@m.perplex", "@test.txt", "--breakdown")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "perplex: m.perplex: stupid back-off gives scores, not probabilities: it has no bits to break down; "
        + "train with another --smoothing\n"
    )
  }

  @Test(arguments: [
    ["--top", "3"], ["--training", "a.txt"], ["--breakdown", "--top", "-1"],
    ["--breakdown", "--training", "-"], ["--breakdown", "--per-line", "-"],
  ])
  func `options that do not fit are refused`(options: [String]) throws {
    #expect(try Workbench().run(["score", "m.perplex", "t.txt"] + options).code == 64)
  }

  @Test func `scores from elsewhere are broken down by what the text tells`() throws {
    let bench = try Workbench()
    try bench.write("Oda ran.\n", to: "t.txt")
    try bench.write(
      """
      {"text": "Oda ran.", "unit": "bit", "tokens": [{"t": "Oda", "lp": null, "s": 0, "e": 3}, \
      {"t": " ran", "lp": -2.5, "s": 3, "e": 7}, {"t": ".", "lp": -0.5, "s": 7, "e": 8}]}
      """,
      to: "m.jsonl"
    )
    let outcome = bench.run("score", "@m.jsonl", "@t.txt", "--breakdown", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(!outcome.errors.contains("--training"))
    let total = try #require(outcome.json["total"] as? [String: Any])
    let breakdown = try #require(total["breakdown"] as? [String: Any])
    #expect(
      breakdown.keys.filter { $0.hasPrefix("by_") }.sorted()
        == ["by_line_length", "by_line_position", "by_surprisal", "by_word_class"]
    )
    let classes = try #require(breakdown["by_word_class"] as? [[String: Any]])
    #expect(classes.map { $0["group"] as? String } == ["punctuation", "other"])
    #expect(numbers(classes, "bits") == [0.5, 2.5])
    let types = try #require(breakdown["costliest_types"] as? [[String: Any]])
    #expect(types.map { $0["type"] as? String } == [" ran", "."])
  }
}
