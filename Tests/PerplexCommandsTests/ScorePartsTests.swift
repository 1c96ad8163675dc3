import Foundation
import TestSupport
import Testing

/// Parts of texts: records one by one, the oddest first, figures added to each, a gate.
@Suite struct ScorePartsTests {
  private static let texts = [
    "the old dog slept .\nnobody sang .\n", "", "zebras and xylophones",
    "the ferry crossed the river in the rain .",
  ]

  private func bench(_ options: String...) throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    #expect(bench.run(["train", "@train.txt", "-o", "@m.perplex", "-q"] + options).code == 0)
    let lines = try Self.texts.enumerated().map { index, text in
      let members: [String: Any] = ["text": text, "n": index, "tokens": "mine"]
      let data = try JSONSerialization.data(withJSONObject: members, options: .sortedKeys)
      return String(decoding: data, as: UTF8.self)
    }
    try bench.write(lines.joined(separator: "\n") + "\n", to: "r.jsonl")
    return bench
  }

  private func texts(_ outcome: Workbench.Outcome) throws -> [[String: Any]] {
    try #require(outcome.json["texts"] as? [[String: Any]], "\(outcome.errors)")
  }

  @Test(arguments: [
    ["--tokenizer", "words"], ["--tokenizer", "whitespace", "--sequence", "document"],
    ["--tokenizer", "characters"],
  ])
  func `the figures of records are those of each alone, and add up`(options: [String]) throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    #expect(bench.run(["train", "@train.txt", "-o", "@m.perplex", "-q"] + options).code == 0)
    let table = "text\n" + Self.texts.map { "\"\($0)\"\n" }.joined()
    try bench.write(table, to: "r.csv")
    let all = bench.run(
      "score",
      "@m.perplex",
      "@r.csv",
      "--column",
      "text",
      "--by",
      "record",
      "--json"
    )
    let records = try texts(all)
    #expect(records.map { $0["record"] as? String } == ["1", "2", "3", "4"])
    #expect(records.allSatisfy { $0["line"] == nil })
    for (record, text) in zip(records, Self.texts) where !text.isEmpty {
      try bench.write(text, to: "alone.txt")
      let alone = bench.run("score", "@m.perplex", "@alone.txt", "--json").json["total"]
      for key in ["tokens", "bytes", "log10_probability", "perplexity", "sentences", "characters"] {
        let expected = try #require((alone as? [String: Any])?[key] as? Double)
        #expect(abs((record[key] as? Double ?? .nan) - expected) < 1e-9 * max(1, abs(expected)))
      }
    }
    let total = all.json["total"] as? [String: Any]
    let sum = records.reduce(0) { $0 + ($1["log10_probability"] as? Double ?? .nan) }
    #expect(abs(sum - (total?["log10_probability"] as? Double ?? .nan)) < 1e-9)
  }

  @Test func `the oddest parts come first, with their text`() throws {
    let bench = try bench()
    let words = ["score", "@m.perplex", "@r.jsonl", "--field", "text", "--json"]
    let records = try texts(bench.run(words + ["--by", "record", "--sort", "surprisal"]))
    // A record without tokens has no cost.
    #expect(records.count == 3)
    #expect(records[0]["excerpt"] as? String == "zebras and xylophones")
    let costs = records.compactMap { $0["cross_entropy_bits"] as? Double }
    #expect(costs == costs.sorted(by: >))
    let lines = try texts(bench.run(words + ["--by", "line", "--sort", "bits", "--top", "2"]))
    #expect(lines.count == 2)
    let all = try texts(bench.run(words + ["--by", "line"]))
    let highest = all.compactMap { $0["log10_probability"] as? Double }.sorted().prefix(2)
    #expect(lines.compactMap { $0["log10_probability"] as? Double } == Array(highest))
    try bench.write("nobody slept in the zoo .\n", to: "other.txt")
    let files = try texts(
      bench.run("score", "@m.perplex", "@train.txt", "@other.txt", "--sort", "surprisal", "--json")
    )
    #expect(files.map { ($0["text"] as? String)?.hasSuffix("other.txt") } == [true, false])
    #expect(files[0]["excerpt"] as? String == "nobody slept in the zoo .")
    let table = bench.run(
      "score",
      "@m.perplex",
      "@r.jsonl",
      "--field",
      "text",
      "--by",
      "record",
      "--sort",
      "bits"
    )
    #expect(table.output.hasPrefix("record"))
    #expect(table.output.contains("zebras and xylophones"))
  }

  @Test func `figures are added to each record as it came`() throws {
    let bench = try bench()
    let outcome = bench.run("score", "@m.perplex", "@r.jsonl", "--field", "text", "--append")
    let rows = try outcome.output.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(rows.compactMap { $0["n"] as? Int } == [0, 1, 2, 3])
    #expect(rows.compactMap { $0["text"] as? String } == Self.texts)
    #expect(rows.allSatisfy { $0["tokens"] as? String == "mine" })
    let records = try texts(
      bench.run("score", "@m.perplex", "@r.jsonl", "--field", "text", "--by", "record", "--json")
    )
    for (row, record) in zip(rows, records) {
      #expect(row["perplex_tokens"] as? Int == record["tokens"] as? Int)
      #expect(row["log10_probability"] as? Double == record["log10_probability"] as? Double)
      if record["perplexity"] is Double {
        #expect(row["perplexity"] as? Double == record["perplexity"] as? Double)
      }
    }
  }

  @Test func `figures are added to the rows of a table, and names to its first`() throws {
    let bench = try bench()
    try bench.write("id;text\r\n1;\"the \"\"old\"\" dog;\nslept\"\r\n2;nobody\r\n", to: "r.csv")
    let outcome = bench.run("score", "@m.perplex", "@r.csv", "--column", "text", "--append")
    let rows = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      rows[0] == "id;text;tokens;out_of_vocabulary;log10_probability;cross_entropy_bits;perplexity;"
        + "bits_per_byte"
    )
    #expect(rows[1] == "1;\"the \"\"old\"\" dog;")
    #expect(rows[2].hasPrefix("slept\";9;3;-"), "\(rows[2])")
    #expect(rows[3].hasPrefix("2;nobody;2;0;-"))
    #expect(rows.count == 5)
    let bare = bench.run(
      "score",
      "@m.perplex",
      "@r.csv",
      "--column",
      "2",
      "--header",
      "no",
      "--append"
    )
    #expect(bare.output.hasPrefix("id;text;2;1;-"), "\(bare.output)")
  }

  @Test func `a perplexity above the gate fails with status 2, after the figures`() throws {
    let bench = try bench()
    let words = ["score", "@m.perplex", "@train.txt", "--json", "--max-perplexity"]
    #expect(bench.run(words + ["1e6"]).code == 0)
    let failed = bench.run(words + ["1.01"])
    #expect(failed.code == 2)
    #expect(failed.json["total"] != nil)
    #expect(failed.errors.contains("above the 1.01 of --max-perplexity\n"))
  }

  @Test(arguments: [
    (["--by", "record"], "'--by record' needs '--field' or '--column'"),
    (["--append"], "'--append' needs '--field' or '--column'"),
    (["--top", "3"], "'--top' needs '--sort' or '--breakdown'"),
    (["--field", "a", "--append", "--json"], "only one result can go to standard output"),
    (["--field", "a", "--append", "--sort", "bits"], "'--append' does not go with '--sort'"),
  ])
  func `options of parts that do not go together are named`(
    options: [String],
    message: String
  ) throws {
    let outcome = try Workbench().run(["score", "@m", "@t"] + options)
    #expect(outcome.code == 64)
    #expect(outcome.errors.hasPrefix("perplex: \(message)"), "\(outcome.errors)")
  }

  @Test func `rows of lines end in their text`() throws {
    let bench = try bench()
    try bench.write("the\tdog\nnobody .\n", to: "t.txt")
    let outcome = bench.run("score", "@m.perplex", "@t.txt", "--per-line", "@rows.tsv", "-q")
    #expect(outcome.code == 0)
    let rows = String(decoding: bench.bytes(of: "rows.tsv") ?? [], as: UTF8.self)
      .split(separator: "\n")
    #expect(rows.map { $0.split(separator: "\t").last } == ["text", "the\\tdog", "nobody ."])
  }
}
