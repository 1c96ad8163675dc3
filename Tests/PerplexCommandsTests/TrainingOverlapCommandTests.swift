import Testing

/// What is said of a text that a model was trained on.
@Suite struct TrainingOverlapCommandTests {
  private let warning =
    "perplex: train.txt: 100 % of the text's spans of 8 words were in the training text"

  @Test func `score warns of a text that the model was trained on, with numbers and an example`()
    throws
  {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("a dog and an old man walked slowly home in the snow .\n", to: "new.txt")
    #expect(bench.run("train", "@train.txt", "-o", "@m.perplex").code == 0)
    let seen = bench.run("score", "@m.perplex", "@train.txt", "--json")
    #expect(seen.code == 0)
    #expect(
      seen.errors == warning
        + ", 14 of 14 looked for (line 1: 'the old ferry crossed the river in the'); figures on "
        + "seen text say nothing about new text\n"
    )
    let total = try #require(seen.json["total"] as? [String: Any])
    let overlap = try #require(total["training_overlap"] as? [String: Any])
    #expect(
      Set(overlap.keys) == ["span_length", "sampled", "found", "share", "examples"]
    )
    #expect(overlap["span_length"] as? Int == 8 && overlap["share"] as? Double == 1)
    let examples = try #require(overlap["examples"] as? [[String: Any]])
    #expect(examples.count == 3)
    #expect(examples[1]["line"] as? Int == 2)
    #expect(bench.run("score", "@m.perplex", "@new.txt").errors == "")
    #expect(bench.run("score", "@m.perplex", "@train.txt", "--quiet").errors == "")
  }

  @Test(arguments: [["gated", "--memory", "32M"], ["mixing", "--fast"]])
  func `models of bytes know their text too`(family: [String]) throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    let trained = bench.run(["train", "@train.txt", "-o", "@m.perplex", "--model"] + family)
    #expect(trained.code == 0)
    let seen = bench.run("score", "@m.perplex", "@train.txt")
    #expect(seen.errors.contains("100 % of the text's spans of 50 bytes were in the training text"))
    #expect(
      bench.run("inspect", "@m.perplex").output.contains("spans of 50 bytes, all of the text's")
    )
  }

  @Test func `compare warns of each model that was trained on the text`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the old man slept .\nnobody sang in the house .\n", to: "other.txt")
    #expect(bench.run("train", "@train.txt", "-o", "@m.perplex").code == 0)
    #expect(bench.run("train", "@other.txt", "-o", "@n.perplex").code == 0)
    let outcome = bench.run("compare", "@m.perplex", "@n.perplex", "--on", "@train.txt")
    #expect(outcome.code == 0)
    let text = (outcome.output + outcome.errors).split(separator: "\n").joined(separator: " ")
    #expect(text.components("m.perplex: 100 % of the text's spans") == 1)
    #expect(text.components("n.perplex: 100 % of the text's spans") == 0)
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
