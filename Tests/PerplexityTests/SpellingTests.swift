import LanguageModels
import Perplexity
import TestSupport
import Testing
import Tokenization

/// What unknown words cost where a model spells them.
@Suite struct SpellingTests {
  private let text = "the ferry crossed the river\nthe old dog slept <unk>\nthe dog crossed\n"
  private let test = "the zebra slept <unk>\n\nGNU the dog gnu\nzebra\n"

  private func model(_ settings: TextSettings = TextSettings(tokenizer: .whitespace)) throws
    -> NGramModel
  {
    try train(text, settings, order: 3, .wittenBell, spellsUnknown: true)
  }

  @Test func `an unknown word is charged the unknown word's probability times its spelling's`()
    throws
  {
    let plain = try evaluate(train(text, order: 3, .wittenBell), test)
    let spelled = try evaluate(model(), test)
    let speller = try #require(try model().speller)
    let words = Array("zebraGNUgnu".utf8)
    let bits = speller.logProbabilities(of: [0..<5, 5..<8, 8..<11, 0..<5], in: words.span)
      .reduce(0) { $0 + $1.bits }
    #expect(plain.spellingTotal == .one)
    #expect(isClose(spelled.spellingTotal.bits, bits))
    #expect(isClose(spelled.total.bits, plain.total.bits + bits))
    #expect(spelled.knownTotal == plain.knownTotal)
    #expect(spelled.measure == plain.measure)
    #expect(isClose(spelled.withoutSpelling.total.bits, plain.total.bits))
    #expect(spelled.perplexity > plain.perplexity)
  }

  @Test func `the literal unknown word is not spelled`() throws {
    let evaluation = try evaluate(model(), "<unk> the <unk>\n")
    #expect(evaluation.spellingTotal == .one)
  }

  @Test func `what is charged is the word as it was normalised`() throws {
    let lower = try model(
      TextSettings(tokenizer: .whitespace, normalization: Normalization(lowercases: true))
    )
    #expect(try evaluate(lower, "GNU\n").total == evaluate(lower, "gnu\n").total)
    #expect(try evaluate(model(), "GNU\n").total != evaluate(model(), "gnu\n").total)
  }

  @Test(arguments: CountingPolicy.allCases)
  func `tools that charge the unknown word alone say so`(policy: CountingPolicy) throws {
    func account(_ model: NGramModel) throws -> PolicyAccount {
      try withText(test.utf8) { source in
        var tally = PolicyTally(policy, sequence: .line)
        let evaluation = try Evaluator(model, threads: 1).evaluate(
          source,
          visit: { tally.add($0) }
        )
        tally.endText()
        return tally.account(of: evaluation)
      }
    }
    let spelled = try account(model())
    let plain = try account(train(text, order: 3, .wittenBell))
    let sum = spelled.items.reduce(spelled.ownBits) { $0 + $1.bits }
    #expect(abs(sum - spelled.bits) < 1e-9)
    let chargesSpelling = policy == .lmEval || policy == .huggingFaceMean
    #expect(chargesSpelling == (spelled.bits > plain.bits + 1))
    #expect(chargesSpelling || abs(spelled.bits - plain.bits) < 1e-9)
  }

  @Test func `what unknown words are charged is among the terms`() throws {
    #expect(try ScoringTerms(of: model()).unknown == .spelled)
    #expect(try ScoringTerms(of: train(text, order: 3, .wittenBell)).unknown == .asUnk)
  }

  @Test func `parts and lines add up to the whole on any number of threads`() throws {
    let long = String(repeating: test, count: 100) + randomText(1 << 19, padding: 200)
    let model = try model()
    try withText(long.utf8) { source in
      let sums = try Evaluator(model, threads: 1).evaluate(source)
      for threads in [1, 3] {
        var spelling = 0.0
        var bits = 0.0
        var lines = Evaluation()
        let evaluation = try Evaluator(model, threads: threads).evaluate(
          source,
          visit: { part in
            for score in part.scores {
              spelling += score.spelling.bits
              bits += score.logProbability.bits
            }
            for line in part.lineEvaluations { lines = lines + line.evaluation }
          }
        )
        #expect(evaluation == sums)
        #expect(abs(spelling - sums.spellingTotal.bits) < 1e-9 * -spelling)
        #expect(abs(bits - sums.total.bits) < 1e-9 * -bits)
        #expect(abs(lines.spellingTotal.bits - sums.spellingTotal.bits) < 1e-9 * -spelling)
        #expect(sums.spellingTotal.bits < 0)
      }
      let asItComes = try Evaluator(model, threads: 1).evaluateAsItComes(source, visit: { _ in })
      #expect(asItComes == sums)
    }
  }
}
