import Foundation
import PerplexCommands
import Testing

@Suite struct CompressionCommandTests {
  private func model(_ words: String...) throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    let train = ["train", "@train.txt", "-o", "@m.perplex", "--quiet"] + words
    #expect(bench.run(train).code == 0)
    return bench
  }

  private static let held = "the dog sang in the old rain .\nnobody crossed the ferry .\n"

  @Test(arguments: ["characters", "bytes"], ["document", "line"])
  func `a file is as long as the cross-entropy that score reports, and comes back`(
    tokenizer: String,
    sequence: String
  ) throws {
    let bench = try model("--tokenizer", tokenizer, "--sequence", sequence, "--order", "6")
    try bench.write(Self.held, to: "held.txt")
    let score = bench.run("score", "@m.perplex", "@held.txt", "--json")
    let total = try #require(score.json["total"] as? [String: Any])
    let tokens = try #require(total["tokens"] as? Double)
    let bits = try #require(total["cross_entropy_bits"] as? Double) * tokens
    let there = bench.run("compress", "@held.txt", "--model", "@m.perplex", "--json")
    #expect(there.code == 0)
    let size = try #require(bench.bytes(of: "held.txt.pxz")?.count)
    #expect(there.json["compressed_bytes"] as? Int == size)
    let framing = try #require(there.json["framing_bytes"] as? Int)
    #expect(framing == 48)
    let spelling = try #require(there.json["spelling_bits"] as? Double)
    #expect(spelling == 0)
    #expect(abs(Double(size - framing) - bits / 8) < 16)
    let surprisal = try #require(there.json["surprisal_bits"] as? Double)
    #expect(surprisal <= bits + 1e-6)
    let back = bench.run(
      "decompress",
      "@held.txt.pxz",
      "--model",
      "@m.perplex",
      "-o",
      "@back.txt",
      "--json"
    )
    #expect(back.code == 0)
    #expect(bench.bytes(of: "back.txt") == Array(Self.held.utf8))
    #expect(back.json["bytes"] as? Int == Self.held.utf8.count)
    #expect(
      back.json["model_fingerprint"] as? String == there.json["model_fingerprint"] as? String
    )
  }

  @Test func `JSON has the keys that are promised`() throws {
    let bench = try model("--tokenizer", "bytes")
    let there = bench.run("compress", "@train.txt", "--model", "@m.perplex", "--json")
    let keys: Set<String> = [
      "text", "output", "model", "model_fingerprint", "adaptive", "bytes", "compressed_bytes",
      "framing_bytes", "code_bits", "surprisal_bits", "spelling_bits", "bits_per_byte", "timing",
    ]
    #expect(there.keys(in: there.json) == keys)
    #expect(there.json["adaptive"] as? Bool == false)
    let back = bench.run(
      "decompress",
      "@train.txt.pxz",
      "-m",
      "@m.perplex",
      "-o",
      "@back.txt",
      "--json"
    )
    let backKeys: Set<String> = [
      "file", "output", "model", "model_fingerprint", "adaptive", "bytes", "compressed_bytes",
      "timing",
    ]
    #expect(back.keys(in: back.json) == backKeys)
  }

  @Test(arguments: ["", "x", "\u{FEFF}a\r\nb\n", "no end", "\n\n", "ωψ\u{1F600}\n"])
  func `small and odd texts come back to the byte`(text: String) throws {
    for tokenizer in ["characters", "bytes"] {
      let bench = try model("--tokenizer", tokenizer)
      try bench.write(text, to: "odd")
      #expect(bench.run("compress", "@odd", "--model", "@m.perplex", "--quiet").code == 0)
      let back = bench.run("decompress", "@odd.pxz", "--model", "@m.perplex", "-o", "@back")
      #expect(back.code == 0)
      #expect(bench.bytes(of: "back") == Array(text.utf8))
    }
  }

  @Test func `bytes that are no text come back with a model of bytes`() throws {
    let bench = try model("--tokenizer", "bytes")
    let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 7 + $0 / 3) }
    try bench.write(bytes, to: "data")
    #expect(bench.run("compress", "@data", "-m", "@m.perplex").code == 0)
    #expect(bench.run("decompress", "@data.pxz", "-m", "@m.perplex", "-o", "@back").code == 0)
    #expect(bench.bytes(of: "back") == bytes)
  }

  @Test func `names follow from the file's, and what exists is not replaced unasked`() throws {
    let bench = try model("--tokenizer", "bytes")
    let compress = ["compress", "@train.txt", "-m", "@m.perplex"]
    let first = bench.run(compress)
    #expect(first.code == 0)
    #expect(first.output.contains("bits a byte"))
    #expect(bench.bytes(of: "train.txt") == Array(sampleText.utf8))
    let again = bench.run(compress)
    #expect(again.code == 1)
    #expect(
      again.errors
        == "perplex: train.txt.pxz: this file exists and would be replaced; name it with "
        + "--output to replace it\n"
    )
    #expect(bench.run(compress + ["-o", "@train.txt.pxz"]).code == 0)
    let back = bench.run("decompress", "@train.txt.pxz", "-m", "@m.perplex")
    #expect(back.code == 1)
    #expect(back.errors.hasPrefix("perplex: train.txt: this file exists"))
    try FileManager.default.removeItem(atPath: bench.path("train.txt"))
    #expect(bench.run("decompress", "@train.txt.pxz", "-m", "@m.perplex").code == 0)
    #expect(bench.bytes(of: "train.txt") == Array(sampleText.utf8))
  }

  @Test func `a text goes through pipes, there and back`() throws {
    let bench = try model("--tokenizer", "characters")
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(fileURLWithPath: tests).deletingLastPathComponent()
      .appendingPathComponent("perplex").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.currentDirectoryURL = URL(fileURLWithPath: bench.folder)
    process.arguments = [
      "-c",
      "'\(program)' compress -q -m m.perplex < train.txt"
        + " | '\(program)' decompress -q -m m.perplex > back.txt",
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(bench.bytes(of: "back.txt") == Array(sampleText.utf8))
  }

  /// A mistake, the exit code and the one line that it must give.
  struct Case: CustomTestStringConvertible, Sendable {
    var words: [String]
    var code: Int32
    var message: String
    var testDescription: String { words.joined(separator: " ") }

    init(_ words: String, _ code: Int32, _ message: String) {
      self.words = words.split(separator: " ").map(String.init)
      self.code = code
      self.message = message
    }
  }

  static let cases: [Case] = [
    Case(
      "compress @none.txt --model @m.perplex",
      1,
      "none.txt: cannot open: No such file or directory; check the name"
    ),
    Case(
      "compress @folder --model @m.perplex",
      1,
      "folder: cannot open: Is a directory; name a file"
    ),
    Case(
      "compress @held.txt --model @none.perplex",
      1,
      "none.perplex: cannot open: No such file or directory; check the name"
    ),
    Case(
      "compress @held.txt --model @words.perplex",
      1,
      "words.perplex: the model's tokens are words, from which a text does not come back to the "
        + "byte; train one with --tokenizer characters or bytes"
    ),
    Case(
      "compress @held.txt --model @lower.perplex",
      1,
      "lower.perplex: the model changes a text before it reads it, so that the text would not come "
        + "back; train one without --lowercase and --normalize"
    ),
    Case(
      "compress @held.txt --model @stupid.perplex",
      1,
      "stupid.perplex: stupid back-off gives scores, not probabilities; train with another "
        + "--smoothing"
    ),
    Case(
      "compress @held.txt --model @damaged.perplex",
      1,
      "damaged.perplex: the model's region 0 is damaged; copy or train it anew"
    ),
    Case(
      "compress @latin.txt --model @m.perplex",
      1,
      "latin.txt:2: byte 8 of the file is not UTF-8, and the model predicts characters; use a "
        + "model of bytes"
    ),
    Case(
      "compress @held.txt --model @m.perplex --adapt",
      1,
      "m.perplex: an n-gram model does not learn from what it reads; leave out --adapt"
    ),
    Case(
      "compress @held.txt --model @m.perplex -o @held.txt",
      1,
      "held.txt: this file is read or written already, and would be replaced; name another file"
    ),
    Case(
      "compress @held.txt --model @m.perplex -o @m.perplex",
      1,
      "m.perplex: this file is read or written already, and would be replaced; name another file"
    ),
    Case(
      "compress @held.txt --model @m.perplex -o @none/x",
      1,
      "none/x: cannot create: No such file or directory; check the name"
    ),
    Case(
      "compress @held.txt --model @m.perplex -o - --json",
      64,
      "only one result can go to standard output; see 'perplex help compress'"
    ),
    Case(
      "compress @held.txt --adapt",
      64,
      "'--adapt' needs '--model': without a model, the predictor always learns; see 'perplex help "
        + "compress'"
    ),
    Case(
      "compress @held.txt --model @m.perplex --fast",
      64,
      "'--fast' does not go with '--model': the model says both; see 'perplex help compress'"
    ),
    Case(
      "compress @held.txt --memory 1K",
      64,
      "'--memory' must be between 32M and 64G, not 1024 bytes; see 'perplex help compress'"
    ),
    Case(
      "decompress @held.txt --model @m.perplex",
      64,
      "the name 'held.txt' does not end in .pxz: name the text with '--output'; see 'perplex help "
        + "decompress'"
    ),
    Case(
      "decompress @held.txt --model @m.perplex -o @x",
      1,
      "held.txt: this is not a compressed text; give a file that perplex compress wrote"
    ),
    Case(
      "decompress @empty.pxz --model @m.perplex -o @x",
      1,
      "empty.pxz: this is not a compressed text; give a file that perplex compress wrote"
    ),
    Case(
      "decompress @cut.pxz --model @m.perplex -o @x",
      1,
      "cut.pxz: the file is incomplete; copy it again"
    ),
    Case(
      "decompress @end.pxz --model @m.perplex -o @x",
      1,
      "end.pxz: the file does not match its checksum: it is incomplete or damaged; copy it again"
    ),
    Case(
      "decompress @flipped.pxz --model @m.perplex -o @x",
      1,
      "flipped.pxz: the file does not match its checksum: it is incomplete or damaged; copy it "
        + "again"
    ),
    Case(
      "decompress @longer.pxz --model @m.perplex -o @x",
      1,
      "longer.pxz: the file does not match its checksum: it is incomplete or damaged; copy it again"
    ),
    Case(
      "decompress @header.pxz --model @m.perplex -o @x",
      1,
      "header.pxz: the file's first 24 bytes are damaged; copy it again"
    ),
    Case(
      "decompress @version.pxz --model @m.perplex -o @x",
      1,
      "version.pxz: the file has format 2, this program reads 1; use the program that wrote it"
    ),
    Case(
      "decompress @good.pxz -o @x",
      1,
      "good.pxz: the text was compressed with the model of fingerprint FINGERPRINT; give it with "
        + "--model"
    ),
    Case(
      "decompress @good.pxz --model @other.perplex -o @x",
      1,
      "good.pxz: the text was compressed with the model of fingerprint FINGERPRINT, but "
        + "other.perplex has OTHER; give the same model, unchanged"
    ),
    Case(
      "decompress @good.pxz --model @damaged.perplex -o @x",
      1,
      "damaged.perplex: the model's region 0 is damaged; copy or train it anew"
    ),
    Case(
      "decompress @good.pxz --model @m.perplex -o @good.pxz",
      1,
      "good.pxz: this file is read or written already, and would be replaced; name another file"
    ),
    Case(
      "decompress @good.pxz --model @m.perplex -o - --json",
      64,
      "only one result can go to standard output; see 'perplex help decompress'"
    ),
  ]

  @Test func `every mistake gives one line, its exit code, and leaves files alone`() throws {
    let bench = try Self.benchOfMistakes()
    let there = bench.run(
      "compress",
      "@held.txt",
      "--model",
      "@m.perplex",
      "-o",
      "@good.pxz",
      "--json"
    )
    let fingerprint = try #require(there.json["model_fingerprint"] as? String)
    let second = bench.run(
      "compress",
      "@held.txt",
      "--model",
      "@other.perplex",
      "-o",
      "@second.pxz",
      "--json"
    )
    let other = try #require(second.json["model_fingerprint"] as? String)
    #expect(fingerprint != other)
    let good = try #require(bench.bytes(of: "good.pxz"))
    func write(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
      var bytes = good
      change(&bytes)
      try bench.write(bytes, to: name)
    }
    try write("empty.pxz") { $0 = [] }
    try write("cut.pxz") { $0.removeSubrange(40...) }
    try write("end.pxz") { $0.removeLast(3) }
    try write("flipped.pxz") { $0[28] ^= 4 }
    try write("longer.pxz") { $0 += [1, 2, 3] }
    try write("header.pxz") { $0[17] ^= 1 }
    try write("version.pxz") { $0[4] = 2 }
    let names = bench.names
    for mistake in Self.cases {
      let outcome = bench.run(mistake.words)
      let message = mistake.message.replacingOccurrences(of: "FINGERPRINT", with: fingerprint)
        .replacingOccurrences(of: "OTHER", with: other)
      #expect(outcome.code == mistake.code, "\(mistake.testDescription)")
      #expect(outcome.errors == "perplex: \(message)\n")
      #expect(outcome.output.isEmpty)
      #expect(bench.names == names, "\(mistake.testDescription)")
    }
  }

  private static func benchOfMistakes() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write(held, to: "held.txt")
    try bench.write(Array("good\ncaf".utf8) + [0xe9, 10], to: "latin.txt")
    try FileManager.default.createDirectory(
      atPath: bench.path("folder"),
      withIntermediateDirectories: true
    )
    let models = [
      ("m", ["--tokenizer", "characters"]), ("other", ["--tokenizer", "characters", "-n", "3"]),
      ("words", []), ("lower", ["--tokenizer", "characters", "--lowercase"]),
      ("stupid", ["--tokenizer", "characters", "--smoothing", "stupid-backoff"]),
    ]
    for (name, words) in models {
      let train = ["train", "@train.txt", "-o", "@\(name).perplex", "--quiet"] + words
      #expect(bench.run(train).code == 0)
    }
    var bytes = try #require(bench.bytes(of: "m.perplex"))
    bytes[bytes.count - 3] ^= 1
    try bench.write(bytes, to: "damaged.perplex")
    return bench
  }
}
