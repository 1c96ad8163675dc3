import Files
import ExternalModels
import LanguageModels
import Perplexity
import Records
import Terminal
import Tokenization

/// `explain`: shows how a model computes the probability of each token.
struct ExplainCommand: Command, Equatable {
  var model = ""
  var sentences: [String] = []
  var training: [String] = []
  var reading = ReadingOptions()
  var results = OutputOptions()

  static let name = "explain"
  static let abstract = "Show how a model computes the probability of each token."
  static let discussion = """
    Each SENTENCE stands between <s> and </s>; you need not write them. With '-' the sentences are \
    the lines of standard input, read as score reads a text, up to \
    \(NumberFormat.grouped(Explainer.tokenLimit)) tokens.

    Each token has a row for each length of n-gram, the longest first. Its alpha is the \
    probability that the n-gram itself adds; its gamma is the back-off weight of its history, \
    which multiplies the probability of the shorter n-gram. Alpha times the gammas of the longer \
    n-grams is the n-gram's share of the probability; the shares sum to it. Order 0 is the \
    uniform distribution over all tokens. In a back-off model the longest n-gram that is found \
    has all of the probability; the file of another program is read in that way. The report ends \
    with the perplexity by both of its definitions.

    With --training the numbers are computed again from the counts of the training text: those of the \
    n-gram and of its history, the discount, and the mass that is passed on. Below the longest n-grams \
    Kneser-Ney counts the different tokens that come before.

    A gated model explains each byte; a mixing model has no orders to show.
    """
  static let examples = [
    Example(
      "perplex explain stories.perplex \"The old man\"",
      "Where each probability comes from."
    ),
    Example(
      "perplex explain stories.perplex \"The old man\" --training corpora/stories/train.txt",
      "The same with the counts, where the model was trained on that text."
    ),
    Example("perplex explain stories.perplex - --json < held-out.txt", "For a program."),
  ]
  static let arguments: [Argument<Self>] = [
    .operand("MODEL", value: \.model, completion: .files, help: "A .perplex or ARPA file."),
    .operands(
      "SENTENCE",
      value: \.sentences,
      atLeast: 1,
      help: "The sentences to explain; '-' is standard input."
    ),
    .option(
      "--training",
      value: \.training,
      takesWordsUpToNextOption: true,
      placeholder: "TEXT",
      completion: .files,
      help:
        "The model's training text again, to show counts, discounts and where weights come from."
    ),
    .group("Reading", \.reading, ReadingOptions.arguments),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    try reading.validate()
    try UsageError.checkStandardInput([model] + sentences + training)
  }

  func run(in console: inout Console) throws {
    try untilPipeCloses { try explain(in: &console) }
  }

  private func explain(in console: inout Console) throws {
    let file = try Bytes.whole(model)
    if ExternalModel.isExternal(file) {
      throw CommandError.notExplainable(model: model, .scoresOnly)
    }
    switch try ModelFile.open(file, path: model, threads: results.threadCount) {
    case .ngrams(let model): try explain(model, in: &console)
    case .bytes(let model): try explain(model, in: &console)
    }
  }

  private func explain(_ ngrams: NGramModel, in console: inout Console) throws {
    var sequences: [ExplainedSequence] = []
    for sentence in sentences {
      if sentence == "-" {
        let explainer = Explainer(
          ngrams,
          markers: reading.markers,
          invalidUTF8: reading.invalidUTF8
        )
        let explained = try explainer.explain(reading.sources(["-"], in: &console)[0])
        console.note(explained.records, of: ["-"])
        sequences += explained.sequences
      } else {
        // Textbooks write a sentence with its markers.
        sequences += try Explainer(ngrams).explain(
          ngrams.settings.withoutMarkers(sentence),
          called: Self.quoted(sentence)
        )
      }
    }
    if !training.isEmpty { try count(&sequences, of: ngrams, in: &console) }
    let report = ExplainReport(
      model: ngrams,
      path: model,
      sequences: sequences,
      hasCounts: !training.isEmpty
    )
    if results.printsJSON {
      try printResult(report.json, results, in: &console)
    } else {
      try report.print(in: &console)
    }
  }

  /// The name of a sentence in errors.
  private static func quoted(_ sentence: String) -> String {
    "'\(TokenTable.escaped(sentence.utf8))'"
  }

  private func count(
    _ sequences: inout [ExplainedSequence],
    of ngrams: NGramModel,
    in console: inout Console
  ) throws {
    if let obstacle = ngrams.obstacleToCounting {
      throw CommandError.notExplainable(model: model, .counts(obstacle))
    }
    let sources = try reading.sources(training, in: &console)
    let source = TrainingSource(
      sources,
      of: ngrams,
      markers: reading.markers,
      invalidUTF8: reading.invalidUTF8,
      threads: results.threadCount
    )
    let bar = console.progress("counting", total: sources.byteCount)
    defer { bar.finish() }
    let (read, records) = try sequences.count(in: source, of: ngrams) { bar.update($0) }
    bar.finish()
    console.note(records, of: sources.map(\.name))
    let trained = ngrams.description.tokenCount
    if trained > 0, read != trained {
      console.note(
        "the training text has \(NumberFormat.grouped(read)) tokens, but \(model) was trained on "
          + "\(NumberFormat.grouped(trained)): is it the same text?"
      )
    } else if let token = sequences.firstAtOdds {
      console.note(
        "the counts of '\(token.text)' give other numbers than \(model) has: is it the text that it was "
          + "trained on?"
      )
    }
  }

  private func explain(_ bytes: ByteModel, in console: inout Console) throws {
    guard training.isEmpty else {
      throw CommandError.notExplainable(
        model: model,
        .counts("it keeps the counts of bytes itself")
      )
    }
    let encoder = TextEncoder(bytes.settings, markers: .skip)
    var numbering = bytes.vocabulary
    var texts: [ExplainedBytes] = []
    for sentence in sentences {
      var tokens: [TokenID] = []
      if sentence == "-" {
        var reader = try TextReader(
          reading.sources(["-"], in: &console)[0],
          isRaw: bytes.settings.readsRawBytes,
          invalidUTF8: reading.invalidUTF8
        )
        var records: RecordTally?
        while let block = try reader.next() {
          let encoded = try encoder.encode(block, of: "-", numbering: &numbering)
          if let tally = encoded.tally { records = (records ?? RecordTally()) + tally }
          tokens += encoded.tokens
        }
        console.note(records, of: ["-"])
      } else {
        tokens = try encoder.encode(
          TextChunk(sentence),
          of: Self.quoted(sentence),
          numbering: &numbering
        )
        .tokens
      }
      guard tokens.contains(where: { $0 != .beginSentence }) else {
        throw TextError.empty(paths: [sentence == "-" ? "-" : Self.quoted(sentence)])
      }
      guard let explanations = bytes.explanations(of: tokens) else {
        throw CommandError.notExplainable(model: model, .mixing)
      }
      texts.append(ExplainedBytes(bytes: explanations))
    }
    if results.printsJSON {
      try printResult(texts.json(model: model), results, in: &console)
    } else {
      try texts.print(model: model, in: &console)
    }
  }
}
