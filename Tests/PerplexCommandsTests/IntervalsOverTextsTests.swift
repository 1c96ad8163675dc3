import TestSupport
import Testing

/// Intervals over several texts, as `score` and `compare` say them.
struct IntervalsOverTextsTests {
  /// A bench with two models and a folder of texts, of so many lines each.
  private func bench(_ lineCounts: [Int]) throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    for (name, method) in [("m", "modified-kneser-ney"), ("w", "witten-bell")] {
      _ = bench.run(
        "train",
        "@train.txt",
        "-o",
        "@\(name).perplex",
        "--smoothing",
        method,
        "--order",
        "2"
      )
    }
    for (text, count) in lineCounts.enumerated() {
      let lines = (0..<count).map { line in
        ["the ferry sank .", "the dog sang .", "a dog ran to the ferry .", "sank the dog ."][
          (text * text + line * (text + 1)) % 4
        ]
      }
      try bench.write(lines.joined(separator: "\n") + "\n", to: "text\(text).txt")
    }
    return bench
  }

  private func names(_ count: Int) -> [String] { (0..<count).map { "@text\($0).txt" } }

  @Test func `two texts have no interval and no p-value`() throws {
    let bench = try bench([40, 40])
    let score = bench.run(["score", "@m.perplex"] + names(2))
    #expect(score.output.contains("two texts are too few: the figure speaks for these alone"))
    let compare = bench.run(["compare", "@m.perplex", "@w.perplex", "--on"] + names(2))
    #expect(compare.code == 0 && compare.output.contains("too few texts"))
    let json = bench.run(["compare", "@m.perplex", "@w.perplex", "--json", "--on"] + names(2)).json
    let models = try #require(json["models"] as? [[String: Any]])
    #expect(models.allSatisfy { $0["p_value"] as? Double == nil })
  }

  @Test func `five texts have an interval over texts`() throws {
    let bench = try bench([40, 30, 35, 41, 33])
    let score = bench.run(["score", "@m.perplex"] + names(5))
    #expect(score.output.contains("The interval: Student's t, jackknife, of 5 texts. They say as"))
    let json = bench.run(["score", "@m.perplex", "--json"] + names(5)).json
    let total = try #require(json["total"] as? [String: Any])
    let interval = try #require(total["confidence_interval"] as? [String: Any])
    #expect(interval["blocks"] as? Int == 5)
    let effective = try #require(interval["effective_texts"] as? Double)
    #expect(effective > 4.8 && effective < 5)
    let mean = try #require(total["mean_over_texts"] as? [String: Any])
    #expect(mean["texts"] as? Int == 5 && mean["largest_text"] as? Int == 1)
    let bits = try #require(mean["cross_entropy_bits"] as? Double)
    let ends = try #require(mean["cross_entropy_interval"] as? [Double])
    #expect(ends[0] < bits && bits < ends[1])
    let compare = bench.run(["compare", "@m.perplex", "@w.perplex", "--on"] + names(5))
    #expect(compare.output.contains("Student's t"))
  }

  @Test func `a text that is most of the tokens is named, and the mean over texts given`() throws {
    let bench = try bench([5, 6, 7, 300, 5, 6, 8])
    let score = bench.run(["score", "@m.perplex"] + names(7))
    #expect(score.output.contains("none, as a text outweighs the others"))
    #expect(score.output.contains("mean over texts"))
    let named = score.output.replacing("\n", with: " ")
    #expect(named.contains("text3.txt is 8") || named.contains("text3.txt is 9"))
    let json = bench.run(["score", "@m.perplex", "--json"] + names(7)).json
    let total = try #require(json["total"] as? [String: Any])
    #expect(total["confidence_interval"] is [String: Any] == false)
    let reason = try #require(total["no_interval"] as? String)
    #expect(reason.hasPrefix("text 4 is "))
    // Signs are flipped whatever the sizes.
    let compare = bench.run(["compare", "@m.perplex", "@w.perplex", "--json", "--on"] + names(7))
    let models = try #require(compare.json["models"] as? [[String: Any]])
    #expect(models.contains { $0["p_value"] as? Double != nil })
  }

  @Test func `the records of a file are texts`() throws {
    let bench = try bench([1])
    let records = (0..<24).map { record in
      let words = ["the ferry sank .", "the dog sang .", "a dog ran ."][record * record % 3]
      return "{\"text\": \"\(words) \(String(repeating: "the dog ", count: record % 5))\"}"
    }
    try bench.write(records.joined(separator: "\n") + "\n", to: "records.jsonl")
    let score = bench.run("score", "@m.perplex", "@records.jsonl", "--field", "text")
    #expect(score.output.contains("calibrated percentiles, of 24 texts"))
  }
}
