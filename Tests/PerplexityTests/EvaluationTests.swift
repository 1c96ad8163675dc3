import Foundation
import LanguageModels
import TestSupport
import Testing
import Tokenization

@testable import Perplexity

@Suite struct EvaluationTests {
  /// Words of probability 2^-1, 2^-2, 2^-3, `<unk>` 2^-4 and `</s>` 2^-5; they need not sum to one.
  private let halves = StubModel.unigrams([
    "a": 0.5, "é": 0.25, "c": 0.125, "<unk>": 0.0625, "</s>": 0.03125,
  ])

  @Test(arguments: [2, 6, 14, 62, 254])
  func `a uniform model's perplexity is exactly the number of its tokens`(wordCount: Int) throws {
    // With `<unk>` and `</s>`, V is a power of two, so that not even the last bit is lost.
    let words = (0..<wordCount).map { "w\($0)" }
    let text = words.joined(separator: " ") + "\nw0 other <unk>\n\n"
    #expect(try evaluate(StubModel.uniform(words), text).perplexity == Double(wordCount + 2))
  }

  @Test(arguments: [1, 3, 98, 1000])
  func `and as near as numbers allow where logarithms are rounded`(wordCount: Int) throws {
    let words = (0..<wordCount).map { "w\($0)" }
    let text = String(repeating: words.joined(separator: " ") + "\n", count: 3)
    let evaluation = try evaluate(StubModel.uniform(words), text)
    #expect(isClose(evaluation.perplexity, Double(wordCount + 2)))
    #expect(isClose(evaluation.crossEntropyBits, log2(Double(wordCount + 2))))
    #expect(isClose(evaluation.crossEntropyNats, log(Double(wordCount + 2))))
  }

  @Test func `sums and denominators are those of arithmetic by hand`() throws {
    let evaluation = try evaluate(halves, "a é\n\nc <unk> zebra\n")
    // a 1 + é 2 + </s> 5 bits, then </s> 5, then c 3 + <unk> 4 + zebra as <unk> 4 + </s> 5.
    #expect(evaluation.total.bits == -29)
    #expect(evaluation.unknownTotal.bits == -4)
    #expect(evaluation.knownTotal.bits == -25)
    var measure = TextMeasure()
    measure.sequences = 3
    measure.tokens = 8
    measure.outOfVocabulary = 1
    measure.bytes = 20
    measure.characters = 19
    measure.graphemes = 19
    measure.blankLines = 1
    #expect(evaluation.measure == measure)
    #expect(evaluation.crossEntropyBits == 29.0 / 8)
    #expect(isClose(evaluation.crossEntropyNats, 29.0 / 8 * log(2)))
    #expect(isClose(evaluation.total.log10, -29 * log10(2)))
    #expect(isClose(evaluation.perplexity, pow(2, 29.0 / 8)))
    #expect(isClose(evaluation.perplexityExcludingOutOfVocabulary, pow(2, 25.0 / 7)))
    #expect(evaluation.bitsPerByte == 29.0 / 20)
    #expect(evaluation.bitsPerCharacter == 29.0 / 19)
    #expect(evaluation.bitsPerGrapheme == 29.0 / 19)
    #expect(evaluation.tokensByMatchedLength == [0, 8] + Array(repeating: 0, count: 15))
    #expect(evaluation.zeroProbabilityTokens == 0)
    #expect(evaluation.firstZeroProbability == nil)
  }

  @Test func `a literal unknown word is in the vocabulary`() throws {
    let literal = try evaluate(halves, "<unk> <unk>\n")
    #expect(literal.measure.outOfVocabulary == 0)
    #expect(literal.unknownTotal == .one)
    #expect(literal.perplexity == literal.perplexityExcludingOutOfVocabulary)
    let outside = try evaluate(halves, "x y\n")
    #expect(outside.measure.outOfVocabulary == 2)
    #expect(outside.total == literal.total)
    // Of the three tokens only </s> is known.
    #expect(outside.perplexityExcludingOutOfVocabulary == 32)
  }

  @Test func `a certain text has perplexity one, and no entropy below zero`() throws {
    let model = StubModel.unigrams(["a": 1, "</s>": 1])
    let evaluation = try evaluate(model, "a a\na\n")
    #expect(evaluation.perplexity == 1)
    #expect(evaluation.perplexityExcludingOutOfVocabulary == 1)
    for entropy in [
      evaluation.crossEntropyBits, evaluation.crossEntropyNats, evaluation.bitsPerByte,
      evaluation.bitsPerCharacter, evaluation.bitsPerGrapheme,
    ] {
      #expect(entropy == 0)
      #expect(entropy.sign == .plus, "a zero is printed without a sign")
    }
  }

  @Test func `a document counts its line ends as tokens and is one sequence`() throws {
    let settings = TextSettings(tokenizer: .characters)
    let model = StubModel.uniform(["a", "b", "\n"], settings)
    let evaluation = try evaluate(model, "ab\r\na\n")
    // a, b, \n, a, \n and </s>; the carriage return is no token, but a byte of the text.
    #expect(evaluation.measure.tokens == 6)
    #expect(evaluation.measure.sequences == 1)
    #expect(evaluation.measure.bytes == 6)
    #expect(evaluation.measure.outOfVocabulary == 0)
    #expect(isClose(evaluation.perplexity, 5))
  }

  @Test func `bytes, scalars and graphemes are three denominators of one sum`() throws {
    // e, acute, blank, regional indicators D and E, CR and LF in 1 + 2 + 1 + 8 + 2 bytes.
    let evaluation = try evaluate(halves, "e\u{301} \u{1F1E9}\u{1F1EA}\r\n")
    // Two unknown words of 4 bits and </s> of 5.
    #expect(evaluation.total.bits == -13)
    #expect(evaluation.bitsPerByte == 13.0 / 14)
    #expect(evaluation.bitsPerCharacter == 13.0 / 7)
    #expect(evaluation.bitsPerGrapheme == 13.0 / 4)
  }

  @Test func `a byte-order mark is no part of the text`() throws {
    var marked = try evaluate(halves, "\u{FEFF}a é\n")
    let plain = try evaluate(halves, "a é\n")
    #expect(marked.textFingerprint != plain.textFingerprint)
    marked.textFingerprint = plain.textFingerprint
    #expect(marked == plain)
  }

  @Test(arguments: ["a é\n", "a\n\n\nzebra\n", "c"])
  func `evaluations of parts add up to that of the whole`(second: String) throws {
    let first = "zebra a\n\nc c é\n"
    let sum = try evaluate(halves, first) + evaluate(halves, second)
    var whole = try evaluate(halves, first + second)
    #expect(sum.units.blocks(of: .lines) == whole.units.blocks(of: .lines))
    #expect(sum.units.blocks(of: .documents).stretchCount == 2)
    // Documents and paragraphs alone tell the parts; all probabilities are powers of two, so the sums
    // have no rounding.
    whole.units = sum.units
    whole.textFingerprint = sum.textFingerprint
    #expect(sum == whole)
    #expect(Evaluation() + sum == sum)
    #expect(sum + Evaluation() == sum)
  }

  @Test func `the first impossible token of a sum is that of its first part`() throws {
    let model = StubModel.unigrams(["a": 0.5, "b": 0, "c": 0, "</s>": 0.5])
    let (fine, b, c) = (
      try evaluate(model, "a\n"), try evaluate(model, "a b\n"), try evaluate(model, "c\n")
    )
    #expect((fine + b + c).firstZeroProbability == b.firstZeroProbability)
    #expect((c + fine + b).firstZeroProbability == c.firstZeroProbability)
    #expect((b + c).zeroProbabilityTokens == 2)
    #expect((fine + b).perplexity == .infinity)
  }
}
