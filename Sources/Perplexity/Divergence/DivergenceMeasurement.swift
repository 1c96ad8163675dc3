public import Files
import InformationTheory
public import LanguageModels
import Synchronization
public import Tokenization

/// Holds two models against each other in the contexts of texts.
///
/// ```swift
/// let measurement = try DivergenceMeasurement(model, "kn5.perplex", other, "kn3.perplex")
/// let divergence = try measurement.divergence(on: [.file("held-out.txt")])
/// divergence.mean.forwardBits  // D(P‖Q) in bits a token
/// ```
///
/// The result has the same bits on any number of threads.
public struct DivergenceMeasurement: Sendable {
  /// How many outcomes are looked at where no number of contexts is given: some seconds' work.
  private static let defaultOutcomeCount = 100_000_000

  /// How many parts the contexts are worked on in; the sums of each are taken in order.
  private static let partCount = 8

  /// How many places are worked on together where a model has to read all of the text.
  private static let batchCount = 64

  private let first: any LanguageModel
  private let second: any LanguageModel
  private let outcomes: SharedOutcomes
  private let threads: Int

  /// A measurement of two models, whose names are for errors.
  ///
  /// - Throws: ``ComparisonError``.
  /// - Complexity: O(size of the vocabularies).
  public init(
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

  /// The number of contexts that are looked at where nothing else is said: the more the fewer outcomes
  /// there are, from 1,000 to 10,000, which takes some seconds up to 100,000 tokens.
  public var defaultContextCount: Int {
    min(10_000, max(1000, Self.defaultOutcomeCount / outcomes.count))
  }

  /// The divergence of the models on `sources`, in `contextCount` evenly spread places or in all where
  /// it is nil, with `top` tokens and contexts named; `progress` is told of each number
  /// of places done.
  ///
  /// - Throws: `FileError`, `TextError`, among them for texts without tokens.
  /// - Complexity: O(contexts · vocabulary) and the texts in memory; a gated or mixing model also reads
  ///   the texts once.
  public func divergence(
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

  /// What differs between two ways of reading text; nil where both predict the same tokens.
  private static func difference(_ first: TextSettings, _ second: TextSettings) -> String? {
    if first.tokenizer != second.tokenizer {
      return "\(first.tokenizer.rawValue), \(second.tokenizer.rawValue)"
    }
    if first.normalization != second.normalization { return "another --lowercase or --normalize" }
    if first.sequence != second.sequence {
      return "\(first.sequence.rawValue)s, \(second.sequence.rawValue)s"
    }
    // A byte model of characters has a byte for a token.
    if first.symbols != second.symbols && first.tokenizer != .bytes { return "characters, bytes" }
    return nil
  }

  // MARK: Models that look back some tokens

  private func sumInParts(
    _ sample: ContextSample,
    _ progress: @escaping @Sendable (Int) -> Void
  ) -> [DivergenceSum] {
    let contexts = sample.contexts
    return Parallel.map(Self.partCount, threads: threads) { part in
      var sum = DivergenceSum(outcomeCount: outcomes.count)
      let start = part * contexts.count / Self.partCount
      for context in contexts[start..<(part + 1) * contexts.count / Self.partCount] {
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

  /// One after the other, as a model of bytes has to read them; each model on a thread of its own.
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
