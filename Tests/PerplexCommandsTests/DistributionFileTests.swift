import Foundation
import Testing

struct DistributionFileTests {
  private func divergence(_ files: [String], _ options: String...) throws -> Workbench.Outcome {
    let bench = try Workbench()
    let names = ["first", "second"].prefix(files.count)
    for (name, text) in zip(names, files) { try bench.write(text, to: name) }
    return bench.run(["divergence"] + names.map { "@" + $0 } + options)
  }

  @Test func `every form of file gives the textbook's three colours`() throws {
    let forms: [[String]] = [
      ["colour,p,q\nred,0.8,0.8\nblue,0.2,0.1\ngreen,0,0.1\n"],
      ["red,0.8\nblue,0.2\n", "green\t0.1\nblue\t0.1\nred\t0.8\n"],
      ["{\"red\":0.8,\"blue\":0.2}", "outcome,probability\ngreen,0.1\nblue,0.1\nred,0.8\n"],
      ["[0.8,0.2,0]", "0.8\n0.1\n0.1\n"],
      [
        "[{\"outcome\":\"red\",\"probability\":0.8},{\"token\":\"blue\",\"probability\":0.2}]",
        "{\"next\":[{\"token\":\"blue\",\"probability\":0.1},{\"token\":\"green\",\"probability\":0.1},"
          + "{\"token\":\"red\",\"probability\":0.8}]}",
      ],
    ]
    for files in forms {
      let outcome = try divergence(files, "--json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let perplexity = try #require(outcome.json["perplexity_forward"] as? Double)
      #expect((perplexity - 1.8946).magnitude < 5e-5)
      let cross = try #require(outcome.json["cross_entropy_forward_bits"] as? Double)
      let entropy = try #require(outcome.json["entropy_p_bits"] as? Double)
      let divergence = try #require(outcome.json["kl_forward_bits"] as? Double)
      #expect((cross - entropy - divergence).magnitude < 1e-12)
      #expect(outcome.json["kl_backward_bits"] as? String == "inf")
    }
  }

  @Test func `the textbook's digits`() throws {
    let seen = "0,0.9\n3,0.1\n"
    let model = "0,91\n" + (1...9).map { "\($0),1\n" }.joined()
    let outcome = try divergence([seen, model], "--normalize", "--json")
    let perplexity = try #require(outcome.json["perplexity_forward"] as? Double)
    #expect((perplexity - 1.7253).magnitude < 5e-5)
  }

  @Test func `what outcomes add sums to the whole, those not shown in one row`() throws {
    let outcome = try divergence(["a,.5\nb,.3\nc,.2\n", "a,.2\nb,.3\nc,.5\n"], "--top", "1")
    #expect(outcome.output.contains("2 more"))
    let full = try divergence(["a,.5\nb,.3\nc,.2\n", "a,.2\nb,.3\nc,.5\n"], "--json")
    let terms = try #require(full.json["terms"] as? [[String: Any]])
    let sum = terms.reduce(0) { $0 + ($1["kl_bits"] as? Double ?? .nan) }
    #expect((sum - (full.json["kl_forward_bits"] as? Double ?? .nan)).magnitude < 1e-14)
  }

  @Test(arguments: [
    (["a,0.5\nb,0.4\n", "a,1\n"], "first: the probabilities sum to 0.9, not 1; --normalize"),
    (["a,1.5\nb,-0.5\n", "a,1\n"], "first:1: 1.5 is not a probability"),
    (["a,1\n", "a,0.5\na,0.5\n"], "second:2: this outcome is on line 1 already"),
    (["a,1\n", "a,0.5\nb\n"], "second:2: 1 fields where the first row has 2"),
    (["a,1\n", "outcome,probability\na,x\n"], "second:2: 'x' is not a number"),
    (["a,1\n", ""], "second: the file is empty"),
    (["a,1\n", "[]"], "second: there is no outcome"),
    (["a,1\n", "{\"a\":\"b\"}"], "second:1: an outcome without a number"),
    (["a,1\n", "{\"a\":1\n,}"], "second:2: not JSON"),
    (["a,1\n"], "first:1: one file needs three fields a row"),
    (["a,nan\n", "a,1\n"], "first"),
  ])
  func `bad input is one line that names the row`(_ files: [String], _ message: String) throws {
    let outcome = try divergence(files)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.output.isEmpty)
  }

  @Test func `a model without texts is told to need them`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    _ = bench.run("train", "@train.txt", "-o", "@m.perplex")
    let outcome = bench.run("divergence", "@m.perplex", "@m.perplex")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("--on"))
  }

  @Test func `a floor tells how much it takes away`() throws {
    let outcome = try divergence(["a,.5\nb,.5\n", "a,1\n"], "--floor", "0.25")
    #expect(outcome.output.contains("'b' to be impossible"))
    #expect(outcome.output.contains("would be 1.000000 bits: infinite less"))
  }

  @Test func `a name is the same in both forms, and a file has one value`() throws {
    let bench = try Workbench()
    try bench.write("\"a\"\"b\",0.5\nnext,0.5\n", to: "p.csv")
    try bench.write("{\"a\\\"b\": 0.5, \"next\": 0.5}\n", to: "q.json")
    let outcome = bench.run("divergence", "@p.csv", "@q.json", "--json")
    #expect(outcome.json["outcomes"] as? Int == 2, "\(outcome.errors)")
    try bench.write("{\"a\": 0.5, \"b\": 0.5}\n{\"a\": 1}\n", to: "two.json")
    let refused = bench.run("divergence", "@two.json", "@two.json")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("two.json:2: not JSON: something follows the one value"))
  }

  @Test func `a name in brackets and a packed file are told from others`() throws {
    let bench = try Workbench()
    try bench.write("[UNK],0.5\nb,0.5\n", to: "unk.csv")
    let unknown = bench.run("divergence", "@unk.csv", "@unk.csv", "--json")
    #expect(unknown.json["outcomes"] as? Int == 2, "\(unknown.errors)")
    try bench.write([0x1f, 0x8b, 8, 0, 10, 10], to: "p.csv.gz")
    let packed = bench.run("divergence", "@p.csv.gz", "@p.csv.gz")
    #expect(packed.errors.contains("p.csv.gz: gzip cannot unpack it: "))
  }
}
