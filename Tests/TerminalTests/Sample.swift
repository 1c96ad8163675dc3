import Terminal

/// How a sample command smooths: an enum of strings with words alike.
enum SampleMethod: String, CaseIterable, ArgumentValue, Sendable {
  case kneserNey = "kneser-ney"
  case modified = "modified-kneser-ney"
  case wittenBell = "witten-bell"
}

/// Options of a part, lifted through a key path.
struct SampleCorpus: Equatable, Sendable {
  var memory = ByteSize(byteCount: 4 << 30)
  var folder: String?

  static let arguments: [Argument<Self>] = [
    .option("--memory", value: \.memory, help: "The most memory to use."),
    .option(
      "--temporary",
      value: \.folder,
      placeholder: "DIR",
      completion: .folders,
      help: "Where to spill."
    ),
  ]
}

/// A command with every kind of argument.
struct SampleTrain: Command, Equatable {
  var order = 5
  var method = SampleMethod.modified
  var seed: UInt64 = 1
  var alpha: Double?
  var prune = IntegerList([])
  var sources: [String] = []
  var lowercases = false
  var interpolates = true
  var threads: Int?
  var output: String?
  var corpus = SampleCorpus()
  var files: [String] = []

  static let name = "train"
  static let abstract = "Estimate a model from text."
  static let discussion = "The text is read once. A folder is read in the order of names."
  static let examples = [
    Example("perplex train a.txt --output a.perplex", "Train on one file.")
  ]
  static let arguments: [Argument<Self>] = [
    .operands("TEXT", value: \.files, atLeast: 1, help: "Files or folders of text."),
    .option("-n", "--order", value: \.order, help: "The longest n-gram."),
    .option("--smoothing", value: \.method, help: "How counts become probabilities."),
    .option("--seed", value: \.seed, help: "The seed of chance."),
    .option("--alpha", value: \.alpha, help: "What is added to each count."),
    .option("--prune", value: \.prune, help: "Counts to drop, by order."),
    .option("--source", value: \.sources, help: "Where it is from."),
    .flag("-l", "--lowercase", value: \.lowercases, help: "Fold capitals."),
    .flag("-b", "--back-off", value: \.interpolates, to: false, help: "Back off."),
    .option("--threads", value: \.threads, statedDefault: "all cores", help: "Threads to use."),
    .option(
      "-o",
      "--output",
      value: \.output,
      isRequired: true,
      placeholder: "MODEL",
      help: "The model to write."
    ),
    .group("Corpus", \.corpus, SampleCorpus.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try UsageError.check(order, of: "--order", is: .between(1, 16))
  }

  func run(in console: inout Console) throws {
    console.note("reading \(files.count) files")
    try console.print("order \(order)")
  }
}

/// A command with operands one by one, and several values after one option.
struct SampleCompare: Command, Equatable {
  var baseline = ""
  var models: [String] = []
  var last: String?
  var texts: [String] = ["default.txt"]

  static let name = "compare"
  static let abstract = "Compare models."
  static let arguments: [Argument<Self>] = [
    .operand("BASELINE", value: \.baseline, help: "The model to compare with."),
    .operands("MODEL", value: \.models, atLeast: 1, help: "The models."),
    .option("--on", value: \.texts, takesWordsUpToNextOption: true, help: "The texts."),
  ]

  func run(in console: inout Console) throws {
    throw SampleError(text: "first line\nsecond \u{1B}[31mline")
  }
}

/// A command whose operands are choices.
struct SampleCompletions: Command, Equatable {
  var shell = Shell.bash

  static let name = "completions"
  static let abstract = "Print a completion script."
  static let arguments: [Argument<Self>] = [
    .operand("SHELL", value: \.shell, help: "The shell.")
  ]

  func run(in console: inout Console) throws {
    try console.write(sampleProgram.completionScript(for: shell))
  }
}

struct SampleError: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}

let sampleProgram = CommandGroup(
  name: "perplex",
  version: "1.2.3",
  abstract: "Measure how well models predict text.",
  examples: [Example("perplex train a.txt -o a.perplex", "Train a model.")],
  commands: [SampleTrain.self, SampleCompare.self, SampleCompletions.self]
)

/// Runs words through the sample program.
func run(
  _ words: String...,
  width: Int = 80,
  color: ColorChoice = .never
) -> (code: Int32, output: String, errors: String) {
  var console = Console.recording(width: width, color: color)
  let code = sampleProgram.run(words, in: &console)
  return (code, console.output, console.errors)
}
