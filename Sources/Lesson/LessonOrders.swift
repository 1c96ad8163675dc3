import InformationTheory
import LanguageModels
import Perplexity
import Statistics
import Tokenization

/// Models of the text by the length of their n-grams: what they write, and what they make of lines
/// that they were trained on and of lines that they were not.
struct LessonOrders: Sendable {
  /// The longest n-gram.
  static let longest = 7
  /// The longest n-gram whose model writes.
  static let longestSampled = 5
  /// The number of samples of each.
  static let sampleCount = 9
  /// The number of tokens after which a sample is cut.
  static let sampleLength = 30

  /// The models of one order.
  struct Row: Sendable {
    /// The length of the longest n-gram.
    var order: Int
    /// Modified Kneser-Ney, on the lines to measure on.
    var smoothed: Evaluation
    /// The interval of its figures; nil if there are too few lines, and for the longer orders.
    var interval: EvaluationInterval?
    /// The same model on the lines that it was trained on.
    var smoothedOnTraining: Evaluation
    /// Maximum likelihood, on the lines to measure on.
    var unsmoothed: Evaluation
    /// The same model on the lines that it was trained on.
    var unsmoothedOnTraining: Evaluation
    /// Additive smoothing, on the lines to measure on.
    var additive: Evaluation
    /// The smoothed model's departures from its method, a sentence each.
    var notes: [String]
    /// Samples of the smoothed model; none for the longer orders.
    var samples: [String]
  }

  /// Orders 1, 2 and so on.
  let rows: [Row]

  /// Trains and measures models of `data`.
  init(_ data: TrainingData, on bench: LessonBench, resampling: Resampling) throws {
    var rows: [Row] = []
    for order in 1...Self.longest {
      let smoothed = try bench.model(of: data, order: order)
      let unsmoothed = try bench.model(of: data, order: order, .maximumLikelihood)
      let additive = try bench.model(of: data, order: order, .additive)
      let evaluation = try bench.evaluation(of: smoothed)
      rows.append(
        Row(
          order: order,
          smoothed: evaluation,
          interval: order <= Self.longestSampled ? evaluation.interval(resampling) : nil,
          smoothedOnTraining: try bench.evaluation(of: smoothed, on: bench.training),
          unsmoothed: try bench.evaluation(of: unsmoothed),
          unsmoothedOnTraining: try bench.evaluation(of: unsmoothed, on: bench.training),
          additive: try bench.evaluation(of: additive),
          notes: smoothed.description.notes,
          samples: order <= Self.longestSampled ? Self.samples(of: smoothed, resampling.seed) : []
        )
      )
    }
    self.rows = rows
  }

  /// Samples of the model; the seed is the same for every order, so that chance is the same.
  private static func samples(of model: NGramModel, _ seed: UInt64) -> [String] {
    var sampler = Sampler(model)
    sampler.maximumLength = sampleLength
    var generator = SplitMix64(seed: seed)
    return (0..<sampleCount).map { _ in
      let tokens = sampler.sample(after: [], using: &generator)
      let text = String(decoding: sampler.text(of: tokens), as: UTF8.self)
      return tokens.count == sampleLength ? text + " …" : text
    }
  }

  /// The order whose smoothed model predicts the lines to measure on best.
  var best: Row {
    rows.min { $0.smoothed.crossEntropyBits < $1.smoothed.crossEntropyBits } ?? rows[0]
  }

  /// The models' departures from their methods, each once.
  var notes: [String] {
    rows.flatMap(\.notes).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The order whose additive model does.
  var bestAdditive: Row {
    rows.min { $0.additive.crossEntropyBits < $1.additive.crossEntropyBits } ?? rows[0]
  }
}
