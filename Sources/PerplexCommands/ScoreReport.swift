import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// The figures of `score`, for people and for programs.
struct ScoreReport {
  let model: NGramModel
  let modelPath: String
  let names: [String]
  let evaluations: [Evaluation]
  let seconds: Double

  private var total: Evaluation { evaluations.reduce(Evaluation(), +) }

  // MARK: JSON

  var json: JSONValue {
    let texts = zip(names, evaluations).map { figures($1, text: $0, seconds: nil) }
    return ["texts": .array(texts), "total": figures(total, text: nil, seconds: seconds)]
  }

  /// Each line's own figures in place of each text's.
  func json(lines: [LineFigures.Line]) -> JSONValue {
    let texts = lines.map { line in
      var value = figures(line.evaluation, text: names[line.text], seconds: nil)
      if case .object(var members) = value {
        members.insert(.init("line", .integer(line.number)), at: 1)
        value = .object(members)
      }
      return value
    }
    return ["texts": .array(texts), "total": figures(total, text: nil, seconds: seconds)]
  }

  private func figures(_ evaluation: Evaluation, text: String?, seconds: Double?) -> JSONValue {
    let measure = evaluation.measure
    func probability(_ value: Double) -> JSONValue { model.isNormalized ? .double(value) : .null }
    var members: [JSONValue.Member] = []
    if let text { members.append(.init("text", .string(text))) }
    members += [
      .init("model", .string(modelPath)),
      .init("sentences", .integer(measure.sequences)),
      .init("tokens", .integer(measure.tokens)),
      .init("out_of_vocabulary", .integer(measure.outOfVocabulary)),
      .init("log10_probability", probability(evaluation.total.log10)),
      .init("cross_entropy_bits", probability(evaluation.crossEntropyBits)),
      .init("cross_entropy_nats", probability(evaluation.crossEntropyNats)),
      .init("perplexity", probability(evaluation.perplexity)),
      .init("perplexity_excluding_oov", probability(evaluation.perplexityExcludingOutOfVocabulary)),
      .init("characters", .integer(measure.characters)),
      .init("bytes", .integer(measure.bytes)),
      .init("bits_per_character", probability(evaluation.bitsPerCharacter)),
      .init("bits_per_byte", probability(evaluation.bitsPerByte)),
      .init("zero_probability_tokens", .integer(evaluation.zeroProbabilityTokens)),
    ]
    if !model.isNormalized { members.append(.init("score_log10", .double(evaluation.total.log10))) }
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
    return .object(members)
  }

  // MARK: Text

  func print(in console: inout Console) throws {
    if evaluations.count > 1 { try printTable(in: &console) }
    let name =
      names.count == 1 ? names[0] : "all \(NumberFormat.grouped(names.count)) texts together"
    try printReport(total, name: name, in: &console)
  }

  func print(lines: [LineFigures.Line], in console: inout Console) throws {
    var table = TextTable([
      .left("text"), .right("line"), .right("tokens"), .right("unknown"), .decimal("bits/token"),
      .decimal("perplexity"),
    ])
    for line in lines {
      table.append(
        [names[line.text], "\(line.number)"] + row(line.evaluation)
      )
    }
    try console.print(table.rendered(width: console.width, style: console.style))
  }

  private func printTable(in console: inout Console) throws {
    var table = TextTable([
      .left("text"), .right("tokens"), .right("unknown"), .decimal("bits/token"),
      .decimal("perplexity"), .decimal("bits/byte"),
    ])
    for (name, evaluation) in zip(names, evaluations) {
      table.append(
        [name] + row(evaluation)
          + [model.isNormalized ? Self.number(evaluation.bitsPerByte, 4) : "-"]
      )
    }
    try console.print(table.rendered(width: console.width, style: console.style))
    try console.print()
  }

  private func row(_ evaluation: Evaluation) -> [String] {
    [
      NumberFormat.grouped(evaluation.measure.tokens),
      NumberFormat.grouped(evaluation.measure.outOfVocabulary),
      model.isNormalized ? Self.number(evaluation.crossEntropyBits, 4) : "-",
      model.isNormalized ? Self.number(evaluation.perplexity, 3) : "-",
    ]
  }

  private func printReport(
    _ evaluation: Evaluation,
    name: String,
    in console: inout Console
  ) throws {
    let measure = evaluation.measure
    let sequence = model.settings.sequence
    let style = console.style
    try console.print("\(style.bold(modelPath)) on \(style.bold(name))")
    try console.print(
      "\(NumberFormat.grouped(measure.tokens)) tokens (\(model.settings.tokenizer.rawValue), with one "
        + "</s> for each of \(NumberFormat.grouped(measure.sequences)) "
        + "\(sequence.noun(measure.sequences)), without <s>), "
        + "\(NumberFormat.grouped(measure.characters)) characters, "
        + "\(NumberFormat.grouped(measure.bytes)) bytes"
    )
    if measure.blankLines > 0 && sequence == .line {
      try console.print(
        "\(NumberFormat.grouped(measure.blankLines)) blank lines are counted as empty sentences"
      )
    }
    try console.print()
    guard model.isNormalized else {
      try console.print(
        "score           \(Self.number(evaluation.total.log10, 4)) (log10, the whole text)"
      )
      try console.print(
        "Stupid back-off gives scores, not probabilities: they do not sum to one, so there is no "
          + "cross-entropy and no perplexity. Train with another --smoothing for those."
      )
      return
    }
    var table = TextTable([.left("figure"), .decimal("value"), .left("what it is")])
    let share = NumberFormat.percent(
      Double(measure.outOfVocabulary) / Double(measure.tokens),
      decimals: 2
    )
    let unknown = "\(NumberFormat.grouped(measure.outOfVocabulary)) unknown (\(share))"
    table.append([
      "cross-entropy", Self.number(evaluation.crossEntropyBits, 6),
      "bits a token, over all tokens; \(Self.number(evaluation.crossEntropyNats, 6)) nats",
    ])
    table.append([
      "perplexity", Self.number(evaluation.perplexity, 4),
      "2^cross-entropy; \(unknown), each scored as <unk>",
    ])
    table.append([
      "  without unknown", Self.number(evaluation.perplexityExcludingOutOfVocabulary, 4),
      "over the \(NumberFormat.grouped(measure.tokens - measure.outOfVocabulary)) tokens of the "
        + "vocabulary only",
    ])
    table.append([
      "bits per character", Self.number(evaluation.bitsPerCharacter, 6),
      "total bits / Unicode scalars, line ends counted",
    ])
    table.append([
      "bits per byte", Self.number(evaluation.bitsPerByte, 6),
      "total bits / bytes"
        + (measure.outOfVocabulary > 0
          ? "; too low, since unknown words are not spelled" : "; compares across tokenizers"),
    ])
    table.append([
      "log10 probability", Self.number(evaluation.total.log10, 4), "of the whole text, base 10",
    ])
    try console.print(table.rendered(width: max(console.width, 100), style: style))
    if let zero = evaluation.firstZeroProbability {
      try console.print()
      try console.print(
        style.red(
          "\(NumberFormat.grouped(evaluation.zeroProbabilityTokens)) tokens have probability zero, "
            + "so the text is impossible to this model and its perplexity is infinite."
        )
      )
      try console.print(
        "The first is '\(Self.visible(zero.token))' on line \(zero.line), after: "
          + zero.context.map { Self.visible($0) }.joined(separator: " ")
      )
      try console.print("A smoothed model gives every token a probability: train --smoothing.")
    }
  }

  static func number(_ value: Double, _ decimals: Int) -> String {
    value.isFinite
      ? NumberFormat.fixed(value, decimals: decimals)
      : value.isNaN ? "-" : value < 0 ? "-inf" : "inf"
  }

  private static func visible(_ token: String) -> String {
    token == "\n" ? "\\n" : token == "\t" ? "\\t" : token
  }
}
