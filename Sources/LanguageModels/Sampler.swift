import Files
import RealFunctions
package import Tokenization

/// Draws text from a model, token by token.
package struct Sampler: Sendable {
  /// The power 1 / `temperature` is what probabilities are raised to: below one likely tokens
  /// become likelier, above one all tokens become more alike; 1 is the model itself.
  package var temperature = 1.0

  /// The share of probability that is drawn from: that of the likeliest tokens.
  package var topProbability = 1.0

  /// The most tokens of a sequence; a longer one is cut.
  package var maximumLength = 200

  private let model: any LanguageModel

  /// A sampler that draws as the model predicts.
  package init(_ model: any LanguageModel) { self.model = model }

  /// Draws the tokens that follow `prompt` in a sequence, up to its end or ``maximumLength``.
  ///
  /// - Complexity: O(vocabulary) a token, O(vocabulary log vocabulary) with ``topProbability``.
  package func sample(
    after prompt: [TokenID],
    using generator: inout some RandomNumberGenerator
  ) -> [TokenID] {
    let start = [.beginSentence] + prompt
    var drawn: [TokenID] = []
    let reading = model.reading(adapts: false)
    reading.read(start.span)
    while drawn.count < maximumLength {
      let token = draw(reading.distribution(), using: &generator)
      if token == .endSentence { break }
      reading.read([token].span)
      drawn.append(token)
    }
    return drawn
  }

  /// The text of `tokens`: words joined by spaces, characters joined without.
  package func text(of tokens: [TokenID]) -> [UInt8] {
    var bytes: [UInt8] = []
    var followsWord = false
    for token in tokens {
      let piece = model.vocabulary.withBytes(of: token) { Array($0) }
      let isLineEnd = piece == [10]
      if model.settings.tokenizer.hasMarkers {
        if followsWord && !isLineEnd { bytes.append(32) }
        followsWord = !isLineEnd
      }
      bytes += piece
    }
    return bytes
  }

  private func draw(
    _ distribution: [Double],
    using generator: inout some RandomNumberGenerator
  ) -> TokenID {
    var weights = distribution
    if topProbability < 1 { keepTop(&weights) }
    if temperature != 1 {
      let peak = weights.max() ?? 1
      for index in weights.indices where weights[index] > 0 {
        weights[index] = pow(weights[index] / peak, 1 / temperature)
      }
    }
    let total = weights.reduce(0, +)
    var rest = Double.random(in: 0..<1, using: &generator) * total
    var last = TokenID.endSentence
    for (index, weight) in weights.enumerated() where weight > 0 {
      last = TokenID(UInt32(index))
      rest -= weight
      if rest < 0 { break }
    }
    return last
  }

  private func keepTop(_ weights: inout [Double]) {
    let order = weights.indices.sorted {
      weights[$0] == weights[$1] ? $0 < $1 : weights[$0] > weights[$1]
    }
    var mass = 0.0
    for index in order {
      if mass >= topProbability { weights[index] = 0 } else { mass += weights[index] }
    }
  }
}
