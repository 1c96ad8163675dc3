import LanguageModels
import Perplexity
import Tokenization

/// Opening a model: mapping it and looking at its directory.
func opening(_ path: String, _ repetitions: Int) throws -> Measurement {
  let seconds = try Measurement.seconds(repetitions) { _ = try ModelFile.open(path) }
  return Measurement(stage: "open", seconds: seconds, byteCount: 0, tokenCount: 0)
}

/// Reading a text, numbering its tokens and looking each up in the model.
func scoring(
  _ path: String,
  _ source: TextSource,
  threads: Int,
  _ repetitions: Int
) throws -> Measurement {
  let evaluator = Evaluator(try ModelFile.open(path), threads: threads)
  var evaluation = Evaluation()
  let seconds = try Measurement.seconds(repetitions) {
    evaluation = try evaluator.evaluate(source)
  }
  return Measurement(
    stage: "score",
    seconds: seconds,
    byteCount: evaluation.measure.bytes,
    tokenCount: evaluation.measure.tokens
  )
}
