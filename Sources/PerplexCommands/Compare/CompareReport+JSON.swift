import Perplexity
import Records
import Statistics

extension CompareReport {
  /// The object that `--json` prints.
  var json: JSONValue {
    [
      "ranked_by": .string(unit == .token ? "perplexity" : "bits_per_byte"),
      "baseline": .string(baseline.path),
      "comparable_perplexity": .bool(comparison.obstacles.isEmpty),
      "obstacles": .array(
        comparison.obstacles.map {
          ["subject": .string($0.subject.rawValue), "explanation": .string($0.explanation)]
        }
      ),
      "difference_unit": .string(unit.rawValue),
      "texts": .array(texts.map { .string($0) }),
      "method": .string(method),
      "resamples": .integer(resampling.resamples),
      "seed": .unsigned(resampling.seed),
      "warnings": .array(warnings.map { .string($0) }),
      "models": .array(comparison.ranking.map { .object(figures(of: $0)) }),
    ]
  }

  private func figures(of index: Int) -> JSONObject {
    let model = comparison.models[index]
    var members = subjects[index].figures(
      model.evaluation,
      seconds: model.seconds,
      resampling: resampling
    )
    let difference = model.difference
    let paired = difference?.paired
    members += [
      "difference_bits": JSONValue(paired?.difference),
      "difference_interval": paired?.interval.map { [.double($0.low), .double($0.high)] } ?? .null,
      "p_value": JSONValue(difference?.adjustedPValue),
      "p_value_unadjusted": JSONValue(
        difference?.adjustedPValue.flatMap { _ in paired?.pValue }
      ),
      "wins": JSONValue(difference?.spans.share),
      "wins_lines": JSONValue(difference?.lines.share),
      "model_bytes": .integer(subjects[index].byteCount),
    ]
    if let breakdown = model.breakdown {
      let report = BreakdownReport(breakdown: breakdown, namesTexts: texts.count > 1)
      members["breakdown"] = report.json
    }
    if let difference {
      members += [
        "better_lines": lines(difference.gains),
        "worse_lines": lines(difference.losses),
        "better_spans": spans(difference.spanGains),
        "worse_spans": spans(difference.spanLosses),
      ]
    }
    return members
  }

  private func lines(_ differences: [LineDifference]) -> JSONValue {
    .array(
      differences.map {
        .object(
          ["text": .string(texts[$0.text])] + $0.line.json + [
            "difference_bits": .double($0.bits), "excerpt": .string($0.excerpt),
          ]
        )
      }
    )
  }

  private func spans(_ differences: [SpanDifference]) -> JSONValue {
    .array(
      differences.map {
        .object(
          ["text": .string(texts[$0.text])] + $0.line.json + [
            "difference_bits": .double($0.bits), "span": .string($0.span),
          ]
        )
      }
    )
  }
}
