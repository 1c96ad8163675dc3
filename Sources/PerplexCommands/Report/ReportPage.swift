import LanguageModels
import Perplexity
import Pages
import Records
import Statistics
import Terminal
import Tokenization

/// The page that `report` writes.
///
/// Speed is left out, so that the same models and texts give the same page, byte for byte.
struct ReportPage {
  let report: CompareReport
  let shown: [ShownText]
  let predictions: [Predictions]
  /// The curves of a sweep, if one is given.
  let curves: SweepCurves?
  let comparePage: ComparePage

  var comparison: Comparison { report.comparison }

  /// A page of the comparison in `report`, with each model's tokens as shown, what each model
  /// held for likely there, and the curves of a sweep.
  init(
    _ report: CompareReport,
    shown: [ShownText],
    predictions: [Predictions],
    curves: SweepCurves?
  ) {
    self.curves = curves
    self.report = report
    self.shown = shown
    self.predictions = predictions
    comparePage = ComparePage(report)
  }

  private var isComparison: Bool { report.subjects.count > 1 }

  /// The file's text.
  var markup: String {
    let maps = comparison.ranking.enumerated().map { number, index in
      HeatMap(
        index: number,
        name: report.subjects[index].path,
        shown: shown[index],
        predictions: predictions[index].positions,
        vocabulary: report.subjects[index].model?.vocabulary
      )
    }
    let data: JSONValue = [
      "thresholds": .array(HeatMap.thresholds.map { .double($0) }),
      "models": .array(maps.map(\.json)),
    ]
    let title = "\(modelsName) on \(report.textsName)"
    return Page(
      title: title,
      script: PageScript(program: reportScript, data: data.description),
      style: reportStyle
    ) {
      HTML("header") {
        HTML("h1") { title }
        HTML("p", ["class": "lead"]) { isComparison ? comparePage.verdict : verdict }
        comparePage.facts
      }
      HTML("main") {
        if isComparison { comparePage.obstacles }
        comparePage.warnings
        HTML.section("figures", "Figures") {
          figures.html
          if isComparison {
            comparePage.ranking.html
            HTML("p", ["class": "quiet"]) { report.key }
            comparePage.differences.html
            comparePage.figures.html
          }
        }
        text(maps)
        HTML.section("course", "Along the text") {
          for index in comparison.ranking { course(of: index).html }
        }
        HTML.section("breakdown", "Where the bits go") { breakdowns }
        reliabilities
        HTML.section("costliest", "What costs most") { costliest }
        if isComparison { comparePage.lines }
        if let curves {
          HTML.section("curves", "Order, method and more text") {
            for plot in curves.plots { plot.html }
          }
        }
        HTML.section("terms", "What was predicted") { comparePage.terms.html }
      }
      HTML("footer") {
        HTML.section("method", "Method") {
          comparePage.method(madeBy: "report")
          comparePage.fingerprints.html
        }
      }
    }.markup
  }

  private var modelsName: String {
    isComparison ? "\(report.subjects.count) models" : report.subjects[0].path
  }

  /// The meaning of the one model's figure, in a sentence.
  private var verdict: String {
    let evaluation = comparison.models[0].evaluation
    let path = report.subjects[0].path
    guard evaluation.perplexity.isFinite else {
      return "\(path) gives this text probability zero: its perplexity is infinite."
    }
    let interval = comparePage.intervals[0].map {
      " (\(report.level) interval \(ComparePage.number($0.perplexity.low, 2)) to "
        + "\(ComparePage.number($0.perplexity.high, 2)))"
    }
    return """
      \(path) spends \(ComparePage.number(evaluation.crossEntropyBits, 4)) bits a token: \
      perplexity \(ComparePage.number(evaluation.perplexity, 2))\(interval ?? ""). It is as unsure \
      as if it chose among \
      \(ComparePage.number(evaluation.perplexity, evaluation.perplexity < 10 ? 1 : 0)) equally \
      likely tokens.
      """
  }

  /// Every model's own figures with their denominators.
  private var figures: ReportTable {
    var table = ReportTable(
      caption: "Each model's figures, on the whole text",
      columns: [
        .text("model"), .number("tokens"), .number("unknown"), .number("bits/token"),
        .number("perplexity"), .number("without unknown"), .number("bits/character"),
        .number("bits/byte"),
      ]
    )
    for index in comparison.ranking {
      let evaluation = comparison.models[index].evaluation
      table.append(
        [HTML("bdi") { report.subjects[index].path }]
          + [
            NumberFormat.grouped(evaluation.measure.tokens),
            NumberFormat.grouped(evaluation.measure.outOfVocabulary),
            ComparePage.number(evaluation.crossEntropyBits, 4),
            ComparePage.number(evaluation.perplexity, 2),
            ComparePage.number(evaluation.perplexityExcludingOutOfVocabulary, 2),
            ComparePage.number(evaluation.bitsPerCharacter, 4),
            ComparePage.number(evaluation.bitsPerByte, 4),
          ].map { HTML(text: $0) }
      )
    }
    return table
  }

  // MARK: The text

  private func text(_ maps: [HeatMap]) -> HTML {
    HTML.section("text", "The text, token by token") {
      HeatMap.legend
      HTML("div", ["id": "tools"])
      for map in maps {
        HTML("section", ["class": "reading", "aria-label": "As \(map.name) reads it"]) {
          HTML("h3") { HTML("bdi") { map.name } }
          map.html
          HTML("p", ["class": "quiet"]) { remark(on: map) }
        }
      }
      HTML("noscript") {
        HTML("p") { "The details of a token, and fading, need this page's script." }
      }
    }
  }

  /// The share of the text that is drawn, and the share with alternatives.
  private func remark(on map: HeatMap) -> String {
    let index = comparison.ranking[map.index]
    let drawn = map.shown.modelTokens.count { $0 != .beginSentence }
    var parts: [String] = []
    if map.shown.isCut {
      let measure = comparison.models[index].evaluation.measure
      parts.append(
        """
        The first \(NumberFormat.grouped(drawn)) of \
        \(NumberFormat.grouped(measure.tokens + measure.unscoredTokens)) tokens are shown \
        (--shown); all figures are of the whole text.
        """
      )
    } else {
      parts.append("The whole text is shown.")
    }
    if map.vocabulary == nil {
      parts.append("Scores of another program have no alternatives.")
    } else if map.predictions.isEmpty {
      parts.append("Alternatives are switched off (--alternatives).")
    } else if map.predictions.count < drawn {
      parts.append(
        """
        Only the first \(NumberFormat.grouped(map.predictions.count)) tokens have alternatives, \
        because the vocabulary is large.
        """
      )
    }
    return parts.joined(separator: " ")
  }
}
