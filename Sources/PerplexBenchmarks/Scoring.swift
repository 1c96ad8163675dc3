import LanguageModels
import Perplexity
import Tokenization

/// Opening a model: mapping it and looking at its directory, 100 times over.
func opening(_ path: String) -> () throws -> [Lap] {
  {
    let count = 100
    var lap = try Lap.measuring("open") {
      for _ in 0..<count { _ = try ModelFile.openNGrams(path) }
    }
    lap.seconds /= Double(count)
    lap.processorSeconds /= Double(count)
    lap.isOfTheSystem = true
    return [lap]
  }
}

/// Looking up each token of a numbered text, on one thread.
func lookingUp(_ tokens: [TokenID], in model: any LanguageModel, byteCount: Int) -> () -> [Lap] {
  let nothing = TokenScore(logProbability: LogProbability(bits: 0), matchedLength: 0)
  var scores = [TokenScore](repeating: nothing, count: tokens.count)
  return {
    var lap = Lap.measuring("look up") {
      var span = scores.mutableSpan
      model.score(tokens.span, 0..<tokens.count, into: &span)
    }
    lap.byteCount = byteCount
    lap.tokenCount = tokens.count
    return [lap]
  }
}

/// Reading a text, numbering its tokens, looking each up and adding up.
func scoring(_ source: TextSource, with evaluator: Evaluator) -> () throws -> [Lap] {
  {
    var evaluation = Evaluation()
    var lap = try Lap.measuring("score") { evaluation = try evaluator.evaluate(source) }
    lap.byteCount = evaluation.measure.bytes
    lap.tokenCount = evaluation.measure.tokens
    return [lap]
  }
}
