import InformationTheory
import LanguageModels
import Perplexity
import Statistics
import TestSupport
import Testing
import Tokenization

@testable import PerplexBenchmarks

struct CoverageTests {
  private let source = MarkovSource()

  /// A source of sentences as two models see it, and a text of it with what they gave each line.
  private func scored(
    _ tokenizer: TokenizerName,
    order: Int
  ) throws -> (source: SentenceSource, text: [UInt8], evaluation: Evaluation, lines: [Evaluation]) {
    let folder = try TestFolder()
    let path = try folder.write(source.text(minimumByteCount: 3000, seed: 1), to: "train.txt")
    let models = try [
      CoverageSubjects.model(of: path, tokenizer, order: order, .wittenBell),
      CoverageSubjects.model(of: path, tokenizer, order: order - 1, .wittenBell),
      CoverageSubjects.model(of: path, tokenizer, order: 1, .wittenBell),
    ]
    let text = source.text(minimumByteCount: 5000, seed: 2)
    var lines: [Evaluation] = []
    let evaluation = try Evaluator(models[0], threads: 1).evaluate(
      .file(folder.write(text, to: "test.txt")),
      visit: { part in lines += part.lineEvaluations.map(\.evaluation) }
    )
    return (SentenceSource(source, models: models), text, evaluation, lines)
  }

  @Test(arguments: [(TokenizerName.whitespace, 3), (.characters, 6)])
  func `a sentence has the bits and tokens that the evaluator finds`(
    tokenizer: TokenizerName,
    order: Int
  ) throws {
    let scored = try scored(tokenizer, order: order)
    let sentences = String(decoding: scored.text, as: UTF8.self).split(separator: "\n")
    #expect(sentences.count == scored.lines.count)
    for (sentence, line) in zip(sentences, scored.lines) {
      let words = sentence.split(separator: " ").map(String.init)
      let sums = try #require(scored.source.measure(ofModel: 0, sentence: words, of: source))
      #expect(sums.size == Double(line.measure.tokens))
      #expect(abs(sums.value + line.total.bits) < 1e-9)
    }
  }

  @Test func `the true cross-entropy is where that of a long text goes`() throws {
    let sampler = try scored(.whitespace, order: 3).source.sampler(ofModel: 0)
    var generator = SplitMix64(seed: 1)
    var sums = SampledSums()
    for _ in 0..<20_000 { sampler.draw(into: &sums, using: &generator) }
    #expect(abs(sums.value / sums.size - sampler.trueMean) < 0.05)
    #expect(abs(sums.size / 20_000 - source.expectedTokensPerSentence) < 0.3)
    #expect(abs(sampler.sizesPerSentence - source.expectedTokensPerSentence) < 1e-9)
    #expect(sampler.trueMean > source.entropyBitsPerToken)
  }

  @Test func `a mixture is exactly as good as it should be, and another model`() throws {
    var scored = try scored(.whitespace, order: 3).source
    scored.appendMixture(of: 0, and: 2, asGoodAs: 1)
    let difference = scored.sampler(ofModel: 3, less: 1)
    #expect(abs(difference.trueMean) < 1e-12)
    #expect(zip(scored.bits[3], scored.bits[1]).contains { abs($0 - $1) > 0.5 })
  }

  @Test func `counts are the same on any number of threads, and most intervals cover`() throws {
    let sampler = try scored(.whitespace, order: 3).source.sampler(ofModel: 0, less: 1)
    let trial = CoverageTrial(
      tokens: "words",
      figure: "difference",
      samplers: [sampler],
      sentences: 30,
      isDifference: true
    )
    var resampling = Resampling()
    resampling.resamples = 200
    let counts = [1, 3].map {
      CoverageCounts(of: trial, texts: 60, resampling: resampling, threads: $0)
    }
    #expect(counts[0].covered == counts[1].covered)
    #expect(counts[0].meanWidthBits == counts[1].meanWidthBits)
    #expect(counts[0].covered.allSatisfy { (48...60).contains($0) })
  }

  @Test func `sentences are gathered into blocks, the last with what is left`() throws {
    let sampler = try scored(.whitespace, order: 3).source.sampler(ofModel: 0)
    var trial = CoverageTrial(
      tokens: "words",
      figure: "",
      samplers: [sampler],
      sentences: 10
    )
    let single = trial.text(seed: 1)
    trial.sentencesPerBlock = 4
    let gathered = trial.text(seed: 1)
    #expect(gathered.sizes.count == 3 && trial.blocks == 3)
    #expect(gathered.sizes[2] == single.sizes[8] + single.sizes[9])
    #expect(gathered.sizes.reduce(0, +) == single.sizes.reduce(0, +))
  }
}
