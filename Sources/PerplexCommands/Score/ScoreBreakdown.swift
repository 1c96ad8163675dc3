import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// Options of the breakdown.
struct BreakdownOptions: Equatable, Sendable {
  var isWanted = false
  var training: [String] = []
  var top: Int?

  static let arguments: [Argument<Self>] = [
    .flag(
      "--breakdown",
      value: \.isWanted,
      help: "Show where the bits go: by order, class of word, length of line, costliest words."
    ),
    .option(
      "--training",
      value: \.training,
      takesWordsUpToNextOption: true,
      placeholder: "TEXT",
      completion: .files,
      help: "The model's training text again, for the breakdown by training counts."
    ),
    .option(
      "--top",
      value: \.top,
      statedDefault: "10; 20 with --sort",
      help:
        "The number of parts that --sort lists, or of costliest words and lines in the breakdown."
    ),
  ]

  /// Checks that the options go together; the parts of a text are a list that also has a top.
  func validate(listsParts: Bool) throws(UsageError) {
    if let top { try UsageError.check(top, of: "--top", is: .between(0, 100_000)) }
    if training.contains("-") {
      throw .needsFile("--training", reason: "the text is read twice")
    }
    guard !isWanted else { return }
    if top != nil && !listsParts { throw .needs("--top", other: "'--sort' or '--breakdown'") }
    if !training.isEmpty { throw .needs("--training", other: "--breakdown") }
  }
}

/// The breakdown of `score`, as the texts go by.
final class ScoreBreakdown {
  private var collector: BreakdownCollector?
  private let training: TrainingSource?
  private let trainingNames: [String]
  private let trainingByteCount: Int?
  /// The reason why there are no counts of training.
  private let absence: String
  private let subject: Scorer

  /// The breakdown that `command` asks for, if it does.
  ///
  /// - Throws: ``CommandError/noProbabilities(model:_:)``, `FileError` for a training text that is
  ///   not there.
  init?(
    _ command: ScoreCommand,
    _ subject: Scorer,
    _ console: inout Console
  ) throws {
    guard command.breakdown.isWanted else { return nil }
    guard subject.isNormalized else {
      throw CommandError.noProbabilities(model: subject.path, .breakdown)
    }
    self.subject = subject
    let sources = try command.reading.sources(command.breakdown.training, in: &console)
    trainingByteCount = sources.byteCount.map { $0 * 2 }
    trainingNames = sources.map(\.name)
    let order = sources.isEmpty ? nil : subject.model.flatMap { TrainingSource.order(for: $0) }
    collector = BreakdownCollector(limit: command.breakdown.top ?? 10, order: order)
    absence =
      if sources.isEmpty {
        subject.model == nil ? "" : "give the training text with --training"
      } else if subject.model == nil {
        "\(subject.path) has scores only, and tokens of another program's"
      } else {
        "\(subject.path) predicts bytes, of which its tokens are made"
      }
    guard let model = subject.model, order != nil else {
      training = nil
      return
    }
    training = TrainingSource(
      sources,
      of: model,
      markers: command.reading.markers,
      invalidUTF8: command.reading.invalidUTF8,
      threads: command.results.threadCount
    )
  }

  /// Begins the text called `name`.
  func beginText(_ name: String) { collector?.beginText(name) }

  /// Adds the next part of the text.
  func add(_ part: ScoredText) { collector?.add(part) }

  /// The breakdown of all that was added; the training text is read here.
  func finished(in console: inout Console) throws -> Breakdown {
    guard var collector = collector.take() else {
      preconditionFailure("a breakdown is finished once")
    }
    guard let training else {
      if !absence.isEmpty { console.note("no tables by training count: \(absence)") }
      return collector.breakdown()
    }
    let bar = console.progress("counting", total: trainingByteCount)
    let breakdown = try collector.breakdown(counting: training) { bar.update($0) }
    bar.finish()
    console.note(breakdown.trainingRecords, of: trainingNames)
    if let trained = subject.model?.trainingTokenCount,
      let read = breakdown.trainingTokens, read != trained
    {
      console.note(
        "the training text has \(NumberFormat.grouped(read)) tokens, but \(subject.path) was trained on "
          + "\(NumberFormat.grouped(trained)): is it the same text?"
      )
    }
    return breakdown
  }
}
