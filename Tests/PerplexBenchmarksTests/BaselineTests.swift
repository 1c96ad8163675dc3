import Testing

@testable import PerplexBenchmarks

@Suite struct BaselineTests {
  private let baseline = Baseline([("group", 0.5), ("count", 2)], workload: "a text")

  @Test func `a baseline reads as it was written`() {
    #expect(baseline.text == "# a text\nstage\treference_ratio\ngroup\t0.5\ncount\t2\n")
    #expect(Baseline(text: baseline.text) == baseline)
  }

  @Test(arguments: ["", "stage\treference_ratio\n", "# a\nstage\tratio\ngroup\tfast\n"])
  func `what is no baseline is none`(text: String) {
    #expect(Baseline(text: text) == nil)
  }

  @Test func `a stage may be a quarter slower, no more`() {
    #expect(baseline.change("count", 1) == -0.5)
    #expect(throws: Never.self) {
      try baseline.check([("group", 0.62), ("count", 0.1), ("a new stage", 9)])
    }
    #expect(throws: BenchmarkError.slower([.init(name: "group", change: 0.5)])) {
      try baseline.check([("group", 0.75), ("count", 2)])
    }
  }

  @Test func `the work of the reference is done`() {
    var reference = Reference(bitCount: 12)
    let typeCount = reference.run()
    #expect(typeCount == Set(reference.draws).count)
    #expect(zip(reference.sorted, reference.sorted.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(reference.run() == typeCount)
  }

  @Test func `the generated text is the same everywhere, and most of its types are rare`() {
    let text = GeneratedText.bytes(200_000, seed: 1)
    #expect(String(decoding: text.prefix(21), as: UTF8.self) == "la da bapaha\nzi keva ")
    #expect(GeneratedText.bytes(200_000, seed: 1) == text)
    #expect(GeneratedText.bytes(200_000, seed: 2) != text)
    var counts: [ArraySlice<UInt8>: Int] = [:]
    for token in text.split(whereSeparator: { $0 <= 32 }) { counts[token, default: 0] += 1 }
    #expect(counts.values.count { $0 == 1 } * 2 > counts.count)
    #expect(counts.values.reduce(0, max) > 500)
  }
}
