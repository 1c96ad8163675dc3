import Foundation
import Testing

/// The built program with pipes at both its ends.
private final class Conversation {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  /// Runs the program that was built with the tests, and lies beside them.
  init(_ words: [String]) throws {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent()
      .appendingPathComponent("perplex")
    process.arguments = words
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  func write(_ text: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
  }

  /// The next line of the program's output, as soon as it is whole; what there is at its end.
  func readLine() throws -> String {
    var bytes: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Ends the input and gives the rest of the output and the exit code.
  func finish() throws -> (output: String, code: Int32) {
    try input.fileHandleForWriting.close()
    let rest = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (String(decoding: rest, as: UTF8.self), process.terminationStatus)
  }
}

@Suite struct FilterTests {
  private static let lines = ["the old dog slept .", "", "zebra sang"]

  /// A model of sentences, or of one document, and a text file of the lines.
  private func bench(_ words: String...) throws -> Workbench {
    let bench = try Workbench()
    try bench.write(sampleText, to: "train.txt")
    try bench.write(Self.lines.map { $0 + "\n" }.joined(), to: "lines.txt")
    #expect(bench.run(["train", "@train.txt", "-o", "@m.perplex", "--quiet"] + words).code == 0)
    return bench
  }

  private func figures(_ json: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
    return try #require(value as? [String: Any])
  }

  @Test func `each line from a pipe is answered before the next is written`() throws {
    let bench = try bench()
    let program = try Conversation(["score", bench.path("m.perplex"), "-", "--by", "line"])
    #expect(try program.readLine() == "  line  tokens unknown bits/token   perplexity")
    for (index, (text, expected)) in zip(Self.lines, [["6", "0"], ["1", "0"], ["3", "1"]])
      .enumerated()
    {
      try program.write(text + "\n")
      let cells = try program.readLine().split(separator: " ").map(String.init)
      #expect(Array(cells.prefix(3)) == ["\(index + 1)"] + expected)
      #expect(cells.count == 5)
    }
    let (rest, code) = try program.finish()
    #expect(code == 0)
    #expect(rest.hasPrefix("\n\(bench.path("m.perplex")) on -\n10 tokens"))
  }

  @Test(arguments: ["words", "characters"])
  func `answers as JSON have the numbers of the same text in a file`(tokenizer: String) throws {
    let bench = try bench("--tokenizer", tokenizer)
    let file = bench.run("score", "@m.perplex", "@lines.txt", "--by", "line", "--json")
    let expected = try #require(file.json["texts"] as? [[String: Any]])
    let program = try Conversation([
      "score", bench.path("m.perplex"), "-", "--by", "line", "--json",
    ])
    for (index, text) in Self.lines.enumerated() {
      try program.write(text + "\n")
      let answer = try figures(try program.readLine())
      #expect(Set(answer.keys) == Set(expected[index].keys))
      #expect(answer["line"] as? Int == index + 1)
      // The end of a document comes after its last line.
      if tokenizer == "characters" && index + 1 == Self.lines.count { continue }
      for key in ["tokens", "out_of_vocabulary", "bytes", "characters"] {
        #expect(answer[key] as? Int == expected[index][key] as? Int)
      }
      #expect(
        answer["cross_entropy_bits"] as? Double == expected[index]["cross_entropy_bits"] as? Double
      )
    }
    let total = try #require(try figures(try program.finish().output)["total"] as? [String: Any])
    let fileTotal = try #require(file.json["total"] as? [String: Any])
    for key in fileTotal.keys where !["model", "timing"].contains(key) {
      #expect(total[key] as? Double == fileTotal[key] as? Double, "\(key)")
    }
  }

  @Test(arguments: ["--per-line", "--per-token"])
  func `a table on standard output has its rows as the lines come`(table: String) throws {
    let bench = try bench()
    let whole = bench.run("score", "@m.perplex", "@lines.txt", table, "@table.tsv")
    #expect(whole.code == 0)
    let rows = String(decoding: bench.bytes(of: "table.tsv") ?? [], as: UTF8.self)
      .split(separator: "\n")
    let program = try Conversation(["score", bench.path("m.perplex"), "-", table, "-"])
    #expect(try program.readLine() == rows[0])
    for (index, text) in Self.lines.enumerated() {
      try program.write(text + "\n")
      for row in rows.dropFirst() where row.hasPrefix("\(index + 1)\t") {
        #expect(try program.readLine() == row)
      }
    }
    let end = try program.finish()
    #expect(end.output.isEmpty)
    #expect(end.code == 0)
  }

  @Test func `lines before one at fault are answered, and the program fails`() throws {
    let bench = try bench("--tokenizer", "whitespace")
    let program = try Conversation([
      "score", bench.path("m.perplex"), "-", "--by", "line", "--quiet",
    ])
    try program.write("the dog\nthe <s> dog\nthe dog\n")
    _ = try program.readLine()
    #expect(try program.readLine().hasPrefix("     1       3       0"))
    let end = try program.finish()
    #expect(end.output.isEmpty)
    #expect(end.code == 1)
  }

  @Test func `lines of several files have their text's name before them`() throws {
    let bench = try bench()
    let outcome = bench.run(
      "score",
      "@m.perplex",
      "@lines.txt",
      "@train.txt",
      "--by",
      "line",
      "--threads",
      "1"
    )
    let rows = outcome.output.split(separator: "\n")
    #expect(rows[0].hasPrefix("text"))
    #expect(rows[1].hasPrefix(bench.path("lines.txt")))
    #expect(rows[4].hasPrefix(bench.path("train.txt")))
    #expect(rows[4].split(separator: " ").dropFirst().prefix(2) == ["1", "11"])
    #expect(Set(rows[...9].map(\.count)).count == 1)
    #expect(outcome.output.contains("all 2 texts together"))
  }
}
