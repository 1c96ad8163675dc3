import Files
import InformationTheory
import LanguageModels
import Perplexity
import Statistics
import Terminal
import Tokenization

/// Trains and scores the models of a sweep, several at a time.
struct SweepRun: Sendable {
  /// So many tokens of a training text are scored, to see how well a model knows what it has seen.
  static let trainingSampleLimit = 1 << 17

  var data: TrainingData
  var places: [SweepGrid.Place]
  var sizes: [SweepGrid.Size]
  var heldOut: [TextSource]
  var alpha: Double
  var reading: ReadingOptions
  var resampling: Resampling?
  /// What generated the texts, where that is known.
  var source: MarkovSource?
  var threads: Int
  /// Where the models are while they are scored.
  var folder: String
  /// The bytes that the models in work may use together.
  var memoryByteCount: Int

  /// The models, in the order of the places; the same for every number of threads.
  ///
  /// `progress` is told of each that is done, from any thread.
  ///
  /// - Throws: what is wrong with the held-out text, or with a disk.
  func cells(progress: @escaping @Sendable () -> Void) throws -> [SweepCell] {
    let workers = max(1, min(threads, places.count, memoryByteCount / cellByteCount))
    // The largest first, or the last one would be waited for alone.
    let order = places.indices.sorted { weight(places[$0]) > weight(places[$1]) }
    let cells = try Parallel.map(
      order.count,
      threads: workers,
      state: { max(1, threads / workers + ($0 < threads % workers ? 1 : 0)) }
    ) { share, turn in
      defer { progress() }
      return try cell(places[order[turn]], threads: share)
    }
    return zip(order, cells).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// What a model takes while it is made, the longest text taken; a text in a scratch file is bounded
  /// by itself, and worked on alone.
  private var cellByteCount: Int {
    if data.isSpilled { return memoryByteCount }
    // Its tokens, what estimation needs for each, and what it needs in any case.
    return (32 << 20) + 16 * data.tokenCount
  }

  private func weight(_ place: SweepGrid.Place) -> Int {
    sizes[place.size].prefix.tokenCount * place.order
  }

  private func cell(_ place: SweepGrid.Place, threads: Int) throws -> SweepCell {
    let start = ContinuousClock.now
    var cell = SweepCell(place: place)
    if !place.method.isNormalized {
      cell.failure = "stupid back-off gives scores, not probabilities, so there is no perplexity"
      return cell
    }
    let part = try data.prefix(sizes[place.size].prefix)
    let model: NGramModel
    do {
      model = try NGramEstimator(part, options: options(place, threads: threads))
        .model(named: place.name, in: folder)
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
    cell.seconds = (ContinuousClock.now - start) / .seconds(1)
    return cell
  }

  private func options(_ place: SweepGrid.Place, threads: Int) -> EstimationOptions {
    var options = EstimationOptions()
    options.order = place.order
    options.method = place.method
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
      historyLength: cell.place.order - 1
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
