import LanguageModels
import Tokenization

/// Reading a text from its file, cutting it and numbering its tokens.
func reading(
  _ source: TextSource,
  _ settings: TextSettings,
  _ repetitions: Int
) throws -> (Measurement, TrainingData) {
  let input = TrainingInput([source], settings: settings)
  var data = try TrainingData(input)
  let seconds = try Measurement.seconds(repetitions) { data = try TrainingData(input) }
  let measurement = Measurement(
    stage: "read and number",
    seconds: seconds,
    byteCount: data.byteCount,
    tokenCount: data.text.count,
    resultByteCount: 4 * data.text.count
  )
  return (measurement, data)
}
