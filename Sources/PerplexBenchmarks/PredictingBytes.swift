import BytePrediction

/// A predictor of bytes under its name, ready to be made for a text.
struct PredictorRecipe {
  /// The prefix of its stages' names.
  var name: String
  /// The bytes of text that it is trained on, so that a run takes seconds.
  var trainingByteCount: Int
  /// Makes the predictor for a training text of the given number of bytes.
  var make: (Int) throws -> any BytePredictor
}

extension PredictorRecipe {
  /// The predictors that are measured.
  static var all: [PredictorRecipe] {
    [
      PredictorRecipe(name: "gated", trainingByteCount: 3_000_000) { _ in GatedNGram() },
      PredictorRecipe(name: "mixing, fast", trainingByteCount: 600_000) {
        ContextMixer(textByteCount: $0, memoryByteCount: 1 << 30, preset: .fast)
      },
      PredictorRecipe(name: "mixing", trainingByteCount: 200_000) {
        ContextMixer(textByteCount: $0, memoryByteCount: 1 << 30)
      },
    ]
  }
}

/// All that is done with a predictor of bytes: learning a text, scoring and coding another as it was
/// learned, and scoring it while learning on.
///
/// The held-out text is a fifth of the training text, each part at most as long as there is.
func predictingBytes(
  _ recipe: PredictorRecipe,
  training: [UInt8],
  heldOut: [UInt8]
) -> () throws -> [Lap] {
  let training = Array(training.prefix(recipe.trainingByteCount))
  let heldOut = Array(heldOut.prefix(max(1, recipe.trainingByteCount / 5)))
  var scores = [ByteScore](
    repeating: ByteScore(surprisalBits: 0, matchedLength: 0),
    count: heldOut.count
  )
  return {
    let predictor = try recipe.make(training.count)
    var laps: [Lap] = []
    func append(_ stage: String, of text: [UInt8], _ body: () -> Void) {
      var lap = Lap.measuring("\(recipe.name): \(stage)", body)
      lap.byteCount = text.count
      lap.tokenCount = text.count
      laps.append(lap)
    }
    func score() {
      predictor.beginText()
      var span = scores.mutableSpan
      predictor.score(heldOut.span, into: &span)
    }

    append("train", of: training) {
      predictor.train(training.span)
      predictor.finishTraining()
    }
    append("score", of: heldOut, score)

    var encoder = ArithmeticEncoder()
    append("encode", of: heldOut) {
      predictor.beginText()
      predictor.encode(heldOut.span, with: &encoder)
      encoder.finish()
    }
    laps[laps.count - 1].resultByteCount = encoder.bytes.count
    var decoded = [UInt8](repeating: 0, count: heldOut.count)
    append("decode", of: heldOut) {
      var decoder = ArithmeticDecoder(encoder.bytes)
      predictor.beginText()
      var span = decoded.mutableSpan
      predictor.decode(into: &span, with: &decoder)
    }
    guard decoded == heldOut else { throw BenchmarkError.wrongDecoding(predictor: recipe.name) }

    predictor.learns = true
    append("score, learning", of: heldOut, score)
    laps[laps.count - 1].resultByteCount = Int(scores.reduce(0) { $0 + $1.surprisalBits } / 8)
    return laps
  }
}
