import Files
import InformationTheory
import LanguageModels
import Perplexity
import Records
import Statistics
import Terminal
import Tokenization

/// `sweep`: trains and compares models by order, smoothing method and size of text.
struct SweepCommand: Command, Equatable {
  var texts: [String] = []
  var heldOut: [String] = []
  var generated: UInt64?
  var orders = OrderList([1, 2, 3, 4, 5])
  var smoothings = SmoothingList([.modifiedKneserNey, .jelinekMercer, .wittenBell, .katz])
  var sizes: SizeList?
  var baseline: BaselineName?
  var smoothing = SmoothingOptions()
  var vocabulary = VocabularyOptions()
  var page: String?
  var tokens = TokenOptions()
  var reading = ReadingOptions()
  var intervals = IntervalOptions()
  var memory = MemoryOptions()
  var results = OutputOptions()

  static let name = "sweep"
  static let abstract = "Find out what order, smoothing method and more text are worth."
  static let discussion = """
    sweep trains a model for every order, smoothing method and size of the training text, and scores \
    each on the same held-out text. A size is a number of tokens from the beginning of the text, in \
    whole lines, so the smaller sizes are parts of the larger ones.

    Perplexities compare only over one vocabulary. All models therefore have the vocabulary of the \
    whole text: a word that a smaller part lacks is an unseen word to its models, and gets the \
    probability of one. Words that the whole text lacks are unknown to all models, and charged as <unk>.

    Differences are to the baseline of the same size, paired line by line. The report also has the \
    cross-entropy of the training text: a gain there alone is learned by heart.

    With --generated the texts come from a source of known entropy. Then the cross-entropy of each \
    model and its divergence from the source are also summed exactly, over everything that the source \
    can produce.
    """
  static let examples = [
    Example(
      "perplex sweep corpora/stories/train.txt --held-out corpora/stories/held-out.txt",
      "Orders 1 to 5 with four methods."
    ),
    Example(
      "perplex sweep train.txt --held-out valid.txt --sizes 1%,10%,100% --html sweep.html",
      "Learning curves, as a page with plots."
    ),
    Example(
      "perplex sweep --generated 1 --orders 1-3 --smoothings modified-kneser-ney,witten-bell",
      "The distance of models from a known entropy."
    ),
  ]
  static let arguments: [Argument<Self>] = [
    .operands("TEXT", value: \.texts, help: "The texts to train on."),
    .option(
      "--held-out",
      value: \.heldOut,
      takesWordsUpToNextOption: true,
      placeholder: "TEXT",
      completion: .files,
      help: "The texts to score."
    ),
    .option(
      "--generated",
      value: \.generated,
      placeholder: "SEED",
      help: "Instead of texts: generate them from a source of known entropy, with this seed."
    ),
    .option("--orders", value: \.orders, help: "The lengths of the longest n-grams."),
    .option(
      "--smoothings",
      value: \.smoothings,
      help: "The smoothing methods: names of train --smoothing, or all."
    ),
    .option(
      "--sizes",
      value: \.sizes,
      statedDefault: "100%; of a generated text 1%,3%,10%,30%,100%",
      help: "The sizes of the training text: shares, numbers of tokens, or lines (500lines)."
    ),
    .option(
      "--baseline",
      value: \.baseline,
      statedDefault: "jelinek-mercer, else the first method; with one method, its lowest order",
      help: "The baseline of differences: a method, at each model's own order or at order N."
    ),
    .group("", \.smoothing, SmoothingOptions.alpha),
    .group("", \.vocabulary, VocabularyOptions.common),
    .option(
      "--html",
      value: \.page,
      placeholder: "FILE",
      completion: .files,
      help: "Also write the result as a page with plots; '-' for that alone."
    ),
    .group("Tokens", \.tokens, TokenOptions.arguments),
    .group("Reading", \.reading, ReadingOptions.arguments),
    .group("Intervals", \.intervals, IntervalOptions.arguments),
    .group("Memory", \.memory, MemoryOptions.arguments),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  private var effectiveBaseline: BaselineName {
    baseline ?? SweepGrid.defaultBaseline(smoothings.values, orders: orders.values)
  }

  mutating func validate() throws(UsageError) {
    try results.validate()
    try intervals.validate()
    try memory.validate()
    try reading.validate()
    try UsageError.check(intervals.resamples, of: "--resamples", is: .atLeast(1))
    try validateTexts()
    try validateBaseline()
    try smoothing.validateAlpha()
    try vocabulary.validate()
    if page == "-" && results.printsJSON { throw .onlyOneStandardOutput }
  }

  private func validateTexts() throws(UsageError) {
    guard generated == nil else {
      // An unknown word would be charged for all that are unknown, and the sums be above one.
      if let option = VocabularyOptions.common.namesOfChanges(
        in: vocabulary,
        from: VocabularyOptions()
      ).first {
        throw .conflict("--generated", option, reason: "it needs every word of its source")
      }
      guard texts.isEmpty, heldOut.isEmpty else {
        throw .conflict("--generated", "texts", reason: "it makes them itself")
      }
      guard tokens.settings.tokenizer.hasMarkers, tokens.settings.sequence == .line else {
        throw .conflict("--generated", "this tokenizer", reason: "it makes sentences of words")
      }
      return
    }
    if texts.isEmpty { throw .missingOperand("TEXT") }
    if heldOut.isEmpty { throw .missingOption("--held-out", placeholder: "TEXT") }
    guard !heldOut.contains("-") else {
      throw .needsFile(
        "--held-out",
        reason: "each model reads the text; save standard input to a file"
      )
    }
  }

  private func validateBaseline() throws(UsageError) {
    guard smoothings.values.contains(where: \.isNormalized) else {
      throw UsageError(
        "'--smoothings' must have a method with probabilities; stupid-backoff has scores"
      )
    }
    let baseline = effectiveBaseline
    guard smoothings.values.contains(baseline.method),
      baseline.order.map({ orders.values.contains($0) }) ?? true
    else {
      throw UsageError(
        "'--baseline' must be one of the models, not '\(baseline.argument)': "
          + "name its method in '--smoothings' and its order in '--orders'"
      )
    }
    if !baseline.method.isNormalized && smoothings.values.count > 1 {
      throw UsageError("'--baseline' must have probabilities; stupid-backoff has scores")
    }
  }

  func run(in console: inout Console) throws {
    try untilPipeCloses {
      guard let generated else {
        let texts = Texts(
          train: try reading.sources(texts, in: &console),
          heldOut: try reading.sources(heldOut, in: &console)
        )
        return try sweep(texts, in: &console)
      }
      let source = MarkovSource(seed: generated)
      let folder = try TemporaryFolder()
      defer { folder.remove() }
      let files = try GeneratedTexts(of: source, in: folder)
      try sweep(
        Texts(train: [files.train], heldOut: [files.heldOut], source: source),
        in: &console
      )
    }
  }

  /// The texts to train on and to score.
  private struct Texts {
    var train: [TextSource]
    var heldOut: [TextSource]
    var source: MarkovSource?
  }

  private func sweep(_ texts: Texts, in console: inout Console) throws {
    guard let resampling = intervals.resampling(threads: results.threadCount) else { return }
    if let page {
      try CommandError.checkOutput(
        page,
        against: (texts.train + texts.heldOut).map(\.name) + [vocabulary.path].compactMap(\.self)
      )
    }
    try CommandError.checkRereadable(texts.heldOut)
    try memory.checkFolder()
    let file = try page.map { try PageFile($0) }
    let data = try read(texts.train, in: &console)
    let names = texts.train.count == 1 ? texts.train[0].name : "\(texts.train.count) texts"
    let grid = SweepGrid(
      orders: orders.values,
      methods: smoothings.values,
      sizes: try SweepGrid.sizes(effectiveSizes, of: data, texts: names),
      baseline: effectiveBaseline,
      alpha: smoothing.alpha ?? 1
    )
    let bar = console.progress("sweeping", total: grid.models.count, unit: .items("models"))
    var cells: [SweepCell]
    do {
      defer { bar.finish() }
      cells = try SweepRun(
        data: data,
        models: grid.models,
        sizes: grid.sizes,
        heldOut: texts.heldOut,
        alpha: grid.alpha,
        reading: reading,
        resampling: resampling,
        source: texts.source,
        threads: results.threadCount,
        folder: memory.folder ?? ScratchFile.defaultFolder,
        memoryByteCount: memory.byteCount
      ).cells { bar.advance(by: 1) }
    }
    try SweepCell.compare(&cells, grid, resampling)
    let report = SweepReport(
      grid: grid,
      cells: cells,
      texts: generated.map { ["the source with seed \($0)"] } ?? texts.train.map(\.name),
      heldOut: generated.map { _ in ["a generated text"] } ?? texts.heldOut.map(\.name),
      settings: data.settings,
      vocabulary: data.vocabulary,
      trainingRecords: data.records,
      resampling: resampling,
      source: texts.source
    )
    console.note(data.records, of: texts.train.map(\.name))
    console.note(report.heldOutRecords, of: texts.heldOut.map(\.name))
    try file?.write(SweepPage(report: report).markup, in: &console)
    if page == "-" { return }
    if results.printsJSON {
      try printResult(report.json, results, in: &console)
    } else {
      try report.print(in: &console)
    }
  }

  private var effectiveSizes: SizeList {
    sizes ?? (generated == nil ? .whole : .learning)
  }

  private func read(_ sources: [TextSource], in console: inout Console) throws -> TrainingData {
    var input = TrainingInput(sources, settings: tokens.settings)
    input.markers = reading.markers
    input.invalidUTF8 = reading.invalidUTF8
    vocabulary.apply(to: &input)
    let bar = console.progress("reading", total: sources.byteCount)
    defer { bar.finish() }
    input.bound = memory.bound(
      order: orders.values.last ?? 1,
      textByteCount: sources.byteCount,
      telling: bar
    )
    return try TrainingData(input, threads: results.threadCount) { bar.update($0) }
  }
}
