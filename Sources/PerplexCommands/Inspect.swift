import Glibc
import LanguageModels
import Terminal
import Tokenization

/// `inspect`: what is in a model file.
struct Inspect: Command, Equatable {
  /// The largest deviation from one that rounding to 24 bits may leave.
  static let tolerance = 1e-6

  var model = ""
  var next: String?
  var top = 10
  var verifies = false
  var results = OutputOptions()

  static let name = "inspect"
  static let abstract = "Show what is in a model, and check it."
  static let discussion = """
    --next gives the distribution of the token that follows a text at the start of a sequence. \
    --verify checks every checksum, then sums the distribution over the whole vocabulary after at \
    least 1,000 contexts: the start of a sequence, contexts that were seen, contexts that were not.
    """
  static let examples = [
    Example("perplex inspect stories.perplex --next \"the old\"", "The ten likeliest next words."),
    Example("perplex inspect stories.perplex --verify", "Prove that its probabilities sum to one."),
  ]
  static let arguments: [Argument<Self>] = [
    .operand("MODEL", value: \.model, help: "A .perplex or ARPA file."),
    .option(
      "--next",
      value: \.next,
      placeholder: "TEXT",
      help: "Show what follows this text."
    ),
    .option("--top", value: \.top, help: "How many next tokens to show."),
    .flag(
      "--verify",
      value: \.verifies,
      help: "Check checksums and that distributions sum to one."
    ),
    .group("Results", \.results, OutputOptions.arguments),
  ]

  mutating func validate() throws(UsageError) {
    try results.validate()
    guard top >= 1 else { throw UsageError("'--top' must be at least 1, not \(top)") }
  }

  func run(in console: inout Console) throws {
    let opened = try ModelFile.open(model, threads: results.threadCount)
    let following = try next.map { try nextTokens(opened, after: $0, in: &console) }
    var verification: Verification?
    if verifies {
      try opened.verifyChecksums(path: model)
      verification = opened.sumDistributions(threads: results.threadCount)
    }
    if results.printsJSON {
      try console.print(json(opened, following, verification))
    } else {
      try report(opened, following, verification, in: &console)
    }
    if let verification, opened.isNormalized, !(verification.worstDeviation <= Self.tolerance) {
      throw VerificationFailure(path: model, verification: verification)
    }
  }

  private struct VerificationFailure: Error, CustomStringConvertible {
    var path: String
    var verification: Verification
    var description: String {
      let context = verification.worstContext.joined(separator: " ")
      return "\(path): the distribution after '\(context)' is \(verification.worstDeviation) away "
        + "from summing to one; train the model anew"
    }
  }

  private struct Following {
    var token: String
    var probability: Double
  }

  private func nextTokens(
    _ model: NGramModel,
    after text: String,
    in console: inout Console
  ) throws -> [Following] {
    let history = try model.prompt(text, in: &console)
    let distribution = model.distribution(after: [.beginSentence] + history)
    let order = distribution.indices.sorted {
      distribution[$0] == distribution[$1] ? $0 < $1 : distribution[$0] > distribution[$1]
    }
    return order.prefix(top).map {
      Following(
        token: model.vocabulary[TokenID(UInt32($0))],
        probability: distribution[$0]
      )
    }
  }

  private func json(
    _ model: NGramModel,
    _ following: [Following]?,
    _ verification: Verification?
  ) -> JSONValue {
    let description = model.description
    var members: [JSONValue.Member] = [
      .init("model", .string(self.model)),
      .init("kind", "ngram"),
      .init("tokenizer", .string(description.settings.tokenizer.rawValue)),
      .init("sequence", .string(description.settings.sequence.rawValue)),
      .init("normalization", .string(description.normalizationText)),
      .init("order", .integer(description.order)),
      .init("smoothing", .string(description.smoothing)),
      .init("form", .string(description.combination.name)),
      .init("vocabulary_size", .integer(model.vocabulary.count)),
      .init("tokens", .integer(description.tokenCount)),
      .init("sentences", .integer(description.sequenceCount)),
      .init("ngrams", .array(description.ngramCounts.map { .integer($0) })),
      .init("ngrams_counted", .array(description.allNGramCounts.map { .integer($0) })),
      .init(
        "discounts",
        .array(description.discounts.map { .array($0.map { .double($0) }) })
      ),
      .init("notes", .array(description.notes.map { .string($0) })),
      .init("bytes", .integer(model.byteCount)),
      .init("text_fingerprint", .string(Self.hexadecimal(description.textFingerprint))),
      .init("vocabulary_fingerprint", .string(Self.hexadecimal(description.vocabularyFingerprint))),
      .init("tokenizer_fingerprint", .string(Self.hexadecimal(description.tokenizerFingerprint))),
    ]
    if let following {
      members.append(
        .init(
          "next",
          .array(
            following.map {
              model.isNormalized
                ? [
                  "token": .string($0.token), "probability": .double($0.probability),
                  "surprisal_bits": .double(0 - log2($0.probability)),
                ] : ["token": .string($0.token), "score": .double($0.probability)]
            }
          )
        )
      )
    }
    if let verification {
      members.append(
        .init(
          "verification",
          [
            "contexts": .integer(verification.contextCount),
            "worst_deviation": .double(verification.worstDeviation),
          ]
        )
      )
    }
    return .object(members)
  }

  private func report(
    _ model: NGramModel,
    _ following: [Following]?,
    _ verification: Verification?,
    in console: inout Console
  ) throws {
    let description = model.description
    if following == nil && verification == nil {
      try overview(model, description, in: &console)
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
          model.isNormalized ? ScoreReport.number(0 - log2(entry.probability), 3) : "",
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
          ? "sums: \(contexts) distributions over \(NumberFormat.grouped(model.vocabulary.count - 1)) "
            + "tokens, the worst \(deviation) away from one"
          : "sums: stupid back-off gives scores; over \(contexts) contexts their sum is up to "
            + "\(deviation) away from one"
      )
    }
  }

  private func overview(
    _ model: NGramModel,
    _ description: ModelDescription,
    in console: inout Console
  ) throws {
    let settings = description.settings
    let lines = [
      ("model", "\(description.order)-gram, \(description.methodText)"),
      ("tokens", "\(settings.tokenizer.rawValue); normalisation: \(description.normalizationText)"),
      ("sequence", settings.sequence.rawValue),
      ("vocabulary", NumberFormat.grouped(model.vocabulary.count) + " with <unk>, <s> and </s>"),
      (
        "trained on",
        description.tokenCount == 0
          ? "not known"
          : "\(NumberFormat.grouped(description.tokenCount)) tokens in "
            + "\(NumberFormat.grouped(description.sequenceCount)) "
            + settings.sequence.noun(description.sequenceCount)
      ),
      ("size", NumberFormat.bytes(model.byteCount) + ", mapped"),
      ("text", Self.hexadecimal(description.textFingerprint)),
      ("vocabulary id", Self.hexadecimal(description.vocabularyFingerprint)),
      ("tokenizer id", Self.hexadecimal(description.tokenizerFingerprint)),
    ]
    try console.print(console.style.bold(self.model))
    for (label, value) in lines {
      try console.print(TextLayout.padded(label, to: 14) + value)
    }
    for note in description.notes { try console.print(TextLayout.padded("note", to: 14) + note) }
    try console.print()
    try console.write(model.countsTable.rendered(width: console.width, style: console.style))
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension NGramModel {
  /// The tokens of a text that begins a sequence, cut as the model cuts text; those it does not know
  /// are noted.
  func prompt(_ text: String, in console: inout Console) throws -> [TokenID] {
    var numbering = vocabulary
    let encoded = try TextEncoder(settings, markers: .skip, keepsRanges: true)
      .encode(TextBlock(text), of: "the text", numbering: &numbering)
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
