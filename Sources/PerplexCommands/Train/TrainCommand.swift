import Files
import LanguageModels
import Records
import Terminal
import Tokenization

/// `train`: text becomes a model file.
struct TrainCommand: Command, Equatable {
  var texts: [String] = []
  var output: String?
  var family = ModelFamily.ngram
  var order: Int?
  var isFast = false
  var method = SmoothingMethod.modifiedKneserNey
  var usesBackOff = false
  var alpha: Double?
  var discount: Double?
  var heldOut: [String] = []
  var minimumCount = 1
  var vocabulary: String?
  var rareTokens = RareTokens.unknown
  var spellsUnknown = false
  var prune: IntegerList = []
  var tokens = TokenOptions()
  var reading = ReadingOptions()
  var memory = MemoryOptions()
  var results = OutputOptions()

  static let name = "train"
  static let abstract = "Train a model on text: n-grams, or one that predicts byte by byte."
  static let discussion = """
    A TEXT is a UTF-8 file, '-' for standard input, or a folder, of which all *.txt and *.md files \
    are read in the order of their names. A literal <unk> between white space is the unknown word. \
    Settings of the tokenizer travel in the model, so that score reads text as train did. Where a \
    text is too small or too regular for a discount, the method falls back at that order alone and \
    says so.

    A gated model is an n-gram of bytes whose orders a gate mixes; a mixing model predicts bit by bit \
    from many contexts, far better and far slower. Both read bytes, need no vocabulary, and can go on \
    learning: see score --adapt and compress. With them --memory bounds all that they know.
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
    .option("--smoothing", value: \.method, help: "How counts become probabilities."),
    .flag(
      "--back-off",
      value: \.usesBackOff,
      help: "The back-off form of a method that also has an interpolated one."
    ),
    .option(
      "--alpha",
      value: \.alpha,
      statedDefault: "1",
      help: "What additive smoothing adds to each count."
    ),
    .option(
      "--discount",
      value: \.discount,
      statedDefault: "estimated for each order",
      help: "The discount of absolute-discounting and kneser-ney at every order."
    ),
    .option(
      "--dev",
      value: \.heldOut,
      placeholder: "TEXT",
      statedDefault: "every tenth sequence, or every tenth 100 tokens of a text of few",
      help: "Held-out text that jelinek-mercer's weights are fitted on."
    ),
    .option(
      "--min-count",
      value: \.minimumCount,
      help: "Rarer tokens become <unk>."
    ),
    .option(
      "--vocabulary",
      value: \.vocabulary,
      placeholder: "FILE",
      completion: .files,
      help: "A file of one word a line; all other tokens become <unk>."
    ),
    .option(
      "--rare",
      value: \.rareTokens,
      help:
        "unknown: such tokens are counted as <unk>, which so gets their probability; drop: they "
        + "are counted as they are, then every n-gram with one is left out (KenLM's "
        + "--limit_vocab_file), and <unk> gets what any unseen word has."
    ),
    .flag(
      "--spell-unknown",
      value: \.spellsUnknown,
      help:
        "Also train a model of how words are spelled: an unknown word is then charged <unk> and its "
        + "spelling, so that bits per byte compare with any model's."
    ),
    .option(
      "--prune",
      value: \.prune,
      statedDefault: "nothing is left out",
      help:
        "Count cut-offs for orders 1, 2 and so on, the last for all longer n-grams: n-grams that "
        + "occur so often or less are left out. Discounts are those of all n-grams."
    ),
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
    guard NGramOrder.all.contains(effectiveOrder) else {
      throw UsageError(
        "'--order' must be between 1 and \(NGramOrder.maximum), not \(effectiveOrder)"
      )
    }
    try validateFamily()
    if usesBackOff && !method.hasBackOffForm {
      throw UsageError("'--back-off' does not go with \(method.rawValue): it has one form only")
    }
    if let alpha {
      guard method == .additive else {
        throw UsageError("'--alpha' goes with '--smoothing additive' only")
      }
      guard (1e-9...1e9).contains(alpha) else {
        throw UsageError("'--alpha' must be between 1e-9 and 1e9, not \(alpha)")
      }
    }
    if let discount {
      guard method == .absoluteDiscounting || method == .kneserNey else {
        throw UsageError("'--discount' goes with absolute-discounting and kneser-ney only")
      }
      guard discount > 0, discount < 1 else {
        throw UsageError("'--discount' must be between 0 and 1, not \(discount)")
      }
    }
    guard minimumCount >= 1 else {
      throw UsageError("'--min-count' must be at least 1, not \(minimumCount)")
    }
    if rareTokens == .drop && minimumCount == 1 && vocabulary == nil {
      throw UsageError("'--rare drop' goes with '--min-count' or '--vocabulary' only")
    }
    if spellsUnknown && method == .stupidBackOff {
      throw UsageError(
        "'--spell-unknown' does not go with \(method.rawValue), whose scores are no probabilities"
      )
    }
    try validatePruning()
    if output == "-" || output == "" {
      throw UsageError("'--output' must be a file: a model is mapped, not piped")
    }
  }

  private func validatePruning() throws(UsageError) {
    let values = prune.values
    guard values.count <= effectiveOrder else {
      throw UsageError(
        "'--prune' has \(values.count) cut-offs, but the model has \(effectiveOrder) "
          + (effectiveOrder == 1 ? "order" : "orders")
      )
    }
    if let first = values.first, first != 0 {
      throw UsageError(
        "'--prune' must begin with 0, not \(first): "
          + "'--min-count' with '--rare drop' leaves out rare words"
      )
    }
    for (value, next) in zip(values, values.dropFirst()) where next < value {
      throw UsageError(
        "'--prune' must not decrease, as from \(value) to \(next): "
          + "an n-gram needs the shorter ones in it"
      )
    }
  }

  func run(in console: inout Console) throws {
    guard family == .ngram else { return try trainOnBytes(in: &console) }
    let start = ContinuousClock.now
    let path = output ?? ""
    let sources = try TextSource.expand(texts)
    let heldOutSources = try TextSource.expand(heldOut)
    try UnfitDestination.checkModel(path, against: sources + heldOutSources)
    try UnfitDestination.check(path, against: [vocabulary].compactMap(\.self))
    try memory.checkFolder()
    // Before any work, so that a place that cannot be written is found at once.
    let file = try OutputFile(path)
    var input = TrainingInput(sources, settings: tokens.settings)
    if method == .jelinekMercer { input.heldOut = heldOutSources }
    input.markers = reading.markers
    input.invalidUTF8 = reading.invalidUTF8
    input.minimumCount = minimumCount
    input.vocabularyPath = vocabulary
    input.rareTokens = rareTokens
    input.keepsSpellings = spellsUnknown

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
    if !heldOut.isEmpty && method != .jelinekMercer {
      console.note("\(method.rawValue) has nothing to tune, so the text of --dev is not used")
    }
    if method == .stupidBackOff {
      console.note("stupid back-off gives scores, not probabilities: no perplexity is made of them")
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let model = try ModelFile.openNGrams(path)
    if results.printsJSON {
      try console.print(json(model, path: path, seconds: seconds))
    } else {
      try report(model, path: path, seconds: seconds, in: &console)
    }
  }

  private func options(_ bar: ProgressBar) -> EstimationOptions {
    var options = EstimationOptions()
    options.order = effectiveOrder
    options.method = method
    options.usesBackOff = usesBackOff
    options.alpha = alpha ?? 1
    options.discount = discount
    options.prune = prune.values
    options.threads = results.threadCount
    options.progress = { bar.advance(by: $0) }
    return options
  }

  private func json(_ model: NGramModel, path: String, seconds: Double) -> JSONValue {
    let description = model.description
    var members: [JSONValue.Member] = [
      .init("model", .string(path)),
      .init("kind", "ngram"),
      .init("tokenizer", .string(description.settings.tokenizer.rawValue)),
      .init("order", .integer(description.order)),
      .init("smoothing", .string(description.smoothing)),
      .init("vocabulary_size", .integer(model.vocabulary.count)),
      .init("tokens", .integer(description.tokenCount)),
      .init("sentences", .integer(description.sequenceCount)),
      .init("ngrams", .array(description.ngramCounts.map { .integer($0) })),
      .init("ngrams_counted", .array(description.allNGramCounts.map { .integer($0) })),
      .init("discounts", .array(description.discounts.map { .array($0.map { .double($0) }) })),
      .init("bytes", .integer(model.byteCount)),
      .init("seconds", .double(seconds)),
    ]
    if let speller = model.speller { members.append(.init("spelling", speller.json)) }
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
