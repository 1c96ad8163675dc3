import LanguageModels
import Perplexity
import Terminal
import Tokenization

/// The explanation of sentences, for people.
struct ExplainReport {
  let model: NGramModel
  let path: String
  let sequences: [ExplainedSequence]
  let hasCounts: Bool

  /// The columns that an n-gram may fill, so that the rest of its row fits on a terminal of 80.
  private static let ngramWidth = 22

  /// The sign of what every token gets.
  private var symbol: String { model.isNormalized ? "p" : "score" }

  /// Prints a block for each token and the sums.
  func print(in console: inout Console) throws {
    try console.print(
      "\(console.style.bold(path)): \(model.description.order)-gram model of "
        + "\(model.settings.tokenizer.rawValue), \(model.description.methodText)"
    )
    try console.printParagraph(
      "alpha: the probability that the n-gram itself adds; gamma: the back-off weight of its history; "
        + "above: the product of the gammas above. alpha x above is the n-gram's share of \(symbol)."
        + (hasCounts ? "" : " For the counts give the training text, with --training.")
    )
    if hasCounts && model.countsContinuations {
      try console.printParagraph(
        "Counts below order \(model.description.order), but after <s>, are of different tokens before."
      )
    }
    for sequence in sequences {
      var running = 0.0
      for (index, token) in sequence.tokens.enumerated() {
        running -= token.logProbability.bits
        try console.print()
        try print(token, number: index + 1, runningBits: running, in: &console)
      }
      try console.print()
      try print(sequence, called: "'\(escaped(sequence.text))'", in: &console)
    }
    if sequences.count > 1 {
      try console.print()
      try print(
        ExplainedSequence(joining: sequences),
        called: "all \(NumberFormat.grouped(sequences.count)) \(model.settings.sequence.noun(2))",
        in: &console
      )
    }
  }

  // MARK: Tokens

  private func print(
    _ token: ExplainedToken,
    number: Int,
    runningBits: Double,
    in console: inout Console
  ) throws {
    let explanation = token.explanation
    let name = console.style.bold("'\(escaped(token.text))'")
    let unknown = explanation.token.isOutOfVocabulary ? ", unknown, so as <unk>" : ""
    let history = explanation.history.isEmpty ? "" : ", after '\(text(explanation.history[...]))'"
    try console.print(
      TextLayout.shortened("\(number). \(name)\(unknown)\(history)", to: console.width)
    )
    try console.write(table(explanation).rendered(width: console.width, style: console.style))
    if !token.countedSteps.isEmpty {
      try console.write(
        countsTable(token).rendered(width: console.width, style: console.style)
      )
    }
    try console.printParagraph("   " + sum(explanation))
    guard model.isNormalized else { return }
    let bits = explanation.score.surprisalBits
    guard bits < .infinity else {
      let token = "'\(escaped(token.text))' after '\(text(explanation.history[...]))'"
      try console.print(
        console.style.red("   \(token) is impossible to this model: infinitely many bits")
      )
      return
    }
    let spelling = token.spelling.surprisalBits
    let spelled = spelling > 0 ? " and \(number3(spelling)) for its spelling" : ""
    try console.print("   \(number3(bits)) bits\(spelled), \(number3(runningBits)) so far")
  }

  private func table(_ explanation: TokenExplanation) -> TextTable {
    var table = TextTable([
      .right("order"), .left("n-gram"), .decimal("alpha"), .decimal("gamma"),
      .decimal("above"), .decimal("share"), .left(""),
    ])
    let total = explanation.steps.reduce(0) { $0 + $1.share }
    // Below an n-gram that nothing shorter enters there is nothing to be added.
    for step in explanation.steps where step.gammaAbove > 0 {
      let gamma = step.order == 0 || step == explanation.steps.last ? "" : digits(step.gamma)
      table.append([
        "\(step.order)", ngram(step, explanation),
        digits(step.alpha), gamma, digits(step.gammaAbove), digits(step.share),
        step.isFound
          ? TextBar.text(step.share, of: total, width: 10)
          : step.isHistoryKnown ? "not seen" : "no history",
      ])
    }
    return table
  }

  private func ngram(_ step: OrderStep, _ explanation: TokenExplanation) -> String {
    if step.order == 0 { return "any of \(NumberFormat.grouped(model.predictedCount))" }
    let token = explanation.token.isOutOfVocabulary ? .unknown : explanation.token
    var history = explanation.history(of: step)
    let whole = text(history + [token])
    // Where it is too long, its end tells more than its beginning.
    var shown = whole
    while TextLayout.columnCount(of: shown) > Self.ngramWidth, !history.isEmpty {
      history.removeFirst()
      shown = "… " + text(history + [token])
    }
    return shown
  }

  /// The counts that the numbers of the steps come from.
  private func countsTable(_ token: ExplainedToken) -> TextTable {
    var table = TextTable([.right("order"), .left("alpha from counts"), .left("gamma from counts")])
    for (step, counted) in zip(token.explanation.steps, token.countedSteps) {
      guard let counted, step.gammaAbove > 0 else { continue }
      guard counted.historyCount > 0, let alpha = counted.alpha else {
        table.append(["\(step.order)", "the history does not occur", ""])
        continue
      }
      let divisor = counted.divisorText
      table.append([
        "\(step.order)", "\(counted.keptText) / \(divisor) = \(digits(alpha))",
        counted.gamma.map { gamma in
          gamma == 0 && counted.remainder == nil
            ? step.isFound ? "found: nothing shorter enters" : "unsmoothed: nothing shorter enters"
            : step.gammaText(counted, divisor) + " = \(digits(gamma))"
        } ?? "",
      ])
    }
    return table
  }

  /// The arithmetic by which the shares make the probability.
  private func sum(_ explanation: TokenExplanation) -> String {
    let parts = explanation.steps.filter { $0.share > 0 }
    let total = digits(explanation.steps.reduce(0) { $0 + $1.share })
    if parts.count > 1 {
      return "\(symbol) = \(parts.map { digits($0.share) }.joined(separator: " + ")) = \(total)"
    }
    guard let only = parts.first else { return "\(symbol) = 0" }
    let factors = explanation.steps.prefix { $0.order > only.order }.map(\.gamma).filter {
      $0 != 1
    }
    if factors.isEmpty { return "\(symbol) = \(total)" }
    return
      "\(symbol) = \((factors + [only.alpha]).map { digits($0) }.joined(separator: " x ")) = \(total)"
  }

  // MARK: Sums

  private func print(
    _ sequence: ExplainedSequence,
    called name: String,
    in console: inout Console
  ) throws {
    let tokens = sequence.tokens
    let count = tokens.count
    let ends = tokens.contains { $0.explanation.token == .endSentence }
    try console.print(
      TextLayout.shortened(
        console.style.bold(
          "\(name): \(NumberFormat.grouped(count)) \(count == 1 ? "token" : "tokens")"
        )
          + (ends ? ", </s> counted, <s> not" : ""),
        to: console.width
      )
    )
    guard model.isNormalized else {
      try console.print(
        "score  \(power(sequence.total)), no probability: stupid back-off does not sum to one"
      )
      return
    }
    if let impossible = tokens.first(where: { $0.logProbability.bits == -.infinity }) {
      try console.printParagraph(
        "P = 0, so the perplexity is infinite: '\(escaped(impossible.text))' after "
          + "'\(text(impossible.explanation.history[...]))' is impossible to this model."
      )
      return
    }
    try console.write(sums(sequence).rendered(width: console.width, style: console.style))
  }

  /// The perplexity of a sequence by both of its definitions.
  private func sums(_ sequence: ExplainedSequence) -> TextTable {
    let count = sequence.tokens.count
    let bits = sequence.total.surprisalBits
    let meanBits = NumberFormat.fixed(bits / Double(count), decimals: 4)
    func combined(_ numbers: (LogProbability) -> String, _ sign: String, _ all: String) -> String {
      count <= 5
        ? sequence.tokens.map { numbers($0.logProbability) }.joined(separator: sign) : all
    }
    var table = TextTable([.left(""), .left(""), .decimal("")])
    table.append([
      "P", combined({ digits($0.probability) }, " x ", "product of all p"), power(sequence.total),
    ])
    table.append([
      "bits", combined({ number3($0.surprisalBits) }, " + ", "sum of all bits"),
      NumberFormat.fixed(bits, decimals: 4),
    ])
    table.append(["bits a token", "\(number3(bits)) / \(count)", meanBits])
    table.append([
      "perplexity", "P^(-1/\(count))", NumberFormat.fixed(sequence.perplexity, decimals: 4),
    ])
    table.append([
      "", "2^\(meanBits)", NumberFormat.fixed(sequence.perplexityFromBits, decimals: 4),
    ])
    return table
  }

  /// A probability, as a power of ten where it is too small for a number.
  private func power(_ probability: LogProbability) -> String {
    probability.probability >= 1e-300 || probability.bits == -.infinity
      ? digits(probability.probability)
      : "10^\(NumberFormat.fixed(probability.log10, decimals: 4))"
  }

  // MARK: Words and numbers

  func text(_ tokens: ArraySlice<TokenID>) -> String {
    let words = tokens.map { escaped(name(of: $0)) }
    if model.settings.tokenizer.hasMarkers { return words.joined(separator: " ") }
    // A blank is a token like others, and is to be seen.
    return words.map { $0 == " " ? "␣" : $0 }.joined()
  }

  func name(of token: TokenID) -> String {
    model.vocabulary[token.isOutOfVocabulary ? .unknown : token]
  }

  private func escaped(_ text: String) -> String { TokenTable.escaped(text.utf8) }

  private func digits(_ value: Double) -> String {
    value == 0 ? "0" : value == 1 ? "1" : NumberFormat.significant(value, digits: 4)
  }

  private func number3(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 3) }
}

extension CountedStep {
  /// The count that the n-gram keeps.
  fileprivate var keptText: String {
    discount == 0 || count == 0
      ? NumberFormat.grouped(count)
      : "(\(NumberFormat.grouped(count)) \(discount < 0 ? "+" : "-") \(Self.digits(abs(discount))))"
  }

  /// The divisor of counts.
  fileprivate var divisorText: String {
    lent == 0
      ? Self.digits(divisor) : "(\(NumberFormat.grouped(historyCount)) + \(Self.digits(lent)))"
  }

  fileprivate static func digits(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15
      ? NumberFormat.grouped(Int(value)) : NumberFormat.significant(value, digits: 4)
  }
}

extension OrderStep {
  /// The gamma of a step from its counts.
  fileprivate func gammaText(_ counted: CountedStep, _ divisor: String) -> String {
    let types =
      "\(NumberFormat.grouped(counted.typeCount)) \(counted.typeCount == 1 ? "type" : "types")"
    if let remainder = counted.remainder {
      // The unseen tokens share the rest in proportion to the shorter history's probabilities.
      return "(1 - \(NumberFormat.significant(remainder.seen, digits: 4))) / "
        + "(1 - \(NumberFormat.significant(remainder.covered, digits: 4)))"
    }
    if counted.givenUp == 0 { return "\(CountedStep.digits(counted.lent)) / \(divisor)" }
    let lent = counted.lent == 0 ? "" : " + \(CountedStep.digits(counted.lent))"
    return "\(CountedStep.digits(counted.givenUp))\(lent) from \(types) / \(divisor)"
  }
}
