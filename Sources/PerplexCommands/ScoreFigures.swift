import LanguageModels
import Perplexity
import Terminal

extension MeasuredModel {
  /// What `score` and `compare` say in JSON of what it makes of a text, or of a line of one.
  func figures(
    _ evaluation: Evaluation,
    text: String? = nil,
    line: Int? = nil,
    seconds: Double? = nil
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
    if let seconds {
      members.append(
        .init("tokens_per_second", .double(Double(measure.tokens) / max(seconds, 1e-9)))
      )
    }
    return members
  }
}
