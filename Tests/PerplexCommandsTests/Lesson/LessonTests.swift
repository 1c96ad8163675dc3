import Foundation
import LanguageModels
import TestSupport
import Testing
import Tokenization

@testable import Lesson

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite("lesson: the page") struct LessonTests {
  private func text(of page: String) throws -> String {
    let parser = XMLParser(data: Data(page.utf8))
    let reader = TextReader()
    parser.delegate = reader
    try #require(parser.parse(), "not well-formed: \(String(describing: parser.parserError))")
    return reader.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func `it is well-formed, loads nothing and has all parts`() throws {
    let page = try LessonSample.page()
    let text = try text(of: page)
    for reference in ["http:", "https:", "src=", "url(", "@import"] {
      #expect(!page.contains(reference))
    }
    for id in [
      "coin", "belief", "orders", "zeros", "bytes", "losses", "overfitting", "vocabularies",
      "exercises",
    ] {
      #expect(page.contains("<h2 id=\"\(id)\">"))
      #expect(page.contains("href=\"#\(id)\""))
    }
    #expect(page.components(separatedBy: "<li id=\"exercise-").count == 9)
    #expect(text.contains("Measured on 12 lines, every tenth of the text"))
    #expect(text.contains("models learn from 108 lines and are measured on 12"))
    #expect(text.contains("weir9"))
    #expect(page.contains("<noscript>"))
    #expect(text.contains("seed 1;"))
  }

  @Test func `text of the reader is never markup`() throws {
    #expect(!(try LessonSample.page()).contains("<b>"))
    #expect(!(try LessonSample.page()).contains("innerHTML"))
    // In samples for the script it is written by its numbers.
    let data = try #require((try LessonSample.page()).components(separatedBy: "id=\"data\">").last)
    let json = try #require(data.components(separatedBy: "</script>").first)
    #expect(!json.contains("<"))
    #expect(json.contains("\\u003c"))
  }

  @Test func `perplexities of orders and methods are those of train and score`() throws {
    let bench = try Workbench()
    try bench.write(LessonSample.lines(heldOut: false), to: "train.txt")
    try bench.write(LessonSample.lines(heldOut: true), to: "test.txt")
    let text = try text(of: LessonSample.page())
    for order in isWantedSlow ? [1, 2, 3, 4, 5] : [1, 3, 5] {
      _ = bench.run("train", "@train.txt", "-n", "\(order)", "-o", "@m")
      let total = bench.run("score", "@m", "@test.txt", "--json").json["total"]
      let json = try #require(total as? [String: Any])
      let perplexity = try #require(json["perplexity"] as? Double)
      #expect(text.contains("Perplexity " + String(format: "%.2f", perplexity)))
      let interval = json["confidence_interval"] as? [String: Any]
      let ends = try #require(interval?["perplexity"] as? [Double])
      #expect(text.contains(String(format: "%.2f to %.2f", ends[0], ends[1])))
    }
    let methods =
      isWantedSlow
      ? ["witten-bell", "katz", "jelinek-mercer", "additive", "kneser-ney"]
      : ["katz", "kneser-ney"]
    for method in methods {
      _ = bench.run("train", "@train.txt", "-n", "3", "--smoothing", method, "-o", "@m")
      let total = bench.run("score", "@m", "@test.txt", "--json").json["total"]
      let perplexity = try #require((total as? [String: Any])?["perplexity"] as? Double)
      #expect(text.contains(method + String(format: " %.2f", perplexity)))
    }
    _ = bench.run(
      ["train", "@train.txt", "-n", "3", "--smoothing", "maximum-likelihood", "-o", "@m"])
    let total = bench.run("score", "@m", "@test.txt", "--json").json["total"]
    let zeros = try #require((total as? [String: Any])?["zero_probability_tokens"] as? Int)
    #expect(zeros > 12)
    #expect(text.contains("maximum-likelihood infinite \(zeros)"))
    #expect(text.contains("That happens to \(zeros) of the "))
  }

  @Test func `bits a byte of characters and bytes are those of train and score`() throws {
    let bench = try Workbench()
    try bench.write(LessonSample.lines(heldOut: false), to: "train.txt")
    try bench.write(LessonSample.lines(heldOut: true), to: "test.txt")
    let text = try text(of: LessonSample.page())
    for words in [
      ["--tokenizer", "characters", "-n", "6"], ["--tokenizer", "bytes", "-n", "6"],
      ["--min-count", "5", "-n", "3"], ["--min-count", "10", "-n", "3", "--spell-unknown"],
    ] {
      _ = bench.run(["train", "@train.txt", "-o", "@m"] + words)
      let total = bench.run("score", "@m", "@test.txt", "--json").json["total"]
      let bits = try #require((total as? [String: Any])?["bits_per_byte"] as? Double)
      #expect(text.contains(String(format: "%.3f", bits)), "\(words)")
    }
  }

  @Test func `dropped and floored zeros are what a program makes of them`() throws {
    let zeros = try LessonSample.figures().zeros
    let bench = try Workbench()
    try bench.write(LessonSample.lines(heldOut: false), to: "train.txt")
    try bench.write(LessonSample.lines(heldOut: true), to: "test.txt")
    _ = bench.run(
      ["train", "@train.txt", "-n", "3", "--smoothing", "maximum-likelihood", "-o", "@m"])
    _ = bench.run("score", "@m", "@test.txt", "--per-token", "@tokens.tsv")
    let table = String(decoding: try #require(bench.bytes(of: "tokens.tsv")), as: UTF8.self)
    let rows = table.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    let bits = rows.map { Double($0[4]) ?? .nan }
    let finite = bits.filter { $0 < .infinity }
    #expect(!finite.isEmpty && finite.count < bits.count)
    let sum = finite.reduce(0, +)
    let dropped = pow(2, sum / Double(finite.count))
    #expect(abs(zeros.droppedPerplexity / dropped - 1) < 1e-9)
    for (index, figure) in zeros.flooredPerplexities.enumerated() {
      let floor = Double(index + 1) * log2(10)
      let expected = pow(
        2,
        (sum + floor * Double(bits.count - finite.count)) / Double(bits.count)
      )
      #expect(abs(figure / expected - 1) < 1e-9)
    }
    let example = try #require(zeros.example)
    let words = (example.context + [example.token]).joined(separator: " ")
    let training = LessonSample.lines(heldOut: false).split(separator: "\n")
    #expect(training.allSatisfy { !"<s> \($0) </s>".contains(words) })
    #expect(training.contains { "<s> \($0) </s>".contains(example.token) })
    for row in zeros.rows {
      let probability = try #require(row.exampleProbability)
      #expect((probability == 0) == (row.method == .maximumLikelihood), "\(row.method)")
    }
  }

  @Test func `a page is whole, the same for every number of threads, another for another seed`()
    throws
  {
    let bench = try Workbench()
    try bench.write(lessonSample, to: "sample.txt")
    let words = ["lesson", "@sample.txt", "-o"]
    let one = bench.run(words + ["-", "--threads", "1"])
    #expect(one.code == 0)
    let outcome = bench.run(words + ["@lesson.html", "--threads", "3"])
    #expect(outcome.code == 0)
    #expect(outcome.output == "")
    #expect(bench.names == ["lesson.html", "sample.txt"])
    let page = String(decoding: try #require(bench.bytes(of: "lesson.html")), as: UTF8.self)
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page == one.output)
    let other = bench.run(words + ["-", "--seed", "7"]).output
    #expect(other != page)
    #expect(other.contains("seed 7;"))
  }

  @Test func `a page is not written onto its text`() throws {
    let bench = try Workbench()
    try bench.write(lessonSample, to: "sample.txt")
    let refused = bench.run("lesson", "@sample.txt", "-o", "@./sample.txt")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("would be replaced; name another file"))
    #expect(bench.bytes(of: "sample.txt") == Array(lessonSample.utf8))
  }

  @Test func `graphemes of a script without spaces make a lesson`() throws {
    let bench = try Workbench()
    let lines = (0..<60).map { "川\($0 % 7)の渡し守は雨の\($0 % 4)夜に歌う。" }
    try bench.write(lines.joined(separator: "\r\n\r\n"), to: "川.txt")
    let outcome = bench.run("lesson", "@川.txt", "--tokenizer", "graphemes", "-o", "-")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try text(of: outcome.output).contains("graphemes: "))
    #expect(!outcome.output.contains("␍"))
  }

  @Test func `lines that were all seen have no zeros, and the page says so`() throws {
    let bench = try Workbench()
    try bench.write(String(repeating: "the dog slept .\n", count: 60), to: "same.txt")
    let outcome = bench.run("lesson", "@same.txt", "-o", "-")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let text = try text(of: outcome.output)
    #expect(text.contains("In these lines there is no such token."))
    #expect(text.contains("maximum-likelihood 1.00"))
  }

  @Test(arguments: [
    ("short.txt", "short.txt: a lesson needs 50 lines with words on them, and there are 2;"),
    ("latin.txt", "latin.txt:2: byte 12 of the file is not UTF-8;"),
    ("none.txt", "none.txt: cannot open: No such file or directory; check the name"),
  ])
  func `what is wrong with a text is one line and leaves no page`(
    name: String,
    words: String
  ) throws {
    let bench = try Workbench()
    try bench.write("one line .\n\n \nanother .\n", to: "short.txt")
    try bench.write(Array("good enough\n".utf8) + [0xE9, 10], to: "latin.txt")
    let before = bench.names
    let outcome = bench.run("lesson", "@\(name)", "-o", "@page.html")
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("perplex: \(words)"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(bench.names == before)
  }

  @Test func `literal markers may be skipped`() throws {
    let bench = try Workbench()
    try bench.write(
      lessonSample.replacingOccurrences(of: "nobody", with: "</s> nobody"),
      to: "marked.txt"
    )
    let outcome = bench.run("lesson", "@marked.txt", "--markers", "skip", "-o", "-")
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test(arguments: [["lesson"], ["lesson", "-o", ""], ["lesson", "-o", "a", "--threads", "0"]])
  func `a wrong command line is told`(words: [String]) throws {
    #expect(try Workbench().run(words).code == 64)
  }

  /// All text of a document.
  private final class TextReader: NSObject, XMLParserDelegate {
    var text = ""
    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }
}
