import Foundation
import Testing

@testable import PerplexCommands

#if canImport(FoundationXML)
import FoundationXML
#endif

/// Models of the sample, and a text with markup, an unknown word and an empty line in it.
func reportBench() throws -> Workbench {
  let bench = try Workbench()
  try bench.write(sampleText, to: "train.txt")
  try bench.write(
    "the dog sang </script><b>&amp; in the rain .\n\nnobody crossed .\n"
      + String(repeating: "the ferry stayed in the night .\nthe old dog sang .\n", count: 20),
    to: "test.txt"
  )
  for (name, words) in [
    ("three", ["--order", "3", "--smoothing", "witten-bell"]),
    ("one", ["--order", "1", "--smoothing", "witten-bell"]),
    ("zero", ["--order", "2", "--smoothing", "maximum-likelihood"]),
    ("scores", ["--order", "2", "--smoothing", "stupid-backoff"]),
  ] {
    _ = bench.run(["train", "@train.txt", "-o", "@\(name)"] + words)
  }
  return bench
}

extension Workbench {
  /// Runs `report` with as few draws as its intervals can have.
  func report(_ words: String...) -> Outcome { run(["report", "--resamples", "100"] + words) }
}

@Suite("report")
struct ReportTests {
  /// The page's text; fails where it is not well-formed.
  private func text(of page: String) throws -> String {
    let parser = XMLParser(data: Data(page.utf8))
    let reader = PageText()
    parser.delegate = reader
    try #require(parser.parse(), "not well-formed: \(String(describing: parser.parserError))")
    return reader.text
  }

  /// What the page's script works on.
  private func data(of page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let json = try JSONSerialization.jsonObject(
      with: Data(page[start.upperBound..<end.lowerBound].utf8)
    )
    return try #require(json as? [String: Any])
  }

  @Test("the page is well-formed, loads nothing and has the figures of score")
  func figures() throws {
    let bench = try reportBench()
    let outcome = bench.report("@three", "--on", "@test.txt", "-o", "@page.html")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let page = String(decoding: try #require(bench.bytes(of: "page.html")), as: UTF8.self)
    let text = try text(of: page)
    for reference in ["http:", "https:", "src=", "url(", "href="] {
      #expect(!page.contains(reference), "\(reference)")
    }
    let total = try #require(
      bench.run("score", "@three", "@test.txt", "--json").json["total"] as? [String: Any]
    )
    for (key, decimals) in [("cross_entropy_bits", 4), ("perplexity", 2), ("bits_per_byte", 4)] {
      let value = try #require(total[key] as? Double)
      #expect(text.contains(String(format: "%.\(decimals)f", value)), "\(key)")
    }
    #expect(text.contains("The whole text is shown."))
    #expect(text.contains("the dog sang </script><b>&amp; in the rain ."))
  }

  @Test("what is told of each token is what score and inspect say of it")
  func tokens() throws {
    let bench = try reportBench()
    let page = bench.report("@three", "--on", "@test.txt", "-o", "-")
      .output
    let models = try #require(try data(of: page)["models"] as? [[String: Any]])
    let bits = try #require(models[0]["bits"] as? [Double])
    _ = bench.run("score", "@three", "@test.txt", "--per-token", "@tokens.tsv")
    let rows = String(decoding: try #require(bench.bytes(of: "tokens.tsv")), as: UTF8.self)
      .split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    #expect(bits.count == rows.count)
    for (bits, row) in zip(bits, rows) {
      #expect(abs(bits - (Double(row[4]) ?? .nan)) <= 0.00501)
    }
    #expect(models[0]["order"] as? [Int] == rows.map { Int($0[5]) ?? -1 })
    let next = try #require(
      bench.run("inspect", "@three", "--next", "", "--top", "5", "--json").json["next"]
        as? [[String: Any]]
    )
    let words = try #require(models[0]["words"] as? [String])
    let first = try #require((models[0]["alternatives"] as? [[Double]])?.first)
    for (index, entry) in next.enumerated() {
      let word = words[Int(first[2 * index])]
      #expect(word == entry["token"] as? String || word == "\u{21B5} (the end)")
      let probability = try #require(entry["probability"] as? Double)
      #expect(abs(first[2 * index + 1] - probability) < 0.01 * probability)
    }
  }

  @Test("more than is to be shown is cut, and said to be")
  func cut() throws {
    let bench = try reportBench()
    let page = bench.report("@three", "--on", "@test.txt", "-o", "-", "--shown", "12").output
    #expect(try text(of: page).contains("The first 12 of "))
    let models = try #require(try data(of: page)["models"] as? [[String: Any]])
    #expect((models[0]["bits"] as? [Any])?.count == 12)
  }

  @Test("several models are compared as compare does")
  func comparison() throws {
    let bench = try reportBench()
    let words = ["@one", "@three", "--on", "@test.txt"]
    let text = try text(
      of: bench.run(["report", "--resamples", "100"] + words + ["-o", "-"]).output
    )
    let json = bench.run(["compare", "--resamples", "100"] + words + ["--json"]).json
    let model = try #require((json["models"] as? [[String: Any]])?.first)
    let difference = try #require(model["difference_bits"] as? Double)
    #expect(difference < 0)
    #expect(text.contains(String(format: "\u{2212}%.4f", -difference)))
    #expect(text.contains("Where the models differ most"))
    let both = bench.run(["report", "--resamples", "100"] + words + ["-o", "@p.html", "--json"])
    #expect(both.json["ranked_by"] as? String == "perplexity")
  }

  @Test("the curves of a sweep are drawn from its JSON, and nothing else is taken for one")
  func sweep() throws {
    let bench = try reportBench()
    let json = bench.run(
      "sweep",
      "@train.txt",
      "--held-out",
      "@test.txt",
      "--orders",
      "1-2",
      "--smoothings",
      "witten-bell,maximum-likelihood",
      "--sizes",
      "50%,100%",
      "--resamples",
      "100",
      "--json"
    )
    #expect(json.code == 0, "\(json.errors)")
    try bench.write(json.output, to: "sweep.json")
    let words = [
      "report", "--resamples", "100", "@three", "--on", "@test.txt", "-o", "-", "--sweep",
    ]
    let page = bench.run(words + ["@sweep.json"]).output
    let text = try text(of: page)
    #expect(text.contains("Order, method and more text"))
    #expect(page.contains("id=\"by-order-title\""))
    for cell in try #require(json.json["cells"] as? [[String: Any]]) {
      guard cell["size"] as? String == "100%", let bits = cell["cross_entropy_bits"] as? Double
      else { continue }
      #expect(text.contains(String(format: "%.4f", bits)))
    }
    try bench.write("{\"cells\": []}", to: "none.json")
    let refused = bench.run(words + ["@none.json"])
    #expect(refused.code == 1)
    #expect(refused.errors.contains("none.json: no models of a sweep in it"))
    try bench.write("cells", to: "none.json")
    #expect(bench.run(words + ["@none.json"]).errors.contains("none.json:1: not JSON"))
  }

  @Test("zero probability is infinite on the page, and named")
  func zero() throws {
    let bench = try reportBench()
    let page = bench.report("@zero", "--on", "@test.txt", "-o", "-")
      .output
    let text = try text(of: page)
    #expect(text.contains("gives this text probability zero: its perplexity is infinite"))
    #expect(text.contains("it gave probability zero to tokens that came"))
    let models = try #require(try data(of: page)["models"] as? [[String: Any]])
    #expect((models[0]["bits"] as? [Any])?.contains { $0 as? String == "inf" } == true)
  }

  @Test("a model of bytes and scores from elsewhere have their page too")
  func others() throws {
    let bench = try reportBench()
    _ = bench.run("train", "@train.txt", "-o", "@gated", "--model", "gated")
    let gated = bench.report("@gated", "--on", "@test.txt", "-o", "-", "--shown", "40")
    #expect(gated.code == 0, "\(gated.errors)")
    #expect(try text(of: gated.output).contains("The first 40 of "))
    try bench.write("Oda ran.\n", to: "t.txt")
    try bench.write(
      """
      {"text": "Oda ran.", "unit": "bit", "tokens": [{"t": "Oda", "lp": null, "s": 0, "e": 3}, \
      {"t": " ran", "lp": -2.5, "s": 3, "e": 7}, {"t": ".", "lp": -0.5, "s": 7, "e": 8}]}
      """,
      to: "m.jsonl"
    )
    let external = bench.report("@m.jsonl", "--on", "@t.txt", "-o", "-")
    #expect(external.code == 0, "\(external.errors)")
    let text = try text(of: external.output)
    #expect(text.contains("Scores of another program have no alternatives."))
    #expect(!text.contains("Calibration"))
  }

  @Test("bytes that are a character together are shown as it, with what they cost together")
  func characters() throws {
    let bench = try reportBench()
    _ = bench.run("train", "@train.txt", "-o", "@gated", "--model", "gated", "--tokenizer", "bytes")
    try bench.write("aé.\n", to: "e.txt")
    let page = bench.report("@gated", "--on", "@e.txt", "-o", "-").output
    let model = try #require((try data(of: page)["models"] as? [[String: Any]])?.first)
    let bits = try #require(model["bits"] as? [Double])
    #expect(bits.count == 4)
    #expect((model["rank"] as? [Any])?.map { $0 is NSNull } == [false, true, false, false])
    _ = bench.run("score", "@gated", "@e.txt", "--per-token", "@tokens.tsv")
    let rows = String(decoding: try #require(bench.bytes(of: "tokens.tsv")), as: UTF8.self)
      .split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    let sum = rows.reduce(0) { $0 + (Double($1[4]) ?? .nan) }
    #expect(abs(bits.reduce(0, +) - sum) < 0.03)
  }

  @Test("the page is the same for every number of threads")
  func threads() throws {
    let bench = try reportBench()
    let pages = ["1", "3"].map {
      bench.report("@three", "@one", "--on", "@test.txt", "-o", "-", "--threads", $0).output
    }
    #expect(pages[0] == pages[1])
    #expect(pages[0].hasPrefix("<!DOCTYPE html>"))
  }

  @Test(
    "what cannot be done is refused in a line",
    arguments: [
      (["@scores"], "stupid back-off", 1), (["@none"], "none", 1),
      (["@three", "@three"], "twice", 64), (["@three", "--shown", "-1"], "--shown", 64),
      (["@three", "--baseline", "@one"], "--baseline", 64),
    ]
  )
  func refusals(words: [String], reason: String, code: Int32) throws {
    let bench = try reportBench()
    try bench.write("older", to: "page.html")
    let outcome = bench.run(
      ["report", "--resamples", "100"] + words + ["--on", "@test.txt", "-o", "@page.html"]
    )
    #expect(outcome.code == code)
    #expect(outcome.errors.contains(reason))
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(bench.bytes(of: "page.html") == Array("older".utf8))
  }
}

/// The text of a page's elements.
final class PageText: NSObject, XMLParserDelegate {
  private(set) var text = ""

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
