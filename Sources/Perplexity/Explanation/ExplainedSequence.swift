import InformationTheory
package import LanguageModels
import RealFunctions
package import Records
package import Tokenization

/// A token of a text and the explanation of its probability.
package struct ExplainedToken: Sendable {
  /// The token as it stands in the text; `</s>` for the end.
  package var text: String

  /// The explanation of the model's probability.
  package var explanation: TokenExplanation

  /// The probability of its spelling, charged in addition to `<unk>`.
  ///
  /// It is 1 for a token in the vocabulary, or if the model has no speller.
  package var spelling = LogProbability.one

  /// The steps, computed again from the counts of a training text.
  ///
  /// They have the order of `TokenExplanation.steps`; the uniform distribution's step is nil. The
  /// array is empty without a training text.
  package var countedSteps: [CountedStep?] = []

  /// The probability that the token is charged with.
  package var logProbability: LogProbability { explanation.score.logProbability + spelling }
}

/// A sentence or a document, explained token by token.
package struct ExplainedSequence: Sendable {
  /// The text from its first to its last token.
  package var text = ""

  /// The tokens, ending in `</s>` if ends are predicted; `<s>` is not included.
  package var tokens: [ExplainedToken] = []

  /// The probability of the sequence.
  package var total: LogProbability {
    tokens.reduce(LogProbability.one) { $0 + $1.logProbability }
  }

  /// The cross-entropy in bits per token.
  package var crossEntropyBits: Double { total.surprisalBits / Double(tokens.count) }

  /// The perplexity by its definition, P^(−1/N).
  ///
  /// It uses the logarithm to base 10 if P is too small for a `Double`.
  package var perplexity: Double {
    let probability = total.probability
    let exponent = -1 / Double(tokens.count)
    return probability >= .leastNormalMagnitude || total.bits == -.infinity
      ? pow(probability, exponent) : LogProbability(log10: total.log10 * exponent).probability
  }

  /// The perplexity from the cross-entropy, 2 to the bits per token.
  package var perplexityFromBits: Double { InformationTheory.perplexity(ofBits: crossEntropyBits) }
}

extension ExplainedSequence {
  /// The tokens of all `sequences`, concatenated.
  package init(joining sequences: [ExplainedSequence]) {
    tokens = sequences.flatMap(\.tokens)
  }
}

/// Explains the probability of each token of a text, for an n-gram model.
package struct Explainer {
  /// The largest number of tokens explained at once; each keeps all its steps in memory.
  package static let tokenLimit = 10_000

  private let model: NGramModel
  private let encoder: TextEncoder
  private let invalidUTF8: TextReader.InvalidUTF8

  /// An explainer for `model`.
  package init(
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

  /// The explained sequences of `text`, one or a few lines; errors call it `name`.
  ///
  /// - Throws: `TextError`, also for a text without tokens or with too many.
  ///
  /// - Complexity: O(tokens · order) searches.
  package func explain(_ text: String, called name: String) throws -> [ExplainedSequence] {
    var sequences: [ExplainedSequence] = []
    var history: [TokenID] = []
    _ = try explain(TextChunk(text), of: name, after: &history, into: &sequences)
    return try checked(sequences, name, nil)
  }

  /// The explained sequences of the text of `source`, and its records.
  ///
  /// - Throws: `FileError`, `TextError`, also for a text without tokens or with too many.
  ///
  /// - Complexity: O(tokens · order) searches.
  package func explain(
    _ source: TextSource
  ) throws -> (sequences: [ExplainedSequence], records: RecordTally?) {
    var reader = try TextReader(
      source,
      isRaw: model.settings.readsRawBytes,
      invalidUTF8: invalidUTF8
    )
    var sequences: [ExplainedSequence] = []
    var history: [TokenID] = []
    var records: RecordTally?
    while let block = try reader.next() {
      let tally = try explain(block, of: source.name, after: &history, into: &sequences)
      if let tally { records = (records ?? RecordTally()) + tally }
    }
    return (try checked(sequences, source.name, records), records)
  }

  private func checked(
    _ sequences: [ExplainedSequence],
    _ name: String,
    _ records: RecordTally?
  ) throws(TextError) -> [ExplainedSequence] {
    let tokens = sequences.reduce(0) { $0 + $1.tokens.count }
    guard tokens > model.settings.endCount(ofSequences: sequences.count) else {
      throw .empty(paths: [name], leftOut: records?.leftOutAll)
    }
    return sequences
  }

  private func explain(
    _ block: TextChunk,
    of name: String,
    after history: inout [TokenID],
    into sequences: inout [ExplainedSequence]
  ) throws -> RecordTally? {
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
        // Blanks may precede a sentence's first token.
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
    return encoded.tally
  }
}

extension [ExplainedSequence] {
  /// Adds to each token its steps computed from the counts of `training`.
  ///
  /// - Returns: The number of tokens of the training text, and its records.
  ///
  /// - Throws: `FileError`, `TextError`.
  package mutating func count(
    in training: TrainingSource,
    of model: NGramModel,
    progress: (Int) -> Void = { _ in }
  ) throws -> (tokenCount: Int, records: RecordTally?) {
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
    return (counts.tokenCount, counts.records)
  }
}

extension [ExplainedSequence] {
  /// The first token whose counts give other numbers than the model.
  package var firstAtOdds: ExplainedToken? {
    lazy.flatMap(\.tokens).first { token in
      zip(token.explanation.steps, token.countedSteps).contains { step, counted in
        guard let counted else { return false }
        // The remainder is a difference of rounded numbers.
        let rounding = counted.remainder.map { 1e-6 / Swift.max(1e-6, 1 - $0.covered) } ?? 0
        return !agree(counted.alpha, step.alpha, rounding: 0)
          || !agree(counted.gamma, step.gamma, rounding: rounding)
      }
    }
  }

  /// True if a number from counts equals that of the model, up to the model's rounding.
  private func agree(_ counted: Double?, _ stored: Double, rounding: Double) -> Bool {
    guard let counted else { return true }
    return abs(counted - stored) <= 1e-4 * Swift.max(counted, stored) + 1e-7 + rounding
  }
}
