import Files
import InformationTheory
import LanguageModels
import Perplexity
import Statistics
import Terminal
import Tokenization

/// Trains and scores the models of a sweep, several at a time.
struct SweepRun: Sendable {
  /// The number of tokens of a training text that are scored, to see how well a model knows them.
  static let trainingSampleLimit = 1 << 17

  var data: TrainingData
  var models: [SweepGrid.Model]
  var sizes: [SweepGrid.Size]
  var heldOut: [TextSource]
  var alpha: Double
  var reading: ReadingOptions
  var resampling: Resampling?
  /// The source of generated texts.
  var source: MarkovSource?
  var threads: Int
  /// The folder of the models while they are scored.
  var folder: String
  /// The bytes that the models in work may use together.
  var memoryByteCount: Int

  /// The models, in the order of the grid; the same for every number of threads.
  ///
  /// It calls `progress` after each model, from any thread.
  ///
  /// - Throws: The error of the held-out text, or of a file.
  func cells(progress: @escaping @Sendable () -> Void) throws -> [SweepCell] {
    let workers = max(1, min(threads, models.count, memoryByteCount / cellByteCount))
    // The largest first, or the last one would be waited for alone.
    let order = models.indices.sorted { weight(models[$0]) > weight(models[$1]) }
    let cells = try Parallel.map(
      order.count,
      threads: workers,
      state: { max(1, threads / workers + ($0 < threads % workers ? 1 : 0)) }
    ) { share, turn in
      defer { progress() }
      return try cell(models[order[turn]], threads: share)
    }
    return zip(order, cells).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The bytes that making a model takes, for the longest text; a text in a scratch file is bounded
  /// by itself, and worked on alone.
  private var cellByteCount: Int {
    if data.isSpilled { return memoryByteCount }
    // Its tokens, what estimation needs for each, and what it needs in any case.
    return (32 << 20) + 16 * data.tokenCount
  }

  private func weight(_ model: SweepGrid.Model) -> Int {
    sizes[model.size].prefix.tokenCount * model.order
  }

  private func cell(_ wanted: SweepGrid.Model, threads: Int) throws -> SweepCell {
    let stopwatch = Stopwatch()
    var cell = SweepCell(model: wanted)
    if !wanted.method.isNormalized {
      cell.failure = "stupid back-off gives scores, not probabilities, so there is no perplexity"
      return cell
    }
    let part = try data.prefix(sizes[wanted.size].prefix)
    let model: NGramModel
    do {
      model = try NGramEstimator(part, options: options(wanted, threads: threads))
        .model(named: wanted.name, in: folder)
    } catch let error as EstimationError {
      cell.failure = error.description
      return cell
    }
    cell.notes = model.description.notes
    cell.ngramCounts = model.description.ngramCounts
    cell.byteCount = model.byteCount
    let evaluator = Evaluator(
      model,
      markers: reading.markers,
      invalidUTF8: reading.invalidUTF8,
      threads: threads
    )
    var resampling = resampling
    resampling?.threads = threads
    let evaluation = try heldOut.reduce(Evaluation()) { try $0 + evaluator.evaluate($1) }
    cell.heldOut = SweepCell.HeldOut(evaluation, resampling)
    try scoreTraining(part, model, into: &cell)
    cell.source = source.flatMap { SourceMeasurement(model, on: $0) }
    cell.seconds = stopwatch.seconds
    return cell
  }

  private func options(_ model: SweepGrid.Model, threads: Int) -> EstimationOptions {
    var options = EstimationOptions()
    options.order = model.order
    options.method = model.method
    options.alpha = alpha
    options.threads = threads
    return options
  }

  /// Scores what the model was trained on, or a sample of it.
  private func scoreTraining(
    _ data: TrainingData,
    _ model: NGramModel,
    into cell: inout SweepCell
  ) throws {
    let sample = try data.text.sample(
      limit: Self.trainingSampleLimit,
      historyLength: cell.model.order - 1
    )
    var bits = CompensatedSum()
    var count = 0
    var scores: [TokenScore] = []
    for range in sample.ranges {
      scores = [TokenScore](repeating: .certain, count: range.count)
      var span = scores.mutableSpan
      model.score(sample.tokens.span, range, into: &span)
      for (offset, score) in scores.enumerated()
      where sample.tokens[range.lowerBound + offset] != .beginSentence {
        bits.add(score.surprisalBits)
        count += 1
      }
    }
    cell.trainingSampleCount = count
    cell.trainingCrossEntropyBits = bits.value / Double(count)
  }
}
