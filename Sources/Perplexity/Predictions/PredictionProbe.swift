import Files
import InformationTheory
package import LanguageModels
import Synchronization
package import Tokenization

/// Computes a model's full distribution before each token of a text.
///
/// The result has the same bits on any number of threads.
package struct PredictionProbe: Sendable {
  /// The largest number of outcomes to compute; this takes a few seconds.
  private static let outcomeLimit = 500_000_000

  /// The number of positions that a thread takes at a time; the sums are added in order.
  private static let chunkCount = 256

  private let model: any LanguageModel
  private let alternativeCount: Int
  private let threads: Int

  /// A probe of `model` that lists `alternativeCount` likely tokens at each position.
  package init(
    _ model: any LanguageModel,
    alternativeCount: Int,
    threads: Int = Parallel.processorCount
  ) {
    self.model = model
    self.alternativeCount = max(0, alternativeCount)
    self.threads = max(1, threads)
  }

  /// The largest number of positions to compute, smaller for larger vocabularies.
  package var predictionLimit: Int { max(1000, Self.outcomeLimit / model.vocabulary.count) }

  /// The model's predictions for the first ``predictionLimit`` tokens of `tokens`.
  ///
  /// `tokens` is a text from its start, with `<s>` before each sequence. `progress` gets the number
  /// of positions done in each step, from any thread.
  ///
  /// - Complexity: O(positions · vocabulary).
  package func predictions(
    of tokens: [TokenID],
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> Predictions {
    let positions = Array(
      tokens.indices.lazy.filter { tokens[$0] != .beginSentence }.prefix(predictionLimit)
    )
    guard let length = model.historyLength else {
      return read(tokens, positions, progress)
    }
    let chunkCount = (positions.count + Self.chunkCount - 1) / Self.chunkCount
    let chunks = Parallel.map(chunkCount, threads: threads) { chunk in
      let start = chunk * Self.chunkCount
      let range = start..<min(positions.count, start + Self.chunkCount)
      var found = Predictions()
      for position in positions[range] {
        let history = ContextSample.history(of: position, in: tokens, length: length)
        found.append(model.distribution(after: Array(history)), tokens[position], alternativeCount)
      }
      progress(range.count)
      return found
    }
    return chunks.reduce(into: Predictions()) { sum, chunk in
      sum.positions += chunk.positions
      sum.reliability += chunk.reliability
    }
  }

  /// Visits the positions in order, as a byte model must read them.
  private func read(
    _ tokens: [TokenID],
    _ positions: [Int],
    _ progress: (Int) -> Void
  ) -> Predictions {
    var found = Predictions()
    let reading = model.reading(adapts: false)
    var read = 0
    for position in positions {
      reading.read(tokens.span.extracting(read..<position))
      read = position
      found.append(reading.distribution(), tokens[position], alternativeCount)
      progress(1)
    }
    return found
  }
}

extension Predictions {
  /// Appends the prediction of a position with this distribution and actual `token`.
  fileprivate mutating func append(
    _ distribution: [Double],
    _ token: TokenID,
    _ alternativeCount: Int
  ) {
    let own = distribution[token.index]
    var rank = 1
    var mean = 0.0
    var square = 0.0
    var likeliest: [Prediction.Alternative] = []
    likeliest.reserveCapacity(alternativeCount + 1)
    var threshold = alternativeCount > 0 ? 0.0 : .infinity
    for (index, probability) in distribution.enumerated() where probability > 0 {
      let bits = InformationTheory.surprisalBits(ofProbability: probability)
      mean += probability * bits
      square += probability * bits * bits
      reliability.expect(probability)
      if probability > own { rank += 1 }
      guard probability > threshold else { continue }
      let slot = likeliest.firstIndex { $0.probability < probability } ?? likeliest.count
      likeliest.insert(.init(token: TokenID(UInt32(index)), probability: probability), at: slot)
      if likeliest.count > alternativeCount { likeliest.removeLast() }
      if likeliest.count == alternativeCount {
        threshold = likeliest[alternativeCount - 1].probability
      }
    }
    reliability.endPosition(
      own,
      rank: rank,
      expectedBits: mean,
      varianceBits: max(0, square - mean * mean)
    )
    positions.append(Prediction(expectedBits: mean, rank: rank, likeliest: likeliest))
  }
}
