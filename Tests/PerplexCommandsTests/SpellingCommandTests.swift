import Testing

/// `train --spell-unknown` and what the other commands make of such a model.
@Suite struct SpellingCommandTests {
  private func model() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the zebra sank .\n", to: "test.txt")
    let outcome = bench.run("train", "@train.txt", "--spell-unknown", "-o", "@m.perplex", "--json")
    let spelling = try #require(outcome.json["spelling"] as? [String: Any])
    #expect(spelling["types"] as? Int == 19)
    #expect(bench.run("train", "@train.txt", "-o", "@plain.perplex").code == 0)
    return bench
  }

  private func total(_ outcome: Workbench.Outcome) throws -> [String: Any] {
    try #require(outcome.json["total"] as? [String: Any])
  }

  @Test func `score tells what the spelling of unknown words costs`() throws {
    let bench = try model()
    let spelled = try total(bench.run("score", "@m.perplex", "@test.txt", "--json"))
    let plain = try total(bench.run("score", "@plain.perplex", "@test.txt", "--json"))
    #expect(plain["spelling_bits"] == nil)
    let bits = try #require(spelled["spelling_bits"] as? Double)
    let difference =
      try #require(plain["log10_probability"] as? Double)
      - #require(spelled["log10_probability"] as? Double)
    #expect(bits > 20 && abs(difference / 0.301029995663981 - bits) < 1e-4)
    #expect(spelled["out_of_vocabulary"] as? Int == 2)
    let report = bench.run("score", "@m.perplex", "@test.txt").output
    #expect(report.contains("their spelling") && report.contains("without it"))
    #expect(!report.contains("too low"))
    _ = bench.run("score", "@m.perplex", "@test.txt", "--per-token", "@t.tsv")
    let table = String(decoding: try #require(bench.bytes(of: "t.tsv")), as: UTF8.self)
    let sum = table.split(separator: "\n").dropFirst().reduce(0) { sum, row in
      sum + (Double(row.split(separator: "\t", omittingEmptySubsequences: false)[3]) ?? .nan)
    }
    #expect(abs(sum - (try #require(spelled["log10_probability"] as? Double))) < 1e-4)
  }

  @Test func `inspect tells of the speller, and its other figures are as without`() throws {
    let bench = try model()
    let overview = bench.run("inspect", "@m.perplex")
    #expect(
      overview.output.contains(
        "unknown words spelled by n-grams of up to 8 bytes, learned from 19 words"
      )
    )
    let arguments = ["--next", "the", "--top", "5", "--json"]
    let spelled = bench.run(["inspect", "@m.perplex"] + arguments)
    let plain = bench.run(["inspect", "@plain.perplex"] + arguments)
    func probabilities(_ outcome: Workbench.Outcome) -> [Double?] {
      (outcome.json["next"] as? [[String: Any]] ?? []).map { $0["probability"] as? Double }
    }
    #expect(probabilities(spelled).count == 5)
    #expect(probabilities(spelled) == probabilities(plain))
    #expect(bench.run("inspect", "@m.perplex", "--verify").code == 0)
  }

  @Test func `an ARPA file has no speller, and convert says so`() throws {
    let bench = try model()
    let note =
      "perplex: an ARPA file cannot spell unknown words: the model's spellings are left out\n"
    #expect(bench.run("convert", "@m.perplex", "@m.arpa").errors == note)
    #expect(bench.run("convert", "@plain.perplex", "@plain.arpa").errors == "")
    let isSame = bench.bytes(of: "m.arpa") == bench.bytes(of: "plain.arpa")
    #expect(isSame)
  }

  @Test func `compression does not depend on it`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the fähre sank .\n", to: "test.txt")
    let train = ["train", "@train.txt", "--tokenizer", "characters", "-o"]
    #expect(bench.run(train + ["@m.perplex", "--spell-unknown"]).code == 0)
    #expect(bench.run(train + ["@plain.perplex"]).code == 0)
    for name in ["m", "plain"] {
      let model = ["--model", "@\(name).perplex"]
      let file = "@\(name).packed"
      #expect(bench.run(["compress", "@test.txt", "-o", file] + model).code == 0)
      #expect(bench.run(["decompress", file, "-o", "@\(name).txt"] + model).code == 0)
      #expect(bench.bytes(of: "\(name).txt") == bench.bytes(of: "test.txt"))
    }
  }

  @Test func `what has no probabilities or no words is not spelled`() throws {
    let bench = try model()
    let scores = bench.run(
      "train",
      "@train.txt",
      "-o",
      "@s",
      "--spell-unknown",
      "--smoothing",
      "stupid-backoff"
    )
    #expect(scores.code == 64 && scores.errors.contains("not probabilities"))
    let bytes = bench.run("train", "@train.txt", "-o", "@s", "--spell-unknown", "--model", "gated")
    #expect(bytes.code == 64 && bytes.errors.contains("needs '--model ngram'"))
  }
}
