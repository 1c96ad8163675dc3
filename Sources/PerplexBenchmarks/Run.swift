import Files
import Foundation
import LanguageModels
public import Terminal
public import Tokenization

extension TokenizerName: ArgumentValue {}

/// `run`: measures every stage on one text.
struct Run: Command, Equatable {
  var text = ""
  var heldOut: String?
  var tokenizer = TokenizerName.whitespace
  var order = 5
  var threads = Parallel.processorCount
  var repetitions = 3
  var printsJSON = false

  static let name = "run"
  static let abstract = "Measure every stage on one large text."
  static let discussion = """
    Each stage is run several times and its median is given. Build with -c release; a text below \
    100 MB says little of the stages that wait for memory.
    """
  static let examples = [
    Example(
      "swift run -c release PerplexBenchmarks run big.txt --held-out held-out.txt",
      "All stages, as a table."
    ),
    Example("swift run -c release PerplexBenchmarks run big.txt --json", "The same for a program."),
  ]
  static let arguments: [Argument<Self>] = [
    .operand("TEXT", value: \.text, help: "The text to train on."),
    .option(
      "--held-out",
      value: \.heldOut,
      placeholder: "TEXT",
      help: "The text to score, else TEXT."
    ),
    .option("--tokenizer", value: \.tokenizer, help: "How text becomes tokens."),
    .option("--order", value: \.order, help: "The longest n-gram."),
    .option("--threads", value: \.threads, help: "Threads to use."),
    .option("--repetitions", value: \.repetitions, help: "How often each stage is run."),
    .flag("--json", value: \.printsJSON, help: "Print one JSON object."),
  ]

  mutating func validate() throws(UsageError) {
    guard (1...16).contains(order) else {
      throw UsageError("'--order' must be between 1 and 16, not \(order)")
    }
    guard repetitions >= 1 else {
      throw UsageError("'--repetitions' must be at least 1, not \(repetitions)")
    }
  }

  func run(in console: inout Console) throws {
    #if DEBUG
    console.note("this is a debug build: its figures say nothing; use -c release")
    #endif
    let settings = TextSettings(tokenizer: tokenizer)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: text))
    var measurements = [tokenizing(Array(bytes), settings, repetitions)]
    let (reading, data) = try reading(.file(text), settings, repetitions)
    measurements.append(reading)
    let folder = FileManager.default.temporaryDirectory
    let model = folder.appendingPathComponent("perplex-benchmark-\(getpid()).perplex").path
    defer { try? FileManager.default.removeItem(atPath: model) }
    measurements += try estimating(
      data,
      order: order,
      threads: threads,
      byteCount: bytes.count,
      to: model,
      repetitions
    )
    measurements.append(try opening(model, repetitions))
    measurements.append(
      try scoring(model, .file(heldOut ?? text), threads: threads, repetitions)
    )
    if printsJSON {
      try console.print(["stages": .array(measurements.map(\.json))])
    } else {
      try console.print(Measurement.table(measurements).rendered(width: max(console.width, 100)))
    }
  }
}
