import Files
import Foundation
import LanguageModels
import Perplexity
import Records
import Terminal
package import Tokenization

extension TokenizerName: ArgumentValue {}

/// `run`: measures every stage on one text.
struct Run: Command, Equatable {
  var text: String?
  var heldOut: String?
  var tokenizer = TokenizerName.whitespace
  var order = 5
  var threads = 1
  var repetitions = 5
  var comparesWithBaseline = false
  var recordsBaseline = false
  var printsJSON = false

  static let name = "run"
  static let abstract = "Measure every stage on one text."
  static let discussion = """
    Without TEXT the text is one of 30 MB that the program generates, the same everywhere. Each \
    stage is run several times and its median is given, as seconds of the clock and of the \
    processors. Before each a fixed piece of work is run, which sorts and counts numbers: \
    'reference' is the stage's processor time in units of it, which compares between machines. \
    --baseline fails where it is more than 25 % above the project's baseline. Build with \
    -c release; a text below 100 MB says little of the stages that wait for memory.
    """
  static let examples = [
    Example(
      "swift run -c release PerplexBenchmarks run --baseline",
      "Whether a change has made a stage slower."
    ),
    Example(
      "swift run -c release PerplexBenchmarks run big.txt --held-out held-out.txt",
      "All stages on a text of one's own."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operand("TEXT", value: \.text, help: "The text to train on, else the generated one."),
    .option(
      "--held-out",
      value: \.heldOut,
      placeholder: "TEXT",
      completion: .files,
      help: "The text to score, else TEXT."
    ),
    .option("--tokenizer", value: \.tokenizer, help: "How text becomes tokens."),
    .option("--order", value: \.order, help: "The longest n-gram."),
    .option("--threads", value: \.threads, help: "Threads to use."),
    .option("--repetitions", value: \.repetitions, help: "How often each stage is run."),
    .flag(
      "--baseline",
      value: \.comparesWithBaseline,
      help: "Compare with the baseline of the project."
    ),
    .flag("--record", value: \.recordsBaseline, help: "Make this run the baseline."),
    .flag("--json", value: \.printsJSON, help: "Print one JSON object."),
  ]

  mutating func validate() throws(UsageError) {
    try UsageError.check(order, of: "--order", is: .between(1, NGramOrder.maximum))
    try UsageError.check(threads, of: "--threads", is: .between(1, 1024))
    try UsageError.check(repetitions, of: "--repetitions", is: .atLeast(1))
    if comparesWithBaseline && recordsBaseline { throw .conflict("--baseline", "--record") }
    if text != nil && (comparesWithBaseline || recordsBaseline) {
      throw UsageError("the baseline is of the generated text; leave TEXT out")
    }
    if text == nil && heldOut != nil { throw .needs("--held-out", other: "TEXT") }
  }

  func run(in console: inout Console) throws {
    #if DEBUG
    console.note("this is a debug build: its figures say nothing; use -c release")
    #endif
    let baseline = comparesWithBaseline ? try Baseline.read(for: workload) : nil
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("perplex-benchmark-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (stages, seconds) = try Measurement.measuring(work(in: folder), repetitions: repetitions)

    if printsJSON {
      let figures: JSONValue = [
        "workload": .string(workload), "reference_seconds": .double(seconds),
        "stages": .array(stages.map { $0.json(baseline) }),
      ]
      try console.print(figures.prettyPrinted)
    } else {
      try console.print(workload)
      let reference = NumberFormat.significant(seconds, digits: 4)
      try console.print("the reference takes \(reference) s of a processor")
      try console.print()
      try console.write(
        Measurement.table(stages, baseline).rendered(
          width: max(console.width, 120),
          style: console.style
        )
      )
    }
    if recordsBaseline { try Baseline(stages, workload: workload).write() }
    try baseline?.check(stages.map { ($0.stage, $0.ratio) })
  }

  /// The workload in words; a baseline holds for the same words only.
  private var workload: String {
    let source = text ?? "30 MB of generated text"
    return "\(source), \(tokenizer.rawValue), order \(order), threads \(threads)"
  }

  /// The stages, ready to be run; what they need is made here, with files in `folder`.
  private func work(in folder: String) throws -> [() throws -> [Lap]] {
    let settings = TextSettings(tokenizer: tokenizer, sequence: .line)
    let cutter = tokenizer.tokenizer
    let path = try text ?? generated(30_000_000, seed: 1, to: folder + "/text")
    let heldOutPath =
      try text.map { heldOut ?? $0 } ?? generated(3_000_000, seed: 2, to: folder + "/held-out")
    let input = TrainingInput([.file(path)], settings: settings)
    let data = try TrainingData(input)
    let modelPath = folder + "/model.perplex"
    var options = EstimationOptions()
    options.order = order
    _ = try NGramEstimator(data, options: options).write(to: OutputFile(modelPath))
    let model = try ModelFile.openNGrams(modelPath)
    let training = try contents(path)
    let cut = CutText(training, cutter)
    let heldOutCut = CutText(try contents(heldOutPath), cutter)
    let predicting = PredictorRecipe.all.map {
      predictingBytes($0, training: training, heldOut: heldOutCut.bytes)
    }
    return [
      tokenizing(cut, cutter),
      interning(cut),
      reading(input),
      estimating(data, order: order, threads: threads),
      writing(try Bytes(mapping: modelPath), to: folder + "/copy.perplex"),
      opening(modelPath),
      lookingUp(
        heldOutCut.numbered(by: model.vocabulary),
        in: model,
        byteCount: heldOutCut.bytes.count
      ),
      scoring(.file(heldOutPath), with: Evaluator(model, threads: threads)),
      resampling(threads: threads),
    ] + predicting
  }

  private func generated(_ byteCount: Int, seed: UInt64, to path: String) throws -> String {
    var output = try OutputText(path)
    try output.write(bytes: GeneratedText.bytes(byteCount, seed: seed))
    try output.commit()
    return path
  }

  private func contents(_ path: String) throws -> [UInt8] {
    let bytes = try Bytes(mapping: path)
    return bytes.withBytes(0..<bytes.count) { Array($0) }
  }
}
