import Foundation
import Testing

/// `score` and `compare` with log-probabilities that another program gave.
@Suite struct ExternalScoresTests {
  private static let text = "the cat sat\nthe dog ran\n"
  private static let scores = """
    {"unit": "bit", "tokens": [{"t": "the cat", "lp": null}, {"t": " sat", "lp": -3}]}
    {"unit": "bit", "tokens": [{"t": "the dog", "lp": -4}, {"t": " ran", "lp": -2}]}

    """

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(Self.text, to: "text.txt")
    try bench.write(Self.scores, to: "scores.jsonl")
    return bench
  }

  @Test func `score gives the figures of a text that another program scored`() throws {
    let bench = try bench()
    let outcome = bench.run("score", "@scores.jsonl", "@text.txt", "--json", "--quiet")
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty)
    let total = try #require(outcome.json["total"] as? [String: Any])
    #expect(total["tokens"] as? Int == 3)
    #expect(total["perplexity"] as? Double == 8)
    #expect(total["unscored_tokens"] as? Int == 3)
    #expect(total["unscored_bytes"] as? Int == 9)
    #expect(total["bits_per_byte"] as? Double == (9.0 + 8 * 9) / 24)
    #expect(total["out_of_vocabulary"] as? Int == 0)
  }

  @Test func `records are scored by the documents of another program`() throws {
    let bench = try bench()
    try bench.write(
      #"{"t":"the cat sat","i":"x"}\#n{"t":""}\#n{"u":1}\#n{"t":"the dog ran","i":"y"}\#n"#,
      to: "text.jsonl"
    )
    let outcome = bench.run(
      "score",
      "@scores.jsonl",
      "@text.jsonl",
      "--field",
      "t",
      "--on-error",
      "skip",
      "--json",
      "--per-line",
      "@lines.tsv"
    )
    let total = try #require(outcome.json["total"] as? [String: Any], "\(outcome.errors)")
    #expect(total["records"] as? Int == 3)
    #expect(total["skipped_records"] as? Int == 1)
    #expect(total["sentences"] as? Int == 2)
    #expect(total["bytes"] as? Int == 22)
    #expect(total["unscored_bytes"] as? Int == 7)
    #expect(total["cross_entropy_bits"] as? Double == 3)
    let rows = String(decoding: bench.bytes(of: "lines.tsv") ?? [], as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: "\t").prefix(3).joined(separator: " ") }
    #expect(rows == ["record line tokens", "1 1 1", "4 1 2"])
  }

  @Test func `the report says what has no score, and notes go to standard error`() throws {
    let bench = try bench()
    let outcome = bench.run("score", "@scores.jsonl", "@text.txt")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("tokens without a score"))
    #expect(
      outcome.errors.contains("2 bytes of line ends outside all documents, so without a score")
    )
  }

  @Test func `tables have a row for every token and line, with or without a score`() throws {
    let bench = try bench()
    let outcome = bench.run(
      "score",
      "@scores.jsonl",
      "@text.txt",
      "--per-token",
      "@tokens.tsv",
      "--per-line",
      "@lines.tsv",
      "--quiet"
    )
    #expect(outcome.code == 0)
    func rows(_ name: String) throws -> [[Substring]] {
      String(decoding: try #require(bench.bytes(of: name)), as: UTF8.self)
        .split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    }
    let tokens = try rows("tokens.tsv")
    #expect(tokens.map { $0[0] } == ["1", "1", "1", "2", "2", "2"])
    #expect(tokens.map { $0[1] } == ["the cat", " sat", "\\n", "the dog", " ran", "\\n"])
    #expect(tokens.map { $0[2] } == ["0", "7", "11", "12", "19", "23"])
    #expect(tokens.map { $0[4] } == ["nan", "3.0", "nan", "4.0", "2.0", "nan"])
    #expect(try rows("lines.tsv").map { $0[4] } == ["3.0", "3.0"])
    let byLine = bench.run("score", "@scores.jsonl", "@text.txt", "--by", "line", "--json")
    let texts = byLine.json["texts"] as? [[String: Any]] ?? []
    #expect(texts.map { $0["cross_entropy_bits"] as? Double } == [3, 3])
  }

  @Test(arguments: ["--adapt", "--verify"])
  func `options for models are refused`(option: String) throws {
    let outcome = try bench().run("score", "@scores.jsonl", "@text.txt", option)
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("'\(option)' needs a model"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `one file has the scores of one text`() throws {
    let outcome = try bench().run("score", "@scores.jsonl", "@text.txt", "@text.txt")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("log-probabilities of one text, but 2 texts are given"))
  }

  @Test(arguments: [["inspect"], ["sample"], ["compress", "@text.txt", "--model"]])
  func `commands that need a model answer with one line`(words: [String]) throws {
    let outcome = try bench().run(words + ["@scores.jsonl"])
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("this is JSON, perhaps the scores of one text"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `a changed text is answered with the first place that differs`() throws {
    let bench = try bench()
    try bench.write("the cat sat\nthe dog sat\n", to: "text.txt")
    let outcome = bench.run("score", "@scores.jsonl", "@text.txt", "--json")
    #expect(outcome.code == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("scores.jsonl:2: token 2, ' ran', is not what"))
    #expect(outcome.errors.contains("at byte 19, ' sat"))
  }

  @Test func `compare ranks a model and another program's scores by bits per byte`() throws {
    let bench = try Workbench()
    let lines = (0..<24).map { "the cat sat on mat \($0 % 7)" }
    try bench.write(lines.joined(separator: "\n") + "\n", to: "text.txt")
    let scores = lines.enumerated().map { index, line in
      #"{"unit": "bit", "tokens": [{"t": "\#(line)\n", "lp": \#(-20 - index % 5)}]}"#
    }
    try bench.write(scores.joined(separator: "\n"), to: "scores.jsonl")
    let trained = bench.run(
      "train",
      "@text.txt",
      "--tokenizer",
      "characters",
      "--smoothing",
      "witten-bell",
      "--output",
      "@m.perplex"
    )
    #expect(trained.code == 0)
    let outcome = bench.run("compare", "@m.perplex", "@scores.jsonl", "--on", "@text.txt", "--json")
    #expect(outcome.code == 0)
    #expect(outcome.json["ranked_by"] as? String == "bits_per_byte")
    #expect(outcome.json["comparable_perplexity"] as? Bool == false)
  }
}
