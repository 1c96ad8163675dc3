import Files
import Tokenization

/// The tokens that a model lists after a history, with their probabilities, and what is left for all
/// others: a distribution in the form that a coder needs.
///
///     p(w | h) = p(h w)                            w listed after h, or after a shorter context
///              = b(h) · b(h′) · … · p(w)           all others: one factor, and single tokens' shares
///
/// So a token costs the n-grams of its contexts and not the vocabulary: some 100 steps where a
/// history is followed by few characters, whether the vocabulary has 256 or 5,000 of them.
///
/// A probability is the product that ``NGramModel/score(_:_:into:)`` takes the logarithm of, with the
/// same bits. All operations are specified (decision 5): the encoder and the decoder, on whatever
/// machines, find the same.
struct ListedTokens: ~Copyable {
  /// What was found after a history.
  struct Listing: BitwiseCopyable {
    /// The number of listed tokens.
    var count = 0
    /// The sum of their probabilities, in the order they were found.
    var sum = 0.0
    /// The shares of all other tokens together.
    var restShare: UInt64
    /// What one of them has for a share of one.
    var shareProbability = 0.0
    /// Whether the others share evenly, each with a share of one.
    var isEven = false

    /// The probability of all other tokens together.
    var restProbability: Double { shareProbability * Double(restShare) }
  }

  /// The listed tokens, the most specific first.
  let tokens: Buffer<UInt32>

  /// The probability of each of them.
  let probabilities: Buffer<Double>

  /// The number of tokens that can come: all but `<s>`.
  let predictedCount: Int

  private let model: NGramModel
  private let order: Int
  private let size: Int
  /// The share of each token by itself, in 2^-42; none of `<s>`, and one at least of all others.
  private let shares: Buffer<UInt64>
  private let totalShare: UInt64
  /// The history after which each token was listed last; that of `<s>` and of numbers that are no
  /// token's, all of which stand at the end, is after all others.
  private let marks: Buffer<UInt64>
  private let nodes = Buffer<Int>(repeating: 0, count: NGramOrder.maximum)

  /// One unit of a token's share.
  private static var shareUnit: Double { 0x1p-42 }

  init(_ model: NGramModel) {
    self.model = model
    order = model.description.order
    size = model.vocabulary.count
    predictedCount = size - 1
    tokens = Buffer(repeating: 0, count: size + 1)
    probabilities = Buffer(repeating: 0, count: size + 1)
    marks = Buffer(repeating: 0, count: size + 1)
    shares = Buffer(repeating: 0, count: size + 1)
    marks[TokenID.beginSentence.index] = .max
    marks[size] = .max
    var total: UInt64 = 0
    for token in 0..<size where token != TokenID.beginSentence.index {
      let probability = Self.sound(Self.probability(model, model.neutralWeight, of: token))
      // No more than 2^21 characters: whatever the file says, their sum is below 2^64.
      let share = max(1, UInt64(min(1, probability) / Self.shareUnit))
      shares[token] = share
      total = total &+ share
    }
    totalShare = total
  }

  /// The share of a token among those not listed; none of `<s>` and of those that are listed.
  @inline(__always)
  func share(_ token: Int, _ listing: Listing, mark: UInt64) -> UInt64 {
    if marks[token] >= mark { return 0 }
    return listing.isEven ? 1 : shares[token]
  }

  /// Whether `token` was listed after the history of `mark`.
  @inline(__always)
  func isListed(_ token: Int, mark: UInt64) -> Bool { marks[token] == mark }

  /// Finds the distribution after the first `depth` tokens of `history`, the last of the text first.
  ///
  /// `mark` is a number that no other history had, and not zero.
  func find(_ history: borrowing Buffer<UInt32>, depth: Int, mark: UInt64) -> Listing {
    var listing = Listing(restShare: totalShare)
    listing.shareProbability = Self.shareUnit
    if model.sharesEvenly && depth > 0 { shareEvenly(&listing) }
    guard depth > 0, let region = model.region(of: Int(history[0])) else { return listing }
    var node = region.context(ofWord: Int(history[0]))
    guard node != Region.none else { return listing }
    nodes[0] = node
    var listed = 1
    var tail = Region.none
    while listed < depth {
      let next = region.context(node, before: history[listed])
      if next == Region.none {
        tail = region.tail(node, depth: listed, before: history[listed])
        break
      }
      node = next
      nodes[listed] = node
      listed += 1
    }
    if model.sharesEvenly {
      if listed == depth { listEven(region, node, mark: mark, in: &listing) }
      return listing
    }
    var weight = model.neutralWeight
    if tail != Region.none {
      weight = listTail(region, tail, history, depth: depth, listed, mark: mark, in: &listing)
    }
    while listed > 0 {
      let node = nodes[listed - 1]
      list(region, node, weight, mark: mark, in: &listing)
      weight = model.weight(weight, region.backOff(node))
      listed -= 1
    }
    let factor = Self.sound(model.isLinear ? weight : ExactPower.ten(weight))
    listing.shareProbability = factor * Self.shareUnit
    return listing
  }

  /// Puts the tokens that follow the context `node` behind those listed, but for those that are.
  ///
  /// Without branches: whether a token was listed after a longer context cannot be predicted.
  @inline(__always)
  private func list(
    _ region: Region,
    _ node: Int,
    _ weight: Double,
    mark: UInt64,
    in listing: inout Listing
  ) {
    var count = listing.count
    var sum = listing.sum
    var restShare = listing.restShare
    let shareMask: UInt64 = listing.isEven ? 0 : .max
    for ngram in region.ngrams(node) {
      let token = min(Int(region.word(ofNGram: ngram)), size)
      let probability = Self.sound(Self.probability(model, weight, region.value(ngram)))
      let previous = marks[token]
      marks[token] = max(previous, mark)
      tokens[count] = UInt32(truncatingIfNeeded: token)
      probabilities[count] = probability
      let isNew = previous < mark
      let share = shares[token] & shareMask | 1 & ~shareMask
      count &+= isNew ? 1 : 0
      sum = sum + (isNew ? probability : 0)
      restShare = restShare &- (isNew ? share : 0)
    }
    listing.count = count
    listing.sum = sum
    listing.restShare = restShare
  }

  /// Lists the token of a tail; what is left for all others is the result.
  private func listTail(
    _ region: Region,
    _ tail: Int,
    _ history: borrowing Buffer<UInt32>,
    depth: Int,
    _ listed: Int,
    mark: UInt64,
    in listing: inout Listing
  ) -> Double {
    var end = listed + 1
    while end < depth, region.tailHasWord(tail, depth: listed, distance: end + 1),
      region.tailWord(tail, depth: listed, distance: end + 1) == history[end]
    {
      end += 1
    }
    let token = Int(region.tailLastWord(tail, depth: listed))
    if token < size, marks[token] < mark {
      let value = region.tailValue(tail, depth: listed)
      let probability = Self.sound(model.tailProbability(value, depth: listed + 1, to: end))
      marks[token] = mark
      tokens[0] = UInt32(truncatingIfNeeded: token)
      probabilities[0] = probability
      listing.count = 1
      listing.sum = probability
      listing.restShare = listing.restShare &- shares[token]
    }
    return model.tailWeight(from: listed + 1, to: end)
  }

  /// The even shares of an additive model, all of the probability first.
  private func shareEvenly(_ listing: inout Listing) {
    listing.isEven = true
    listing.restShare = UInt64(predictedCount)
    listing.shareProbability = 1 / Double(predictedCount)
  }

  /// Lists what an additive model has after a context that it knows.
  private func listEven(_ region: Region, _ node: Int, mark: UInt64, in listing: inout Listing) {
    list(region, node, model.neutralWeight, mark: mark, in: &listing)
    let left = Self.probability(model, model.neutralWeight, region.backOff(node))
    listing.shareProbability = Self.sound(left) / Double(predictedCount)
  }

  @inline(__always)
  private static func probability(_ model: NGramModel, _ weight: Double, of token: Int) -> Double {
    probability(model, weight, model.unigram(token))
  }

  /// A stored value after back-off weights, as a probability.
  @inline(__always)
  private static func probability(
    _ model: NGramModel,
    _ weight: Double,
    _ value: Float
  ) -> Double {
    model.isLinear ? Double(value) * weight : ExactPower.ten(NGramModel.log10(value) + weight)
  }

  /// A probability or a weight as a damaged file cannot have it: neither negative nor without end.
  @inline(__always)
  private static func sound(_ value: Double) -> Double {
    value > 0 ? (value < 0x1p20 ? value : 0x1p20) : 0
  }
}
