import Foundation
import Testing

@testable import PerplexCommands

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct ComparePageTests {
  /// Models of the sample at two orders and of its bytes, and texts; a word of one text is markup.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write(
      String(repeating: "the dog sang <b>&amp; \u{1}in the rain .\nnobody crossed .\n", count: 12),
      to: "test.txt"
    )
    for (name, words) in [
      ("one", ["--order", "1", "--smoothing", "witten-bell"]),
      ("three", ["--order", "3", "--smoothing", "witten-bell"]),
      ("zero", ["--order", "2", "--smoothing", "maximum-likelihood"]),
      ("bytes", ["--order", "3", "--tokenizer", "bytes"]),
    ] {
      _ = bench.run(["train", "@train.txt", "-o", "@\(name)"] + words)
    }
    return bench
  }

  private func text(of page: String) throws -> String {
    let parser = XMLParser(data: Data(page.utf8))
    let reader = TextReader()
    parser.delegate = reader
    try #require(parser.parse(), "not well-formed: \(String(describing: parser.parserError))")
    return reader.text
  }

  @Test func `the page is well-formed, loads nothing and has the figures of each model`() throws {
    let bench = try bench()
    let words = ["compare", "@one", "@three", "--on", "@test.txt"]
    let outcome = bench.run(words + ["--html", "@page.html"])
    #expect(outcome.code == 0)
    #expect(outcome.output.withoutSpeeds == bench.run(words).output.withoutSpeeds)
    let page = String(decoding: try #require(bench.bytes(of: "page.html")), as: UTF8.self)
    let text = try text(of: page)
    for reference in ["http:", "https:", "src=", "<script", "url("] {
      #expect(!page.contains(reference))
    }
    let json = bench.run(words + ["--json"]).json
    let models = try #require(json["models"] as? [[String: Any]])
    for model in models {
      let path = try #require(model["model"] as? String)
      let entropy = try #require(model["cross_entropy_bits"] as? Double)
      let perplexity = try #require(model["perplexity"] as? Double)
      #expect(text.contains(path))
      #expect(text.contains(String(format: "%.4f", entropy)))
      #expect(text.contains(String(format: "%.2f", perplexity)))
      let fingerprints = try #require(model["fingerprints"] as? [String: String])
      for fingerprint in fingerprints.values { #expect(text.contains(fingerprint)) }
    }
    let interval = try #require(models[0]["difference_interval"] as? [Double])
    for end in interval {
      #expect(text.contains(String(format: "\u{2212}%.4f", -end)))
    }
    #expect(text.contains("the dog sang <b>&amp; \u{2401}in the rain ."))
    #expect(!text.contains("Perplexities do not compare"))
  }

  @Test func `obstacles and impossible tokens are said in words`() throws {
    let bench = try bench()
    let outcome = bench.run(
      "compare",
      "@three",
      "@one",
      "@bytes",
      "@zero",
      "--on",
      "@test.txt",
      "--html",
      "-"
    )
    #expect(outcome.code == 0)
    #expect(outcome.output.hasPrefix("<!DOCTYPE html>"))
    let text = try text(of: outcome.output)
    #expect(text.contains("Perplexities do not compare here"))
    #expect(text.contains("sentence ends: "))
    #expect(text.contains("its perplexity is infinite"))
    #expect(text.contains("no place on the axis"))
    #expect(text.contains("infinite, no place"))
    #expect(!text.contains("too little text"))
  }

  @Test func `the page is the same for every number of threads`() throws {
    let bench = try bench()
    let pages = ["1", "3"].map { threads in
      bench.run(
        "compare",
        "@three",
        "@one",
        "--on",
        "@test.txt",
        "@train.txt",
        "--html",
        "-",
        "--threads",
        threads
      ).output
    }
    #expect(pages[0] == pages[1])
    #expect(try text(of: pages[0]).contains("2 models on 2 texts"))
  }

  @Test(arguments: [
    (0.25, "+0.2500"), (-0.25, "\u{2212}0.2500"), (0, "0.0000"), (-0.00001, "0.0000"),
    (.infinity, "+infinite"), (-.infinity, "\u{2212}infinite"), (.nan, "undefined"),
  ])
  func `differences have a sign, zero has none`(value: Double, words: String) {
    #expect(ComparePage.signed(value) == words)
  }

  @Test func `many texts are named where a reader unfolds them`() throws {
    let bench = try bench()
    for number in 1...7 { try bench.write("the dog slept .\n", to: "texts/\(number).txt") }
    let page = bench.run("compare", "@one", "@three", "--on", "@texts", "--html", "-").output
    #expect(page.contains("<summary>7 texts</summary>"))
    for number in 1...7 { #expect(page.contains("/texts/\(number).txt</li>")) }
  }

  @Test func `too little text for intervals is said`() throws {
    let bench = try bench()
    try bench.write("the dog slept .\nnobody sang .\n", to: "short.txt")
    let outcome = bench.run("compare", "@one", "@three", "--on", "@short.txt", "--html", "-")
    let text = try text(of: outcome.output)
    #expect(text.contains("too little text"))
    #expect(text.contains("no interval"))
  }

  @Test(arguments: ["one", "test.txt"])
  func `what is read is not overwritten`(name: String) throws {
    let bench = try bench()
    let before = bench.bytes(of: name)
    let outcome = bench.run(
      "compare",
      "@one",
      "@three",
      "--on",
      "@test.txt",
      "--html",
      "@./\(name)"
    )
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("would be replaced; name another file"))
    #expect(outcome.output == "")
    #expect(bench.bytes(of: name) == before)
  }

  @Test func `a failure leaves no page, and an older one as it was`() throws {
    let bench = try bench()
    try bench.write("older", to: "page.html")
    let names = bench.names
    let outcome = bench.run(
      "compare",
      "@one",
      "@three",
      "--on",
      "@none.txt",
      "--html",
      "@page.html"
    )
    #expect(outcome.code == 1)
    #expect(bench.names == names)
    #expect(bench.bytes(of: "page.html") == Array("older".utf8))
    let unfit = bench.run(
      "compare",
      "@one",
      "@three",
      "--on",
      "@test.txt",
      "--html",
      "@none/page.html"
    )
    #expect(unfit.code == 1)
    #expect(unfit.errors.contains("none/page.html"))
    #expect(unfit.output == "")
  }

  @Test func `page and JSON do not share standard output`() throws {
    let outcome = try Workbench().run(
      "compare",
      "a",
      "b",
      "--on",
      "c",
      "--html",
      "-",
      "--json"
    )
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("only one result can go to standard output"))
  }

  /// All text of a document.
  private final class TextReader: NSObject, XMLParserDelegate {
    var text = ""
    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }
}

extension String {
  /// The words of each line but the last, which is the speed where there is one.
  fileprivate var withoutSpeeds: [[Substring]] {
    split(separator: "\n").map { $0.split(separator: " ").dropLast() }
  }
}
