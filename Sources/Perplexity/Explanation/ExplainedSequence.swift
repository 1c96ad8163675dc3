import InformationTheory
public import LanguageModels
import RealFunctions
public import Tokenization

/// A token of a text with what its probability is made of.
public struct ExplainedToken: Sendable {
  /// The token as it stands in the text; `</s>` for the end.
  public var text: String

  /// How the model came to its probability.
  public var explanation: TokenExplanation

  /// The probability of its spelling, which is charged besides where the vocabulary lacks it and the
  /// model has a speller.
  public var spelling = LogProbability.one

  /// The steps again from the counts of a training text, in the order of
  /// `TokenExplanation.steps`; nil for the even distribution, empty where there was no text.
  public var countedSteps: [CountedStep?] = []

  /// The probability that the token is charged.
  public var logProbability: LogProbability { explanation.score.logProbability + spelling }
}

/// A sentence or a document, explained token by token.
public struct ExplainedSequence: Sendable {
  /// The text from its first to its last token.
  public var text = ""

  /// The tokens, `</s>` the last where ends are predicted; `<s>` is none of them.
  public var tokens: [ExplainedToken] = []

  /// The probability of the whole.
  public var total: LogProbability {
    tokens.reduce(LogProbability.one) { $0 + $1.logProbability }
  }

  /// Bits a token.
  public var crossEntropyBits: Double { total.surprisalBits / Double(tokens.count) }

  /// The perplexity by its definition, P^(−1/N).
  ///
  /// By the logarithm to base 10 where P is too small for a number.
  public var perplexity: Double {
    let probability = total.probability
    let exponent = -1 / Double(tokens.count)
    return probability >= .leastNormalMagnitude || total.bits == -.infinity
      ? pow(probability, exponent) : LogProbability(log10: total.log10 * exponent).probability
  }

  /// The perplexity by the cross-entropy, 2 to the bits a token.
  public var perplexityFromBits: Double { InformationTheory.perplexity(ofBits: crossEntropyBits) }
}

extension ExplainedSequence {
  /// All tokens of `sequences`, one after the other.
  public init(joining sequences: [ExplainedSequence]) {
    tokens = sequences.flatMap(\.tokens)
  }
}

/// Takes texts apart, token by token, as a model of n-grams scores them.
public struct Explainer {
  /// The most tokens that are taken apart at once: what is known of each is kept.
  public static let tokenLimit = 10_000

  private let model: NGramModel
  private let encoder: TextEncoder
  private let invalidUTF8: TextReader.InvalidUTF8

  /// An explainer for `model`.
  public init(
    _ model: NGramModel,
    markers: TextEncoder.Markers = .refuse,
    invalidUTF8: TextReader.InvalidUTF8 = .refuse
  ) {
    self.model = model
    self.invalidUTF8 = invalidUTF8
    encoder = TextEncoder(
      model.settings,
      markers: markers,
      keepsRanges: true,
      countsCharacters: false
    )
  }

  /// The sequences of `text`, a line or a few, which is called `name` in errors.
  ///
  /// - Throws: `TextError`, among them for a text without tokens; ``TooLongToExplain``.
  /// - Complexity: O(tokens · order) searches.
  public func explain(_ text: String, called name: String) throws -> [ExplainedSequence] {
    var sequences: [ExplainedSequence] = []
    var history: [TokenID] = []
    try explain(TextChunk(text), of: name, after: &history, into: &sequences)
    return try checked(sequences, name)
  }

  /// The sequences of the text of `source`.
  ///
  /// - Throws: `FileError`, `TextError`, among them for a text without tokens; ``TooLongToExplain``.
  /// - Complexity: O(tokens · order) searches.
  public func explain(_ source: TextSource) throws -> [ExplainedSequence] {
    var reader = try TextReader(
      source,
      isRaw: model.settings.readsRawBytes,
      invalidUTF8: invalidUTF8
    )
    var sequences: [ExplainedSequence] = []
    var history: [TokenID] = []
    while let block = try reader.next() {
      try explain(block, of: source.name, after: &history, into: &sequences)
    }
    return try checked(sequences, source.name)
  }

  private func checked(
    _ sequences: [ExplainedSequence],
    _ name: String
  ) throws(TextError) -> [ExplainedSequence] {
    let tokens = sequences.reduce(0) { $0 + $1.tokens.count }
    guard tokens > model.settings.endCount(ofSequences: sequences.count) else {
      throw .empty(paths: [name])
    }
    return sequences
  }

  private func explain(
    _ block: TextChunk,
    of name: String,
    after history: inout [TokenID],
    into sequences: inout [ExplainedSequence]
  ) throws {
    var count = sequences.reduce(0) { $0 + $1.tokens.count }
    var numbering = model.vocabulary
    let encoded = try encoder.encode(block, of: name, numbering: &numbering)
    var start = 0
    var end = 0
    func text() -> String { String(decoding: encoded.text[start..<max(start, end)], as: UTF8.self) }
    for (token, range) in zip(encoded.tokens, encoded.ranges) {
      if token == .beginSentence {
        if !sequences.isEmpty { sequences[sequences.count - 1].text += text() }
        sequences.append(ExplainedSequence())
        history = [token]
        (start, end) = (range.lowerBound, range.lowerBound)
        continue
      }
      var explained = ExplainedToken(
        text: token == .endSentence
          ? TokenID.specialSpellings[token.index]
          : String(decoding: encoded.text[range], as: UTF8.self),
        explanation: model.explanation(of: token, after: history)
      )
      if token.isOutOfVocabulary, let speller = model.speller {
        explained.spelling =
          speller.logProbabilities(of: [range], in: encoded.text.span).first ?? .one
      }
      if token != .endSentence {
        // A sentence's first token may stand after blanks.
        if start == end { start = range.lowerBound }
        end = range.upperBound
      }
      count += 1
      guard count <= Self.tokenLimit else {
        throw TextError.tooLongToExplain(path: name, limit: Self.tokenLimit)
      }
      sequences[sequences.count - 1].tokens.append(explained)
      history.append(token)
    }
    if !sequences.isEmpty { sequences[sequences.count - 1].text += text() }
  }
}

extension [ExplainedSequence] {
  /// Adds to every token its steps made again from the counts of `training`.
  ///
  /// - Returns: the number of tokens of the training text.
  /// - Throws: `FileError`, `TextError`.
  public mutating func count(
    in training: TrainingSource,
    of model: NGramModel,
    progress: (Int) -> Void = { _ in }
  ) throws -> Int {
    let counts = try HistoryCounts(
      ofHistoriesIn: map { sequence in
        [.beginSentence] + sequence.tokens.map(\.explanation.token)
      },
      order: model.description.order,
      in: training,
      countsPredecessors: model.countsContinuations,
      progress: progress
    )
    for sequence in indices {
      for index in self[sequence].tokens.indices {
        let explanation = self[sequence].tokens[index].explanation
        self[sequence].tokens[index].countedSteps = explanation.steps.map { step in
          guard step.order > 0 else { return nil }
          let history = explanation.history(of: step)
          return model.countedStep(
            of: explanation.token,
            after: history,
            isFound: step.isFound,
            followers: counts.followers(of: history)
          )
        }
      }
    }
    return counts.tokenCount
  }
}

extension [ExplainedSequence] {
  /// The first token of which the counts give other numbers than the model has.
  public var firstAtOdds: ExplainedToken? {
    lazy.flatMap(\.tokens).first { token in
      zip(token.explanation.steps, token.countedSteps).contains { step, counted in
        guard let counted else { return false }
        // What is left is a difference of rounded numbers.
        let rounding = counted.remainder.map { 1e-6 / Swift.max(1e-6, 1 - $0.covered) } ?? 0
        return !agree(counted.alpha, step.alpha, rounding: 0)
          || !agree(counted.gamma, step.gamma, rounding: rounding)
      }
    }
  }

  /// Whether a number from counts is that of the model, which is rounded.
  private func agree(_ counted: Double?, _ stored: Double, rounding: Double) -> Bool {
    guard let counted else { return true }
    return abs(counted - stored) <= 1e-4 * Swift.max(counted, stored) + 1e-7 + rounding
  }
}
