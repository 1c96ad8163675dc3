import Perplexity
import Pages
import Statistics
import Terminal

extension ComparePage {
  /// The models with their figures, best first.
  var ranking: ReportTable {
    var table = ReportTable(
      caption: "The models, best first; \(level) intervals",
      columns: [
        .text("model"), .number("bits/\(unit)"),
        .number(comparison.obstacles.isEmpty ? "perplexity" : "perplexity, not comparable"),
        .number("difference"),
        .number("its interval"), .number("p"),
        .number(comparison.unit == .token ? "tokens won" : "spans won"), .number("lines won"),
        .number("size"),
      ]
    )
    for index in comparison.ranking {
      let model = comparison.models[index]
      table.append(
        [HTML("bdi") { report.subjects[index].path }]
          + ([
            Self.number(comparison.figure(index), 4),
            Self.number(model.evaluation.perplexity, 2),
          ] + cells(of: model.difference) + [NumberFormat.bytes(report.subjects[index].byteCount)])
          .map { HTML(text: $0) }
      )
    }
    return table
  }

  private func cells(of difference: ModelDifference?) -> [String] {
    guard let difference else { return ["baseline", "", "", "", ""] }
    return [
      Self.signed(difference.paired.difference),
      difference.paired.interval.map { "\(Self.signed($0.low)) to \(Self.signed($0.high))" }
        ?? CompareReport.reasonForNoInterval(difference.paired),
      difference.adjustedPValue.map { CompareReport.pValue($0) } ?? "-",
      NumberFormat.percent(difference.spans.share),
      NumberFormat.percent(difference.lines.share),
    ]
  }

  /// Each model's difference to the baseline.
  var differences: IntervalPlot {
    var plot = IntervalPlot(
      id: "differences",
      title: "Difference to the baseline, bits a \(unit), with \(level) intervals",
      remark: """
        Left of the line is better than the baseline. A full mark: the interval leaves zero out; \
        a hollow one: it does not, or there is none.
        """,
      quantity: "bits a \(unit) less the baseline's",
      reference: .init(0, label: "0: as \(baseline)")
    )
    for index in comparison.ranking {
      guard let paired = comparison.models[index].difference?.paired else { continue }
      plot.rows.append(
        .init(
          label: report.subjects[index].path,
          value: paired.difference,
          interval: paired.interval.map { ($0.low, $0.high) },
          words: Self.signed(paired.difference)
            + (paired.interval.map { " (\(Self.signed($0.low)) to \(Self.signed($0.high)))" } ?? "")
        )
      )
    }
    return plot
  }

  /// Each model's own figure, by which they are ranked.
  var figures: IntervalPlot {
    let isPerplexity = comparison.unit == .token
    var plot = IntervalPlot(
      id: "figures",
      title: isPerplexity
        ? "Perplexity, with \(level) intervals" : "Bits per byte, with \(level) intervals",
      remark: """
        How much each figure may differ on other texts of the kind. Intervals that overlap do not \
        make a difference noise: hard lines are hard for all models, which the plot above allows \
        for.\(isPerplexity ? " Equal distances are equal ratios." : "")
        """,
      quantity: isPerplexity ? "perplexity a token" : "bits a byte",
      scale: isPerplexity ? .logarithmic : .linear
    )
    for index in comparison.ranking {
      let evaluation = comparison.models[index].evaluation
      let interval =
        isPerplexity ? intervals[index]?.perplexity : intervals[index]?.bitsPerByte
      let decimals = isPerplexity ? 2 : 4
      func figure(_ value: Double) -> String { Self.number(value, decimals) }
      let value = isPerplexity ? evaluation.perplexity : evaluation.bitsPerByte
      plot.rows.append(
        .init(
          label: report.subjects[index].path,
          value: value,
          interval: interval.map { ($0.low, $0.high) },
          words: figure(value)
            + (interval.map { " (\(figure($0.low)) to \(figure($0.high)))" } ?? "")
        )
      )
    }
    return plot
  }

  /// The lines that tell each model from the baseline most.
  var lines: HTML {
    HTML.section("lines", "Where the models differ most") {
      for index in comparison.ranking {
        if let difference = comparison.models[index].difference {
          table(of: difference.gains, index, isGain: true)
          table(of: difference.losses, index, isGain: false)
        }
      }
    }
  }

  @HTMLBuilder private func table(
    of lines: [LineDifference],
    _ index: Int,
    isGain: Bool
  ) -> HTML {
    if !lines.isEmpty {
      let table = lines.reduce(
        into: ReportTable(
          caption: """
            Lines where \(report.subjects[index].path) is \(isGain ? "better" : "worse") than \
            \(baseline)
            """,
          columns: [.text("line"), .number("bits"), .text("it begins")]
        )
      ) { table, line in
        table.append([
          HTML(text: report.location(of: line)),
          HTML(text: Self.signed(line.bits, decimals: 1)),
          HTML("bdi", ["class": "excerpt"]) { line.excerpt },
        ])
      }
      table.html
    }
  }
}
