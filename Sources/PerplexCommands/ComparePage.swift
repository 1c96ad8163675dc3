import Compression
import LanguageModels
import Perplexity
import Reports
import Statistics
import Terminal

/// The result of `compare` as a page: what ``CompareReport`` prints, with plots.
///
/// Speed is left out, so that the same models and texts give the same page, byte for byte.
struct ComparePage {
  private let report: CompareReport
  private let intervals: [EvaluationInterval?]

  private var comparison: Comparison { report.comparison }
  private var unit: String { comparison.unit.rawValue }
  private var baseline: String { report.baseline.path }
  private var level: String { report.level }

  /// A page of the comparison in `report`.
  init(_ report: CompareReport) {
    self.report = report
    intervals = report.comparison.models.map { $0.evaluation.interval(report.resampling) }
  }

  /// The file's text.
  var markup: String {
    let title = "\(report.subjects.count) models on \(report.textsName)"
    return Page(title: title) {
      HTML("header") {
        HTML("h1") { title }
        HTML("p", ["class": "lead"]) { verdict }
        facts
      }
      HTML("main") {
        obstacles
        warnings
        section("ranking", "Ranking") {
          ranking.html
          HTML("p", ["class": "quiet"]) { report.key }
        }
        section("plots", "Plots") {
          differences.html
          figures.html
        }
        lines
        section("terms", "What was predicted") { terms.html }
      }
      HTML("footer") {
        section("method", "Method") { method }
      }
    }.markup
  }

  private func section(
    _ id: String,
    _ title: String,
    @HTMLBuilder content: () -> HTML
  ) -> HTML {
    HTML("section", ["aria-labelledby": id]) {
      HTML("h2", ["id": id]) { title }
      content()
    }
  }

  // MARK: Words

  /// Which model is first, and whether that is noise.
  private var verdict: String {
    let ranking = comparison.ranking
    let isBaselineFirst = ranking[0] == comparison.baseline
    let other = isBaselineFirst ? ranking[1] : ranking[0]
    let first = "\(report.subjects[ranking[0]].path) comes first by \(report.rankedBy)"
    guard let difference = comparison.models[other].difference,
      difference.paired.difference.isFinite
    else { return "\(first)." }
    let size = "\(Self.signed(difference.paired.difference)) bits a \(unit)"
    let interval =
      difference.paired.interval.map {
        " (\(level) interval \(Self.signed($0.low)) to \(Self.signed($0.high)))"
      } ?? ""
    let comparedTo =
      isBaselineFirst
      ? "It is the baseline; the next, \(report.subjects[other].path), differs from it by"
      : "It differs from the baseline, \(baseline), by"
    return "\(first). \(comparedTo) \(size)\(interval). \(doubt(of: difference.adjustedPValue))"
  }

  private func doubt(of pValue: Double?) -> String {
    guard let pValue else { return "Whether that is noise cannot be told." }
    let chance = "(p \(pValue < 0.001 ? "" : "= ")\(CompareReport.pValue(pValue)))"
    return pValue < 1 - report.resampling.level
      ? "Between equally good models such a difference would be rare \(chance)."
      : "Equally good models may differ so much by chance \(chance)."
  }

  private var facts: HTML {
    let measure = comparison.models[comparison.baseline].evaluation.measure
    return HTML("dl") {
      HTML("dt") { report.texts.count == 1 ? "Text" : "Texts" }
      HTML("dd") {
        HTML("bdi") { report.texts.joined(separator: ", ") }
        ": \(NumberFormat.grouped(measure.bytes)) bytes, "
        "\(NumberFormat.grouped(measure.characters)) characters"
      }
      HTML("dt") { "Ranked by" }
      HTML("dd") { "\(report.rankedBy), the lowest first" }
      HTML("dt") { "Baseline" }
      HTML("dd") { HTML("bdi") { baseline } }
    }
  }

  @HTMLBuilder private var obstacles: HTML {
    if !comparison.obstacles.isEmpty {
      HTML("div", ["class": "caution"]) {
        section("obstacles", "Perplexities do not compare here") {
          HTML("p") {
            report.forcesPerplexity
              ? "They are ranked all the same, as was asked for. What differs:"
              : "They are about different events, so bits per byte rank the models. What differs:"
          }
          list(comparison.obstacles.map(\.description))
        }
      }
    }
  }

  @HTMLBuilder private var warnings: HTML {
    let notes = report.warnings + report.subjects.flatMap(\.notes)
    if !notes.isEmpty {
      HTML("div", ["class": "caution"]) { section("notes", "Notes") { list(notes) } }
    }
  }

  private func list(_ items: [String]) -> HTML {
    HTML("ul") {
      for item in items { HTML("li") { item } }
    }
  }

  // MARK: Figures

  private var ranking: ReportTable {
    var table = ReportTable(
      caption: "The models, best first; \(level) intervals",
      columns: [
        .text("model"), .number("bits/\(unit)"), .number("perplexity"), .number("difference"),
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
            ScoreReport.number(comparison.figure(index), 4),
            ScoreReport.number(model.evaluation.perplexity, 2),
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
        ?? "too little text",
      difference.adjustedPValue.map { CompareReport.pValue($0) } ?? "-",
      NumberFormat.percent(difference.spans.share),
      NumberFormat.percent(difference.lines.share),
    ]
  }

  /// Each model's difference to the baseline.
  private var differences: IntervalPlot {
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
  private var figures: IntervalPlot {
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
      func figure(_ value: Double) -> String { ScoreReport.number(value, decimals) }
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

  // MARK: Lines

  private var lines: HTML {
    section("lines", "Where the models differ most") {
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
          HTML(text: report.place(of: line)),
          HTML(text: Self.signed(line.bits, decimals: 1)),
          HTML("bdi", ["class": "excerpt"]) { line.excerpt },
        ])
      }
      table.html
    }
  }

  // MARK: Terms and method

  /// What each model's perplexity is about.
  private var terms: ReportTable {
    var table = ReportTable(
      caption: "What each model's figures count",
      columns: [
        .text("model"), .text("tokens are"), .text("text is changed"), .text("ends predicted"),
        .text("unknown charged"), .number("tokens"), .number("unknown"), .text("vocabulary"),
        .text("model file"),
      ]
    )
    for index in comparison.ranking {
      let model = comparison.models[index]
      let measure = model.evaluation.measure
      let fingerprints = [
        model.terms.vocabularyFingerprint, report.subjects[index].fingerprint,
      ].map { fingerprint in HTML("code") { fingerprint.map(\.hexadecimal) ?? "-" } }
      table.append(
        [HTML("bdi") { report.subjects[index].path }]
          + [
            model.terms.tokenizer, model.terms.normalization, model.terms.ends.rawValue,
            model.terms.unknown.rawValue, NumberFormat.grouped(measure.tokens),
            NumberFormat.grouped(measure.outOfVocabulary),
          ].map { HTML(text: $0) } + fingerprints
      )
    }
    return table
  }

  private var method: HTML {
    let resampling = report.resampling
    let evaluation = comparison.models[comparison.baseline].evaluation
    let entries = [
      ("Intervals", "\(level), \(resampling.method), of \(comparison.unitsDescription)"),
      ("p-values", report.test),
      ("Resamples", NumberFormat.grouped(resampling.resamples)),
      ("Seed", "\(resampling.seed)"),
      (
        "Text",
        evaluation.textFingerprint == 0
          ? "no fingerprint" : "fingerprint \(evaluation.textFingerprint.hexadecimal)"
      ),
      ("Made by", "\(perplex.name) \(perplex.version), compare"),
    ]
    return HTML("dl") {
      for (name, value) in entries {
        HTML("dt") { name }
        HTML("dd") { value }
      }
    }
  }

  /// A difference with its sign, which is never left to a hyphen.
  private static func signed(_ value: Double, decimals: Int = 4) -> String {
    let number = ScoreReport.number(value, decimals)
    return number.hasPrefix("-") && number.count > 1
      ? "\u{2212}" + number.dropFirst() : value > 0 ? "+" + number : number
  }
}
