import InformationTheory
import Perplexity
import Records
import Terminal

/// The figures of `divergence`, for people and for programs.
struct DivergenceText {
  let result: ModelDivergence
  let models: [String]
  let texts: [String]
  /// The separator of the tokens of a context.
  let separator: String

  // MARK: JSON

  var json: JSONValue {
    let mean = result.mean
    let members: JSONObject = [
      "models": .array(models.map { .string($0) }),
      "texts": .array(texts.map { .string($0) }),
      "contexts": .integer(result.contextCount),
      "contexts_in_texts": .integer(result.positionCount),
      "distinct_contexts": .integer(result.distinctContextCount),
      "kl_forward_bits": .double(mean.forwardBits),
      "kl_backward_bits": .double(mean.backwardBits),
      "jensen_shannon_bits": .double(mean.jensenShannonBits),
      "standard_errors_bits": [
        "kl_forward": .double(result.standardErrors.forwardBits),
        "kl_backward": .double(result.standardErrors.backwardBits),
        "jensen_shannon": .double(result.standardErrors.jensenShannonBits),
      ],
      "entropy_p_bits": .double(mean.firstEntropyBits),
      "entropy_q_bits": .double(mean.secondEntropyBits),
      "cross_entropy_forward_bits": .double(mean.forwardCrossEntropyBits),
      "cross_entropy_backward_bits": .double(mean.backwardCrossEntropyBits),
      "top1_agreement": .double(result.top1Agreement),
      "shared_tokens": .integer(result.sharedTokenCount),
      "is_lower_bound": .bool(isLowerBound),
      "leaves_out_ends": .bool(result.leavesOutEnds),
      "unshared_p": json(result.unshared.first),
      "unshared_q": json(result.unshared.second),
      "infinite_forward": result.forwardImpossible.map(json) ?? .null,
      "infinite_backward": result.backwardImpossible.map(json) ?? .null,
      "tokens": .array(result.tokens.map(json)),
      "most_divergent_contexts": .array(result.contexts.map(json)),
    ]
    return .object(members + (result.records?.json ?? [:]))
  }

  private var isLowerBound: Bool {
    result.unshared.first.count + result.unshared.second.count > 0
  }

  private func json(_ unshared: ModelDivergence.Unshared) -> JSONValue {
    ["tokens": .integer(unshared.count), "probability": .double(unshared.mass)]
  }

  private func json(_ token: ModelDivergence.Token) -> JSONValue {
    [
      "token": .string(token.token),
      "jensen_shannon_bits": .double(token.jensenShannonBits),
      "probability_p": .double(token.firstProbability),
      "probability_q": .double(token.secondProbability),
    ]
  }

  private func json(_ impossible: ModelDivergence.Impossible) -> JSONValue {
    .object(
      members(impossible.location) + [
        "token": .string(impossible.token), "count": .integer(impossible.count),
      ]
    )
  }

  private func json(_ context: ModelDivergence.Context) -> JSONValue {
    .object(
      members(context.location) + [
        "count": .integer(context.count),
        "kl_forward_bits": .double(context.divergence.forwardBits),
        "kl_backward_bits": .double(context.divergence.backwardBits),
        "jensen_shannon_bits": .double(context.divergence.jensenShannonBits),
        "top_p": json(context.likeliest.first),
        "top_q": json(context.likeliest.second),
      ]
    )
  }

  private func json(_ likeliest: ModelDivergence.Likeliest) -> JSONValue {
    ["token": .string(likeliest.token), "probability": .double(likeliest.probability)]
  }

  private func members(_ location: ModelDivergence.Location) -> JSONObject {
    [
      "context": .array(location.context.map { .string($0) }),
      "text": .string(texts[location.text]),
    ] + location.line.json
  }

  // MARK: Text

  /// Prints the compared models, the figures, and their main contributions.
  func print(in console: inout Console) throws {
    try console.print("P  \(models[0])")
    try console.print("Q  \(models[1])")
    try console.printParagraph(scope)
    try console.print()
    try console.printTable(figures)
    try printInfinite(result.forwardImpossible, "KL(P||Q)", "P", "Q", in: &console)
    try printInfinite(result.backwardImpossible, "KL(Q||P)", "Q", "P", in: &console)
    if !result.tokens.isEmpty {
      try console.print()
      try console.printTable(tokens)
    }
    if !result.contexts.isEmpty {
      try console.print()
      try console.printTable(contexts)
    }
  }

  private var scope: String {
    let places = NumberFormat.grouped(result.positionCount)
    let contexts =
      result.contextCount == result.positionCount
      ? "all \(places) contexts"
      : "\(NumberFormat.grouped(result.contextCount)) of \(places) contexts, evenly spread, ± one standard error"
    var scope =
      "\(contexts) (\(NumberFormat.grouped(result.distinctContextCount)) different); "
      + "\(NumberFormat.grouped(result.sharedTokenCount)) tokens in common"
    if isLowerBound {
      let alone = [phrase(result.unshared.first, "P"), phrase(result.unshared.second, "Q")]
      scope +=
        "; \(alone.compactMap(\.self).joined(separator: " and ")) count as <unk>, so KL and "
        + "Jensen-Shannon are lower bounds"
    }
    if result.leavesOutEnds {
      scope += "; </s>, which one of them does not predict, is left out"
    }
    return scope
  }

  private func phrase(_ unshared: ModelDivergence.Unshared, _ model: String) -> String? {
    unshared.count == 0
      ? nil
      : "\(NumberFormat.grouped(unshared.count)) of \(model) alone ("
        + "\(NumberFormat.percent(unshared.mass, decimals: 2)) of its probability)"
  }

  private var figures: TextTable {
    let mean = result.mean
    let errors = result.standardErrors
    var table = TextTable([
      .left("figure"), .decimal("value"), .decimal("±"), .left("what it is"),
    ])
    func append(_ name: String, _ bits: Double, _ meaning: String, error: Double? = nil) {
      let error = error.map { ScoreReport.number($0, 4) } ?? ""
      table.append([name, ScoreReport.number(bits, 4), error, meaning])
    }
    append(
      "KL(P||Q)",
      mean.forwardBits,
      "bits a token lost by Q where P holds",
      error: errors.forwardBits
    )
    append("KL(Q||P)", mean.backwardBits, "the other way round", error: errors.backwardBits)
    append(
      "Jensen-Shannon",
      mean.jensenShannonBits,
      "bits, from 0 to 1; the same both ways",
      error: errors.jensenShannonBits
    )
    append("entropy of P", mean.firstEntropyBits, "bits a token that P expects to need")
    append("entropy of Q", mean.secondEntropyBits, "the same of Q")
    append("cross-entropy P, Q", mean.forwardCrossEntropyBits, "bits Q needs for what P says")
    append("cross-entropy Q, P", mean.backwardCrossEntropyBits, "the other way round")
    table.append([
      "top-1 agreement", NumberFormat.percent(result.top1Agreement, decimals: 2), "",
      "where the likeliest token is the same",
    ])
    return table
  }

  private var tokens: TextTable {
    var table = TextTable([
      .left("tokens that differ most"), .decimal("bits of JS"), .decimal("mean p"),
      .decimal("mean q"),
    ])
    for token in result.tokens {
      table.append([
        Self.quoted(token.token), ScoreReport.number(token.jensenShannonBits, 5),
        ScoreReport.number(token.firstProbability, 5),
        ScoreReport.number(token.secondProbability, 5),
      ])
    }
    return table
  }

  private var contexts: TextTable {
    var table = TextTable([
      .left("contexts that differ most"), .right("line"), .decimal("JS"), .decimal("KL(P||Q)"),
      .left("P's likeliest"), .left("Q's likeliest"),
    ])
    for context in result.contexts {
      table.append([
        text(context.location),
        "\(context.location.line)",
        ScoreReport.number(context.divergence.jensenShannonBits, 3),
        ScoreReport.number(context.divergence.forwardBits, 3),
        Self.likeliest(context.likeliest.first), Self.likeliest(context.likeliest.second),
      ])
    }
    return table
  }

  private func printInfinite(
    _ impossible: ModelDivergence.Impossible?,
    _ figure: String,
    _ possible: String,
    _ other: String,
    in console: inout Console
  ) throws {
    guard let impossible else { return }
    let place = texts.count > 1 ? " of \(texts[impossible.location.text])" : ""
    try console.print()
    try console.printParagraph(
      "\(figure) is infinite in \(NumberFormat.grouped(impossible.count)) of "
        + "\(NumberFormat.grouped(result.contextCount)) contexts, where \(possible) holds for "
        + "possible what \(other) does not: the first time \(Self.quoted(impossible.token)) on line "
        + "\(impossible.location.line)\(place), after: \(text(impossible.location))"
    )
  }

  /// A context on one line.
  private func text(_ location: ModelDivergence.Location) -> String {
    location.context.map { TokenTable.escaped($0.utf8) }.joined(separator: separator)
  }

  private static func likeliest(_ likeliest: ModelDivergence.Likeliest) -> String {
    "\(quoted(likeliest.token)) \(ScoreReport.number(likeliest.probability, 3))"
  }

  /// A token on one line, in quotes where it would not be seen.
  private static func quoted(_ token: String) -> String {
    let escaped = TokenTable.escaped(token.utf8)
    return escaped.allSatisfy { $0.isWhitespace } ? "'\(escaped)'" : escaped
  }
}
