import LanguageModels
import Tokenization

/// The outcomes that two models share: each token that both know, and `<unk>` for all others.
///
/// With equal vocabularies nothing is lost. Otherwise, tokens that the other model lacks are merged
/// into `<unk>`. Merging outcomes never increases a divergence, so the result is a lower bound.
struct SharedOutcomes: Sendable {
  /// The number of the outcome `<unk>`.
  static let unknown = 0

  /// The token numbers of the outcomes from 1 on, in each model.
  let tokens: (first: [Int], second: [Int])

  /// The token numbers that the other model lacks.
  let unshared: (first: [Int], second: [Int])

  /// True if `</s>` is not an outcome, because one of the models does not predict it.
  ///
  /// Its probability is then distributed over the other outcomes.
  let leavesOutEnds: Bool

  /// The shared outcomes of two vocabularies.
  init(_ first: Vocabulary, _ second: Vocabulary, leavesOutEnds: Bool) {
    self.leavesOutEnds = leavesOutEnds
    var shared: (first: [Int], second: [Int]) = ([], [])
    var unshared: (first: [Int], second: [Int]) = ([], [])
    if !leavesOutEnds {
      shared.first.append(TokenID.endSentence.index)
      shared.second.append(TokenID.endSentence.index)
    }
    let firstWord = TokenID.specialSpellings.count
    var isShared = [Bool](repeating: false, count: second.count)
    for token in firstWord..<max(firstWord, first.count) {
      let other = first.withBytes(of: TokenID(UInt32(token))) { second.number(of: $0) }
      if other.isOutOfVocabulary || other.index < firstWord {
        unshared.first.append(token)
      } else {
        shared.first.append(token)
        shared.second.append(other.index)
        isShared[other.index] = true
      }
    }
    for token in firstWord..<max(firstWord, second.count) where !isShared[token] {
      unshared.second.append(token)
    }
    tokens = shared
    self.unshared = unshared
  }

  /// The number of outcomes.
  var count: Int { tokens.first.count + 1 }

  /// A distribution over the outcomes.
  struct Reduced: Sendable {
    /// The probability of each outcome.
    var probabilities: [Double]
    /// The probability in `<unk>` that comes from tokens missing in the other model.
    var movedMass: Double
    /// The likeliest outcome; `<unk>` counts with the model's own probability only.
    var likeliest: Int
  }

  /// The first model's `distribution` over the outcomes, or the second's.
  func reduce(_ distribution: [Double], ofFirst isFirst: Bool) -> Reduced {
    let tokens = isFirst ? tokens.first : tokens.second
    let unshared = isFirst ? unshared.first : unshared.second
    var probabilities = [Double](repeating: 0, count: count)
    var moved = 0.0
    for token in unshared { moved += distribution[token] }
    let unknown = distribution[TokenID.unknown.index]
    var likeliest = Self.unknown
    var highest = unknown
    for index in tokens.indices {
      let probability = distribution[tokens[index]]
      probabilities[index + 1] = probability
      if probability > highest { (likeliest, highest) = (index + 1, probability) }
    }
    probabilities[Self.unknown] = unknown + moved
    if leavesOutEnds {
      // Renormalizes without the end, which only one model predicts.
      let rest = 1 - distribution[TokenID.endSentence.index]
      if rest > 0 && rest < 1 {
        for index in probabilities.indices { probabilities[index] /= rest }
        moved /= rest
      }
    }
    return Reduced(probabilities: probabilities, movedMass: moved, likeliest: likeliest)
  }
}
