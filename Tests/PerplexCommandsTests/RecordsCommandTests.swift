import Foundation
import TestSupport
import Testing

/// Records of JSON Lines and tables, scored and trained on like one file each.
@Suite struct RecordsCommandTests {
  /// Documents with line ends inside, at their ends or missing, and one with nothing in it.
  private static let documents: [String] = {
    let lines = sampleText.split(separator: "\n").map(String.init)
    return [
      lines[0] + "\n" + lines[1] + "\n", lines[2], "", lines[3] + "\n\n" + lines[4],
      "zebras, \"quoted\"\r\nand a zoo\r\n", lines[5] + "\n",
    ]
  }()

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    var json = ""
    var table = "id,text,n\r\n"
    for (index, text) in Self.documents.enumerated() {
      let data = try JSONSerialization.data(
        withJSONObject: ["a": ["b": text], "id": "r\(index)"],
        options: .sortedKeys
      )
      json += String(decoding: data, as: UTF8.self) + "\n"
      table += "r\(index),\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\",\(index)\r\n"
      if !text.isEmpty { try bench.write(text, to: "files/\(index).txt") }
    }
    try bench.write(json, to: "records.jsonl")
    try bench.write(table, to: "records.csv")
    return bench
  }

  private static let forms = [
    ["@records.jsonl", "--field", "a.b"], ["@records.csv", "--column", "text"],
  ]

  private static let models = [
    ["--tokenizer", "words", "-n", "3"], ["--tokenizer", "whitespace", "--sequence", "document"],
    ["--tokenizer", "characters", "-n", "4"], ["--tokenizer", "bytes", "--sequence", "stream"],
    ["--spell-unknown", "-n", "2"], ["--model", "gated"], ["--model", "mixing", "--fast"],
  ]

  private static let sums = [
    "tokens", "out_of_vocabulary", "bytes", "characters", "cross_entropy_bits", "sentences",
    "log10_probability", "zero_probability_tokens", "perplexity_excluding_oov",
  ]

  @Test(arguments: models)
  func `records cost what a file of each costs`(model: [String]) throws {
    let bench = try bench()
    #expect(bench.run(["train", "@train.txt", "-o", "@m.perplex", "-q"] + model).code == 0)
    let files = bench.run("score", "@m.perplex", "@files", "--json").json["total"] as? [String: Any]
    let isOfDocuments = !model.contains("words") && !model.contains("--spell-unknown")
    for form in Self.forms {
      let outcome = bench.run(["score", "@m.perplex", "--json"] + form)
      let records = outcome.json["total"] as? [String: Any]
      #expect(records?["records"] as? Int == 6)
      #expect(records?["skipped_records"] as? Int == 0)
      for key in Self.sums {
        var expected = try #require(files?[key] as? Double, "\(key)")
        let found = try #require(records?[key] as? Double, "\(key)")
        // The record with nothing in it is a document, too, whose end may be predicted.
        if key == "sentences" && isOfDocuments { expected += 1 }
        if model.contains("whitespace") || model.contains("characters") {
          if key == "tokens" { expected += 1 }
          guard ["bytes", "tokens", "sentences", "characters"].contains(key) else { continue }
        }
        #expect(abs(found - expected) <= 1e-9 * abs(expected), "\(key) \(form)")
      }
    }
  }

  @Test(arguments: models)
  func `records train the model that a file of each trains`(model: [String]) throws {
    let bench = try bench()
    let isWithEnds = model.contains("whitespace") || model.contains("characters")
    var figures: [Double] = []
    for texts in [["@files"]] + Self.forms {
      let words = ["train", "-o", "@m.perplex", "--json", "-q"] + texts + model
      #expect(bench.run(words).code == 0)
      let score = bench.run("score", "@m.perplex", "@train.txt", "--json").json["total"]
      figures.append(try #require((score as? [String: Any])?["cross_entropy_bits"] as? Double))
    }
    #expect(figures[1] == figures[2])
    // Where ends are predicted, the end of the record with nothing in it counts.
    if !isWithEnds { #expect(figures[0] == figures[1]) }
  }

  @Test func `rows of results begin with the record's number or name`() throws {
    let bench = try bench()
    #expect(bench.run("train", "@train.txt", "-o", "@m.perplex", "-q").code == 0)
    func table() -> [[Substring]] {
      let text = String(decoding: bench.bytes(of: "rows.tsv") ?? [], as: UTF8.self)
      return text.split(separator: "\n").map { $0.split(separator: "\t") }
    }
    let numbered = bench.run(
      "score",
      "@m.perplex",
      "@records.jsonl",
      "--field",
      "a.b",
      "--per-line",
      "@rows.tsv"
    )
    #expect(numbered.code == 0)
    let rows = table()
    #expect(rows[0].prefix(3) == ["record", "line", "tokens"])
    #expect(
      rows.dropFirst().map { "\($0[0]):\($0[1])" }
        == ["1:1", "1:2", "2:1", "4:1", "4:2", "4:3", "5:1", "5:2", "6:1"]
    )
    let named = bench.run(
      "score",
      "@m.perplex",
      "@records.csv",
      "--column",
      "2",
      "--id",
      "id",
      "--per-token",
      "@rows.tsv"
    )
    let tokens = table()
    #expect(tokens[0].prefix(4) == ["record", "line", "token", "byte_offset"])
    #expect(tokens[1].prefix(4) == ["r0", "1", "the", "0"])
    let zebras = try #require(tokens.firstIndex { $0[2] == "zebras" })
    #expect(tokens[zebras].prefix(4) == ["r4", "1", "zebras", "0"])
    #expect(named.errors.contains("the first row is read as names (id, text, n)"))
    let lines =
      bench.run(
        "score",
        "@m.perplex",
        "@records.jsonl",
        "--field",
        "a.b",
        "--id",
        "id",
        "--by",
        "line",
        "--json"
      ).json["texts"] as? [[String: Any]]
    #expect(lines?.first?["record"] as? String == "r0")
  }

  @Test func `a record that cannot be read stops, or is left out and counted`() throws {
    let bench = try bench()
    #expect(bench.run("train", "@train.txt", "-o", "@m.perplex", "-q").code == 0)
    #expect(
      bench.run("train", "--tokenizer", "whitespace", "@train.txt", "-o", "@w.perplex", "-q").code
        == 0
    )
    let good = "{\"t\": \"the old dog\\n\"}\n"
    let bad = "{\"t\": \"x <s> y\"}\n{\"u\": \"no field\"}\n{\"t\": \"cut"
    try bench.write(good, to: "good.jsonl")
    try bench.write(good + bad, to: "mixed.jsonl")
    let stopped = bench.run("score", "@w.perplex", "@mixed.jsonl", "--field", "t")
    #expect(stopped.code == 1)
    #expect(
      stopped.errors == "perplex: mixed.jsonl:3: there is no field 't' among u; name another, or "
        + "use --on-error skip to leave such records out\n"
    )
    for (model, skipped) in [("@m.perplex", 2), ("@w.perplex", 3)] {
      let words = ["score", model, "--json", "--field", "t", "--on-error", "skip"]
      let outcome = bench.run(words + ["@mixed.jsonl"])
      let total = outcome.json["total"] as? [String: Any]
      #expect(total?["skipped_records"] as? Int == skipped)
      #expect(outcome.errors.contains("\(skipped) of 4 records left out; the first, on line "))
      if model == "@w.perplex" {
        let alone = bench.run(words + ["@good.jsonl"]).json["total"] as? [String: Any]
        #expect(alone?["log10_probability"] as? Double == total?["log10_probability"] as? Double)
        #expect(total?["records"] as? Int == 1)
      }
    }
    let trained = bench.run(
      "train",
      "--tokenizer",
      "whitespace",
      "@mixed.jsonl",
      "-o",
      "@r.perplex",
      "--field",
      "t",
      "--on-error",
      "skip",
      "--json"
    )
    #expect(trained.json["skipped_records"] as? Int == 3)
    #expect(trained.json["vocabulary_size"] as? Int == 6)
  }

  @Test func `every command that reads texts counts the records that it leaves out`() throws {
    let bench = try Workbench()
    let lines = (0..<80).map { "{\"t\": \"the old dog \($0 % 7) ran\\nand the cat sat\"}\n" }
    try bench.write(lines.joined() + "{\"u\": 1}\n", to: "a.jsonl")
    try bench.write("{\"u\": 1}\n{\"t\": \"the old dog ran\"}\n", to: "b.jsonl")
    let options = ["--field", "t", "--on-error", "skip"]
    let fault = "there is no field 't' among u\n"
    let note = "perplex: a.jsonl: 1 of 81 records left out; the first, on line 81: \(fault)"
    let second = "perplex: b.jsonl: 1 of 2 records left out; the first, on line 1: \(fault)"
    func notes(_ words: [String]) -> [String] {
      let outcome = bench.run(words + options)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.errors.split(separator: "\n").filter { $0.contains("left out") }
        .map { $0 + "\n" }
    }
    let train = ["train", "@a.jsonl", "-o", "@m.perplex", "-n", "2"]
    #expect(notes(train) == [note])
    #expect(
      notes(train + ["--smoothing", "jelinek-mercer", "--dev", "@b.jsonl"]) == [note, second]
    )
    #expect(notes(["sweep", "@a.jsonl", "--held-out", "@b.jsonl"]) == [note, second])
    let sweep = bench.run(["sweep", "@a.jsonl", "--held-out", "@b.jsonl", "--json"] + options).json
    #expect(sweep["training_records"] as? [String: Int] == ["records": 80, "skipped_records": 1])
    #expect(sweep["held_out_records"] as? [String: Int] == ["records": 1, "skipped_records": 1])
    let divergence = ["divergence", "@m.perplex", "@m.perplex", "--on", "@a.jsonl"]
    #expect(notes(divergence) == [note])
    #expect(bench.run(divergence + options + ["--json"]).json["skipped_records"] as? Int == 1)
    #expect(notes(["explain", "@m.perplex", "the dog", "--training", "@a.jsonl"]) == [note])
    #expect(notes(["lesson", "@a.jsonl", "-o", "@l.html"]) == [note])
    let breakdown = ["score", "@m.perplex", "@b.jsonl", "--breakdown", "--training", "@a.jsonl"]
    #expect(notes(breakdown) == [second, note])
    #expect(
      notes(["score", "@m.perplex", "@a.jsonl", "@b.jsonl"])
        == ["perplex: the texts: 2 of 83 records left out; the first, a.jsonl:81: \(fault)"]
    )
  }

  @Test func `a text all of whose records are left out is an error with the first reason`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("{\"u\": 1}\n{\"u\": 2}\n", to: "r.jsonl")
    #expect(bench.run("train", "@train.txt", "-o", "@m.perplex", "-q").code == 0)
    let options = ["--field", "t", "--on-error", "skip"]
    for words in [
      ["score", "@m.perplex", "@r.jsonl"], ["train", "@r.jsonl", "-o", "@x.perplex"],
      ["train", "@r.jsonl", "-o", "@x.perplex", "--model", "gated"],
      ["divergence", "@m.perplex", "@m.perplex", "--on", "@r.jsonl"],
    ] {
      let outcome = bench.run(words + options)
      #expect(outcome.code == 1)
      #expect(
        outcome.errors
          == "perplex: r.jsonl:1: this and all other records are left out, so there is "
          + "no text: there is no field 't' among u; mend the records, or name another field or "
          + "column\n"
      )
    }
  }

  @Test func `texts of another program's past are named, and read as they stand with --as text`()
    throws
  {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    #expect(bench.run("train", "@train.txt", "-o", "@m.perplex", "-q").code == 0)
    #expect(bench.run("convert", "@m.perplex", "@m.arpa", "-q").code == 0)
    try bench.write("the old dog\rthe cat\r", to: "mac.txt")
    try bench.write([0x1f, 4, 0x40, 4, 0x38, 4], to: "utf16.txt")
    for (name, fault) in [
      ("m.arpa", "this is an ARPA model, not a text; a model is named before the texts"),
      (
        "mac.txt",
        "its lines end in a carriage return alone; convert it with tr '\\r' '\\n' first, "
          + "or read it as one line with --as text"
      ),
      (
        "utf16.txt",
        "this is a file with many control characters, not a text; if it is UTF-16, "
          + "convert it with iconv -f UTF-16LE -t UTF-8 first"
      ),
    ] {
      #expect(bench.run("score", "@m.perplex", "@" + name).errors == "perplex: \(name): \(fault)\n")
      #expect(bench.run("score", "@m.perplex", "@" + name, "--as", "text").code == 0)
    }
  }

  @Test func `JSON Lines and tables are not read as text unless that is wanted`() throws {
    let bench = try bench()
    #expect(bench.run("train", "@train.txt", "-o", "@m.perplex", "-q").code == 0)
    let lines = bench.run("score", "@m.perplex", "@records.jsonl")
    #expect(lines.code == 1)
    #expect(
      lines.errors == "perplex: records.jsonl: this is JSON Lines; name the field of the text with "
        + "--field (a, id), or read all of it with --as text\n"
    )
    let table = bench.run("train", "@records.csv", "-o", "@x.perplex")
    #expect(table.code == 1)
    #expect(
      table.errors.contains("this is CSV; name the column of the text with --column (id, text, n)")
    )
    #expect(bench.run("score", "@m.perplex", "@records.jsonl", "--as", "text").code == 0)
    let model = bench.run("score", "@m.perplex", "@m.perplex")
    #expect(model.errors.contains("this is a perplex model, not a text"))
  }

  @Test(arguments: [
    (["--field", "a", "--column", "b"], "'--field' does not go with '--column'"),
    (["--as", "jsonl"], "'--as jsonl' needs '--field'"),
    (["--as", "csv"], "'--as csv' needs '--column'"),
    (["--id", "a"], "'--id' needs '--field' or '--column'"),
    (["--on-error", "skip"], "'--on-error skip' needs '--field' or '--column': it is for records"),
    (["--as", "text", "--field", "a"], "'--as text' does not go with '--field'"),
    (["--header", "no"], "'--header' needs '--column'"),
    (["--column", "0"], "'--column' counts columns from 1"),
  ])
  func `options of records that do not go together are named`(
    options: [String],
    message: String
  ) throws {
    let bench = try Workbench()
    let outcome = bench.run(["score", "@m", "@t"] + options)
    #expect(outcome.code == 64)
    #expect(outcome.errors.hasPrefix("perplex: \(message)"), "\(outcome.errors)")
  }

  @Test func `a folder gives the files that are wanted, and says what it passes over`() throws {
    let bench = try Workbench()
    for name in ["f/a.txt", "f/b.TXT", "f/c.log", "f/d.log", "f/README"] {
      try bench.write(sampleText, to: name)
    }
    let all = bench.run("train", "@f", "-o", "@m.perplex")
    #expect(all.errors.contains("3 files passed over: .log 2, no ending 1\n"))
    let logs = bench.run("train", "@f", "-o", "@m.perplex", "--include", "*.LOG", "--json")
    #expect(logs.json["sentences"] as? Int == 12)
    #expect(logs.errors.contains("3 files passed over: .txt 2, no ending 1\n"))
    let two = bench.run(
      "train",
      "@f",
      "-o",
      "@m.perplex",
      "--include",
      "a.*",
      "--include",
      "readme",
      "--json"
    )
    #expect(two.json["sentences"] as? Int == 12)
    let none = bench.run("train", "@f", "-o", "@m.perplex", "--include", "*.md")
    #expect(
      none.errors == "perplex: f: the folder has no *.md file, but .log 2, .txt 2, no ending 1; "
        + "choose with --include\n"
    )
  }
}
