import LanguageModels
import Perplexity
import Testing
import Tokenization

/// How an evaluation tells that a text was trained on.
@Suite struct TrainingOverlapTests {
  private let seen = randomText(1 << 17, padding: 40)

  @Test(arguments: [
    TextSettings(tokenizer: .whitespace), TextSettings(tokenizer: .characters),
    TextSettings(tokenizer: .whitespace, sequence: .document),
  ])
  func `it is the same on any number of threads and as lines come`(settings: TextSettings) throws {
    let model = try train(seen, settings, order: 2, .wittenBell)
    let lines = seen.split(separator: "\n", omittingEmptySubsequences: false)
    // Of the other lines no two neighbours stand as they did.
    let text = (lines.prefix(100) + lines.dropFirst(100).reversed()).joined(separator: "\n")
    try withText(text.utf8) { source in
      let evaluation = try Evaluator(model, threads: 1).evaluate(source)
      let overlap = try #require(evaluation.trainingOverlap)
      #expect(overlap.sampled > 50 && overlap.found > 20 && overlap.isNotable)
      #expect(overlap.examples.count == 3)
      #expect(try Evaluator(model, threads: 3).evaluate(source).trainingOverlap == overlap)
      let visited = try Evaluator(model, threads: 2).evaluate(source, visit: { _ in })
      #expect(visited.trainingOverlap == overlap)
      let asItComes = try Evaluator(model, threads: 1).evaluateAsItComes(source, visit: { _ in })
      #expect(asItComes.trainingOverlap == overlap)
      for example in overlap.examples {
        let end = example.text.split(separator: " ").last ?? ""
        #expect(end == "" || text.split(separator: "\n")[example.line.line - 1].contains(end))
      }
    }
  }

  @Test func `texts add up, and a model without spans has none`() throws {
    let model = try train(seen, order: 2, .wittenBell)
    let both = try evaluate(model, seen) + evaluate(model, "w1 w2 w49 w48 w47 w46 w45 w44 w43\n")
    let overlap = try #require(both.trainingOverlap)
    let first = try #require(try evaluate(model, seen).trainingOverlap)
    #expect(overlap.found == first.found && overlap.sampled >= first.sampled)
    #expect(try evaluate(StubModel.uniform(["a"]), "a a\n").trainingOverlap == nil)
  }
}
