package import InformationTheory
package import LanguageModels
import Tokenization

/// The cross-entropy and divergence of a model from a source with known probabilities.
///
/// The cross-entropy of a text is a mean over one sample. Here nothing is sampled: each token that
/// the source can produce, after each history that the model distinguishes, is weighted by its
/// probability.
///
///     H(P, Q)    = Σ N(h) Σ p(w | h) · −log₂ q(w | h)         / Σ N(h)
///     KL(P ‖ Q)  = Σ N(h) Σ p(w | h) · log₂ (p(w | h) / q(w | h)) / Σ N(h)
///     H(P, Q)    = H(P) + KL(P ‖ Q)
///
/// *h* is a history, *N(h)* its expected count in a sentence, *w* the next word or the end of the
/// sentence, *p* the source and *q* the model. Both sums are computed independently and *H(P)* is
/// `MarkovSource.entropyBitsPerToken`, so the last line is a check, not a definition. All figures
/// are bits per token. (Cover and Thomas: *Elements of Information Theory*, sections 2.3 and 5.4.)
///
/// A word of the source outside the model's vocabulary is charged the probability of `<unk>`, as in
/// scoring; ``unknownWordCount`` is the number of these words.
package struct SourceMeasurement: Sendable, Equatable {
  /// A token that is possible in the source and impossible in the model.
  package struct Impossibility: Sendable, Equatable {
    /// The token.
    package var token: String
    /// The tokens before it that the model uses.
    package var context: [String]
  }

  /// *H(P)*.
  package let entropyBits: Double

  /// *H(P, Q)*; infinite if the model gives a possible token the probability 0.
  package private(set) var crossEntropyBits = 0.0

  /// *KL(P ‖ Q)*; infinite if the model gives a possible token the probability 0.
  package private(set) var divergenceBits = 0.0

  /// The number of histories in the sums.
  package private(set) var historyCount = 0

  /// The number of words of the source outside the vocabulary.
  package let unknownWordCount: Int

  /// The first impossible token; nil if there is none.
  package private(set) var firstImpossible: Impossibility?

  /// The absolute deviation of the two sums from the identity; 0 if both are infinite.
  package var identityErrorBits: Double {
    crossEntropyBits.isFinite ? (crossEntropyBits - entropyBits - divergenceBits).magnitude : 0
  }

  /// The largest number of histories in a sum.
  package static let historyLimit = 1 << 19

  /// Measures `model` on `source`.
  ///
  /// The result is nil if the model distinguishes more than ``historyLimit`` histories (for
  /// `MarkovSource()` from order 8 on) or has unbounded context.
  ///
  /// - Precondition: The model predicts tokens of lines.
  ///
  /// - Complexity: O(*h* · *V*), *h* the number of histories and *V* the size of the vocabulary.
  package init?(_ model: any LanguageModel, on source: MarkovSource) {
    precondition(
      model.settings.sequence == .line && model.settings.symbols == .tokens,
      "the source speaks in sentences of words"
    )
    guard let length = model.historyLength,
      source.historyCount(length: length) <= Self.historyLimit
    else { return nil }
    let tokens = source.words.map { model.vocabulary[$0] }
    let indices = Dictionary(uniqueKeysWithValues: zip(source.words, tokens))
    let outcomes = source.states.map { state in
      state.transitions.map { transition in
        (
          name: transition.word ?? "</s>",
          token: transition.word.flatMap { indices[$0] } ?? .endSentence,
          probability: transition.probability
        )
      }
    }
    entropyBits = source.entropyBitsPerToken
    unknownWordCount = tokens.count { $0.isOutOfVocabulary }
    var crossEntropy = CompensatedSum()
    var divergence = CompensatedSum()
    var visits = CompensatedSum()
    var history: [TokenID] = []
    source.forEachHistory(length: length) { sourceHistory in
      historyCount += 1
      visits.add(sourceHistory.expectedVisits)
      history.removeAll(keepingCapacity: true)
      if sourceHistory.startsSentence { history.append(.beginSentence) }
      for word in sourceHistory.words { history.append(TokenID(UInt32(tokens[word].index))) }
      let distribution = model.distribution(after: history)
      for outcome in outcomes[sourceHistory.state] {
        let share = sourceHistory.expectedVisits * outcome.probability
        let predicted = distribution[outcome.token.index]
        crossEntropy.add(share * surprisalBits(ofProbability: predicted))
        divergence.add(share * -surprisalBits(ofProbability: outcome.probability / predicted))
        if predicted == 0 && firstImpossible == nil {
          firstImpossible = Impossibility(
            token: outcome.name,
            context: history.suffix(length).map { model.vocabulary[$0] }
          )
        }
      }
    }
    crossEntropyBits = crossEntropy.value / visits.value
    divergenceBits = divergence.value / visits.value
  }
}
