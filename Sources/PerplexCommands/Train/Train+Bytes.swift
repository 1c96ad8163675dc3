import BytePrediction
import Files
import LanguageModels
import Records
import Terminal
import Tokenization

/// The families of models by the names a user gives them.
enum ModelFamily: String, CaseIterable, ArgumentValue {
  case ngram
  case gated
  case mixing

  /// The family of models of bytes; nil for n-grams.
  var byteModelKind: ByteModelKind? {
    switch self {
    case .ngram: nil
    case .gated: .gated
    case .mixing: .mixing
    }
  }
}

extension TrainCommand {
  /// Checks that the family of the model has every option that was given.
  func validateFamily() throws(UsageError) {
    guard family == .mixing || !isFast else { throw .needs("--fast", other: "--model mixing") }
    guard family != .ngram else { return }
    let name = family.rawValue
    if let tokenizer = tokens.tokenizer, !ByteModelDescription.tokenizers.contains(tokenizer) {
      throw UsageError(
        "a \(name) model has the tokenizers bytes and characters, not \(tokenizer.rawValue)"
      )
    }
    if tokens.sequence == .line {
      throw .conflict("--sequence line", "--model \(name)", reason: "it reads documents")
    }
    guard family == .gated || order == nil else {
      throw .conflict("--order", "--model mixing", reason: "it has a fixed set of contexts")
    }
    let ofNGrams =
      SmoothingOptions.arguments.namesOfChanges(in: smoothing, from: SmoothingOptions())
      + VocabularyOptions.arguments.namesOfChanges(in: vocabulary, from: VocabularyOptions())
      + TokenOptions.normalizing.namesOfChanges(in: tokens, from: TokenOptions())
    if let option = ofNGrams.first { throw .needs(option, other: "--model ngram") }
  }

  /// Trains a model of bytes.
  func trainOnBytes(in console: inout Console) throws {
    guard let kind = family.byteModelKind else { return }
    let stopwatch = Stopwatch()
    let path = output ?? ""
    let sources = try reading.sources(texts, in: &console)
    try CommandError.checkModelOutput(path, against: sources)
    let file = try OutputFile(path)
    let predictor = kind.makePredictor(
      forTextOf: sources.byteCount,
      memoryByteCount: memory.byteCount,
      order: order,
      isFast: isFast
    )
    var trainer = ByteModelTrainer(kind, predictor, tokenizer: tokens.tokenizer ?? .bytes)
    let bar = console.progress("training", total: sources.byteCount)
    let description: ByteModelDescription
    let records: RecordTally?
    do {
      defer { bar.finish() }
      var done = 0
      for source in sources {
        var last = 0
        try trainer.train(on: source, invalidUTF8: reading.invalidUTF8) {
          last = $0
          bar.update(done + $0)
        }
        done += last
      }
      records = trainer.records
      description = try trainer.finish(to: file, paths: sources.map(\.name))
    }
    console.note(records, of: texts)
    let seconds = stopwatch.seconds
    let byteCount = try Bytes(mapping: path).count
    if results.printsJSON {
      let value: JSONValue = [
        "model": .string(path), "kind": .string(kind.rawValue),
        "tokenizer": .string(description.settings.tokenizer.rawValue),
        "trained_bytes": .integer(description.trainedByteCount),
        "documents": .integer(description.documentCount),
        "parameters": .object(
          JSONObject(
            description.parameters.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }
          )
        ),
        "bytes": .integer(byteCount), "timing": ["seconds": .double(seconds)],
      ]
      try printResult(value, results, in: &console)
      return
    }
    let rate = Double(description.trainedByteCount) / max(seconds, 1e-9)
    try console.print(
      "\(console.style.bold(path)): \(kind.rawValue) model of "
        + "\(description.settings.tokenizer.rawValue), trained on "
        + "\(NumberFormat.grouped(description.trainedByteCount)) bytes in "
        + "\(NumberFormat.grouped(description.documentCount)) "
        + description.settings.sequence.noun(description.documentCount)
    )
    try console.print(
      "\(NumberFormat.bytes(byteCount)) in \(NumberFormat.duration(seconds: seconds)), "
        + "\(NumberFormat.bytes(Int(rate))) a second; next: perplex score \(path) TEXT"
    )
  }
}

extension ByteModelKind {
  /// A predictor that has read nothing, for a training text of `byteCount` bytes, if known.
  func makePredictor(
    forTextOf byteCount: Int?,
    memoryByteCount: Int,
    order: Int? = nil,
    isFast: Bool = false
  ) -> any BytePredictor {
    switch self {
    case .gated:
      GatedNGram(order: order ?? GatedNGram.defaultOrder, memoryByteCount: memoryByteCount)
    case .mixing:
      ContextMixer(
        textByteCount: byteCount,
        memoryByteCount: memoryByteCount,
        preset: isFast ? .fast : .strong
      )
    }
  }
}
