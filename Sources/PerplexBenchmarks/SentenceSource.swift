import InformationTheory
import LanguageModels
import Tokenization

/// A source of sentences with what some models make of each step of it.
///
/// A step is a word with the space before it, or the end of the sentence. The models look back so
/// little that a step's bits depend on the state of the source alone; so sentences are drawn with
/// their bits without being scored, and the models' true cross-entropies are sums over the steps.
struct SentenceSource: Sendable {
  /// The bits that each model gives each step, in the order of the states and their transitions.
  private(set) var bits: [[Double]]

  /// The number of tokens of each step.
  private let tokens: [Double]

  /// The expected number of times that a sentence takes each step.
  private let frequencies: [Double]

  private let walk: Walk

  /// The states that steps lead to.
  private struct Walk: Sendable {
    /// The first step of each state, and after the last of all.
    var firstSteps: [Int] = []
    /// The probability of the step or one before it in the same state.
    var cumulativeProbabilities: [Double] = []
    /// The next state, below zero after the end of the sentence.
    var successors: [Int] = []
  }

  /// `source` as the models see it, all of the same vocabulary and tokenizer.
  ///
  /// - Precondition: no model looks back further than the two words of a state.
  init(_ source: MarkovSource, models: [any LanguageModel]) {
    var walk = Walk()
    var tokens: [Double] = []
    var frequencies: [Double] = []
    var bits = models.map { _ in [Double]() }
    var numbers: [[String]: Int] = [:]
    for (number, state) in source.states.enumerated() { numbers[state.context] = number }
    for (state, visits) in zip(source.states, source.expectedVisits) {
      walk.firstSteps.append(walk.successors.count)
      var cumulative = 0.0
      for transition in state.transitions {
        cumulative += transition.probability
        walk.cumulativeProbabilities.append(cumulative)
        walk.successors.append(
          transition.word.flatMap { numbers[Array((state.context + [$0]).suffix(2))] } ?? -1
        )
        frequencies.append(visits * transition.probability)
        let step = Step(from: state.context, to: transition.word, in: models[0])
        tokens.append(Double(step.tokens.count - step.firstToken))
        for index in models.indices { bits[index].append(step.bits(in: models[index])) }
      }
    }
    walk.firstSteps.append(walk.successors.count)
    self.walk = walk
    self.tokens = tokens
    self.frequencies = frequencies
    self.bits = bits
  }

  /// A step and what stands before it.
  private struct Step {
    var tokens: [TokenID]
    var firstToken: Int

    init(from context: [String], to word: String?, in model: any LanguageModel) {
      let isOfWords = model.settings.tokenizer.hasMarkers
      precondition(
        model.historyLength.map { $0 <= (isOfWords ? 2 : 5) } ?? false,
        "the model looks back too far"
      )
      func pieces(_ words: [String]) -> [TokenID] {
        isOfWords
          ? words.map { model.vocabulary[$0] }
          : words.joined(separator: " ").map { model.vocabulary[String($0)] }
      }
      let before = [TokenID.beginSentence] + pieces(context)
      tokens =
        word.map { [.beginSentence] + pieces(context + [$0]) } ?? before + [.endSentence]
      firstToken = before.count
    }

    func bits(in model: any LanguageModel) -> Double {
      let range = firstToken..<tokens.count
      var scores = [TokenScore](repeating: .certain, count: range.count)
      var span = scores.mutableSpan
      model.score(tokens.span, range, into: &span)
      return scores.reduce(0) { $0 - $1.logProbability.bits }
    }
  }
}

extension SentenceSource {
  /// The true cross-entropy of a model in bits a token.
  func crossEntropyBits(ofModel model: Int) -> Double { mean(bits[model]) }

  /// The expectation of a step's value per token.
  private func mean(_ values: [Double]) -> Double {
    var value = 0.0
    var size = 0.0
    for (index, frequency) in frequencies.enumerated() {
      value += frequency * values[index]
      size += frequency * tokens[index]
    }
    return value / size
  }

  /// Adds a mixture of two models that is in truth exactly as good as a third.
  ///
  /// For each step one of the two is chosen, by chance; how often the first, is found by bisection.
  /// It is a probability model like the others, and errs in other places than the third.
  ///
  /// - Precondition: the third is worse than the first and better than the second.
  mutating func appendMixture(of first: Int, and second: Int, asGoodAs third: Int) {
    let aim = crossEntropyBits(ofModel: third)
    precondition(
      crossEntropyBits(ofModel: first) < aim && aim < crossEntropyBits(ofModel: second),
      "no mixture is as good"
    )
    func mixture(_ share: Double) -> [Double] {
      zip(bits[first], bits[second]).map { left, right in
        -LogProbability(
          of: share * LogProbability(bits: -left).probability
            + (1 - share) * LogProbability(bits: -right).probability
        ).bits
      }
    }
    var low = 0.0
    var high = 1.0
    for _ in 0..<60 {
      let share = (low + high) / 2
      if mean(mixture(share)) > aim { low = share } else { high = share }
    }
    bits.append(mixture(high))
  }

  /// The bits of one model on the sentences, or their excess over another's.
  func sampler(ofModel model: Int, less other: Int? = nil) -> SentenceSampler {
    let values = other.map { zip(bits[model], bits[$0]).map { $0 - $1 } } ?? bits[model]
    return SentenceSampler(
      trueMean: mean(values),
      firstSteps: walk.firstSteps,
      cumulativeProbabilities: walk.cumulativeProbabilities,
      successors: walk.successors,
      values: values,
      sizes: tokens,
      valuesPerSentence: zip(frequencies, values).reduce(0) { $0 + $1.0 * $1.1 },
      sizesPerSentence: zip(frequencies, tokens).reduce(0) { $0 + $1.0 * $1.1 }
    )
  }

  /// The bits of a model and the tokens of a sentence, step by step; nil where the source cannot
  /// say it.
  func measure(ofModel model: Int, sentence words: [String], of source: MarkovSource)
    -> SampledSums?
  {
    var state = 0
    var sums = SampledSums()
    for word in words.map(Optional.some) + [nil] {
      let transitions = source.states[state].transitions
      guard let index = transitions.firstIndex(where: { $0.word == word }) else { return nil }
      let step = walk.firstSteps[state] + index
      sums.value += bits[model][step]
      sums.size += tokens[step]
      state = walk.successors[step]
    }
    return sums
  }
}

/// The two sums of a block.
struct SampledSums: Sendable {
  var value = 0.0
  var size = 0.0
}

/// Draws sentences, each as the value of a model and the number of tokens.
struct SentenceSampler: Sendable {
  /// The value per token in a text without end.
  let trueMean: Double

  fileprivate let firstSteps: [Int]
  fileprivate let cumulativeProbabilities: [Double]
  fileprivate let successors: [Int]
  fileprivate let values: [Double]
  fileprivate let sizes: [Double]

  /// The expected value of a sentence.
  let valuesPerSentence: Double

  /// The expected number of tokens of a sentence.
  let sizesPerSentence: Double

  /// Adds a sentence to `sums`.
  func draw(into sums: inout SampledSums, using generator: inout SplitMix64) {
    var state = 0
    var value = 0.0
    var size = 0.0
    while state >= 0 {
      let unit = generator.nextUnit()
      // The last step takes what rounding leaves between the sum of the others and 1.
      let last = firstSteps[state + 1] - 1
      var step = firstSteps[state]
      while step < last, unit >= cumulativeProbabilities[step] { step += 1 }
      value += values[step]
      size += sizes[step]
      state = successors[step]
    }
    sums.value += value
    sums.size += size
  }
}
