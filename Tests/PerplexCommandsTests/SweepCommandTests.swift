import Foundation
import LanguageModels
import Perplexity
import Statistics
import Testing

@testable import PerplexCommands

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct SweepCommandTests {
  /// Forty lines to train on and twenty-four to score, of which one has a word unknown to the former.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    let lines = sampleText.split(separator: "\n").map { $0 + "\n" }
    let train = (0..<40).map { lines[($0 * 5 + $0 / 6) % lines.count] }
    try bench.write(train.joined(), to: "train.txt")
    let heldOut = (0..<24).map { index in
      index == 7 ? "the zebra slept .\n" : "the \(["dog", "ferry", "river"][index % 3]) rose .\n"
    }
    try bench.write(heldOut.joined(), to: "held.txt")
    return bench
  }

  private let words = ["sweep", "@train.txt", "--held-out", "@held.txt", "--resamples", "200"]

  private func cells(_ outcome: Workbench.Outcome) throws -> [[String: Any]] {
    try #require(outcome.json["cells"] as? [[String: Any]])
  }

  private func number(_ cell: [String: Any], _ key: String) throws -> Double {
    try #require(cell[key] as? Double, "\(key) of \(cell["smoothing"] ?? "")")
  }

  @Test func `the same figures on any number of threads, a cell for each model`() throws {
    let bench = try bench()
    let words =
      words + [
        "--orders", "1-3", "--smoothings", "witten-bell,katz,maximum-likelihood", "--sizes",
        "20%,100%", "--json",
      ]
    let outcome = bench.run(words + ["--threads", "1"])
    #expect(outcome.code == 0)
    let cells = try cells(outcome)
    #expect(cells.count == 18)
    let names = cells.map { "\($0["smoothing"] ?? ""):\($0["order"] ?? "")@\($0["size"] ?? "")" }
    #expect(Set(names).count == 18)
    func withoutTimes(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.contains("\"seconds\"") }
    }
    try bench.write("", to: "scratch/note")
    for limits in [
      ["--threads", "2"], ["--threads", "7", "--temporary", "@scratch"],
      ["--threads", "4", "--memory", "32M"],
    ] {
      let other = bench.run(words + limits)
      #expect(withoutTimes(other.output) == withoutTimes(outcome.output))
    }
  }

  @Test func `its JSON has the keys of its contract`() throws {
    let outcome = try bench().run(words + ["--orders", "2", "--json"])
    #expect(
      outcome.keys(in: outcome.json) == [
        "texts", "held_out", "tokenizer", "sequence", "vocabulary_size", "vocabulary",
        "unknown_words", "tokens", "sentences", "out_of_vocabulary", "bytes", "baseline", "alpha",
        "method", "difference_method",
        "level", "resamples", "seed", "source_entropy_bits", "warnings", "sizes", "cells",
      ]
    )
    #expect(
      outcome.keys(in: try cells(outcome).first) == [
        "order", "smoothing", "size", "training_tokens", "training_lines", "failure",
        "cross_entropy_bits", "cross_entropy_interval", "perplexity", "perplexity_interval",
        "bits_per_byte", "zero_probability_tokens", "training_cross_entropy_bits",
        "training_tokens_scored", "baseline", "difference_bits", "difference_interval",
        "p_value_unadjusted",
        "ngrams", "model_bytes", "notes", "timing",
      ]
    )
  }

  @Test func `its figures are those of train, score and compare`() throws {
    let bench = try bench()
    let methods = ["jelinek-mercer", "witten-bell", "additive"]
    let outcome = bench.run(
      words + ["--orders", "3", "--smoothings", methods.joined(separator: ","), "--json"]
    )
    let cells = try cells(outcome)
    for method in methods {
      let train = [
        "train", "@train.txt", "-o", "@\(method)", "--order", "3", "--smoothing", method,
      ]
      #expect(bench.run(train).code == 0)
    }
    let models = methods.map { "@\($0)" }
    let compared = bench.run(
      ["compare"] + models + ["--on", "@held.txt", "--resamples", "200", "--json"]
    )
    let figures = try #require(compared.json["models"] as? [[String: Any]])
    for (cell, method) in zip(cells, methods) {
      let model = try #require(
        figures.first { ($0["model"] as? String)?.hasSuffix(method) == true }
      )
      for key in ["cross_entropy_bits", "perplexity", "bits_per_byte"] {
        #expect(try number(cell, key) == number(model, key))
      }
      #expect(cell["difference_bits"] as? Double == model["difference_bits"] as? Double)
      #expect(
        cell["difference_interval"] as? [Double] == model["difference_interval"] as? [Double]
      )
      let interval = model["confidence_interval"] as? [String: Any]
      #expect(
        cell["cross_entropy_interval"] as? [Double] == interval?["cross_entropy_bits"] as? [Double]
      )
      let seen = bench.run("score", "@\(method)", "@train.txt", "--json").json["total"]
      let onTraining = try #require((seen as? [String: Any])?["cross_entropy_bits"] as? Double)
      #expect(abs(try number(cell, "training_cross_entropy_bits") - onTraining) < 1e-9)
    }
    #expect(outcome.json["baseline"] as? String == "jelinek-mercer")
    #expect(outcome.json["out_of_vocabulary"] as? Int == 1)
  }

  @Test func `a size is the first lines, with the vocabulary of the whole text`() throws {
    let bench = try bench()
    let text = String(decoding: try #require(bench.bytes(of: "train.txt")), as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0 + "\n" }
    try bench.write(lines.prefix(8).joined(), to: "first.txt")
    let list = Set(text.split { $0 == " " || $0 == "\n" }).sorted().joined(separator: "\n") + "\n"
    try bench.write(list, to: "words.txt")
    let outcome = bench.run(
      words + ["--orders", "2-3", "--smoothings", "kneser-ney,witten-bell", "--sizes", "8lines"]
        + ["--json"]
    )
    for cell in try cells(outcome) {
      let order = try #require(cell["order"] as? Int)
      let method = try #require(cell["smoothing"] as? String)
      #expect(
        bench.run(
          "train",
          "@first.txt",
          "--vocabulary",
          "@words.txt",
          "--order",
          "\(order)",
          "--smoothing",
          method,
          "-o",
          "@m"
        ).code == 0
      )
      let total = bench.run("score", "@m", "@held.txt", "--json").json["total"] as? [String: Any]
      let expected = try #require(total?["cross_entropy_bits"] as? Double)
      #expect(abs(try number(cell, "cross_entropy_bits") - expected) < 1e-6)
      #expect(cell["training_lines"] as? Int == 8)
    }
  }

  @Test func `what has no perplexity says why, and zero is infinite and named`() throws {
    let bench = try bench()
    let words =
      words + ["--orders", "2", "--smoothings", "witten-bell,maximum-likelihood,stupid-backoff"]
    let cells = try cells(bench.run(words + ["--json"]))
    #expect(cells[0]["failure"] is NSNull)
    #expect(cells[1]["cross_entropy_bits"] as? String == "inf")
    #expect(cells[1]["perplexity"] as? String == "inf")
    #expect(cells[1]["difference_bits"] as? String == "inf")
    let zero = try #require(cells[1]["first_zero_probability"] as? [String: Any])
    #expect(zero["token"] as? String == "rose")
    #expect(zero["context"] as? [String] == ["dog"])
    #expect((cells[2]["failure"] as? String)?.contains("scores, not probabilities") == true)
    #expect(cells[2]["perplexity"] is NSNull)
    let outcome = bench.run(words)
    #expect(outcome.code == 0)
    let text = outcome.output.replacing("\n", with: " ")
    #expect(text.contains("no figures for every stupid-backoff model: stupid back-off gives"))
    #expect(text.contains("the first 'rose' after 'dog' on line 1"))
    #expect(text.contains("inf"))
  }

  @Test func `a known source has exact figures, and more text comes nearer to its entropy`() throws
  {
    let outcome = try Workbench().run(
      "sweep",
      "--generated",
      "1",
      "--orders",
      "3",
      "--smoothings",
      "witten-bell,absolute-discounting",
      "--sizes",
      "0.5%,2%,8%",
      "--resamples",
      "100",
      "--json"
    )
    #expect(outcome.code == 0)
    let entropy = try #require(outcome.json["source_entropy_bits"] as? Double)
    let cells = try cells(outcome)
    #expect(cells.count == 6)
    for method in ["witten-bell", "absolute-discounting"] {
      let curve = cells.filter { $0["smoothing"] as? String == method }
      var previous = Double.infinity
      for cell in curve {
        let exact = try number(cell, "source_cross_entropy_bits")
        let divergence = try number(cell, "source_divergence_bits")
        #expect(abs(exact - entropy - divergence) < 1e-9)
        #expect(divergence > 0)
        #expect(exact < previous)
        // The held-out text is a sample of the source.
        #expect(abs(try number(cell, "cross_entropy_bits") - exact) < 0.1)
        previous = exact
      }
      #expect(previous - entropy < 0.3)
    }
  }

  @Test func `the page is well-formed, loads nothing and has every figure`() throws {
    let bench = try bench()
    let words =
      words + ["--orders", "1-2", "--smoothings", "witten-bell,maximum-likelihood", "--sizes"]
      + ["10lines,100%"]
    let outcome = bench.run(words + ["--html", "@page.html"])
    #expect(outcome.code == 0)
    let page = String(decoding: try #require(bench.bytes(of: "page.html")), as: UTF8.self)
    #expect(bench.run(words + ["--html", "-", "--threads", "3"]).output == page)
    #expect(XMLParser(data: Data(page.utf8)).parse())
    for reference in ["http:", "https:", "src=", "<script", "url("] {
      #expect(!page.contains(reference))
    }
    for id in ["by-order", "overfitting", "learning", "relative"] {
      #expect(page.contains("id=\"\(id)-title\""))
    }
    for cell in try cells(bench.run(words + ["--json"])) {
      let bits = cell["cross_entropy_bits"] as? Double
      #expect(page.contains(bits.map { String(format: "%.4f", $0) } ?? "infinite"))
    }
  }

  @Test func `a text that was trained on is told of`() throws {
    let bench = try Workbench()
    let line = sampleText.replacing(" .\n", with: " ")
    try bench.write(line + "\n" + line + "\n", to: "train.txt")
    let outcome = bench.run(
      "sweep",
      "@train.txt",
      "--held-out",
      "@train.txt",
      "--orders",
      "2",
      "--smoothings",
      "witten-bell"
    )
    #expect(outcome.output.replacing("\n", with: " ").contains("were in the training text"))
  }

  @Test(
    arguments: [
      (["--orders", "0"], 64, "'--orders' must be orders from 1 to 16"),
      (["--orders", "3-1"], 64, "'--orders' must be orders from 1 to 16"),
      (["--orders", "17"], 64, "'--orders' must be orders from 1 to 16"),
      (["--smoothings", "witten-bell,knesser"], 64, "'--smoothings' must be 'all', or some of"),
      (["--smoothings", "stupid-backoff"], 64, "must have a method with probabilities"),
      (["--sizes", "120%"], 64, "'--sizes' must be shares above 0% and at most 100%"),
      (["--sizes", "0%"], 64, "'--sizes' must be shares above 0% and at most 100%"),
      (["--sizes", "-5"], 64, "'--sizes'"),
      (["--sizes", "1000000"], 1, "train.txt: the text has "),
      (["--sizes", "99lines"], 1, "less than the size '99lines'; ask for less with '--sizes'"),
      (["--baseline", "katz:9"], 64, "'--baseline' must be one of the models, not 'katz:9'"),
      (["--baseline", "kneser-ney"], 64, "name its method in '--smoothings'"),
      (["--resamples", "0"], 64, "'--resamples' must be at least 1, not 0"),
      (["--generated", "1"], 64, "'--generated' does not go with texts: it makes them itself"),
      (["--html", "@train.txt"], 1, "train.txt: this file is read or written already"),
      (["--held-out", "-"], 64, "save standard input to a file"),
      (["--held-out", "@empty.txt"], 1, "empty.txt: the text has no tokens"),
      (["--held-out", "@none.txt"], 1, "none.txt: cannot open"),
    ] as [([String], Int32, String)]
  )
  func `bad input is one line with the remedy`(
    words: [String],
    code: Int32,
    message: String
  ) throws {
    let bench = try bench()
    try bench.write("\n\n", to: "empty.txt")
    let outcome = bench.run(self.words + ["--orders", "2", "--sizes", "50%"] + words)
    #expect(outcome.code == code)
    #expect(outcome.errors.contains(message))
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.output.isEmpty)
    #expect(bench.bytes(of: "train.txt")?.isEmpty == false)
  }

  @Test func `figures of two texts are not compared`() throws {
    let grid = SweepGrid(
      orders: [1, 2],
      methods: [.wittenBell],
      sizes: [],
      baseline: BaselineName(method: .wittenBell, order: 1),
      alpha: 1
    )
    var cells = [1, 2].map { order in
      var cell = SweepCell(model: .init(size: 0, method: .wittenBell, order: order))
      var evaluation = Evaluation()
      evaluation.textFingerprint = UInt64(order)
      cell.heldOut = SweepCell.HeldOut(evaluation, nil)
      return cell
    }
    #expect(throws: CommandError.inputChanged(model: "witten-bell:2")) {
      try SweepCell.compare(&cells, grid, Resampling())
    }
  }

  @Test func `texts must be named`() throws {
    let bench = try bench()
    #expect(bench.run("sweep", "--held-out", "@held.txt").errors.contains("TEXT"))
    #expect(bench.run("sweep", "@train.txt").errors.contains("--held-out"))
    #expect(bench.run("sweep", "--generated", "1", "--tokenizer", "bytes").code == 64)
  }

  @Test(arguments: [
    ("1-5", [1, 2, 3, 4, 5], "1-5"), ("3,1", [1, 3], "1,3"), ("2,1-3,3", [1, 2, 3], "1-3"),
    ("4", [4], "4"),
  ])
  func `orders are ascending, each once`(word: String, orders: [Int], back: String) {
    #expect(OrderList(argument: word)?.values == orders)
    #expect(OrderList(orders).argument == back)
  }

  @Test func `a list of words that is read is not overwritten`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "t.txt")
    try bench.write("the\ndog\n", to: "v.txt")
    for words in [
      ["sweep", "@t.txt", "--held-out", "@t.txt", "--vocabulary", "@v.txt", "--html", "@v.txt"],
      ["train", "@t.txt", "--vocabulary", "@v.txt", "-o", "@v.txt"],
    ] {
      #expect(bench.run(words).code == 1)
      #expect(bench.bytes(of: "v.txt") == Array("the\ndog\n".utf8))
    }
  }

  @Test(arguments: [
    ["--generated", "1", "--min-count", "2"],
    ["--generated", "1", "--vocabulary", "v.txt"],
  ])
  func `what would have no sound figures is refused`(words: [String]) throws {
    #expect(try Workbench().run(["sweep"] + words).code == 64)
  }

  @Test func `a stream is swept, and sizes that come to the same have the name of the larger`()
    throws
  {
    let bench = try Workbench()
    try bench.write(sampleText, to: "t.txt")
    let outcome = bench.run(
      "sweep",
      "@t.txt",
      "--held-out",
      "@t.txt",
      "--sequence",
      "stream",
      "--orders",
      "2",
      "--smoothings",
      "witten-bell",
      "--sizes",
      "99%,100%",
      "--resamples",
      "100",
      "--json"
    )
    let cells = try #require(outcome.json["cells"] as? [[String: Any]], "\(outcome.errors)")
    #expect(cells.map { $0["size"] as? String } == ["100%"])
    let scored = bench.run(
      "train",
      "@t.txt",
      "-o",
      "@m",
      "--sequence",
      "stream",
      "--order",
      "2",
      "--smoothing",
      "witten-bell"
    )
    #expect(scored.code == 0)
    let total = bench.run("score", "@m", "@t.txt", "--json").json["total"] as? [String: Any]
    let bits = try #require(total?["cross_entropy_bits"] as? Double)
    #expect(abs(try #require(cells[0]["cross_entropy_bits"] as? Double) - bits) < 1e-9)
  }

  @Test func `a pipe is refused where each model reads the text`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "t.txt")
    #expect(mkfifo(bench.path("pipe"), 0o600) == 0)
    let outcome = bench.run("sweep", "@t.txt", "--held-out", "@pipe")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("pipe: this is not a file, and each model reads the text"))
  }
}
