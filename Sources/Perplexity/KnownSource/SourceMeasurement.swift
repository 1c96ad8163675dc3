public import InformationTheory
public import LanguageModels
import Tokenization

/// What a model makes of a source whose probabilities are known, over all that it may say.
///
/// The cross-entropy of a text is a mean over one sample. Here nothing is sampled: each thing that
/// the source can say next, after each history that the model can tell apart, is weighted by its
/// probability.
///
///     H(P, Q)    = Σ N(h) Σ p(w | h) · −log₂ q(w | h)         / Σ N(h)
///     KL(P ‖ Q)  = Σ N(h) Σ p(w | h) · log₂ (p(w | h) / q(w | h)) / Σ N(h)
///     H(P, Q)    = H(P) + KL(P ‖ Q)
///
/// *h* is a history, *N(h)* how often a sentence has it in expectation, *w* the next word or the end
/// of the sentence, *p* the source and *q* the model. Both sums are taken by themselves and *H(P)*
/// is `MarkovSource.entropyBitsPerToken`, so the last line is a check and no definition. All
/// figures are bits a token. (Cover and Thomas: *Elements of Information Theory*, sections 2.3 and
/// 5.4.)
///
/// A word of the source that the model's vocabulary lacks is charged the probability of `<unk>`, as
/// scoring does; ``unknownWordCount`` tells how many there are.
public struct SourceMeasurement: Sendable, Equatable {
  /// Something that the source may say and the model holds to be impossible.
  public struct Impossibility: Sendable, Equatable {
    /// The token.
    public var token: String
    /// The tokens before it, as far as the model looks back.
    public var context: [String]
  }

  /// *H(P)*.
  public let entropyBits: Double

  /// *H(P, Q)*; infinite where the model holds something possible to be impossible.
  public private(set) var crossEntropyBits = 0.0

  /// *KL(P ‖ Q)*; infinite in the same case.
  public private(set) var divergenceBits = 0.0

  /// The number of histories that were summed over.
  public private(set) var historyCount = 0

  /// The number of words of the source that the vocabulary lacks.
  public let unknownWordCount: Int

  /// The first impossible token, if there is one.
  public private(set) var firstImpossible: Impossibility?

  /// How far the two sums are from the identity; 0 where both are infinite.
  public var identityErrorBits: Double {
    crossEntropyBits.isFinite ? (crossEntropyBits - entropyBits - divergenceBits).magnitude : 0
  }

  /// So many histories are summed over at most.
  public static let historyLimit = 1 << 19

  /// Measures `model` on `source`.
  ///
  /// It is nil where the model can tell more than ``historyLimit`` histories apart (for
  /// `MarkovSource()` from order 8 on) or has no bound to its memory: the sum would not end.
  ///
  /// - Precondition: the model predicts tokens of lines.
  /// - Complexity: O(*h* · *V*), *h* the number of histories and *V* the size of the vocabulary.
  public init?(_ model: any LanguageModel, on source: MarkovSource) {
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
    source.forEachHistory(length: length) { place in
      historyCount += 1
      visits.add(place.expectedVisits)
      history.removeAll(keepingCapacity: true)
      if place.startsSentence { history.append(.beginSentence) }
      for word in place.words { history.append(TokenID(UInt32(tokens[word].index))) }
      let distribution = model.distribution(after: history)
      for outcome in outcomes[place.state] {
        let share = place.expectedVisits * outcome.probability
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
