import BytePrediction
import InformationTheory
import LanguageModels
import Records
import Terminal
import Tokenization

/// `inspect`: shows a model file.
struct InspectCommand: Command, Equatable {
  /// The largest deviation from one that rounding to 24 bits may leave.
  static let tolerance = 1e-6

  var model = ""
  var next: String?
  var top = 10
  var explains = false
  var verifies = false
  var results = OutputOptions()

  static let name = "inspect"
  static let abstract = "Show the contents of a model, and check it."
  static let discussion = """
    --next shows the distribution of the token that follows a text at the start of a sequence. \
    --explain shows how a gated model computes the probability of the likeliest token, order by order: \
    the bytes of the context, the counts of the context and of the token, the estimate from all orders \
    up to this one, and the weight that the gate gives it. \
    --verify checks every checksum, then sums the distribution over the whole vocabulary after at least \
    1,000 contexts: the start of a sequence, contexts that training has, contexts that it lacks.
    """
  static let examples = [
    Example("perplex inspect stories.perplex --next \"the old\"", "The ten likeliest next words."),
    Example(
      "perplex inspect gated.perplex --next \"the old wom\" --explain",
      "Where a gated model's probability comes from."
    ),
    Example("perplex inspect stories.perplex --verify", "Prove that its probabilities sum to one."),
  ]
  static let arguments: [Argument<Self>] = [
    .operand("MODEL", value: \.model, help: "A .perplex or ARPA file."),
    .option(
      "--next",
      value: \.next,
      placeholder: "TEXT",
      help: "Show the tokens that are likely after this text."
    ),
    .option("--top", value: \.top, help: "The number of next tokens to show."),
    .flag(
      "--explain",
      value: \.explains,
      help: "With --next: show how a gated model's likeliest token got its probability."
    ),
    .flag(
      "--verify",
      value: \.verifies,
      help: "Check checksums and that distributions sum to one."
    ),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    try UsageError.check(top, of: "--top", is: .atLeast(1))
    guard next != nil || !explains else { throw .needs("--explain", other: "--next") }
  }

  func run(in console: inout Console) throws {
    let opened = try ModelFile.open(model, threads: results.threadCount)
    let history = try next.map { [.beginSentence] + (try opened.prompt($0, in: &console)) }
    let following = history.map { nextTokens(opened, after: $0) }
    let explanation = try explains ? explanation(opened, history ?? [], following ?? []) : nil
    var verification: Verification?
    if verifies {
      try opened.verifyChecksums(path: model)
      verification = opened.sumDistributions(atLeast: 1000, threads: results.threadCount)
    }
    if results.printsJSON {
      let value = json(opened, following, explanation, verification)
      try printResult(value, results, in: &console)
    } else {
      try report(opened, following, verification, in: &console)
      if let explanation {
        try console.print()
        try console.print("'\(TokenTable.escaped([explanation.byte]))', order by order:")
        try console.write(explanation.table.rendered(width: console.width, style: console.style))
      }
    }
    if let verification, opened.isNormalized, !(verification.worstDeviation <= Self.tolerance) {
      throw CommandError.unsound(
        model: model,
        context: verification.worstContext,
        deviation: verification.worstDeviation,
        isImported: opened.ngrams?.description.scale == .log10
      )
    }
  }

  private func explanation(
    _ model: StoredModel,
    _ history: [TokenID],
    _ following: [Following]
  ) throws -> ByteExplanation? {
    let byte = following.first.flatMap { ByteVocabulary.byte($0.id) }
    let explanation: ByteExplanation? =
      switch model {
      case .ngrams: nil
      case .bytes(let model): byte.flatMap { model.explanation(of: $0, after: history) }
      }
    guard let explanation else { throw CommandError.notExplainable(model: self.model, .notGated) }
    return explanation
  }

  private struct Following {
    var id: TokenID
    var token: String
    var probability: Double
  }

  private func nextTokens(
    _ model: StoredModel,
    after history: [TokenID]
  ) -> [Following] {
    let distribution = model.distribution(after: history)
    let order = distribution.indices.sorted {
      distribution[$0] == distribution[$1] ? $0 < $1 : distribution[$0] > distribution[$1]
    }
    return order.prefix(top).map {
      Following(
        id: TokenID(UInt32($0)),
        token: model.vocabulary[TokenID(UInt32($0))],
        probability: distribution[$0]
      )
    }
  }

  private func json(
    _ model: StoredModel,
    _ following: [Following]?,
    _ explanation: ByteExplanation?,
    _ verification: Verification?
  ) -> JSONValue {
    var members: JSONObject = ["model": .string(self.model)]
    members += ModelSummary(model).members
    if let following {
      members["next"] = .array(
        following.map {
          model.isNormalized
            ? [
              "token": .string($0.token), "probability": .double($0.probability),
              "surprisal_bits": .double(
                InformationTheory.surprisalBits(ofProbability: $0.probability)
              ),
            ] : ["token": .string($0.token), "score": .double($0.probability)]
        }
      )
    }
    if let explanation { members["explanation"] = explanation.json }
    if let verification {
      members["verification"] = [
        "contexts": .integer(verification.contextCount),
        "worst_deviation": .double(verification.worstDeviation),
      ]
    }
    return .object(members)
  }

  private func report(
    _ model: StoredModel,
    _ following: [Following]?,
    _ verification: Verification?,
    in console: inout Console
  ) throws {
    if following == nil && verification == nil {
      try overview(ModelSummary(model), in: &console)
    }
    if let following {
      var table = TextTable([
        .left("token"), .decimal(model.isNormalized ? "probability" : "score"),
        .decimal(model.isNormalized ? "bits" : ""),
      ])
      for entry in following {
        let token = TokenTable.escaped(entry.token.utf8)
        table.append([
          // Blanks would not be seen.
          token.allSatisfy { $0.isWhitespace } ? "'\(token)'" : token,
          NumberFormat.significant(entry.probability, digits: 6),
          model.isNormalized
            ? ScoreReport.number(
              InformationTheory.surprisalBits(ofProbability: entry.probability),
              3
            ) : "",
        ])
      }
      try console.write(table.rendered(width: console.width, style: console.style))
    }
    if let verification {
      try console.print("checksums: every part of the file is as it was written")
      let deviation = NumberFormat.significant(verification.worstDeviation, digits: 3)
      let contexts = NumberFormat.grouped(verification.contextCount)
      try console.print(
        model.isNormalized
          ? "sums: \(contexts) distributions over \(NumberFormat.grouped(model.predictedCount)) "
            + "tokens, the worst \(deviation) away from one"
          : "sums: stupid back-off gives scores; over \(contexts) contexts their sum is up to "
            + "\(deviation) away from one"
      )
    }
  }

  private func overview(_ summary: ModelSummary, in console: inout Console) throws {
    try console.print(console.style.bold(model))
    for (label, value) in summary.lines {
      try console.print(TextLayout.padded(label, to: 14) + value)
    }
    try console.print()
    try console.write(summary.table.rendered(width: console.width, style: console.style))
  }
}

extension LanguageModel {
  /// The tokens of a text that begins a sequence, cut as the model cuts text; those it does not
  /// know are noted.
  func prompt(_ text: String, in console: inout Console) throws -> [TokenID] {
    var numbering = vocabulary
    let encoded = try TextEncoder(settings, keepsRanges: true)
      .encode(TextChunk(settings.withoutMarkers(text)), of: "the text", numbering: &numbering)
    let tokens = zip(encoded.tokens, encoded.ranges).filter { !$0.0.isMarker }
    for (token, range) in tokens where token.isOutOfVocabulary {
      let word = TokenTable.escaped(encoded.text[range])
      console.note("the model does not know '\(word)' and takes it as <unk>")
    }
    return tokens.map(\.0)
  }
}

extension TokenID {
  fileprivate var isMarker: Bool { self == .beginSentence || self == .endSentence }
}
