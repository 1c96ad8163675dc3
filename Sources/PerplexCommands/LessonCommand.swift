import Files
import Lesson
import Statistics
import Terminal
import Tokenization

/// `lesson`: a page that teaches what the other commands measure, on the reader's own text.
struct LessonCommand: Command, Equatable {
  var text: String?
  var output: String?
  var tokenizer = TokenizerName.words
  var seed: UInt64 = 1
  var reading = ReadingOptions()
  var threads: Int?

  static let name = "lesson"
  static let abstract = "Make an interactive page that teaches perplexity on a text of yours."
  static let discussion = """
    The page is one file that loads nothing and opens in any browser. It goes from the entropy of a \
    coin to models of the text: what they write and what they make of lines they have not seen, what \
    becomes of probabilities of zero, how bits become bytes, why losses differ that are right alike, \
    when a model learns by heart, and which perplexities compare. Eight exercises check the answer and \
    name the mistake that leads to a wrong one.

    Every figure on it is computed by this program as the page is made. Every tenth piece of the text is \
    kept from training and measured on; of a long text the first \
    \(NumberFormat.bytes(LessonText.byteLimit)) are used.
    """
  static let examples = [
    Example("perplex lesson -o lesson.html", "On the texts that the program carries."),
    Example("perplex lesson diary.txt -o lesson.html", "On a text of one's own."),
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
    guard output != "" else { throw UsageError("'--output' must name a file, or '-'") }
  }

  func run(in console: inout Console) throws {
    try untilPipeCloses { try makePage(in: &console) }
  }

  private func makePage(in console: inout Console) throws {
    let path = output ?? "-"
    let sources = try text.map { try TextSource.expand([$0]) }
    if let sources { try CommandError.checkOutput(path, against: sources.map(\.name)) }
    let file = try PageFile(path)
    let lines =
      if let sources {
        try LessonText(
          sources,
          name: text == "-" ? "standard input" : text ?? "",
          markers: reading.markers,
          invalidUTF8: reading.invalidUTF8
        )
      } else {
        LessonText(
          training: BundledText.all(.train).map(\.bytes),
          heldOut: BundledText.all(.heldOut).map(\.bytes),
          name: "the English texts of perplex demo"
        )
      }
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
