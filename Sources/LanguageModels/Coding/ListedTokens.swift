import Files
import Tokenization

/// The tokens that a model lists after a history, with their probabilities, and the rest for all
/// others: a distribution in the form that a coder needs.
///
///     p(w | h) = γ(h) · … · α(w | h″)        w listed after h″, which is h or a shorter context
///              = γ(h) · γ(h′) · … · p(w)     all others: one factor, and single tokens' shares
///
/// So a token costs the n-grams of its contexts and not the vocabulary: some 100 steps where a
/// history is followed by few characters, whether the vocabulary has 256 or 5,000 of them.
///
/// A probability is the product that `NGramModel.score(_:_:into:)` takes the logarithm of, with
/// the same bits. All operations are specified (decision 5): the encoder and the decoder, on
/// whatever machines, find the same.
struct ListedTokens: ~Copyable {
  /// The distribution after a history, beside the tokens and their probabilities.
  struct Listing: BitwiseCopyable {
    /// The number of listed tokens.
    var count = 0
    /// The sum of their probabilities, in the order they were found.
    var sum = 0.0
    /// The shares of all other tokens together.
    var restShare: UInt64
    /// The probability of one share of these tokens.
    var shareProbability = 0.0
    /// True if each token that is not listed has a share of one.
    var isUniform = false

    /// The probability of all other tokens together.
    var restProbability: Double { shareProbability * Double(restShare) }
  }

  /// The listed tokens, the most specific first.
  let tokens: UnsynchronizedBuffer<UInt32>

  /// The probability of each of them.
  let probabilities: UnsynchronizedBuffer<Double>

  /// The number of tokens that can follow: all but `<s>`.
  let predictedCount: Int

  private let model: NGramModel
  private let size: Int
  /// The share of each unigram in units of 2^-42: 0 for `<s>`, at least 1 for all others.
  private let shares: UnsynchronizedBuffer<UInt64>
  private let totalShare: UInt64
  /// The history after which each token was listed last; that of `<s>` and of numbers that are no
  /// token's, all of which stand at the end, is after all others.
  private let marks: UnsynchronizedBuffer<UInt64>

  /// One unit of a token's share.
  private static var shareUnit: Double { 0x1p-42 }

  init(_ model: NGramModel) {
    self.model = model
    size = model.vocabulary.count
    predictedCount = size - 1
    tokens = UnsynchronizedBuffer(repeating: 0, count: size + 1)
    probabilities = UnsynchronizedBuffer(repeating: 0, count: size + 1)
    marks = UnsynchronizedBuffer(repeating: 0, count: size + 1)
    shares = UnsynchronizedBuffer(repeating: 0, count: size + 1)
    marks[TokenID.beginSentence.index] = .max
    marks[size] = .max
    var total: UInt64 = 0
    for token in 0..<size where token != TokenID.beginSentence.index {
      let probability = Self.sound(
        model.rule.exactProbability(Double(model.unigram(token)), model.rule.start)
      )
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
    return listing.isUniform ? 1 : shares[token]
  }

  /// True if `token` was listed after the history of `mark`.
  @inline(__always)
  func isListed(_ token: Int, mark: UInt64) -> Bool { marks[token] == mark }

  /// Finds the distribution after the first `depth` tokens of `history`, the last of the text
  /// first.
  ///
  /// `mark` is a number that no other history had, and not zero.
  func find(_ history: borrowing Buffer<UInt32>, depth: Int, mark: UInt64) -> Listing {
    var listing = Listing(restShare: totalShare)
    listing.shareProbability = Self.shareUnit
    if depth == 0 { return listing }
    var path = ContextPath()
    while path.depth < depth, path.extend(by: TokenID(history[path.depth]), in: model) {}
    let rule = model.rule
    var weight = rule.start
    if case .uniform(let outcomeCount) = rule {
      listing.isUniform = true
      listing.shareProbability = 1 / outcomeCount
      if path.depth == depth {
        listing.count = list(path, weight, mark: mark, after: 0)
        listing.shareProbability = Self.sound(path.weight) / outcomeCount
      }
    } else {
      while path.depth > 0 {
        listing.count = list(path, weight, mark: mark, after: listing.count)
        weight = rule.step(weight, path.backOff())
      }
      let factor = Self.sound(rule.exactProbability(rule.start, weight))
      listing.shareProbability = factor * Self.shareUnit
    }
    sum(&listing)
    return listing
  }

  /// Puts the tokens that follow the longest context of `path` behind the `count` listed ones, but
  /// for those that are.
  ///
  /// The loop has no branches, because they would be mispredicted, and few variables, because they
  /// would not all have registers.
  ///
  /// - Returns: The number of listed tokens.
  @inline(__always)
  private func list(
    _ path: borrowing ContextPath,
    _ weight: Double,
    mark: UInt64,
    after count: Int
  ) -> Int {
    var count = count
    let (rule, size) = (model.rule, size)
    path.forEachNGram { word, value in
      let token = min(word, size)
      tokens[count] = UInt32(truncatingIfNeeded: token)
      probabilities[count] = Self.sound(rule.exactProbability(value, weight))
      let previous = marks[token]
      marks[token] = max(previous, mark)
      count &+= previous < mark ? 1 : 0
    }
    return count
  }

  /// Adds the listed tokens' probabilities, and takes their shares from the rest.
  @inline(__always)
  private func sum(_ listing: inout Listing) {
    var sum = 0.0
    var share: UInt64 = 0
    for index in 0..<listing.count {
      sum += probabilities[index]
      share &+= shares[Int(tokens[index])]
    }
    listing.sum = sum
    listing.restShare =
      listing.isUniform ? UInt64(predictedCount &- listing.count) : totalShare &- share
  }

  /// `value` clamped to what an intact file can hold: not negative, finite.
  @inline(__always)
  private static func sound(_ value: Double) -> Double {
    value > 0 ? (value < 0x1p20 ? value : 0x1p20) : 0
  }
}

extension BackOffRule {
  /// The probability of a stored value after back-off weights, with the same bits on every machine.
  @inline(__always)
  fileprivate func exactProbability(_ value: Double, _ weight: Double) -> Double {
    if case .log10 = self {
      ExactPower.ten(Self.logarithm(value) + weight)
    } else {
      value * weight
    }
  }
}
