import Foundation
import LanguageModels
import Perplexity
import Records
import TestSupport
import Testing
import Tokenization

@testable import ExternalModels

/// An answer of a language model and its figures; see `Fixtures/README.md`.
struct AnswerCase: CustomTestStringConvertible {
  var kind: String
  var name: String
  var file: String
  var text: String
  var tokens: Int
  var nats: Double

  var testDescription: String { "\(kind): \(name)" }

  static let all: [AnswerCase] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures/"
    let data = (try? Data(contentsOf: URL(filePath: folder + "answers.jsonl"))) ?? Data()
    return data.split(separator: 10).compactMap { line in
      guard let item = try? JSONItem(whole: Array(line), path: "answers.jsonl") else { return nil }
      guard let kind = item["kind"]?.text, let name = item["name"]?.text,
        let file = item["file"]?.text, let text = item["text"]?.text,
        let tokens = item["tokens"]?.integer, let nats = item["nats"]?.number
      else { return nil }
      return AnswerCase(
        kind: kind,
        name: name,
        file: file,
        text: text,
        tokens: tokens,
        nats: nats
      )
    }
  }()
}

/// Answers of language models as servers, clients and streams write them.
@Suite struct AnswerTests {
  @Test(arguments: AnswerCase.all)
  func `an answer has the figures of its tokens`(answer: AnswerCase) throws {
    let scored = try scored(answer.file, on: answer.text)
    #expect(scored.evaluation.measure.tokens == answer.tokens)
    #expect(abs(scored.evaluation.total.nats - answer.nats) < 1e-9)
    #expect(scored.parts.flatMap(\.encoded.text) == Array(answer.text.utf8))
  }

  @Test func `every kind has three cases at least`() {
    let kinds = Dictionary(grouping: AnswerCase.all, by: \.kind)
    #expect(AnswerCase.all.count == 82)
    #expect(kinds.values.allSatisfy { $0.count >= 3 }, "\(kinds.mapValues(\.count))")
  }

  @Test(arguments: AnswerCase.all)
  func `an answer with bytes changed is scored or refused with one line`(answer: AnswerCase) throws
  {
    let bytes = Array(answer.file.utf8)
    for index in stride(from: 3, to: bytes.count, by: 151) {
      var changed = bytes
      changed[index] = Array("9-\"[{,".utf8)[index % 6]
      do {
        _ = try scored(changed, on: Array(answer.text.utf8))
      } catch let error as BadFile {
        #expect(!error.line.contains("\n"), "byte \(index)")
      }
    }
  }

  @Test func `generated tokens that the next prompt begins with are left out`() throws {
    // The first prompt's generated token is how the second begins, by chance.
    let file = #"""
      [{"meta_info": {"input_token_logprobs": [[-1, 1, "a"], [-2, 2, "b"]],
        "output_token_logprobs": [[-9, 3, "c"]]}},
       {"meta_info": {"input_token_logprobs": [[-4, 3, "c"], [-8, 4, "d"]],
        "output_token_logprobs": [[-9, 5, "e"]]}}]
      """#
    let scored = try scored(file, on: "abcd")
    #expect(scored.tokens == ["a", "b", "c", "d"])
    #expect(abs(scored.evaluation.total.nats + 15) < 1e-12)
    #expect(scored.notes == ["2 generated tokens after the text left out"])
  }

  @Test func `of several answers to a request the text is one, or all in order`() throws {
    let answers = ["Fog.", "Rain.", "Snow."].enumerated().map { index, text in
      #"{"index": \#(index), "logprobs": {"content": [{"token": "\#(text)", "logprob": \#(-1 - index)}]}}"#
    }
    let file = #"{"choices": [\#(answers.joined(separator: ","))]}"#
    let one = try scored(file, on: "Rain.\n")
    #expect(abs(one.evaluation.total.nats + 2) < 1e-12)
    #expect(one.notes.first == "2 answers among several left out: not in the text")
    let all = try scored(file, on: "Fog.\nRain.\nSnow.\n")
    #expect(abs(all.evaluation.total.nats + 6) < 1e-12)
    // A text that none of them covers is refused.
    #expect(
      try message(file, on: "Rain.\nHail.\n")
        == "scores.jsonl:1: token 1, 'Fog.', is not what text.txt has at byte 0, 'Rain.\\nHail.\\n'; "
        + "these are the tokens of an answer, not of its prompt: give the answer as the text"
    )
  }
}
