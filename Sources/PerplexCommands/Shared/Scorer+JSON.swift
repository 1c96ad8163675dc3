import Compression
import InformationTheory
import LanguageModels
import Perplexity
import Records
import Statistics
import Terminal
import Tokenization

extension Scorer {
  /// The figures of a text, or of a line, in the JSON of `score` and `compare`.
  func figures(
    _ evaluation: Evaluation,
    text: String? = nil,
    line: TextPlace? = nil,
    seconds: Double? = nil,
    resampling: Resampling? = nil
  ) -> JSONObject {
    let measure = evaluation.measure
    func probability(_ value: Double) -> JSONValue { isNormalized ? .double(value) : .null }
    var members: JSONObject = [:]
    if let text { members["text"] = .string(text) }
    if let line { members += line.json }
    members += [
      "model": .string(path),
      "sentences": .integer(measure.sequences),
      "tokens": .integer(measure.tokens),
      "out_of_vocabulary": .integer(measure.outOfVocabulary),
      "log10_probability": probability(evaluation.total.log10),
      "cross_entropy_bits": probability(evaluation.crossEntropyBits),
      "cross_entropy_nats": probability(evaluation.crossEntropyNats),
      "perplexity": probability(evaluation.perplexity),
      "perplexity_excluding_oov": probability(evaluation.perplexityExcludingOutOfVocabulary),
      "characters": .integer(measure.characters),
      "graphemes": .integer(measure.graphemes),
      "bytes": .integer(measure.bytes),
      "bits_per_character": probability(evaluation.bitsPerCharacter),
      "bits_per_grapheme": probability(evaluation.bitsPerGrapheme),
      "bits_per_byte": probability(evaluation.bitsPerByte),
      "bits_per_byte_is_lower_bound": .bool(isNormalized && understatesBytes(evaluation)),
      "zero_probability_tokens": .integer(evaluation.zeroProbabilityTokens),
    ]
    if measure.unscoredTokens > 0 {
      members["unscored_tokens"] = .integer(measure.unscoredTokens)
      members["unscored_bytes"] = .integer(measure.unscoredBytes)
    }
    if model?.speller != nil {
      members["spelling_bits"] = .double(evaluation.spellingTotal.surprisalBits)
    }
    if isNormalized && evaluation.tokensAboveOne > 0 {
      members["tokens_above_probability_one"] = .integer(evaluation.tokensAboveOne)
    }
    if model?.canAdapt == true { members["adapts"] = .bool(adapts) }
    if !isNormalized { members["score_log10"] = .double(evaluation.total.log10) }
    if let zero = evaluation.firstZeroProbability {
      members["first_zero_probability"] = .object(
        [
          "token": .string(zero.token), "context": .array(zero.context.map { .string($0) }),
        ] + zero.line.json
      )
    }
    if isNormalized, let resampling {
      let interval = evaluation.interval(resampling)
      members["confidence_interval"] = interval.json
      if interval == nil {
        members["no_interval"] = .string(evaluation.intervalObstacle.text { "text \($0 + 1)" })
      }
      if let mean = evaluation.meanOverTexts(resampling) { members["mean_over_texts"] = mean.json }
    }
    if let records = evaluation.records { members += records.json }
    if let overlap = evaluation.trainingOverlap {
      members["training_overlap"] = overlap.json
    }
    if line == nil { members["fingerprints"] = fingerprints(evaluation) }
    if let seconds {
      members["timing"] = [
        "seconds": .double(seconds),
        "tokens_per_second": .double(Double(measure.tokens) / max(seconds, 1e-9)),
      ]
    }
    return members
  }

  /// The fingerprints of text, model and vocabulary: equal ones mean the same text and the same
  /// events.
  private func fingerprints(_ evaluation: Evaluation) -> JSONValue {
    [
      "text": .string(evaluation.textFingerprint.hexadecimal),
      "model": .string(fingerprint.hexadecimal),
      "vocabulary": terms.vocabularyFingerprint.map { .string($0.hexadecimal) } ?? .null,
      "tokenizer": .string(terms.tokenizer),
      "normalization": .string(terms.normalization),
      "sentence_end": .string(terms.ends.rawValue),
      "unknown_words": .string(terms.unknown.rawValue),
    ]
  }

  /// A warning of tokens with a probability above one; nil if all are sound.
  func aboveOneWarning(_ evaluation: Evaluation) -> String? {
    guard isNormalized, evaluation.tokensAboveOne > 0 else { return nil }
    let count = NumberFormat.grouped(evaluation.tokensAboveOne)
    return """
      \(path) gives \(count) \(evaluation.tokensAboveOne == 1 ? "token" : "tokens") a probability \
      above one, so its figures are not perplexities; inspect --verify shows how far its sums are from one
      """
  }
}

extension IntervalObstacle {
  /// The reason in few words.
  var summary: String {
    if case .dominated = self { return "none, as a text outweighs the others" }
    return text { _ in "" }
  }

  /// The reason in words; `name` names the text of an index.
  func text(naming name: (Int) -> String) -> String {
    switch self {
    case .infinite: "the perplexity is infinite"
    case .fewLines:
      "too little text: fewer than \(Resampling.minimumBlockCount) lines that differ"
    case .fewTexts: "two texts are too few: the figure speaks for these alone"
    case .alikeTexts: "too few texts that differ"
    case .dominated(let weights):
      """
      \(name(weights.largest)) is \(NumberFormat.percent(weights.largestShare)) of the tokens: \
      \(NumberFormat.grouped(weights.count)) texts say as much as \
      \(NumberFormat.fixed(weights.effectiveCount, decimals: 1)) of equal size
      """
    }
  }
}

extension MeanOverTexts {
  /// The weights of the texts, and the mean with its interval.
  var json: JSONValue {
    func ends(_ value: (Double) -> Double) -> JSONValue {
      interval.map { [.double(value($0.low)), .double(value($0.high))] } ?? .null
    }
    let perplexity = InformationTheory.perplexity(ofBits:)
    return [
      "texts": .integer(weights.count),
      "effective_texts": .double(weights.effectiveCount),
      "largest_text": .integer(weights.largest + 1),
      "largest_text_share": .double(weights.largestShare),
      "cross_entropy_bits": JSONValue(crossEntropyBits),
      "cross_entropy_interval": ends { $0 },
      "perplexity": JSONValue(crossEntropyBits.map(perplexity)),
      "perplexity_interval": ends(perplexity),
    ]
  }
}

extension Optional<EvaluationInterval> {
  /// The interval, or null if there is none.
  var json: JSONValue {
    guard let interval = self else { return .null }
    func ends(_ interval: Interval) -> JSONValue {
      [.double(interval.low), .double(interval.high)]
    }
    return [
      "level": .double(interval.level),
      "perplexity": ends(interval.perplexity),
      "cross_entropy_bits": ends(interval.crossEntropyBits),
      "bits_per_byte": interval.bitsPerByte.map { ends($0) } ?? .null,
      "method": .string(interval.method),
      "blocks": .integer(interval.blockCount),
      "effective_texts": JSONValue(interval.effectiveTexts),
      "resamples": .integer(interval.resamples),
      "seed": .unsigned(interval.seed),
    ]
  }
}
