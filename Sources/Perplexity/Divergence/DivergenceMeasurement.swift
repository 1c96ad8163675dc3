import Files
import InformationTheory
package import LanguageModels
import Synchronization
package import Tokenization

/// Compares the distributions of two models in the contexts of texts.
///
/// ```swift
/// let measurement = try DivergenceMeasurement(model, "kn5.perplex", other, "kn3.perplex")
/// let divergence = try measurement.divergence(on: [.file("held-out.txt")])
/// divergence.mean.forwardBits  // D(P‖Q) in bits a token
/// ```
///
/// The result has the same bits on any number of threads.
package struct DivergenceMeasurement: Sendable {
  /// The number of outcomes computed by default; this takes a few seconds.
  private static let defaultOutcomeCount = 100_000_000

  /// The number of slices of the contexts; their sums are added in order.
  private static let sliceCount = 8

  /// The number of positions worked on together if a model must read the whole text.
  private static let batchCount = 64

  private let first: any LanguageModel
  private let second: any LanguageModel
  private let outcomes: SharedOutcomes
  private let threads: Int

  /// A measurement of two models; the names are used in errors.
  ///
  /// - Throws: ``ComparisonError``.
  ///
  /// - Complexity: O(size of the vocabularies).
  package init(
    _ first: any LanguageModel,
    _ firstName: String,
    _ second: any LanguageModel,
    _ secondName: String,
    threads: Int = Parallel.processorCount
  ) throws(ComparisonError) {
    for (model, name) in [(first, firstName), (second, secondName)] where !model.isNormalized {
      throw .noProbabilities(path: name)
    }
    if let difference = Self.difference(first.settings, second.settings) {
      throw .differentTokens(first: firstName, second: secondName, difference: difference)
    }
    self.first = first
    self.second = second
    self.threads = max(1, threads)
    outcomes = SharedOutcomes(
      first.vocabulary,
      second.vocabulary,
      leavesOutEnds: first.settings.symbols != second.settings.symbols
    )
  }

  /// The default number of contexts, from 1,000 to 10,000; smaller vocabularies get more.
  ///
  /// It takes a few seconds for vocabularies of up to 100,000 tokens.
  package var defaultContextCount: Int {
    min(10_000, max(1000, Self.defaultOutcomeCount / outcomes.count))
  }

  /// The divergence of the models on `sources`, in `contextCount` evenly spread positions.
  ///
  /// All positions are used if `contextCount` is nil. The result lists `top` tokens and contexts.
  /// `progress` gets the number of positions done in each step.
  ///
  /// - Throws: `FileError`, `TextError`, also for texts without tokens.
  ///
  /// - Complexity: O(contexts · vocabulary), with the texts in memory; a gated or mixing model also
  ///   reads the texts once.
  package func divergence(
    on sources: [TextSource],
    contextCount: Int?,
    top: Int = 10,
    markers: TextEncoder.Markers = .refuse,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws -> ModelDivergence {
    let tokens = try ContextSample.Tokens(
      sources,
      first,
      second,
      leavesOutEnds: outcomes.leavesOutEnds,
      markers: markers,
      invalidUTF8: invalidUTF8
    )
    let sample = ContextSample(
      tokens,
      limit: contextCount,
      historyLengths: (first.historyLength, second.historyLength)
    )
    let sums =
      first.historyLength != nil && second.historyLength != nil
      ? sumInParts(sample, progress) : [try sumInOrder(sample, progress)]
    return DivergenceReport(first, second, outcomes, sample, sums).divergence(top: top)
  }

  /// The difference between two models' text settings; nil if both predict the same tokens.
  private static func difference(_ first: TextSettings, _ second: TextSettings) -> String? {
    if first.tokenizer != second.tokenizer {
      return "\(first.tokenizer.rawValue), \(second.tokenizer.rawValue)"
    }
    if first.normalization != second.normalization { return "another --lowercase or --normalize" }
    if first.sequence != second.sequence {
      return "\(first.sequence.rawValue)s, \(second.sequence.rawValue)s"
    }
    // A byte model of characters has one token per byte.
    if first.symbols != second.symbols && first.tokenizer != .bytes { return "characters, bytes" }
    return nil
  }

  // MARK: Models that look back some tokens

  private func sumInParts(
    _ sample: ContextSample,
    _ progress: @escaping @Sendable (Int) -> Void
  ) -> [DivergenceSum] {
    let contexts = sample.contexts
    return Parallel.map(Self.sliceCount, threads: threads) { slice in
      var sum = DivergenceSum(outcomeCount: outcomes.count)
      let start = slice * contexts.count / Self.sliceCount
      for context in contexts[start..<(slice + 1) * contexts.count / Self.sliceCount] {
        sum.add(
          reduced(first, sample.tokens.first, before: context.position, isFirst: true),
          reduced(second, sample.tokens.second, before: context.position, isFirst: false),
          count: context.count
        )
        progress(context.count)
      }
      return sum
    }
  }

  private func reduced(
    _ model: any LanguageModel,
    _ tokens: [TokenID],
    before position: Int,
    isFirst: Bool
  ) -> SharedOutcomes.Reduced {
    let history = ContextSample.history(
      of: position,
      in: tokens,
      length: model.historyLength ?? position
    )
    return outcomes.reduce(model.distribution(after: Array(history)), ofFirst: isFirst)
  }

  // MARK: Models that read all of a text

  /// Visits the contexts in order, as a byte model must read them, with one thread for each model.
  private func sumInOrder(
    _ sample: ContextSample,
    _ progress: @Sendable (Int) -> Void
  ) throws -> DivergenceSum {
    var sum = DivergenceSum(outcomeCount: outcomes.count)
    let readings = [first.reading(adapts: false), second.reading(adapts: false)]
    let positions = sample.contexts.map(\.position)
    var start = 0
    var read = 0
    while start < positions.count {
      let batch = Array(positions[start..<min(positions.count, start + Self.batchCount)])
      let from = read
      @Sendable func follow(_ side: Int) -> [SharedOutcomes.Reduced] {
        let tokens = side == 0 ? sample.tokens.first : sample.tokens.second
        var next = from
        return batch.map { position in
          readings[side].read(tokens.span.extracting(next..<position))
          next = position
          return outcomes.reduce(readings[side].distribution(), ofFirst: side == 0)
        }
      }
      let found =
        Parallel.map(2, threads: threads) { follow($0) }
      for (left, right) in zip(found[0], found[1]) { sum.add(left, right, count: 1) }
      read = batch.last ?? read
      start += batch.count
      progress(batch.count)
    }
    return sum
  }
}
