import Foundation
import PerplexCommands
import Testing

@Suite struct DivergenceCommandTests {
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("the dog crossed the river .\nthe ferry sank .\n", to: "test.txt")
    for (name, options) in [
      ("p", ["--order", "3", "--smoothing", "witten-bell"]),
      ("q", ["--order", "2", "--smoothing", "witten-bell"]),
      ("ml", ["--order", "2", "--smoothing", "maximum-likelihood"]),
      ("b", ["--tokenizer", "bytes", "--order", "3", "--smoothing", "witten-bell"]),
      ("g", ["--model", "gated"]),
    ] {
      let outcome = bench.run(["train", "@train.txt", "-o", "@\(name).perplex"] + options)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    return bench
  }

  @Test func `JSON has the keys of its contract, and KL is cross-entropy without entropy`() throws {
    let bench = try bench()
    let words = ["divergence", "@p.perplex", "@q.perplex", "--on", "@test.txt", "--json"]
    let outcome = bench.run(words)
    #expect(outcome.code == 0)
    let json = outcome.json
    let keys: Set<String> = [
      "models", "texts", "contexts", "contexts_in_texts", "distinct_contexts", "kl_forward_bits",
      "kl_backward_bits", "jensen_shannon_bits", "entropy_p_bits", "entropy_q_bits",
      "cross_entropy_forward_bits", "cross_entropy_backward_bits", "top1_agreement",
      "shared_tokens", "is_lower_bound", "leaves_out_ends", "unshared_p", "unshared_q",
      "standard_errors_bits",
      "infinite_forward", "infinite_backward", "tokens", "most_divergent_contexts",
    ]
    #expect(outcome.keys(in: json) == keys)
    // Ten words and two sentence ends.
    #expect(json["contexts"] as? Int == 12)
    let forward = try #require(json["kl_forward_bits"] as? Double)
    let entropy = try #require(json["entropy_p_bits"] as? Double)
    let cross = try #require(json["cross_entropy_forward_bits"] as? Double)
    #expect(forward > 0)
    #expect(abs(entropy + forward - cross) < 1e-6)
    #expect(json["is_lower_bound"] as? Bool == false)
    #expect((json["tokens"] as? [[String: Any]])?.count == 5)
    #expect(bench.run(words + ["--threads", "1"]).output == outcome.output)
  }

  @Test func `the report says how many contexts and where the models differ`() throws {
    let bench = try bench()
    let outcome = bench.run(
      "divergence",
      "@p.perplex",
      "@q.perplex",
      "--on",
      "@test.txt",
      "--contexts",
      "5",
      "--top",
      "2"
    )
    #expect(outcome.output.contains("5 of 12 contexts, evenly spread"))
    #expect(outcome.output.contains("KL(P||Q)"))
    #expect(outcome.output.contains("tokens that differ most"))
    let all = bench.run(
      "divergence",
      "@p.perplex",
      "@q.perplex",
      "--on",
      "@test.txt",
      "--contexts",
      "all"
    )
    #expect(all.output.contains("all 12 contexts"))
  }

  @Test func `an infinite divergence is named with token and context`() throws {
    let bench = try bench()
    let words = ["divergence", "@p.perplex", "@ml.perplex", "--on", "@test.txt"]
    let json = bench.run(words + ["--json"]).json
    #expect(json["kl_forward_bits"] as? String == "inf")
    let infinite = try #require(json["infinite_forward"] as? [String: Any])
    #expect(
      Set(infinite.keys) == ["token", "context", "text", "line", "count"]
    )
    #expect(bench.run(words).output.contains("KL(P||Q) is infinite in 12 of 12 contexts"))
  }

  @Test func `a gated model and n-grams of bytes have the going on of the text in common`() throws {
    let bench = try bench()
    let words = ["divergence", "@g.perplex", "@b.perplex", "--on", "@test.txt", "--json"]
    let outcome = bench.run(words)
    #expect(outcome.errors == "")
    let json = outcome.json
    #expect(json["leaves_out_ends"] as? Bool == true)
    #expect(json["contexts"] as? Int == 45)
    #expect(try #require(json["kl_forward_bits"] as? Double) > 0)
    #expect(bench.run(words + ["--threads", "1"]).output == outcome.output)
    let itself = bench.run("divergence", "@g.perplex", "@g.perplex", "--on", "@test.txt", "--json")
    #expect(itself.json["kl_forward_bits"] as? Double == 0)
    #expect(itself.json["top1_agreement"] as? Double == 1)
  }

  @Test func `what has no distribution in common is refused in one line`() throws {
    let bench = try bench()
    let outcome = bench.run("divergence", "@p.perplex", "@b.perplex", "--on", "@test.txt")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors == "perplex: p.perplex and b.perplex predict different things (words, bytes), "
        + "so no distribution is common to them; train both alike, or compare their bits per byte\n"
    )
    for words in [
      ["@p.perplex", "--on", "@test.txt"],
      ["@p.perplex", "@q.perplex", "@g.perplex", "--on", "@test.txt"],
      ["@p.perplex", "@q.perplex", "--on", "-", "-"],
      ["@p.perplex", "@q.perplex", "--on", "@test.txt", "--contexts", "0"],
    ] {
      #expect(bench.run(["divergence"] + words).code == 64)
    }
  }
}
