import Compression
import Files
import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// `score`: measures the cross-entropy and perplexity of a model on texts.
struct ScoreCommand: Command, Equatable {
  /// The part of the text that each figure is about.
  enum Unit: String, CaseIterable, ArgumentValue { case file, line, record }

  /// Another form of the output.
  enum Format: String, CaseIterable, ArgumentValue { case srilm }

  var model = ""
  var texts: [String] = []
  var perToken: String?
  var perLine: String?
  var unit = Unit.file
  var order: OddestParts.Order?
  var appends = false
  var highestPerplexity: Double?
  var policy: CountingPolicy?
  var format: Format?
  var adapts = false
  var verifies = false
  var breakdown = BreakdownOptions()
  var reading = ReadingOptions()
  var intervals = IntervalOptions()
  var results = OutputOptions()

  static let name = "score"
  static let abstract = "Measure how well a model predicts text."
  static let discussion = """
    The text is cut into tokens as in training. Every token is scored, also the </s> at the end of \
    each sequence; <s> is not. A token that the vocabulary lacks is counted and scored as <unk>; a \
    model trained with --spell-unknown adds its spelling. The report has the perplexity with such \
    tokens and without. A token of probability zero makes the perplexity infinite; the report names \
    it, and never leaves it out. With several texts, each row of --per-token and --per-line begins \
    with the name of its text.

    A TEXT may be packed (gzip, bzip2, xz, zstd), a folder, or the records of a data set: --field \
    names the field of JSON Lines, --column the column of a table. A record is a document, and its \
    number or --id is in every row about it.

    A model remembers a sample of the long spans of its training text. Where it has seen more than one \
    in a hundred of a text's spans, a note says so: such figures say nothing about new text.

    MODEL may also be a JSON file of the log-probabilities that another program gave to the tokens of \
    TEXT: answers of language-model servers, or samples of lm-eval. The tokens must spell the text; \
    the bytes of tokens without a score are counted as unscored.

    --policy counts the same scores in the way of KenLM's query, SRILM's ngram, EleutherAI's \
    lm-evaluation-harness or Hugging Face's evaluate, and shows each difference.

    The confidence interval is about other texts of the same kind: parts of this text are resampled. \
    Parts are whole texts if there are at least 20; else paragraphs between blank lines, if there are \
    enough; else lines. Neighbouring paragraphs or lines are gathered in 32 blocks, because they are \
    not independent.

    With --adapt a gated or mixing model learns from every byte after it is scored, from text to text, \
    as an adaptive compressor does. Such figures show how well the model learns; the fair figure for \
    held-out text is the one without --adapt.

    With --breakdown the report has tables that show where the bits go. Each table sorts all tokens in \
    its own way and adds up to the total. With --training, the training text, two tables sort tokens by \
    their counts in training, and one compares the expected with the observed counts (Chen and Goodman \
    1998).

    If standard input is the only TEXT, '--by line', '--per-line -' and '--per-token -' answer each \
    line as soon as it is read. With --json each answer is an object on a line of its own, and the last \
    object has the 'total'. The </s> that ends a document comes after its last line and is in the total \
    alone.
    """
  static let examples = [
    Example(
      "perplex score stories.perplex corpora/stories/held-out.txt",
      "Cross-entropy and perplexity."
    ),
    Example(
      "perplex score stories.perplex held-out.txt --per-token tokens.tsv --json",
      "The figures as JSON, and each token's surprisal in a table."
    ),
    Example(
      "perplex score stories.perplex held-out.txt --breakdown --training train.txt",
      "Where the bits go: by order, training count, class of word, and the costliest lines."
    ),
    Example(
      "perplex score stories.perplex held-out.txt --policy kenlm",
      "The perplexities that KenLM would print, and why they differ."
    ),
    Example(
      "perplex score stories.perplex reviews.jsonl --field text --per-line -",
      "The figures of each line of each record of JSON Lines."
    ),
    Example(
      "perplex score stories.perplex reviews.jsonl --field text --by record --sort surprisal --top 5",
      "The five oddest records, with their texts."
    ),
    Example(
      "perplex score stories.perplex reviews.jsonl --field text --append | jq 'select(.perplexity < 80)'",
      "The records that the model finds likely, with all their fields."
    ),
    Example(
      "tail -f chat.log | perplex score stories.perplex - --by line",
      "The figures of each line as it comes."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operand(
      "MODEL",
      value: \.model,
      help: "A .perplex or ARPA file, or a file of log-probabilities (JSON)."
    ),
    .operands("TEXT", value: \.texts, atLeast: 1, help: "The texts to score."),
    .option(
      "--per-token",
      value: \.perToken,
      placeholder: "FILE",
      completion: .files,
      help: "Write each token's score as TSV; '-' for standard output."
    ),
    .option(
      "--per-line",
      value: \.perLine,
      placeholder: "FILE",
      completion: .files,
      help: "Write each line's figures as TSV; '-' for standard output."
    ),
    .option(
      "--by",
      value: \.unit,
      help: "Give figures for each file, each line, or each record (--field, --column)."
    ),
    .option(
      "--sort",
      value: \.order,
      help:
        "List the texts, lines or records (--by) of highest cost, with their text: by surprisal, bits a "
        + "token, or by bits in all."
    ),
    .flag(
      "--append",
      value: \.appends,
      help: "Write each record as it came, with its figures behind its own fields."
    ),
    .option(
      "--max-perplexity",
      value: \.highestPerplexity,
      placeholder: "X",
      help: "Exit with status 2 if the perplexity is higher."
    ),
    .option(
      "--policy",
      value: \.policy,
      help: "Also count as another tool does, with every difference in tokens and bits."
    ),
    .option(
      "--format",
      value: \.format,
      help: "Print the output of SRILM's 'ngram -debug 2 -ppl', for scripts that read it."
    ),
    .flag(
      "--adapt",
      value: \.adapts,
      help: "Let a gated or mixing model go on learning from what it scores."
    ),
    .flag("--verify", value: \.verifies, help: "Check the model's checksums first."),
    .group("Breakdown", \.breakdown, BreakdownOptions.arguments),
    .group("Reading", \.reading, ReadingOptions.arguments),
    .group("Intervals", \.intervals, IntervalOptions.arguments),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    try intervals.validate()
    if let perToken, perToken == perLine {
      throw UsageError("'--per-token' and '--per-line' must be two files")
    }
    try breakdown.validate(listsParts: order != nil)
    try reading.validate()
    try UsageError.checkStandardInput([model] + texts)
    try validateParts()
    if [writesTable, results.printsJSON, format != nil, appends].count(where: \.self) > 1 {
      throw .onlyOneStandardOutput
    }
    if format != nil && unit == .line {
      throw .conflict("--format srilm", "--by", reason: "it has figures for each line already")
    }
    if writesTable || format != nil {
      for (option, isGiven) in [("--breakdown", breakdown.isWanted), ("--policy", policy != nil)]
      where isGiven {
        throw .needs(option, other: "the report or --json", reason: "another result replaces it")
      }
    }
  }

  private func validateParts() throws(UsageError) {
    for (option, isGiven) in [("--by record", unit == .record), ("--append", appends)]
    where isGiven && reading.field == nil && reading.column == nil {
      throw .needs(option, other: "'--field' or '--column'")
    }
    if appends && unit != .file {
      throw .conflict("--append", "--by", reason: "its rows are records")
    }
    if appends && order != nil {
      throw .conflict("--append", "--sort", reason: "its rows keep their order")
    }
  }

  /// A table takes the place of the report on standard output.
  var writesTable: Bool { perToken == "-" || perLine == "-" }

  /// The lines of standard input are answered as they come.
  var isFilter: Bool {
    texts == ["-"] && order == nil && (unit != .file || writesTable || format != nil || appends)
  }

  func run(in console: inout Console) throws {
    try untilPipeCloses { try score(in: &console) }
  }

  private func score(in console: inout Console) throws {
    let subject = try Scorer(
      model,
      adapts: adapts,
      verifies: verifies,
      reading: reading,
      threads: results.threadCount
    )
    var sources = try reading.sources(texts, in: &console)
    if appends { sources = sources.map { $0.keepingRows } }
    try subject.check(sources)
    let read = [model] + sources.map(\.name)
    if let perToken { try CommandError.checkOutput(perToken, against: read) }
    if let perLine {
      try CommandError.checkOutput(perLine, against: read + (perToken.map { [$0] } ?? []))
    }
    var output = try ScoreOutput(self, subject, sources, &console)
    if isFilter { try output.begin(in: &console) }
    let bar = console.progress("scoring", total: sources.byteCount)
    defer { bar.finish() }
    for (index, source) in sources.enumerated() {
      output.begin(source)
      let stopwatch = Stopwatch()
      let done = output.report.total.measure.bytes
      func visit(_ part: ScoredText) throws { try output.add(part, of: index, in: &console) }
      func progress(_ bytes: Int) { bar.update(done + bytes) }
      let evaluation =
        if isFilter, let evaluator = subject.evaluator {
          try evaluator.evaluateAsItComes(source, visit: visit)
        } else if output.needsVisits {
          try subject.scorer.evaluate(source, visit: visit, progress: progress)
        } else {
          try subject.scorer.evaluate(source, progress: progress)
        }
      output.report.append(evaluation, seconds: stopwatch.seconds)
      if let settings = subject.model?.settings,
        let warning = evaluation.trainingOverlap?.warning(settings)
      {
        console.note("\(source.name): \(warning)")
      }
      try output.endText(index, in: &console)
    }
    bar.finish()
    for note in subject.notes { console.note(note) }
    console.note(output.report.total.records, of: texts)
    if let warning = subject.aboveOneWarning(output.report.total) { console.note(warning) }
    try output.finish(in: &console)
    if let highestPerplexity, subject.isNormalized,
      !(output.report.total.perplexity <= highestPerplexity)
    {
      throw PerplexityGate(perplexity: output.report.total.perplexity, highest: highestPerplexity)
    }
  }
}
