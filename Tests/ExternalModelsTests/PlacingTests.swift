import ExternalModels
import Foundation
import LanguageModels
import Perplexity
import Testing
import Tokenization

@testable import ExternalModels

/// How tokens are found in the text.
@Suite struct PlacingTests {
  private func neutral(_ tokens: String) -> String { #"{"unit": "bit", "tokens": [\#(tokens)]}"# }

  /// A line for `text`, cut into pieces of `size` scalars of `bits` each.
  private func document(_ text: String, size: Int, bits: Double) -> String {
    let scalars = Array(text.unicodeScalars)
    let tokens = stride(from: 0, to: scalars.count, by: size).map { start in
      let piece = scalars[start..<min(scalars.count, start + size)]
      let escaped = piece.map { "\\u" + String(format: "%04x", Int($0.value)) }.joined()
      return #"{"t": "\#(escaped)", "lp": \#(-bits)}"#
    }
    return neutral(tokens.joined(separator: ", "))
  }

  @Test func `line ends in no document have no score, and those in a document have`() throws {
    let lines = [document("Oda ran.", size: 3, bits: 2), document("Home.", size: 2, bits: 1)]
    let apart = try scored(lines.joined(separator: "\n"), on: "\nOda ran.\n\nHome.\n\n")
    #expect(apart.evaluation.measure.unscoredBytes == 5)
    #expect(apart.evaluation.measure.tokens == 6)
    #expect(apart.evaluation.total.bits == -9)
    #expect(apart.parts[0].lineEvaluations.map(\.evaluation.total.bits) == [0, -6, 0, -3, 0])
    let whole = try scored(
      document("Oda ran.\n\nHome.\n", size: 1, bits: 1),
      on: "Oda ran.\n\nHome.\n"
    )
    #expect(whole.evaluation.measure.unscoredBytes == 0)
    #expect(whole.evaluation.bitsPerByte == 1)
    #expect(whole.notes.isEmpty)
  }

  @Test func `a document that begins with a line end takes it where the text has it`() throws {
    let file = [document("a", size: 1, bits: 1), document("\nb", size: 1, bits: 1)]
      .joined(separator: "\n")
    #expect(try scored(file, on: "a\nb").evaluation.measure.unscoredBytes == 0)
    #expect(try scored(file, on: "a\n\nb").evaluation.measure.unscoredBytes == 1)
  }

  @Test func `a line end that was read as one byte is the carriage return before it, too`() throws {
    let scored = try scored(
      neutral(#"{"t": "a\nb", "lp": -1}, {"t": "\r\n", "lp": -1}"#),
      on: "a\r\nb\r\n"
    )
    #expect(scored.tokens == ["a\r\nb", "\r\n"])
    #expect(scored.evaluation.measure.graphemes == 4)
  }

  @Test func `code points that were cut are found in the text`() throws {
    // ’ is E2 80 99, é is C3 A9; a decoder writes each beginning that is not whole as one U+FFFD.
    let tokens =
      #"{"t": "Oda\ufffd", "lp": -1}, {"t": "\ufffds \ufffd", "lp": -1}, {"t": "\ufffd", "lp": -1}"#
    let scored = try scored(neutral(tokens), on: "Oda’s é\n")
    #expect(scored.parts[0].encoded.ranges.map(\.count) == [5, 4, 1, 1])
    #expect(scored.notes[0] == "3 tokens written with incomplete bytes, completed from the text")
  }

  @Test func `a replacement character in the text is itself`() throws {
    let scored = try scored(
      neutral(#"{"t": "a\ufffd", "lp": -1}, {"t": "b", "lp": -1}"#),
      on: "a\u{FFFD}b"
    )
    #expect(scored.parts[0].encoded.ranges.map(\.count) == [4, 1])
    #expect(scored.notes.isEmpty)
  }

  @Test func `offsets tell how many bytes a token has that is no whole text`() throws {
    let tokens =
      #"{"t": "\ufffd", "lp": -1, "s": 0, "e": 2}, {"t": "\ufffd", "lp": -1, "s": 2, "e": 3}"#
    #expect(try scored(neutral(tokens), on: "’").parts[0].encoded.ranges.map(\.count) == [2, 1])
  }

  @Test func `bytes join to code points, however they are cut`() throws {
    let text = "d’é 😀."
    for size in 1...4 {
      let bytes = Array(text.utf8)
      let tokens = stride(from: 0, to: bytes.count, by: size).map { start in
        "{\"b\": \(Array(bytes[start..<min(bytes.count, start + size)])), \"lp\": -1}"
      }
      let scored = try scored(neutral(tokens.joined(separator: ",")), on: text)
      #expect(scored.parts[0].encoded.text == bytes)
      #expect(scored.evaluation.measure.tokens == tokens.count)
    }
  }

  @Test func `OpenAI's spelling of bytes is read`() throws {
    let file = #"""
      {"choices": [{"logprobs": {"tokens": ["d", "bytes:\\xe2\\x80", "bytes:\\x99"],
      "token_logprobs": [null, -1, -2]}}]}
      """#
    #expect(try scored(file, on: "d’").parts[0].encoded.ranges.map(\.count) == [1, 2, 1])
  }

  @Test func `special tokens at both ends are no bytes of the text`() throws {
    let tokens = [
      #"{"t": "<s>", "lp": null}"#, #"{"t": "a", "lp": -1}"#, #"{"t": "</s>", "lp": -2}"#,
    ]
    let scored = try scored(neutral(tokens.joined(separator: ",")), on: "a\n")
    #expect(scored.evaluation.measure.tokens == 1)
    #expect(scored.notes.count == 3)
    // What the text has is text.
    let written = try ExternalModelsTests.scored(
      neutral(tokens.joined(separator: ",")),
      on: "<s>a</s>"
    )
    #expect(written.evaluation.measure.tokens == 2)
  }

  @Test func `minus infinity is a token of probability zero, and the first is named`() throws {
    let tokens = #"{"t": "a ", "lp": -1}, {"t": "\nb", "lp": -Infinity}, {"t": "c", "lp": "-inf"}"#
    let scored = try scored(neutral(tokens), on: "a \nbc")
    #expect(scored.evaluation.zeroProbabilityTokens == 2)
    #expect(scored.evaluation.perplexity == .infinity)
    #expect(
      scored.evaluation.firstZeroProbability
        == ZeroProbability(token: "\nb", context: ["a "], line: 1)
    )
  }

  @Test func `a token of more than one line belongs to the line that it begins on`() throws {
    let tokens = #"{"t": "a\n\nb", "lp": -3}, {"t": "c\n", "lp": -1}"#
    let lines = try scored(neutral(tokens), on: "a\n\nbc\n").parts[0].lineEvaluations
    #expect(lines.map(\.evaluation.total.bits) == [-3, 0, -1])
    #expect(lines.map(\.evaluation.measure.tokens) == [1, 0, 1])
  }

  @Test func `rounding above 0 is 0, and the mark of OpenAI's servers is told`() throws {
    let file = #"""
      {"choices": [{"logprobs": {"tokens": ["a", "b", "c"], "token_logprobs": [1e-7, -9999.0, -1]}}]}
      """#
    let scored = try scored(file, on: "abc")
    #expect(scored.bits[0] == 0)
    #expect(scored.notes.contains { $0.hasPrefix("1 token with the log-probability -9999") })
    #expect(
      scored.notes.contains { $0.hasPrefix("4807.") || $0.contains("bits per token are more") }
    )
  }

  @Test func `figures beside the scores that cannot be are told`() throws {
    let file =
      #"{"unit": "bit", "perplexity": 0.4, "mean_perplexity": 61, "tokens": [{"t": "a", "lp": -1}]}"#
    #expect(
      try scored(file, on: "a").notes == [
        "the file names a perplexity below 1, which is impossible: its sign or base is wrong",
        "the file names a mean of perplexities, which is not the perplexity of the text",
      ]
    )
  }

  @Test func `the figures do not depend on how a text is cut into documents`() throws {
    let lines = (1...40).map { "Line \($0) of Harrow’s Bend.\n" }
    let whole = try scored(document(lines.joined(), size: 3, bits: 1.5), on: lines.joined())
    let apart = try scored(
      lines.map { document($0, size: 3, bits: 1.5) }.joined(separator: "\n"),
      on: lines.joined()
    )
    #expect(whole.evaluation.measure.bytes == apart.evaluation.measure.bytes)
    #expect(whole.tokens.joined() == lines.joined())
    #expect(apart.tokens.joined() == lines.joined())
    #expect(apart.evaluation.measure.sequences == 40)
    #expect(apart.evaluation.total.bits == -1.5 * Double(apart.evaluation.measure.tokens))
  }

  @Test func `parts are whole lines that add up to the text`() throws {
    let line = "A line of some length, that the river says twice.\n"
    let text = String(repeating: line, count: 11_000)
    let one = document(line, size: 25, bits: 1)
    let many = Array(repeating: one, count: 11_000).joined(separator: "\n")
    let scored = try scored(many, on: text)
    #expect(scored.parts.count > 2)
    #expect(scored.parts.flatMap(\.encoded.text) == Array(text.utf8))
    for part in scored.parts {
      #expect(part.encoded.text.last == 10)
      #expect(part.encoded.lines.count == part.encoded.text.count { $0 == 10 })
      #expect(part.encoded.ranges.first?.lowerBound == 0)
      #expect(part.encoded.ranges.last?.upperBound == part.encoded.text.count)
      #expect(part.scores.count == part.encoded.tokens.count)
    }
    let last = try #require(scored.parts.last)
    #expect(last.encoded.firstLine + last.encoded.lines.count == 11_001)
    #expect(last.encoded.lines[0].byteOffset == text.utf8.count - last.encoded.text.count)
    let sum = scored.parts.flatMap(\.lineEvaluations).reduce(Evaluation()) { $0 + $1.evaluation }
    #expect(sum.total == scored.evaluation.total)
    #expect(sum.measure.characters == scored.evaluation.measure.characters)
  }

  @Test func `the data of an event may stand on several lines`() throws {
    let event = """
      data: {"id": "q", "object": "chat.completion.chunk", "choices": [{"index": 0,
      data:  "delta": {"content": "Oda"}, "logprobs": {"content": [
      data: {"token": "Oda", "logprob": -2.5, "bytes": null}]}}]}

      data: {"id": "q", "object": "chat.completion.chunk", "choices": [{"index": 0, \
      "delta": {"content": "."}, "logprobs": {"content": [{"token": ".", "logprob": -0.75}]}}]}

      data: [DONE]

      """
    for text in [event, event.replacing("\n", with: "\r\n")] {
      let scored = try scored(text, on: "Oda.")
      #expect(scored.tokens == ["Oda", "."])
      #expect(abs(scored.evaluation.total.nats + 3.25) < 1e-12)
    }
    #expect(
      try message(event.replacing("-2.5, \"bytes\": null}", with: "-2.5, "), on: "Oda.")
        .hasPrefix("scores.jsonl:1: the line ends at byte 77 in the middle of a value")
    )
  }

  @Test func `documents of line ends are placed in time that grows with the text`() throws {
    let line = #"{"unit": "nat", "tokens": [{"t": "\n", "lp": -1}]}"# + "\n"
    let scored = try scored(
      Array(String(repeating: line, count: 2000).utf8),
      on: [UInt8](repeating: 10, count: 1 << 16)
    )
    #expect(scored.evaluation.measure.tokens == 2000)
    #expect(abs(scored.evaluation.total.nats + 2000) < 1e-6)
    #expect(scored.evaluation.measure.unscoredBytes == (1 << 16) - 2000)
  }
}
