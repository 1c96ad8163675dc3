import Compression
import Files
import Foundation
import PerplexCommands
import Testing

/// Compression with what learns from the text: no model, or one that goes on learning.
@Suite struct AdaptiveCompressionTests {
  @Test(arguments: ["", "x", "the dog\r\nthe dog", "\u{FEFF}naïve ωψ\n"])
  func `without a model a text comes back, however it is made smaller`(text: String) throws {
    let bench = try Workbench()
    try bench.write(text, to: "text")
    let there = bench.run("compress", "@text", "--fast", "--memory", "32M", "--json")
    #expect(there.code == 0)
    #expect(there.json["adaptive"] as? Bool == true)
    #expect(there.json["model"] is NSNull)
    let size = try #require(bench.bytes(of: "text.pxz")?.count)
    let bits = try #require(there.json["surprisal_bits"] as? Double)
    #expect(abs(Double(8 * (size - 48)) - bits) < 24)
    let back = bench.run("decompress", "@text.pxz", "-o", "@back")
    #expect(back.code == 0)
    #expect(bench.bytes(of: "back") == Array(text.utf8))
  }

  @Test func `bytes that are no text come back without a model`() throws {
    let bench = try Workbench()
    let bytes = (0..<600).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 7 + $0 / 3) }
    try bench.write(bytes, to: "data")
    #expect(bench.run("compress", "@data", "--fast", "-q").code == 0)
    #expect(bench.run("decompress", "@data.pxz", "-o", "@back", "-q").code == 0)
    #expect(bench.bytes(of: "back") == bytes)
  }

  @Test(arguments: ["", "--adapt"])
  func `a model of bytes codes as it scores, learning or not`(adapts: String) throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    let held = "the dog sang in the old rain .\nnobody crossed the ferry .\n"
    try bench.write(held, to: "held.txt")
    let train = bench.run(
      "train",
      "@train.txt",
      "--model",
      "gated",
      "--order",
      "4",
      "--memory",
      "32M",
      "-o",
      "@m.perplex",
      "-q"
    )
    #expect(train.code == 0)
    let option = adapts.isEmpty ? [] : [adapts]
    let score = bench.run(["score", "@m.perplex", "@held.txt", "--json"] + option)
    let total = try #require(score.json["total"] as? [String: Any])
    let tokens = try #require(total["tokens"] as? Double)
    let bits = try #require(total["cross_entropy_bits"] as? Double) * tokens
    let there = bench.run(
      ["compress", "@held.txt", "--model", "@m.perplex", "--json"] + option
    )
    #expect(there.json["adaptive"] as? Bool == !adapts.isEmpty)
    let size = try #require(bench.bytes(of: "held.txt.pxz")?.count)
    #expect(abs(Double(size - 48) - bits / 8) < 16)
    // How the model was used is in the file: nothing has to be said again.
    let back = bench.run("decompress", "@held.txt.pxz", "-m", "@m.perplex", "-o", "@back.txt")
    #expect(back.code == 0)
    #expect(bench.bytes(of: "back.txt") == Array(held.utf8))
    let without = bench.run("decompress", "@held.txt.pxz", "-o", "@x")
    #expect(without.code == 1)
    #expect(without.errors.contains("was compressed with the model of fingerprint"))
  }

  @Test func `a model is not asked for, and not taken, where none was used`() throws {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write("text", to: "text")
    #expect(bench.run("train", "@train.txt", "-o", "@m.perplex", "-q").code == 0)
    #expect(bench.run("compress", "@text", "--fast", "-q").code == 0)
    let outcome = bench.run("decompress", "@text.pxz", "--model", "@m.perplex", "-o", "@back")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "perplex: text.pxz: the text was compressed without a model; leave out --model\n"
    )
  }

  @Test func `tables larger than the machine are refused in one line`() {
    var method = CodingMethod(preset: 0, memoryMebibytes: .max)
    for bits: UInt8 in [0, 62] {
      method.textSizeBits = bits
      let error = #expect(throws: CompressionError.self) {
        try GeneralPredictor.coder(for: method, path: "c")
      }
      let line = error?.description ?? ""
      #expect(
        line.hasPrefix("c: the tables for this text may take 4294967295 MiB, and this machine")
      )
      #expect(line.hasSuffix("; compress it with a smaller --memory"))
    }
  }
}
