import Files
import Lesson
import Statistics
import Terminal
import Tokenization

/// `lesson`: writes a page that teaches perplexity on the reader's own text.
struct LessonCommand: Command, Equatable {
  var text: String?
  var output: String?
  var tokenizer = TokenizerName.words
  var seed: UInt64 = 1
  var reading = ReadingOptions()
  var threads: Int?

  static let name = "lesson"
  static let abstract = "Write an interactive page that teaches perplexity on your own text."
  static let discussion = """
    The page is one self-contained file that opens in any browser, also offline. It starts with the \
    entropy of a coin and ends with models of the text: the text that they generate, how they score \
    lines they have not seen, probabilities of zero, bits as bytes, the losses of predictions that are \
    all correct, overfitting, and which perplexities can be compared. Eight exercises check the answer \
    and explain the mistake behind a wrong one.

    The program computes every figure while it makes the page. It keeps every tenth piece of the text \
    from training and measures the models on these. Of a long text it uses the first \
    \(NumberFormat.bytes(LessonText.byteLimit)).
    """
  static let examples = [
    Example("perplex lesson -o lesson.html", "On the texts that the program carries."),
    Example("perplex lesson diary.txt -o lesson.html", "On your own text."),
    Example(
      "perplex lesson haiku.txt --tokenizer graphemes -o lesson.html",
      "On a text in a script without spaces."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operand(
      "TEXT",
      value: \.text,
      completion: .files,
      help:
        "The text: a file, a folder, or '-' for standard input; else the English texts of `demo`."
    ),
    .option(
      "-o",
      "--output",
      value: \.output,
      isRequired: true,
      placeholder: "FILE",
      completion: .files,
      help: "The page to write; '-' is standard output."
    ),
    .option("--tokenizer", value: \.tokenizer, help: "The tokens that the models predict."),
    .option("--seed", value: \.seed, help: "The seed of samples and intervals."),
    .option(
      "--threads",
      value: \.threads,
      statedDefault: "all cores",
      help: "Threads to use; the page is the same for every number."
    ),
    .group("Reading", \.reading, ReadingOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    if let threads { try UsageError.check(threads, of: "--threads", is: .between(1, 1024)) }
    try reading.validate()
    guard output != "" else { throw UsageError("'--output' must name a file, or '-'") }
  }

  func run(in console: inout Console) throws {
    try untilPipeCloses { try makePage(in: &console) }
  }

  private func makePage(in console: inout Console) throws {
    let path = output ?? "-"
    let sources = try text.map { try reading.sources([$0], in: &console) }
    if let sources { try CommandError.checkOutput(path, against: sources.map(\.name)) }
    let file = try PageFile(path)
    let lines =
      if let sources {
        try LessonText(
          sources,
          name: text == "-" ? "standard input" : text ?? "",
          invalidUTF8: reading.invalidUTF8
        )
      } else {
        LessonText(
          training: BundledText.all(.train).map(\.bytes),
          heldOut: BundledText.all(.heldOut).map(\.bytes),
          name: "the English texts of perplex demo"
        )
      }
    console.note(lines.records, of: [text ?? "-"])
    var resampling = Resampling()
    resampling.seed = seed
    resampling.threads = threads ?? Parallel.processorCount
    let bar = console.progress(
      "computing",
      total: LessonFigures.stepCount,
      unit: .items("subjects")
    )
    defer { bar.finish() }
    let figures = try LessonFigures(lines, tokenizer: tokenizer, resampling: resampling) {
      bar.advance(by: 1)
    }
    bar.finish()
    try file.write(
      LessonPage(figures, program: "\(perplex.name) \(perplex.version)").markup,
      in: &console
    )
    if path == "-" { return }
    console.note("\(path) is written; open it in a browser")
  }
}
