import Compression
import LanguageModels
import Perplexity
import Records
import Statistics
import Terminal

extension Scorer {
  /// What `score` and `compare` say in JSON of what it makes of a text, or of a line of one.
  func figures(
    _ evaluation: Evaluation,
    text: String? = nil,
    line: Int? = nil,
    seconds: Double? = nil,
    resampling: Resampling? = nil
  ) -> [JSONValue.Member] {
    let measure = evaluation.measure
    func probability(_ value: Double) -> JSONValue { isNormalized ? .double(value) : .null }
    var members: [JSONValue.Member] = []
    if let text { members.append(.init("text", .string(text))) }
    if let line { members.append(.init("line", .integer(line))) }
    members += [
      .init("model", .string(path)),
      .init("sentences", .integer(measure.sequences)),
      .init("tokens", .integer(measure.tokens)),
      .init("out_of_vocabulary", .integer(measure.outOfVocabulary)),
      .init("log10_probability", probability(evaluation.total.log10)),
      .init("cross_entropy_bits", probability(evaluation.crossEntropyBits)),
      .init("cross_entropy_nats", probability(evaluation.crossEntropyNats)),
      .init("perplexity", probability(evaluation.perplexity)),
      .init("perplexity_excluding_oov", probability(evaluation.perplexityExcludingOutOfVocabulary)),
      .init("characters", .integer(measure.characters)),
      .init("graphemes", .integer(measure.graphemes)),
      .init("bytes", .integer(measure.bytes)),
      .init("bits_per_character", probability(evaluation.bitsPerCharacter)),
      .init("bits_per_grapheme", probability(evaluation.bitsPerGrapheme)),
      .init("bits_per_byte", probability(evaluation.bitsPerByte)),
      .init("zero_probability_tokens", .integer(evaluation.zeroProbabilityTokens)),
    ]
    if measure.unscoredTokens > 0 {
      members.append(.init("unscored_tokens", .integer(measure.unscoredTokens)))
      members.append(.init("unscored_bytes", .integer(measure.unscoredBytes)))
    }
    if model?.speller != nil {
      members.append(.init("spelling_bits", .double(evaluation.spellingTotal.surprisalBits)))
    }
    if isNormalized && evaluation.tokensAboveOne > 0 {
      members.append(.init("tokens_above_probability_one", .integer(evaluation.tokensAboveOne)))
    }
    if model is ByteModel { members.append(.init("adapts", .bool(adapts))) }
    if !isNormalized { members.append(.init("score_log10", .double(evaluation.total.log10))) }
    if let zero = evaluation.firstZeroProbability {
      members.append(
        .init(
          "first_zero_probability",
          [
            "token": .string(zero.token), "context": .array(zero.context.map { .string($0) }),
            "line": .integer(zero.line),
          ]
        )
      )
    }
    if isNormalized, let resampling {
      members.append(.init("confidence_interval", evaluation.interval(resampling).json))
    }
    if let overlap = evaluation.trainingOverlap {
      members.append(.init("training_overlap", overlap.json))
    }
    if line == nil { members.append(.init("fingerprints", fingerprints(evaluation))) }
    if let seconds {
      members.append(
        .init("tokens_per_second", .double(Double(measure.tokens) / max(seconds, 1e-9)))
      )
    }
    return members
  }

  /// What tells whether figures are about the same text and the same events.
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

  /// What to know of probabilities that are none; nil where all are sound.
  func aboveOneWarning(_ evaluation: Evaluation) -> String? {
    guard isNormalized, evaluation.tokensAboveOne > 0 else { return nil }
    let count = NumberFormat.grouped(evaluation.tokensAboveOne)
    return """
      \(path) gives \(count) \(evaluation.tokensAboveOne == 1 ? "token" : "tokens") a probability \
      above one, so its figures are no perplexities; inspect --verify shows how far its sums are from one
      """
  }

  /// Why an evaluation has no interval.
  static func noInterval(_ evaluation: Evaluation) -> String {
    evaluation.total.bits.isFinite
      ? "too little text: fewer than \(Resampling.minimumBlockCount) lines that differ"
      : "the perplexity is infinite"
  }
}

extension Optional<EvaluationInterval> {
  /// The interval, or null where there is none.
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
      "resamples": .integer(interval.resamples),
      "seed": .unsigned(interval.seed),
    ]
  }
}
