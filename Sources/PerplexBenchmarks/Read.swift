import Files
import Foundation
import LanguageModels
import Terminal
import Tokenization

/// `read`: measures reading and numbering alone.
struct Read: Command, Equatable {
  var text = ""
  var tokenizer = TokenizerName.whitespace
  var threads = Parallel.processorCount
  var repetitions = 3
  var printsJSON = false

  static let name = "read"
  static let abstract = "Measure reading a text and numbering its tokens, in CPU time."
  static let discussion = """
    Seconds are those of all threads together, so that other programs disturb little.
    """
  static let examples = [
    Example(
      "swift run -c release PerplexBenchmarks read big.txt --tokenizer words",
      "Words a second and thread."
    )
  ]
  static let arguments: [Argument<Self>] = [
    .operand("TEXT", value: \.text, help: "The text to read."),
    .option("--tokenizer", value: \.tokenizer, help: "How text becomes tokens."),
    .option("--threads", value: \.threads, help: "Threads to use."),
    .option("--repetitions", value: \.repetitions, help: "How often it is read."),
    .flag("--json", value: \.printsJSON, help: "Print one JSON object."),
  ]

  func run(in console: inout Console) throws {
    let input = TrainingInput([.file(text)], settings: TextSettings(tokenizer: tokenizer))
    var measurements: [Measurement] = []
    for _ in 0..<max(1, repetitions) {
      let start = clock()
      let data = try TrainingData(input, threads: threads)
      measurements.append(
        Measurement(
          stage: "read and number (CPU)",
          seconds: Double(clock() - start) / Double(CLOCKS_PER_SEC),
          byteCount: data.byteCount,
          tokenCount: data.text.count,
          resultByteCount: 4 * data.text.count
        )
      )
    }
    if printsJSON {
      try console.print(["stages": .array(measurements.map(\.json))])
    } else {
      try console.print(Measurement.table(measurements).rendered(width: max(console.width, 100)))
    }
  }
}
