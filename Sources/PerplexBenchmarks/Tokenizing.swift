import Tokenization

/// Cutting a text into tokens, line by line, on one thread; nothing is done with them.
func tokenizing(_ text: [UInt8], _ settings: TextSettings, _ repetitions: Int) -> Measurement {
  let tokenizer = settings.tokenizer.tokenizer
  var ranges: [Range<Int>] = []
  var tokenCount = 0
  let seconds = Measurement.seconds(repetitions) {
    tokenCount = 0
    var start = 0
    let span = text.span
    while start < text.count {
      let end = text[start...].firstIndex(of: 10) ?? text.count
      ranges.removeAll(keepingCapacity: true)
      tokenizer.tokenize(span.extracting(start..<end), into: &ranges)
      tokenCount += ranges.count
      start = end + 1
    }
  }
  return Measurement(
    stage: "tokenize (\(settings.tokenizer.rawValue))",
    seconds: seconds,
    byteCount: text.count,
    tokenCount: tokenCount
  )
}
