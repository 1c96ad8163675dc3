import LanguageModels
import Perplexity
import Records
import Terminal
import Tokenization

extension ExplainReport {
  /// The JSON form.
  var json: JSONValue {
    [
      "model": .string(path),
      "order": .integer(model.description.order),
      "smoothing": .string(model.description.smoothing),
      "form": .string(model.description.combination.name),
      "sentences": .array(
        sequences.map { .object(["sentence": .string($0.text)] + totals($0)) }
      ),
      "tokens": .array(
        sequences.enumerated().flatMap { number, sequence in
          tokens(of: sequence, number: number + 1)
        }
      ),
      "total": .object(totals(ExplainedSequence(joining: sequences))),
    ]
  }

  private func totals(_ sequence: ExplainedSequence) -> JSONObject {
    let total = sequence.total
    guard model.isNormalized else {
      return [
        "tokens": .integer(sequence.tokens.count),
        "score_log10": .double(total.log10),
        "perplexity": .null,
      ]
    }
    return [
      "tokens": .integer(sequence.tokens.count),
      "probability": .double(total.probability),
      "log10_probability": .double(total.log10),
      "bits": .double(total.surprisalBits),
      "cross_entropy_bits": .double(sequence.crossEntropyBits),
      "perplexity": .double(sequence.perplexity),
      "perplexity_from_bits": .double(sequence.perplexityFromBits),
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
    var members: JSONObject = [
      "sentence": .integer(number),
      "token": .string(token.text),
      "out_of_vocabulary": .bool(explanation.token.isOutOfVocabulary),
      "history": words(explanation.history),
      "order_used": .integer(explanation.orderUsed),
    ]
    let probability = token.logProbability
    if model.isNormalized {
      members += [
        "probability": .double(probability.probability),
        "log10_probability": .double(probability.log10),
        "surprisal_bits": .double(probability.surprisalBits),
        "running_bits": .double(runningBits),
      ]
    } else {
      members["score"] = .double(probability.probability)
    }
    if token.spelling.bits < 0 {
      members["spelling_bits"] = .double(token.spelling.surprisalBits)
    }
    let counts =
      token.countedSteps
      + [CountedStep?](
        repeating: nil,
        count: explanation.steps.count - token.countedSteps.count
      )
    members["steps"] = .array(
      zip(explanation.steps, counts).map { step, counted in
        .object(
          [
            "order": .integer(step.order),
            "history": words(explanation.history(of: step)),
            "history_known": .bool(step.isHistoryKnown),
            "found": .bool(step.isFound),
            "estimate": .double(step.estimate),
            "own": .double(step.alpha),
            "weight": .double(step.gamma),
            "weight_above": .double(step.gammaAbove),
            "share": .double(step.share),
          ] + (counted?.members ?? [:])
        )
      }
    )
    return .object(members)
  }
}

extension CountedStep {
  fileprivate var members: JSONObject {
    [
      "count": .unsigned(count),
      "counts_continuations": .bool(countsContinuations),
      "history_count": .unsigned(historyCount),
      "history_types": .integer(typeCount),
      "discount": .double(discount),
      "given_up": .double(givenUp),
      "lent": .double(lent),
      "own_from_counts": JSONValue(alpha),
      "weight_from_counts": JSONValue(gamma),
    ]
      + (remainder.map {
        ["seen": .double($0.seen), "covered": .double($0.covered)]
      } ?? [:])
  }
}
