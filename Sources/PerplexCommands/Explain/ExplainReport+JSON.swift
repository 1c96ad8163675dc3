import LanguageModels
import Perplexity
import Terminal
import Tokenization

extension ExplainReport {
  /// For programs.
  var json: JSONValue {
    [
      "model": .string(path),
      "order": .integer(model.description.order),
      "smoothing": .string(model.description.smoothing),
      "form": .string(model.description.combination.name),
      "sentences": .array(
        sequences.map { .object([.init("sentence", .string($0.text))] + totals($0)) }
      ),
      "tokens": .array(
        sequences.enumerated().flatMap { number, sequence in
          tokens(of: sequence, number: number + 1)
        }
      ),
      "total": .object(totals(ExplainedSequence(joining: sequences))),
    ]
  }

  private func totals(_ sequence: ExplainedSequence) -> [JSONValue.Member] {
    let total = sequence.total
    guard model.isNormalized else {
      return [
        .init("tokens", .integer(sequence.tokens.count)),
        .init("score_log10", .double(total.log10)),
        .init("perplexity", .null),
      ]
    }
    return [
      .init("tokens", .integer(sequence.tokens.count)),
      .init("probability", .double(total.probability)),
      .init("log10_probability", .double(total.log10)),
      .init("bits", .double(total.surprisalBits)),
      .init("cross_entropy_bits", .double(sequence.crossEntropyBits)),
      .init("perplexity", .double(sequence.perplexity)),
      .init("perplexity_from_bits", .double(sequence.perplexityFromBits)),
    ]
  }

  private func tokens(of sequence: ExplainedSequence, number: Int) -> [JSONValue] {
    var running = 0.0
    return sequence.tokens.map { token in
      running -= token.logProbability.bits
      return json(token, number: number, runningBits: running)
    }
  }

  private func json(_ token: ExplainedToken, number: Int, runningBits: Double) -> JSONValue {
    let explanation = token.explanation
    func words(_ tokens: some Sequence<TokenID>) -> JSONValue {
      .array(tokens.map { .string(name(of: $0)) })
    }
    var members: [JSONValue.Member] = [
      .init("sentence", .integer(number)),
      .init("token", .string(token.text)),
      .init("out_of_vocabulary", .bool(explanation.token.isOutOfVocabulary)),
      .init("history", words(explanation.history)),
      .init("order_used", .integer(explanation.orderUsed)),
    ]
    let probability = token.logProbability
    if model.isNormalized {
      members += [
        .init("probability", .double(probability.probability)),
        .init("log10_probability", .double(probability.log10)),
        .init("surprisal_bits", .double(probability.surprisalBits)),
        .init("running_bits", .double(runningBits)),
      ]
    } else {
      members.append(.init("score", .double(probability.probability)))
    }
    if token.spelling.bits < 0 {
      members.append(.init("spelling_bits", .double(token.spelling.surprisalBits)))
    }
    let counts =
      token.countedSteps
      + [CountedStep?](
        repeating: nil,
        count: explanation.steps.count - token.countedSteps.count
      )
    members.append(
      .init(
        "steps",
        .array(
          zip(explanation.steps, counts).map { step, counted in
            .object(
              [
                .init("order", .integer(step.order)),
                .init("history", words(explanation.history(of: step))),
                .init("history_known", .bool(step.isHistoryKnown)),
                .init("found", .bool(step.isFound)),
                .init("estimate", .double(step.estimate)),
                .init("own", .double(step.alpha)),
                .init("weight", .double(step.gamma)),
                .init("weight_above", .double(step.gammaAbove)),
                .init("share", .double(step.share)),
              ] + (counted?.members ?? [])
            )
          }
        )
      )
    )
    return .object(members)
  }
}

extension CountedStep {
  fileprivate var members: [JSONValue.Member] {
    [
      .init("count", .unsigned(count)),
      .init("counts_continuations", .bool(countsContinuations)),
      .init("history_count", .unsigned(historyCount)),
      .init("history_types", .integer(typeCount)),
      .init("discount", .double(discount)),
      .init("given_up", .double(givenUp)),
      .init("lent", .double(lent)),
      .init("own_from_counts", JSONValue(own)),
      .init("weight_from_counts", JSONValue(weight)),
    ]
      + (remainder.map {
        [.init("seen", .double($0.seen)), .init("covered", .double($0.covered))]
      } ?? [])
  }
}
