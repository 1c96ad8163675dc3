import Foundation
import TestSupport
import Testing

@Suite("Models of bytes on the command line")
struct ByteModelTests {
  /// Text with words that repeat, and more than ASCII.
  private static let text = (0..<(isWantedSlow ? 60 : 14)).map { number in
    "The ferry crossed the fjord at \(number % 7 + 4) o'clock; \(number) people saw the blåmeis.\n"
  }.joined()

  /// Models of `text`, trained once: by kind and tokenizer, the bytes of the file.
  private static let models = Result {
    var models: [[String]: [UInt8]] = [:]
    for (kind, options) in kinds {
      for tokenizer in ["bytes", "characters"] {
        let bench = try Workbench()
        try bench.write(text, to: "train.txt")
        let train = ["train", "--model", kind, "--tokenizer", tokenizer, "@train.txt", "-o", "@m"]
        let outcome = bench.run(train + options)
        #expect(outcome.code == 0, "\(outcome.errors)")
        models[[kind, tokenizer]] = bench.bytes(of: "m")
      }
    }
    return models
  }

  /// The tables of `--fast` are a third as large, and so is the time that their file takes.
  private static let kinds = ["gated": [], "mixing": isWantedSlow ? [] : ["--fast"]]

  private func bench(_ kind: String, tokenizer: String = "bytes") throws -> Workbench {
    let bench = try Workbench()
    try bench.write(Self.text, to: "train.txt")
    try bench.write("Six people crossed the fjord.\nNobody saw a blåmeis.\n", to: "test.txt")
    try bench.write(try #require(Self.models.get()[[kind, tokenizer]]), to: "m.perplex")
    return bench
  }

  @Test(arguments: ["gated", "mixing"])
  func `train says what it made as JSON, and writes the same bytes again`(kind: String) throws {
    let bench = try bench(kind)
    let train = ["train", "--model", kind, "@train.txt", "-o", "@n.perplex", "--threads", "1"]
    let json = bench.run(train + (Self.kinds[kind] ?? []) + ["--json"]).json
    #expect(bench.bytes(of: "m.perplex") == bench.bytes(of: "n.perplex"))
    #expect(json["kind"] as? String == kind)
    #expect(json["tokenizer"] as? String == "bytes")
    #expect(json["trained_bytes"] as? Int == Self.text.utf8.count)
    #expect(json["documents"] as? Int == 1)
    #expect((json["parameters"] as? [String: Int])?.isEmpty == false)
    let inspected = bench.run("inspect", "@m.perplex", "--json").json
    #expect(inspected["kind"] as? String == kind)
    #expect(inspected["trained_bytes"] as? Int == Self.text.utf8.count)
  }

  @Test(arguments: ["gated", "mixing"])
  func `bytes are tokens, the end of the text is none`(kind: String) throws {
    let bench = try bench(kind)
    let total = try #require(
      bench.run("score", "@m.perplex", "@test.txt", "--json").json["total"] as? [String: Any]
    )
    #expect(total["tokens"] as? Int == 53)
    #expect(total["bytes"] as? Int == 53)
    #expect(total["characters"] as? Int == 52)
    #expect(total["adapts"] as? Bool == false)
    let bits = try #require(total["cross_entropy_bits"] as? Double)
    #expect(bits == total["bits_per_byte"] as? Double)
    #expect(bits > 0 && bits < 8)
  }

  @Test(arguments: ["gated", "mixing"])
  func `characters have the bits of their bytes`(kind: String) throws {
    let bench = try bench(kind, tokenizer: "characters")
    let outcome = bench.run("score", "@m.perplex", "@test.txt", "--json", "--per-token", "@t.tsv")
    let total = try #require(outcome.json["total"] as? [String: Any])
    #expect(total["tokens"] as? Int == 52)
    let bits = try #require(total["cross_entropy_bits"] as? Double)
    let rows = String(decoding: try #require(bench.bytes(of: "t.tsv")), as: UTF8.self).split(
      separator: "\n"
    )
    #expect(rows.count == 53)
    let surprisals = rows.dropFirst().map { row in
      Double(row.split(separator: "\t")[4]) ?? .nan
    }
    #expect(abs(surprisals.reduce(0, +) - bits * 52) < 1e-9)
    #expect(rows.contains { $0.contains("\tå\t") })
  }

  @Test(arguments: ["gated", "mixing"])
  func `what adapts is better at a text that repeats itself, and says that it adapted`(
    kind: String
  ) throws {
    let bench = try bench(kind)
    let again = String(
      repeating: "Quokkas hop around vexing jumbled zebras.\n",
      count: isWantedSlow ? 40 : 6
    )
    try bench.write(again, to: "again.txt")
    func bits(_ options: String...) throws -> (Double, Bool?) {
      let json = bench.run(["score", "@m.perplex", "@again.txt", "--json"] + options).json
      let total = try #require(json["total"] as? [String: Any])
      return (try #require(total["bits_per_byte"] as? Double), total["adapts"] as? Bool)
    }
    let (frozen, _) = try bits()
    let (adaptive, isAdaptive) = try bits("--adapt")
    #expect(adaptive < frozen)
    #expect(isAdaptive == true)
    // A model that mixes is slow to open.
    guard kind == "gated" || isWantedSlow else { return }
    #expect(try bits().0 == frozen)
    #expect(bench.run("score", "@m.perplex", "@again.txt", "--adapt").output.contains("--adapt"))
  }

  @Test(arguments: ["gated", "mixing"])
  func `lines from a pipe and a file have the same figures`(kind: String) throws {
    let bench = try bench(kind)
    let whole = bench.run("score", "@m.perplex", "@test.txt", "--by", "line", "--json").json
    let one = bench.run("score", "@m.perplex", "@test.txt", "--json").json
    let lines = try #require(whole["texts"] as? [[String: Any]])
    #expect(lines.count == 2)
    let sum = lines.compactMap { $0["log10_probability"] as? Double }.reduce(0, +)
    let total = try #require(one["total"] as? [String: Any])
    #expect(abs(sum - (total["log10_probability"] as? Double ?? .nan)) < 1e-9)
  }

  @Test func `a gated model verifies`() throws {
    let bench = try bench("gated")
    let checked = bench.run("inspect", "@m.perplex", "--verify", "--json")
    #expect(checked.code == 0)
    let verification = try #require(checked.json["verification"] as? [String: Any])
    #expect(try #require(verification["contexts"] as? Int) >= 1000)
    #expect(try #require(verification["worst_deviation"] as? Double) < 1e-6)
  }

  @Test(arguments: ["gated", "mixing"])
  func `it samples and foretells`(kind: String) throws {
    let bench = try bench(kind)
    let next = bench.run("inspect", "@m.perplex", "--next", "The ferry cros", "--json").json
    let first = try #require((next["next"] as? [[String: Any]])?.first)
    #expect(first["token"] as? String == "s")
    let words = ["sample", "@m.perplex", "--prompt", "The ", "--max-tokens"]
    let sample = bench.run(words + [isWantedSlow ? "40" : "4"])
    #expect(sample.code == 0 && sample.output.hasPrefix("The "))
    #expect(bench.run(words + [isWantedSlow ? "40" : "4"]).output == sample.output)
  }

  @Test(arguments: ["gated", "mixing"])
  func `invalid UTF-8 is ordinary data for bytes and refused for characters`(kind: String) throws {
    let bench = try bench(kind)
    try bench.write([0x61, 0xFF, 0x00, 0xC3, 0x0A, 0x0D, 0x0A], to: "raw.txt")
    let outcome = bench.run("score", "@m.perplex", "@raw.txt", "--json")
    let total = try #require(outcome.json["total"] as? [String: Any])
    #expect(total["tokens"] as? Int == 7)
    try bench.write(try #require(Self.models.get()[[kind, "characters"]]), to: "c.perplex")
    let refused = bench.run("score", "@c.perplex", "@raw.txt")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("raw.txt"))
  }

  @Test func `a gated model says order by order how a probability came about`() throws {
    let bench = try bench("gated")
    let ask = ["inspect", "@m.perplex", "--next", "The ferry cros", "--explain"]
    let json = bench.run(ask + ["--json"]).json
    let explanation = try #require(json["explanation"] as? [String: Any])
    let orders = try #require(explanation["orders"] as? [[String: Any]])
    let probability = try #require(explanation["probability"] as? Double)
    #expect(orders.compactMap { $0["order"] as? Int } == Array(1...orders.count))
    let mixed = orders.reduce(0.0) { sum, order in
      sum + (order["weight"] as? Double ?? .nan) * (order["estimate"] as? Double ?? .nan)
    }
    let recent = try #require(explanation["recent"] as? [[String: Any]])
    let recalled = recent.reduce(0.0) { sum, entry in
      sum + (entry["byte"] as? Int == 0x73 ? entry["weight"] as? Double ?? .nan : 0)
    }
    #expect(abs(mixed + recalled - probability) < 1e-6)
    #expect(bench.run(ask).output.contains("'s', order by order:"))

    _ = bench.run("train", "@train.txt", "-o", "@n.perplex")
    let refused = bench.run("inspect", "@n.perplex", "--next", "The", "--explain")
    #expect(refused.code == 1 && refused.errors.contains("only a gated model shows"))
  }

  @Test func `options of n-grams are refused for other families, and the other way round`() throws {
    let bench = try Workbench()
    try bench.write(Self.text, to: "t.txt")
    let lines: [([String], String)] = [
      (
        ["--model", "gated", "--smoothing", "katz"], "'--smoothing' needs '--model ngram'"
      ),
      (["--model", "mixing", "--prune", "0,1"], "'--prune' needs '--model ngram'"),
      (["--model", "mixing", "--order", "3"], "'--order' does not go with '--model mixing'"),
      (["--model", "gated", "--tokenizer", "words"], "bytes and characters, not words"),
      (
        ["--model", "gated", "--sequence", "line"],
        "'--sequence line' does not go with '--model gated': it reads documents"
      ),
      (["--fast"], "'--fast' needs '--model mixing'"),
    ]
    for (options, message) in lines {
      let outcome = bench.run(["train", "@t.txt", "-o", "@m.perplex"] + options)
      #expect(outcome.code == 64)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
    _ = bench.run("train", "@t.txt", "-o", "@m.perplex")
    let outcome = bench.run("score", "@m.perplex", "@t.txt", "--adapt")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "perplex: m.perplex: an n-gram model does not learn from what it reads; leave out --adapt\n"
    )
  }

  @Test func `a model of bytes is not converted`() throws {
    let bench = try bench("gated")
    let outcome = bench.run("convert", "@m.perplex", "@m.arpa")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("m.perplex: a gated model is no list of n-grams"))
  }

  @Test func `a model with a byte changed is found by --verify`() throws {
    let bench = try bench("gated")
    var bytes = try #require(bench.bytes(of: "m.perplex"))
    bytes[bytes.count - 5] ^= 1
    try bench.write(bytes, to: "damaged.perplex")
    let outcome = bench.run("score", "@damaged.perplex", "@test.txt", "--verify")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("is damaged; copy or train it anew"))
    try bench.write(Array(bytes.dropLast()), to: "short.perplex")
    #expect(bench.run("score", "@short.perplex", "@test.txt").errors.contains("copy it anew"))
  }

  @Test func `a text without bytes trains nothing`() throws {
    let bench = try Workbench()
    try bench.write("", to: "empty.txt")
    let outcome = bench.run("train", "--model", "gated", "@empty.txt", "-o", "@m.perplex")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("empty.txt"))
    #expect(!bench.names.contains("m.perplex"))
  }
}
