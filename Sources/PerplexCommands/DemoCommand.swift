import Files
import InformationTheory
import LanguageModels
import Perplexity
import Records
import Terminal
import Tokenization

/// `demo`: trains models on the bundled texts and prints the cross-entropy that each reaches.
struct DemoCommand: Command, Equatable {
  var folder: String?
  var textFolder: String?
  var results = OutputOptions()

  static let name = "demo"
  static let abstract = "Train models on the bundled texts and compare their figures."
  static let discussion = """
    Run this command first. The program contains four kinds of English text and generates a fifth text \
    from a source whose entropy is known: no model can do better, and the table shows how near each \
    model comes.
    """
  static let examples = [
    Example("perplex demo", "In any folder."),
    Example("perplex demo --texts corpora", "The English texts as files, for the other commands."),
    Example("perplex demo --json", "The same figures for a program."),
  ]
  static let arguments: [Argument<Self>] = [
    .operand(
      "FOLDER",
      value: \.folder,
      completion: .files,
      help: "A folder to read in place of the bundled texts, laid out as '--texts' writes it."
    ),
    .option(
      "--texts",
      value: \.textFolder,
      placeholder: "FOLDER",
      completion: .files,
      help: "Write the English texts into this new folder, and train nothing."
    ),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    guard textFolder != "" else { throw UsageError("'--texts' must name a new folder") }
    if folder != nil && textFolder != nil {
      throw .conflict("--texts", "FOLDER", reason: "it writes the bundled texts")
    }
  }

  /// One model to train.
  private struct Trial {
    var text: String
    var name: String
    var tokenizer: TokenizerName
    var family: Family

    enum Family {
      case ngram(order: Int, SmoothingMethod)
      case bytes(ByteModelKind)

      var kind: String { if case .bytes(let kind) = self { kind.rawValue } else { "ngram" } }
      var order: Int? { if case .ngram(let order, _) = self { order } else { nil } }
      var method: SmoothingMethod? {
        if case .ngram(_, let method) = self { method } else { nil }
      }
    }
  }

  private struct Row {
    var trial: Trial
    var evaluation: Evaluation
    var trueEntropyBits: Double?
    /// The model against the source itself; nil if the source is not known.
    var source: SourceMeasurement?

    /// The bits a token that the model needs above the true entropy.
    var distanceBits: Double? { trueEntropyBits.map { evaluation.crossEntropyBits - $0 } }
  }

  func run(in console: inout Console) throws {
    if let textFolder {
      try BundledText.writeAll(into: textFolder)
      console.note("\(textFolder) is written; next: perplex train \(textFolder)/stories/train.txt")
      return
    }
    let temporary = try TemporaryFolder()
    defer { temporary.remove() }
    func files(_ part: BundledText.Part) throws -> [TextSource] {
      try BundledText.all(part).map { text in
        if let folder { return .file("\(folder)/\(text.genre)/\(text.fileName)") }
        let path = temporary.file("\(text.genre)-\(text.fileName)")
        try text.write(to: path)
        return .file(path)
      }
    }
    let english = Texts(train: try files(.train), heldOut: try files(.heldOut))
    try run(on: english, in: temporary, &console)
  }

  /// Runs all trials on `english` and on generated text; models are written in `temporary`.
  func run(
    on english: Texts,
    in temporary: TemporaryFolder,
    _ console: inout Console
  ) throws {
    let source = MarkovSource()
    let files = try GeneratedTexts(of: source, in: temporary)
    let modelPath = temporary.file("model.perplex")
    let generated = Texts(train: [files.train], heldOut: [files.heldOut])

    let trials = Self.trials
    let bar = console.progress("training", total: trials.count, unit: .items("models"))
    defer { bar.finish() }
    var rows: [Row] = []
    for trial in trials {
      let isGenerated = trial.text == Self.generatedName
      let texts = isGenerated ? generated : english
      let model = try train(trial, texts, to: modelPath)
      rows.append(
        Row(
          trial: trial,
          evaluation: try evaluate(model, texts),
          trueEntropyBits: isGenerated ? source.entropyBitsPerToken : nil,
          source: isGenerated ? SourceMeasurement(model, on: source) : nil
        )
      )
      bar.update(rows.count)
    }
    bar.finish()
    if results.printsJSON {
      try printResult(["models": .array(rows.map(Self.json))], results, in: &console)
    } else {
      try Self.report(rows, in: &console)
    }
  }

  private static let generatedName = "generated"

  private static let trials: [Trial] = {
    var trials: [Trial] = []
    for order in [1, 2, 3, 5] {
      trials.append(
        Trial(
          text: "English",
          name: "\(order)-gram words, modified Kneser-Ney",
          tokenizer: .words,
          family: .ngram(order: order, .modifiedKneserNey)
        )
      )
    }
    for method in [SmoothingMethod.wittenBell, .jelinekMercer, .additive] {
      trials.append(
        Trial(
          text: "English",
          name: "3-gram words, \(method.rawValue)",
          tokenizer: .words,
          family: .ngram(order: 3, method)
        )
      )
    }
    trials.append(
      Trial(
        text: "English",
        name: "8-gram characters, modified Kneser-Ney",
        tokenizer: .characters,
        family: .ngram(order: 8, .modifiedKneserNey)
      )
    )
    for kind in ByteModelKind.allCases {
      trials.append(
        Trial(
          text: "English",
          name: "\(kind.rawValue) bytes",
          tokenizer: .bytes,
          family: .bytes(kind)
        )
      )
    }
    for order in [1, 2, 3, 5] {
      trials.append(
        Trial(
          text: generatedName,
          name: "\(order)-gram words, modified Kneser-Ney",
          tokenizer: .whitespace,
          family: .ngram(order: order, .modifiedKneserNey)
        )
      )
    }
    return trials
  }()

  /// Texts to train on, and texts to score.
  struct Texts {
    var train: [TextSource]
    var heldOut: [TextSource]
  }

  private func train(
    _ trial: Trial,
    _ texts: Texts,
    to path: String
  ) throws -> StoredModel {
    let file = try OutputFile(path)
    switch trial.family {
    case .ngram(let order, let method):
      let settings = TextSettings(tokenizer: trial.tokenizer)
      let data = try TrainingData(TrainingInput(texts.train, settings: settings))
      var options = EstimationOptions()
      options.order = order
      options.method = method
      options.threads = results.threadCount
      _ = try NGramEstimator(data, options: options).write(to: file)
    case .bytes(let kind):
      let predictor = kind.makePredictor(
        forTextOf: texts.train.byteCount,
        memoryByteCount: 1 << 30
      )
      var trainer = ByteModelTrainer(kind, predictor, tokenizer: trial.tokenizer)
      for source in texts.train { try trainer.train(on: source) }
      _ = try trainer.finish(to: file, paths: texts.train.map(\.name))
    }
    return try ModelFile.open(path)
  }

  private func evaluate(_ model: StoredModel, _ texts: Texts) throws -> Evaluation {
    let evaluator = Evaluator(model, threads: results.threadCount)
    return try texts.heldOut.reduce(Evaluation()) { try $0 + evaluator.evaluate($1) }
  }

  private static func json(_ row: Row) -> JSONValue {
    [
      "text": .string(row.trial.text), "tokenizer": .string(row.trial.tokenizer.rawValue),
      "kind": .string(row.trial.family.kind),
      "order": row.trial.family.order.map { .integer($0) } ?? .null,
      "smoothing": row.trial.family.method.map { .string($0.rawValue) } ?? .null,
      "tokens": .integer(row.evaluation.measure.tokens),
      "out_of_vocabulary": .integer(row.evaluation.measure.outOfVocabulary),
      "cross_entropy_bits": .double(row.evaluation.crossEntropyBits),
      "perplexity": .double(row.evaluation.perplexity),
      "bits_per_byte": .double(row.evaluation.bitsPerByte),
      "true_entropy_bits": row.trueEntropyBits.map { .double($0) } ?? .null,
      "distance_bits": row.distanceBits.map { .double($0) } ?? .null,
      "source_cross_entropy_bits": JSONValue(row.source?.crossEntropyBits),
      "source_divergence_bits": JSONValue(row.source?.divergenceBits),
    ]
  }

  private static func report(_ rows: [Row], in console: inout Console) throws {
    var table = TextTable([
      .left("text"), .left("model"), .decimal("bits/token"), .decimal("perplexity"),
      .decimal("bits/byte"), .right("unknown"), .decimal("true entropy"), .decimal("distance"),
    ])
    for row in rows {
      table.append([
        row.trial.text, row.trial.name,
        ScoreReport.number(row.evaluation.crossEntropyBits, 3),
        ScoreReport.number(row.evaluation.perplexity, 2),
        ScoreReport.number(row.evaluation.bitsPerByte, 3),
        NumberFormat.percent(
          Double(row.evaluation.measure.outOfVocabulary) / Double(row.evaluation.measure.tokens)
        ),
        row.trueEntropyBits.map { ScoreReport.number($0, 3) } ?? "",
        row.distanceBits.map { ScoreReport.number($0, 3) } ?? "",
      ])
    }
    try console.write(table.rendered(width: .max, style: console.style))
    try console.print()
    try console.print(
      TextLayout.wrapped(
        """
        Each model is trained on one part of the text and scored on another. bits/token is the \
        cross-entropy; perplexity is 2 to that power. Words, characters and bytes are different \
        tokens, so only bits/byte compares between them; there the word models have an advantage, \
        since they do not pay for the spelling of unknown words (train --spell-unknown). The generated \
        text comes from a second-order Markov source. No model can beat its true entropy, except by \
        luck on a finite text; from order 3 on the models come near.
        """,
        width: console.width
      ).joined(separator: "\n")
    )
    try reportSource(rows, in: &console)
    try console.print(
      """

      Try next:
        perplex demo --texts corpora
        perplex train corpora/stories/train.txt -o stories.perplex
        perplex score stories.perplex corpora/stories/held-out.txt
        perplex train corpora/stories/train.txt --smoothing witten-bell -o witten-bell.perplex
        perplex compare stories.perplex witten-bell.perplex --on corpora/stories/held-out.txt
        perplex sample stories.perplex --count 5
      """
    )
  }

  /// The models of the generated text against its source: exact sums, not means over a sample.
  private static func reportSource(_ rows: [Row], in console: inout Console) throws {
    var table = TextTable([
      .left("generated"), .decimal("entropy H(P)"), .decimal("+ divergence KL(P||Q)"),
      .decimal("= cross-entropy H(P,Q)"),
    ])
    for row in rows {
      guard let source = row.source else { continue }
      table.append([
        row.trial.name, ScoreReport.number(source.entropyBits, 6),
        ScoreReport.number(source.divergenceBits, 6),
        ScoreReport.number(source.crossEntropyBits, 6),
      ])
    }
    try console.print()
    try console.write(table.rendered(width: .max, style: console.style))
    try console.print(
      TextLayout.wrapped(
        """
        These are exact: each of the three is a sum over all that the source P can produce, after each \
        history that the model Q distinguishes.
        """,
        width: console.width
      ).joined(separator: "\n")
    )
  }
}
