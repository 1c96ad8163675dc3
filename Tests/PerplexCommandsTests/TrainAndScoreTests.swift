import Foundation
import PerplexCommands
import TestSupport
import Testing

@Suite struct TrainAndScoreTests {
  @Test func `train prints the keys of its contract as JSON`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    let outcome = bench.run("train", "@train.txt", "-o", "@m.perplex", "--order", "3", "--json")
    #expect(outcome.code == 0)
    #expect(
      outcome.keys(in: outcome.json) == [
        "model", "kind", "tokenizer", "order", "smoothing", "vocabulary_size", "tokens",
        "sentences", "ngrams", "ngrams_counted", "discounts", "bytes", "timing",
      ]
    )
    // 50 words and 6 sentence ends.
    #expect(
      outcome.json["tokens"] as? Int == sampleText.split { $0 == " " || $0 == "\n" }.count + 6
    )
    #expect(outcome.json["sentences"] as? Int == 6)
    #expect((outcome.json["ngrams"] as? [Int])?.count == 3)
  }

  @Test func `train tells how many n-grams stayed and how many there were`() throws {
    let bench = try Workbench()
    try bench.write("a b c\na b c\na b d\n", to: "train.txt")
    let train = ["train", "@train.txt", "--order", "3", "--smoothing", "witten-bell", "-o", "@m"]
    let table = bench.run(train + ["--prune", "0,0,1"])
    #expect(table.code == 0)
    // "a b d" and "b d </s>" occur once.
    let lines = table.output.split(separator: "\n")
    #expect(lines[0].hasSuffix("witten-bell, interpolated, cut-offs 0,0,1"))
    #expect(
      lines[2...5].map { $0.split(separator: " ").joined(separator: " ") } == [
        "order n-grams counted parameters", "1 7 7", "2 6 6", "3 3 5",
      ]
    )
    let pruned = bench.run(train + ["--prune", "0,0,1", "--json"])
    #expect(pruned.json["ngrams"] as? [Int] == [7, 6, 3])
    #expect(pruned.json["ngrams_counted"] as? [Int] == [7, 6, 5])
    // What "d" had after "a b" goes to the shorter context: 2/5 + 3/5 · p(c | b), which is 7/15.
    let next = bench.run("inspect", "@m", "--next", "a b", "--top", "1", "--json")
    let first = try #require((next.json["next"] as? [[String: Any]])?.first)
    #expect(first["token"] as? String == "c")
    #expect(abs(try #require(first["probability"] as? Double) - 0.68) < 1e-6)
    #expect(next.json["ngrams_counted"] as? [Int] == [7, 6, 5])

    let dropped = bench.run(train + ["--rare", "drop", "--min-count", "2", "--json"])
    #expect(dropped.json["vocabulary_size"] as? Int == 6)
    #expect(dropped.json["ngrams"] as? [Int] == [6, 4, 3])
    #expect(dropped.json["ngrams_counted"] as? [Int] == [7, 6, 5])
    #expect(bench.run("inspect", "@m", "--verify").code == 0)
  }

  @Test func `score prints the keys of its contract as JSON`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the ferry sank .\nthe dog sang .\n", to: "test.txt")
    _ = bench.run("train", "@train.txt", "-o", "@m.perplex")
    let outcome = bench.run("score", "@m.perplex", "@test.txt", "--json")
    #expect(outcome.code == 0)
    #expect(outcome.keys(in: outcome.json) == ["texts", "total"])
    let keys: Set<String> = [
      "confidence_interval", "no_interval", "fingerprints", "training_overlap",
      "text", "model", "sentences", "tokens", "out_of_vocabulary", "log10_probability",
      "cross_entropy_bits", "cross_entropy_nats", "perplexity", "perplexity_excluding_oov",
      "characters", "graphemes", "bytes", "bits_per_character", "bits_per_grapheme",
      "bits_per_byte", "bits_per_byte_is_lower_bound", "zero_probability_tokens",
      "timing",
    ]
    let texts = try #require(outcome.json["texts"] as? [[String: Any]])
    #expect(Set(texts[0].keys) == keys)
    let total = try #require(outcome.json["total"] as? [String: Any])
    #expect(Set(total.keys) == keys.subtracting(["text"]))
    #expect(total["tokens"] as? Int == 10)
    #expect(total["out_of_vocabulary"] as? Int == 1)
    #expect(total["bytes"] as? Int == 32)
    let log10 = try #require(total["log10_probability"] as? Double)
    let perplexity = try #require(total["perplexity"] as? Double)
    #expect(abs(perplexity - pow(10, -log10 / 10)) < 1e-9 * perplexity)
    let bits = try #require(total["bits_per_byte"] as? Double)
    #expect(abs(bits - -log10 / log10Of2 / 32) < 1e-9)
  }

  private let log10Of2 = 0.301_029_995_663_981_2

  @Test func `the tokens and the lines of a table add up to the total`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the ferry sank .\r\n\r\nthe dog sang .", to: "test.txt")
    _ = bench.run("train", "@train.txt", "-o", "@m.perplex", "--quiet")
    let outcome = bench.run(
      "score",
      "@m.perplex",
      "@test.txt",
      "--json",
      "--per-token",
      "@t.tsv",
      "--per-line",
      "@l.tsv"
    )
    let total = try #require(
      (outcome.json["total"] as? [String: Any])?["log10_probability"] as? Double
    )
    for (name, column) in [("t.tsv", 3), ("l.tsv", 3)] {
      let rows = String(decoding: bench.bytes(of: name) ?? [], as: UTF8.self)
        .split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
      let sum = rows.reduce(0) { $0 + (Double($1[column]) ?? .nan) }
      #expect(abs(sum - total) < 1e-9, "\(name)")
    }
    let rows = String(decoding: bench.bytes(of: "t.tsv") ?? [], as: UTF8.self)
      .split(separator: "\n")
    #expect(
      rows[0] == "line\ttoken\tbyte_offset\tlog10_probability\tsurprisal_bits\torder_used\toov"
    )
    #expect(rows[3].hasPrefix("1\tsank\t10\t"))
    #expect(rows[3].hasSuffix("\t1"))
    #expect(rows[7].hasPrefix("3\tthe\t20\t"))
  }

  @Test func `with several texts each row of a table names its own`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the dog sang .\n", to: "a.txt")
    try bench.write("nobody slept .\nnobody sang .\n", to: "b\t.txt")
    _ = bench.run("train", "@train.txt", "-o", "@m.perplex", "--quiet")
    func rows(_ option: String, _ texts: String...) -> [[Substring]] {
      _ = bench.run(["score", "@m.perplex"] + texts + [option, "@t.tsv"])
      return String(decoding: bench.bytes(of: "t.tsv") ?? [], as: UTF8.self)
        .split(separator: "\n").map { $0.split(separator: "\t") }
    }
    for option in ["--per-token", "--per-line"] {
      let table = rows(option, "@a.txt", "@b\t.txt")
      let parts = [rows(option, "@a.txt"), rows(option, "@b\t.txt")]
      #expect(table.first == ["text"] + (parts[0].first ?? []))
      #expect(parts[0].first == parts[1].first)
      let first = Substring(bench.path("a.txt"))
      let second = Substring(bench.path("b\\t.txt"))
      #expect(
        Array(table.dropFirst())
          == parts[0].dropFirst().map { [first] + $0 } + parts[1].dropFirst().map { [second] + $0 }
      )
    }
  }

  @Test(arguments: ["words", "characters", "bytes"])
  func `the number of threads changes no byte`(tokenizer: String) throws {
    let bench = try Workbench()
    try bench.write(String(repeating: sampleText, count: isWantedSlow ? 40 : 10), to: "train.txt")
    for threads in ["1", "2", "7"] {
      let train = ["train", "@train.txt", "-o", "@\(threads).perplex", "--tokenizer", tokenizer]
      #expect(bench.run(train + ["--threads", threads, "--quiet"]).code == 0)
    }
    #expect(bench.bytes(of: "1.perplex") == bench.bytes(of: "2.perplex"))
    #expect(bench.bytes(of: "1.perplex") == bench.bytes(of: "7.perplex"))
    let figures = ["1", "2", "7"].map { threads in
      bench.run("score", "@1.perplex", "@train.txt", "--threads", threads).output
    }
    #expect(figures[0].contains("perplexity"))
    #expect(Set(figures).count == 1)
  }

  @Test func `a text that is impossible has infinite perplexity and names the token`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the dog slept .\nthe dog rose .\n", to: "test.txt")
    _ = bench.run(
      "train",
      "@train.txt",
      "-o",
      "@m.perplex",
      "--smoothing",
      "maximum-likelihood",
      "--order",
      "2"
    )
    let outcome = bench.run("score", "@m.perplex", "@test.txt", "--json")
    let total = try #require(outcome.json["total"] as? [String: Any])
    #expect(total["perplexity"] as? String == "inf")
    #expect(total["log10_probability"] as? String == "-inf")
    // "dog rose" and "rose ." were never seen, though their words were.
    #expect(total["zero_probability_tokens"] as? Int == 2)
    let first = try #require(total["first_zero_probability"] as? [String: Any])
    #expect(first["token"] as? String == "rose")
    #expect(first["context"] as? [String] == ["dog"])
    #expect(first["line"] as? Int == 2)
    let report = bench.run("score", "@m.perplex", "@test.txt").output
    #expect(report.contains("The first is 'rose' on line 2, after: dog"))
  }

  @Test func `scores of stupid back-off are not called a perplexity`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    let train = bench.run(
      "train",
      "@train.txt",
      "-o",
      "@m.perplex",
      "--smoothing",
      "stupid-backoff"
    )
    #expect(train.errors.contains("scores, not probabilities"))
    let outcome = bench.run("score", "@m.perplex", "@train.txt", "--json")
    let total = try #require(outcome.json["total"] as? [String: Any])
    #expect(total["perplexity"] is NSNull)
    #expect(total["score_log10"] is Double)
    let report = bench.run("score", "@m.perplex", "@train.txt").output
    #expect(report.contains("there is no cross-entropy and no perplexity"))
    #expect(!report.contains("2^"))

    _ = bench.run(
      "score",
      "@m.perplex",
      "@train.txt",
      "--per-token",
      "@t.tsv",
      "--per-line",
      "@l.tsv"
    )
    for name in ["t.tsv", "l.tsv"] {
      let table = String(decoding: bench.bytes(of: name) ?? [], as: UTF8.self)
      #expect(table.contains("\tlog10_score\t"))
      #expect(table.contains("\tnan"))
      #expect(!table.contains("log10_probability"))
    }
    let next = bench.run("inspect", "@m.perplex", "--next", "the", "--json").json["next"]
    #expect(Set((next as? [[String: Any]])?.first?.keys.map { $0 } ?? []) == ["token", "score"])
  }

  @Test func `by line gives each line its own figures and the total of all`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the ferry sank .\n\nthe dog sang .\n", to: "test.txt")
    _ = bench.run("train", "@train.txt", "-o", "@m.perplex", "--quiet")
    let outcome = bench.run("score", "@m.perplex", "@test.txt", "--by", "line", "--json")
    let lines = try #require(outcome.json["texts"] as? [[String: Any]])
    #expect(lines.map { $0["line"] as? Int } == [1, 2, 3])
    #expect(lines.map { $0["tokens"] as? Int } == [5, 1, 5])
    #expect(lines.map { $0["out_of_vocabulary"] as? Int } == [1, 0, 0])
    let total = try #require(outcome.json["total"] as? [String: Any])
    #expect(total["tokens"] as? Int == 11)
    let sum = lines.reduce(0) { $0 + ($1["log10_probability"] as? Double ?? .nan) }
    #expect(abs(sum - (total["log10_probability"] as? Double ?? .nan)) < 1e-9)
  }

  @Test func `several texts have a row each and a total`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the dog slept .\n", to: "texts/b.txt")
    try bench.write("the ferry stayed .\n", to: "texts/deep/a.md")
    _ = bench.run("train", "@train.txt", "-o", "@m.perplex", "--quiet")
    let outcome = bench.run("score", "@m.perplex", "@texts", "@train.txt")
    #expect(outcome.code == 0)
    for name in ["texts/b.txt", "texts/deep/a.md", "all 3 texts together"] {
      #expect(outcome.output.contains(name))
    }
    let json = bench.run("score", "@m.perplex", "@texts", "@train.txt", "--json").json
    let tokens = (json["texts"] as? [[String: Any]])?.map { $0["tokens"] as? Int }
    #expect(tokens == [5, 5, 62])
    #expect((json["total"] as? [String: Any])?["tokens"] as? Int == 72)
  }

  @Test func `a list of words is normalised as the text is`() throws {
    let bench = try Workbench()
    try bench.write("The OLD dog\n", to: "train.txt")
    try bench.write("The\nOLD\n", to: "words.txt")
    let outcome = bench.run(
      "train",
      "@train.txt",
      "-o",
      "@m.perplex",
      "--lowercase",
      "--vocabulary",
      "@words.txt",
      "--json"
    )
    #expect(outcome.json["vocabulary_size"] as? Int == 5)
    let score = bench.run("score", "@m.perplex", "@train.txt", "--json")
    #expect((score.json["total"] as? [String: Any])?["out_of_vocabulary"] as? Int == 1)
  }

  @Test func `held-out text that a method has no use for is noted`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    let words = ["train", "@train.txt", "-o", "@m.perplex", "--dev", "@train.txt"]
    let note = "witten-bell has nothing to tune, so the text of --dev is not used"
    #expect(bench.run(words + ["--smoothing", "witten-bell"]).errors == "perplex: \(note)\n")
    #expect(bench.run(words + ["--smoothing", "witten-bell", "--quiet"]).errors.isEmpty)
  }

  @Test func `score reads text as train did`() throws {
    let bench = try Workbench()
    try bench.write("Der Fluss. DER FLUSS!\n", to: "train.txt")
    try bench.write("der fluss!\n", to: "test.txt")
    _ = bench.run("train", "@train.txt", "-o", "@m.perplex", "--lowercase", "--quiet")
    let outcome = bench.run("score", "@m.perplex", "@test.txt", "--json")
    #expect((outcome.json["total"] as? [String: Any])?["out_of_vocabulary"] as? Int == 0)
  }

  @Test func `a fall-back of the discounts is told in one sentence and stops nothing`() throws {
    let bench = try Workbench()
    try bench.write("a b c d\n", to: "train.txt")
    let outcome = bench.run("train", "@train.txt", "-o", "@m.perplex", "--order", "2")
    #expect(outcome.code == 0)
    #expect(
      outcome.errors.contains(
        "order 1: no n-gram has the count 2, so the discounts are 0.5, 1 and 1.5 there"
      )
    )
  }

  @Test func `held-out text moves the weights of jelinek-mercer`() throws {
    let bench = try Workbench()
    try bench.write(String(repeating: sampleText, count: 5), to: "train.txt")
    try bench.write("nobody sang .\nthe dog rose .\n", to: "dev.txt")
    let words = [
      "train", "@train.txt", "-o", "@m.perplex", "--smoothing", "jelinek-mercer", "--json",
    ]
    func discounts(_ more: [String]) -> [[Double]]? {
      bench.run(words + more).json["discounts"] as? [[Double]]
    }
    let own = discounts([])
    let tuned = discounts(["--dev", "@dev.txt"])
    #expect(own != nil && tuned != nil && own != tuned)
  }
}
