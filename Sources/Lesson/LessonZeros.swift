import InformationTheory
import LanguageModels
import Perplexity
import Tokenization

/// The probabilities of n-grams that training has not seen, by smoothing method.
struct LessonZeros: Sendable {
  /// The order of the models.
  static let order = 3
  /// Powers of ten that stand in for zeros on the page: 10^-1 and so on.
  static let floorCount = 12

  /// A method on the lines to measure on.
  struct Row: Sendable {
    /// The method.
    var method: SmoothingMethod
    /// The evaluation on the held-out lines; nil for scores that are not probabilities.
    var evaluation: Evaluation?
    /// The probability of the token of ``LessonZeros/example``; nil if there is no such token.
    var exampleProbability: Double?
  }

  /// A token that occurs in training, but never after the tokens before it.
  struct Example: Sendable {
    /// The tokens before it, as far as a model of the order looks.
    var context: [String]
    /// The token.
    var token: String
    fileprivate var history: [TokenID]
    fileprivate var id: TokenID
  }

  /// The methods, modified Kneser-Ney first.
  let rows: [Row]

  /// The first token of the training vocabulary to which maximum likelihood gives zero, or nil.
  let example: Example?

  /// The evaluation of maximum likelihood.
  let unsmoothed: Evaluation

  /// The surprisal in bits of the tokens that it gives a probability above zero.
  let possibleBits: Double

  /// Measures models of `data`.
  init(_ data: TrainingData, on bench: LessonBench) throws {
    let unsmoothed = try bench.model(of: data, order: Self.order, .maximumLikelihood)
    var possibleBits = CompensatedSum()
    var example: Example?
    var exampleLength = 0
    self.unsmoothed = try bench.evaluation(of: unsmoothed) { part in
      for (index, token) in part.encoded.tokens.enumerated() {
        let score = part.scores[index]
        if score.logProbability.bits > -.infinity {
          possibleBits.add(score.surprisalBits)
        } else if !token.isOutOfVocabulary, exampleLength < 2,
          Int(score.matchedLength) > exampleLength
        {
          // A bigram that was seen, in a trigram that was not, shows most; else the first zero.
          exampleLength = Int(score.matchedLength)
          example = Example(part.encoded.tokens, index, unsmoothed.vocabulary)
        }
      }
    }
    self.possibleBits = possibleBits.value
    self.example = example
    rows = try SmoothingMethod.allCases.map { method in
      let model =
        method == .maximumLikelihood
        ? unsmoothed : try bench.model(of: data, order: Self.order, method)
      return Row(
        method: method,
        evaluation: model.isNormalized ? try bench.evaluation(of: model) : nil,
        exampleProbability: example.map {
          model.distribution(after: $0.history)[$0.id.index]
        }
      )
    }
  }

  /// The number of tokens that are not of probability zero.
  var possibleCount: Int { unsmoothed.measure.tokens - unsmoothed.zeroProbabilityTokens }

  /// The figure of a program that skips tokens of probability zero; it is not a perplexity.
  var droppedPerplexity: Double { perplexity(ofBits: possibleBits / Double(possibleCount)) }

  /// The figures of a program that replaces zero by 10^-1, 10^-2 and so on.
  var flooredPerplexities: [Double] {
    (1...Self.floorCount).map { power in
      let floor = LogProbability(log10: -Double(power))
      let bits = possibleBits - floor.bits * Double(unsmoothed.zeroProbabilityTokens)
      return perplexity(ofBits: bits / Double(unsmoothed.measure.tokens))
    }
  }
}

extension LessonZeros.Example {
  fileprivate init(_ tokens: [TokenID], _ index: Int, _ vocabulary: Vocabulary) {
    let start = tokens[..<index].lastIndex(of: .beginSentence) ?? 0
    history = Array(tokens[start..<index].suffix(LessonZeros.order - 1))
    id = tokens[index]
    context = history.map { $0.isOutOfVocabulary ? "<unk>" : vocabulary[$0] }
    token = vocabulary[id]
  }
}
