import LanguageModels
import Perplexity
import Testing
import Tokenization

@Suite struct ZeroProbabilityTests {
  @Test func `a token of probability zero makes the perplexity infinite and is named`() throws {
    let model = StubModel.unigrams(["a": 0.5, "b": 0, "</s>": 0.5])
    let evaluation = try evaluate(model, "a\n\na b a b\n")
    #expect(evaluation.perplexity == .infinity)
    #expect(evaluation.crossEntropyBits == .infinity)
    #expect(evaluation.bitsPerByte == .infinity)
    #expect(evaluation.total.bits == -.infinity)
    #expect(evaluation.measure.tokens == 8, "it is counted, not left out")
    #expect(evaluation.zeroProbabilityTokens == 2)
    #expect(evaluation.firstZeroProbability?.summary == "line 3: p(b | ) = 0")
  }

  /// What maximum likelihood has never seen in "a b", "b a" and "a b c".
  @Test(arguments: [
    (2, "a b\n\nb b\n", "line 2: p(</s> | <s>) = 0"), (2, "a b\nb b\n", "line 2: p(b | b) = 0"),
    (3, "a b\nb a\nb b a\n", "line 3: p(b | <s> b) = 0"),
    (3, "b a\na\n", "line 2: p(</s> | <s> a) = 0"), (2, "a b <unk>\n", "line 1: p(<unk> | b) = 0"),
    (3, "a b x\n", "line 1: p(<unk> (a token that the vocabulary lacks) | a b) = 0"),
    (2, "x a b\n", "line 1: p(<unk> (a token that the vocabulary lacks) | <s>) = 0"),
    (4, "a b x c\nb", "line 1: p(<unk> (a token that the vocabulary lacks) | <s> a b) = 0"),
  ])
  func `the context is what the model looks at`(order: Int, text: String, zero: String) throws {
    let model = try train("a b\nb a\na b c\n", order: order, .maximumLikelihood)
    let evaluation = try evaluate(model, text)
    #expect(evaluation.firstZeroProbability?.summary == zero)
    #expect(evaluation.perplexity == .infinity)
    #expect(!evaluation.figures.contains { $0.isNaN })
  }

  @Test func `only unknown words impossible leaves the other reading finite`() throws {
    let model = StubModel.unigrams(["a": 0.25, "<unk>": 0, "</s>": 0.25])
    let evaluation = try evaluate(model, "a zebra\n")
    #expect(evaluation.perplexity == .infinity)
    #expect(evaluation.perplexityExcludingOutOfVocabulary == 4)
    let both = try evaluate(StubModel.unigrams(["a": 0, "<unk>": 0, "</s>": 1]), "a zebra\n")
    #expect(both.perplexityExcludingOutOfVocabulary == .infinity)
    #expect(!both.figures.contains { $0.isNaN })
  }

  /// The vocabulary of a document need not have the line end, as where a list of words closes it.
  @Test(arguments: [["a", "b", "\n"], ["a", "b"]])
  func `the line in a document is right whether line ends are known or not`(words: [String])
    throws
  {
    let settings = TextSettings(tokenizer: .whitespace, sequence: .document)
    let probabilities = StubModel.unigrams(["a": 0.5, "b": 0, "<unk>": 0.5], settings)
    let known = StubModel.unigrams(["a": 0.5, "b": 0, "\n": 0.5, "<unk>": 0.5], settings)
    let model = words.contains("\n") ? known : probabilities
    let evaluation = try evaluate(model, "a x\nx x a\n\na x b\n")
    #expect(evaluation.firstZeroProbability?.token == "b")
    #expect(evaluation.firstZeroProbability?.line == 4)
  }

  @Test(arguments: [TextSettings.Sequence.line, .document], [1, 3])
  func `the line is right beyond the first block`(
    sequence: TextSettings.Sequence,
    threads: Int
  ) throws {
    let settings = TextSettings(tokenizer: .whitespace, sequence: sequence)
    let model = StubModel.unigrams(
      ["a": 0.5, "b": 0, "\n": 0.5, "<unk>": 0.5, "</s>": 0.5],
      settings
    )
    let line = "a" + String(repeating: " ", count: 998) + "\n"
    let start = String(repeating: line, count: TextReader.blockByteCount * 3 / 2 / 1000)
    let evaluation = try evaluate(model, start + "a b\nb\n", threads: threads)
    #expect(
      evaluation.firstZeroProbability?.line.line == TextReader.blockByteCount * 3 / 2 / 1000 + 1
    )
    #expect(evaluation.zeroProbabilityTokens == 2)
  }
}
