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

  @Test func `threads change nothing but the time`() throws {
    let bench = try bench()
    let outputs = ["1", "3"].map { threads in
      bench.run("compare", "@one", "@three", "--on", "@test.txt", "--json", "--threads", threads)
        .output.split(separator: "\n").filter { !$0.contains("tokens_per_second") }
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test(arguments: [
    (["compare", "@one", "--on", "@test.txt"], 64, "MODEL"),
    (["compare", "@one", "@three"], 64, "--on"),
    (["compare", "@one", "@one", "--on", "@test.txt"], 64, "there twice"),
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
}
