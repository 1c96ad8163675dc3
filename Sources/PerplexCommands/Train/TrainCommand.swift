import Files
import LanguageModels
import Records
import Terminal
import Tokenization

/// `train`: trains a model on text.
struct TrainCommand: Command, Equatable {
  var texts: [String] = []
  var output: String?
  var family = ModelFamily.ngram
  var order: Int?
  var isFast = false
  var smoothing = SmoothingOptions()
  var vocabulary = VocabularyOptions()
  var tokens = TokenOptions()
  var reading = ReadingOptions()
  var memory = MemoryOptions()
  var results = OutputOptions()

  static let name = "train"
  static let abstract = "Train a model on text: n-grams, or one that predicts byte by byte."
  static let discussion = """
    A TEXT is a UTF-8 file, packed or not, '-' for standard input, or a folder: then all its *.txt and \
    *.md files are read in the order of their names. --field and --column read the texts of a data \
    set's records, each of them a document. A literal <unk> between white space is the unknown word. \
    The model keeps the settings of the tokenizer, so score reads text as train did. Where a text is \
    too small or too regular to estimate a discount, the method falls back at that order alone, and \
    a note says so.

    A gated model is an n-gram model of bytes: a gate mixes its orders. A mixing model predicts each \
    bit from many contexts; it is far better and far slower. Both read bytes, need no vocabulary, and \
    can go on learning: see score --adapt and compress. Their --memory bounds all that they learn.
    """
  static let examples = [
    Example(
      "perplex train corpora/stories/train.txt -o stories.perplex",
      "A 5-gram model of words."
    ),
    Example(
      "perplex train --tokenizer characters --order 8 corpora/scripts -o scripts.perplex",
      "A character model of every text in a folder."
    ),
    Example(
      "perplex train --model mixing corpora/stories/train.txt -o mixing.perplex",
      "A model of bytes as strong as the best compressors of its speed."
    ),
    Example(
      "perplex train --tokenizer whitespace --smoothing katz --order 3 a.txt b.txt -o katz.perplex",
      "Katz's back-off on tokens that white space separates, as KenLM and SRILM read text."
    ),
    Example(
      "perplex train --prune 0,0,1 corpora/stories/train.txt -o small.perplex",
      "A smaller model: trigrams and longer that occur once are left out."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operands("TEXT", value: \.texts, atLeast: 1, help: "The texts to train on."),
    .option(
      "-o",
      "--output",
      value: \.output,
      isRequired: true,
      placeholder: "MODEL",
      help: "The model file to write."
    ),
    .option("--model", value: \.family, help: "The family of the model."),
    .flag("--fast", value: \.isFast, help: "A smaller and faster mixing model."),
    .option(
      "-n",
      "--order",
      value: \.order,
      statedDefault: "5; 8 for characters, graphemes and bytes; gated: by the text's size",
      help: "The longest n-gram, 1 to 16."
    ),
    .group("", \.smoothing, SmoothingOptions.arguments),
    .group("", \.vocabulary, VocabularyOptions.arguments),
    .group("Tokens", \.tokens, TokenOptions.arguments),
    .group("Reading", \.reading, ReadingOptions.arguments),
    .group("Memory", \.memory, MemoryOptions.arguments),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  /// The order asked for, or the tokenizer's custom.
  var effectiveOrder: Int { order ?? (tokens.settings.tokenizer.hasMarkers ? 5 : 8) }

  mutating func validate() throws(UsageError) {
    try results.validate()
    try memory.validate()
    try reading.validate()
    try UsageError.check(effectiveOrder, of: "--order", is: .between(1, NGramOrder.maximum))
    try validateFamily()
    try smoothing.validate(order: effectiveOrder)
    try vocabulary.validate()
    if vocabulary.spellsUnknown && !smoothing.method.isNormalized {
      throw .conflict(
        "--spell-unknown",
        smoothing.method.rawValue,
        reason: "its scores are not probabilities"
      )
    }
    if output == "-" || output == "" {
      throw .needsFile("--output", reason: "a model is mapped, not piped")
    }
  }

  func run(in console: inout Console) throws {
    guard family == .ngram else { return try trainOnBytes(in: &console) }
    let stopwatch = Stopwatch()
    let path = output ?? ""
    let sources = try reading.sources(texts, in: &console)
    let heldOutSources = try reading.sources(smoothing.heldOut, in: &console)
    try CommandError.checkModelOutput(path, against: sources + heldOutSources)
    try CommandError.checkOutput(path, against: [vocabulary.path].compactMap(\.self))
    try memory.checkFolder()
    // Before any work, so that a place that cannot be written is found at once.
    let file = try OutputFile(path)
    var input = TrainingInput(sources, settings: tokens.settings)
    if smoothing.method.takes(.heldOutText) { input.heldOut = heldOutSources }
    input.markers = reading.markers
    input.invalidUTF8 = reading.invalidUTF8
    vocabulary.apply(to: &input)

    let readingBar = console.progress("reading", total: sources.byteCount)
    let data: TrainingData
    do {
      defer { readingBar.finish() }
      input.bound = memory.bound(
        order: effectiveOrder,
        textByteCount: sources.byteCount,
        telling: readingBar
      )
      data = try TrainingData(input, threads: results.threadCount) { readingBar.update($0) }
    }
    console.note(data.records, of: texts)
    console.note(data.tuningRecords, of: smoothing.heldOut)
    if data.blankLineCount > 0 && tokens.settings.sequence == .line {
      console.note(
        "\(NumberFormat.grouped(data.blankLineCount)) blank lines are counted as empty sentences"
      )
    }

    let total = 2 * max(1, data.text.count - data.sequenceCount)
    let estimating = console.progress("estimating", total: total, unit: .items("tokens"))
    let description: ModelDescription
    do {
      defer { estimating.finish() }
      description = try NGramEstimator(data, options: options(estimating)).write(to: file)
    }
    for note in description.notes { console.note(note) }
    let method = smoothing.method
    if !smoothing.heldOut.isEmpty && !method.takes(.heldOutText) {
      console.note("\(method.rawValue) has nothing to tune, so the text of --dev is not used")
    }
    if !method.isNormalized {
      console.note("stupid back-off gives scores, not probabilities, so there is no perplexity")
    }
    let seconds = stopwatch.seconds
    let model = try ModelFile.openNGrams(path)
    if results.printsJSON {
      let value = json(model, path: path, records: data.records, seconds: seconds)
      try printResult(value, results, in: &console)
    } else {
      try report(model, path: path, seconds: seconds, in: &console)
    }
  }

  private func options(_ bar: ProgressBar) -> EstimationOptions {
    var options = EstimationOptions()
    options.order = effectiveOrder
    smoothing.apply(to: &options)
    options.threads = results.threadCount
    options.progress = { bar.advance(by: $0) }
    return options
  }

  private func json(
    _ model: NGramModel,
    path: String,
    records: RecordTally?,
    seconds: Double
  ) -> JSONValue {
    let description = model.description
    var members: JSONObject = [
      "model": .string(path),
      "kind": "ngram",
      "tokenizer": .string(description.settings.tokenizer.rawValue),
      "order": .integer(description.order),
      "smoothing": .string(description.smoothing),
      "vocabulary_size": .integer(model.vocabulary.count),
      "tokens": .integer(description.tokenCount),
      "sentences": .integer(description.sequenceCount),
      "ngrams": .array(description.ngramCounts.map { .integer($0) }),
      "ngrams_counted": .array(description.allNGramCounts.map { .integer($0) }),
      "discounts": .array(description.discounts.map { .array($0.map { .double($0) }) }),
      "bytes": .integer(model.byteCount),
      "timing": ["seconds": .double(seconds)],
    ]
    if let speller = model.speller { members["spelling"] = speller.json }
    if let records { members += records.json }
    return .object(members)
  }

  private func report(
    _ model: NGramModel,
    path: String,
    seconds: Double,
    in console: inout Console
  ) throws {
    let description = model.description
    let style = console.style
    try console.print(
      "\(style.bold(path)): \(description.order)-gram model of "
        + "\(description.settings.tokenizer.rawValue), \(description.methodText)"
    )
    try console.print(
      "trained on \(NumberFormat.grouped(description.tokenCount)) tokens in "
        + "\(NumberFormat.grouped(description.sequenceCount)) "
        + description.settings.sequence.noun(description.sequenceCount)
        + "; vocabulary \(NumberFormat.grouped(model.vocabulary.count)) with <unk>, <s> and </s>"
    )
    try console.write(model.countsTable.rendered(width: console.width, style: style))
    if let speller = model.speller { try console.print("unknown words: \(speller.text)") }
    try console.print(
      "\(NumberFormat.bytes(model.byteCount)) in \(NumberFormat.duration(seconds: seconds)); "
        + "next: perplex score \(path) TEXT"
    )
  }
}
