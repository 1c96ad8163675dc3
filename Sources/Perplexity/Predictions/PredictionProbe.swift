public import Files
import InformationTheory
public import LanguageModels
import Synchronization
public import Tokenization

/// Asks a model for its whole distribution before each of some tokens of a text.
///
/// The result has the same bits on any number of threads.
public struct PredictionProbe: Sendable {
  /// How many outcomes are looked at, at most: some seconds' work.
  private static let outcomeLimit = 500_000_000

  /// How many places a thread works on before it takes others; the sums of each are taken in order.
  private static let chunkCount = 256

  private let model: any LanguageModel
  private let alternativeCount: Int
  private let threads: Int

  /// A probe of `model` that names so many alternatives in each place.
  public init(
    _ model: any LanguageModel,
    alternativeCount: Int,
    threads: Int = Parallel.processorCount
  ) {
    self.model = model
    self.alternativeCount = max(0, alternativeCount)
    self.threads = max(1, threads)
  }

  /// The number of places that are looked at at most: the fewer the larger the vocabulary.
  public var placeLimit: Int { max(1000, Self.outcomeLimit / model.vocabulary.count) }

  /// What the model held for likely before each of the first ``placeLimit`` tokens of `tokens`, which
  /// are a text from its start, each sequence begun by `<s>`.
  ///
  /// `progress` is told of each number of places done, from any thread.
  ///
  /// - Complexity: O(places · vocabulary).
  public func predictions(
    of tokens: [TokenID],
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> Predictions {
    let places = Array(
      tokens.indices.lazy.filter { tokens[$0] != .beginSentence }.prefix(placeLimit)
    )
    guard let length = model.historyLength else {
      return read(tokens, places, progress)
    }
    let chunkCount = (places.count + Self.chunkCount - 1) / Self.chunkCount
    let chunks = Parallel.map(chunkCount, threads: threads) { chunk in
      let start = chunk * Self.chunkCount
      let range = start..<min(places.count, start + Self.chunkCount)
      var found = Predictions()
      for place in places[range] {
        let history = ContextSample.history(of: place, in: tokens, length: length)
        found.append(model.distribution(after: Array(history)), tokens[place], alternativeCount)
      }
      progress(range.count)
      return found
    }
    return chunks.reduce(into: Predictions()) { sum, chunk in
      sum.places += chunk.places
      sum.reliability += chunk.reliability
    }
  }

  /// One place after the other, as a model of bytes has to read them.
  private func read(
    _ tokens: [TokenID],
    _ places: [Int],
    _ progress: (Int) -> Void
  ) -> Predictions {
    var found = Predictions()
    let reading = model.reading(adapts: false)
    var read = 0
    for place in places {
      reading.read(tokens.span.extracting(read..<place))
      read = place
      found.append(reading.distribution(), tokens[place], alternativeCount)
      progress(1)
    }
    return found
  }
}

extension Predictions {
  /// Appends a place with this distribution, where `token` came.
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
      let place = likeliest.firstIndex { $0.probability < probability } ?? likeliest.count
      likeliest.insert(.init(token: TokenID(UInt32(index)), probability: probability), at: place)
      if likeliest.count > alternativeCount { likeliest.removeLast() }
      if likeliest.count == alternativeCount {
        threshold = likeliest[alternativeCount - 1].probability
      }
    }
    reliability.endPlace(
      own,
      rank: rank,
      expectedBits: mean,
      varianceBits: max(0, square - mean * mean)
    )
    places.append(Prediction(expectedBits: mean, rank: rank, likeliest: likeliest))
  }
}
