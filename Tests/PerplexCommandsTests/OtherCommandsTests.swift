import Files
import Foundation
import LanguageModels
import Terminal
import TestSupport
import Testing
import Tokenization

@testable import PerplexCommands

@Suite struct OtherCommandsTests {
  private func model(_ words: String...) throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    #expect(bench.run(["train", "@train.txt", "-o", "@m.perplex", "--quiet"] + words).code == 0)
    return bench
  }

  @Test func `inspect gives the next token's distribution, the likeliest first`() throws {
    let bench = try model()
    let outcome = bench.run("inspect", "@m.perplex", "--next", "the old", "--top", "3", "--json")
    let next = try #require(outcome.json["next"] as? [[String: Any]])
    #expect(next.count == 3)
    let probabilities = next.compactMap { $0["probability"] as? Double }
    #expect(probabilities == probabilities.sorted(by: >))
    let bits = try #require(next[0]["surprisal_bits"] as? Double)
    #expect(abs(bits + log2(probabilities[0])) < 1e-12)
    #expect(["ferry", "dog", "house"].contains(next[0]["token"] as? String))
  }

  @Test(
    arguments: isWantedSlow
      ? SmoothingMethod.allCases.map(\.rawValue)
      : ["modified-kneser-ney", "katz", "additive", "stupid-backoff"]
  )
  func `inspect verifies a model of every method`(method: String) throws {
    let bench = try model("--smoothing", method)
    let outcome = bench.run("inspect", "@m.perplex", "--verify", "--json")
    #expect(outcome.code == 0)
    let verification = try #require(outcome.json["verification"] as? [String: Any])
    #expect(try #require(verification["contexts"] as? Int) >= 1000)
    let deviation = try #require(verification["worst_deviation"] as? Double)
    if method != "stupid-backoff" { #expect(deviation < 1e-6) }
  }

  @Test func `sample draws the same text for the same seed`() throws {
    let bench = try model()
    func draw(_ seed: String) -> String {
      bench.run("sample", "@m.perplex", "--count", "4", "--seed", seed).output
    }
    #expect(draw("3") == draw("3"))
    #expect(draw("3") != draw("4"))
    #expect(draw("3").split(separator: "\n").count <= 4)
    let prompted = bench.run("sample", "@m.perplex", "--prompt", "the old", "--quiet")
    #expect(prompted.output.hasPrefix("the old"))
    #expect(prompted.errors.isEmpty)
    let words = ["sample", "@m.perplex", "--count", "4", "--seed", "3"]
    #expect(bench.run(words + ["--threads", "2"]).output == draw("3"))
    let json = bench.run(words + ["--json"]).json
    #expect((json["samples"] as? [String])?.map { $0 + "\n" }.joined() == draw("3"))
  }

  @Test func `convert there and back leaves every score as it was`() throws {
    let bench = try model("--tokenizer", "characters", "--order", "5")
    #expect(bench.run("convert", "@m.perplex", "@m.arpa").code == 0)
    #expect(bench.run("convert", "@m.arpa", "@back.perplex").code == 0)
    func figures(_ model: String) -> [String: Any] {
      bench.run("score", "@\(model)", "@train.txt", "--json").json["total"] as? [String: Any] ?? [:]
    }
    let first = try #require(figures("m.perplex")["log10_probability"] as? Double)
    for name in ["m.arpa", "back.perplex"] {
      let other = try #require(figures(name)["log10_probability"] as? Double)
      let tokens = try #require(figures(name)["tokens"] as? Int)
      #expect(abs(first - other) < 1e-6 * Double(tokens))
    }
  }

  @Test func `each result says its form, its program and its command, and equal runs are equal`()
    throws
  {
    let bench = try model()
    try bench.write("the dog sang .\nnobody slept .\n", to: "t.txt")
    let lines = [
      ["score", "@m.perplex", "@t.txt"], ["inspect", "@m.perplex", "--next", "the"],
      ["sample", "@m.perplex"], ["explain", "@m.perplex", "the dog"],
      ["train", "@t.txt", "-o", "@n.perplex", "--tokenizer", "bytes"],
      ["compare", "@m.perplex", "@n.perplex", "--on", "@t.txt"],
      ["compress", "@t.txt", "--model", "@n.perplex", "-o", "@t.pxz"],
      ["convert", "@m.perplex", "@m.arpa"],
    ]
    for words in lines {
      let outputs = (0..<2).map { _ in bench.run(words + ["--json", "--no-timing", "-q"]) }
      #expect(outputs[0].code == 0, "\(outputs[0].errors)")
      #expect(outputs[0].output == outputs[1].output)
      #expect(
        outputs[0].output.hasPrefix(
          "{\n  \"schema\": 1,\n  \"perplex\": \"0.1.0\",\n  \"command\": \"\(words[0])\",\n"
        )
      )
      #expect(!outputs[0].output.contains("\"timing\""))
      #expect(
        bench.run(words + ["--json"]).output.contains("\"timing\"")
          == ["score", "compare", "train", "compress", "convert"].contains(words[0])
      )
    }
    #expect(bench.run("score", "@m.perplex", "@t.txt", "--no-timing").code == 64)
  }

  @Test func `convert tells a program what it wrote`() throws {
    let bench = try model("--order", "3")
    let there = bench.run("convert", "@m.perplex", "@m.arpa", "--json", "--threads", "3")
    let keys: Set<String> = ["model", "output", "format", "order", "ngrams", "bytes", "timing"]
    #expect(there.keys(in: there.json) == keys)
    #expect(there.json["format"] as? String == "arpa")
    #expect(there.json["bytes"] as? Int == bench.bytes(of: "m.arpa")?.count)
    let back = bench.run("convert", "@m.arpa", "@b.perplex", "--json", "--threads", "1")
    #expect(back.json["format"] as? String == "perplex")
    #expect(back.json["ngrams"] as? [Int] == there.json["ngrams"] as? [Int])
    #expect(bench.run("convert", "@m.arpa", "@c.perplex", "--threads", "5").output.isEmpty)
    #expect(bench.bytes(of: "b.perplex") == bench.bytes(of: "c.perplex"))
    #expect(bench.run("convert", "@m.perplex", "-", "--json").code == 64)
  }

  @Test(arguments: ["score", "sample", "inspect", "convert", "train", "compress", "decompress"])
  func `a command has threads and JSON`(command: String) throws {
    let help = try Workbench().run("help", command).output
    #expect(help.contains("--threads"))
    #expect(help.contains("--json"))
  }

  @Test func `what ARPA cannot hold is refused by name`() throws {
    let bench = try model("--smoothing", "additive")
    let outcome = bench.run("convert", "@m.perplex", "@m.arpa")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("train it with --back-off"))
    #expect(bench.bytes(of: "m.arpa") == nil)
  }

  @Test func `demo ends in a table with the true entropy`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the dog crossed the river .\n", to: "held-out.txt")
    let english = DemoCommand.Texts(
      train: [.file(bench.path("train.txt"))],
      heldOut: [.file(bench.path("held-out.txt"))]
    )
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    var console = Console.recording()
    let demo = DemoCommand(results: OutputOptions(printsJSON: true))
    try demo.run(on: english, in: folder, &console)
    let outcome = Workbench.Outcome(code: 0, output: console.output, errors: console.errors)
    let models = try #require(outcome.json["models"] as? [[String: Any]])
    let generated = models.filter { $0["text"] as? String == "generated" }
    let entropy = try #require(generated.first?["true_entropy_bits"] as? Double)
    for model in generated {
      let reached = try #require(model["cross_entropy_bits"] as? Double)
      // The held-out text is finite: its own mean may lie 0.01 bits under the source's.
      #expect(reached > entropy - 0.03)
      let exact = try #require(model["source_cross_entropy_bits"] as? Double)
      let divergence = try #require(model["source_divergence_bits"] as? Double)
      #expect(abs(exact - entropy - divergence) < 1e-9)
      #expect(abs(exact - reached) < 0.03)
      // Foundation's reader of JSON may miss a number's last bit.
      let distance = try #require(model["distance_bits"] as? Double)
      #expect(abs(distance - (reached - entropy)) < 1e-12)
    }
    let trigram = try #require(generated.first { $0["order"] as? Int == 3 })
    #expect(try #require(trigram["cross_entropy_bits"] as? Double) < entropy + 0.06)
  }

  @Test(arguments: [
    "train", "score", "sample", "inspect", "convert", "compress", "decompress", "completions",
    "demo", "divergence", "explain", "sweep", "report", "lesson",
  ])
  func `the help of a command has two examples or more`(command: String) throws {
    let bench = try Workbench()
    let outcome = bench.run("help", command)
    #expect(outcome.code == 0)
    let examples = outcome.output.components(separatedBy: "perplex \(command) ").count - 1
    #expect(examples >= 2)
    #expect(bench.run(command, "--help").output == outcome.output)
  }

  @Test func `help names nothing that is not there yet`() throws {
    let help = try Workbench().run("help", "train").output
    for option in ["--prune-entropy", "bpe", "--vocabulary-size"] {
      #expect(!help.contains(option))
    }
  }

  @Test func `unknown words of a prompt are noted`() throws {
    let bench = try model()
    let outcome = bench.run("inspect", "@m.perplex", "--next", "<s> the zebra", "--top", "2")
    #expect(outcome.code == 0)
    #expect(
      outcome.errors == "perplex: the model does not know 'zebra' and takes it as <unk>\n"
    )
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions know every command`(shell: String) throws {
    let bench = try Workbench()
    let script = bench.run("completions", shell).output
    for command in [
      "train", "score", "compare", "divergence", "loss", "sample", "inspect", "convert", "compress",
      "decompress", "demo", "explain", "sweep", "report", "lesson",
    ] {
      #expect(script.contains(command))
    }
  }
}
