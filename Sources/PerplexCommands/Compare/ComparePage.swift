import Compression
import LanguageModels
import Perplexity
import Pages
import Statistics
import Terminal

/// The result of `compare` as a page: what ``CompareReport`` prints, with plots.
///
/// Speed is left out, so that the same models and texts give the same page, byte for byte.
struct ComparePage {
  let report: CompareReport
  /// The intervals of the models' own figures.
  let intervals: [EvaluationInterval?]

  var comparison: Comparison { report.comparison }
  var unit: String { comparison.unit.rawValue }
  var baseline: String { report.baseline.path }
  var level: String { report.level }

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
        HTML.section("ranking", "Ranking") {
          ranking.html
          HTML("p", ["class": "quiet"]) { report.key }
        }
        HTML.section("plots", "Plots") {
          differences.html
          figures.html
        }
        lines
        HTML.section("terms", "What was predicted") { terms.html }
      }
      HTML("footer") {
        HTML.section("method", "Method") {
          method(madeBy: "compare")
          fingerprints.html
        }
      }
    }.markup
  }

  // MARK: Words

  /// The first model, and the noise of its lead, in a sentence.
  var verdict: String {
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
    guard let pValue else { return "The text does not show whether that is noise." }
    let chance = "(p \(pValue < 0.001 ? "" : "= ")\(CompareReport.pValue(pValue)))"
    return pValue < 1 - report.resampling.level
      ? "Between equally good models such a difference would be rare \(chance)."
      : "Equally good models may differ so much by chance \(chance)."
  }

  var facts: HTML {
    let measure = comparison.models[comparison.baseline].evaluation.measure
    return HTML("dl") {
      HTML("dt") { report.texts.count == 1 ? "Text" : "Texts" }
      HTML("dd") {
        textNames
        "\(NumberFormat.grouped(measure.bytes)) bytes, "
        "\(NumberFormat.grouped(measure.characters)) characters"
      }
      HTML("dt") { "Ranked by" }
      HTML("dd") { "\(report.rankedBy), the lowest first" }
      HTML("dt") { "Baseline" }
      HTML("dd") { HTML("bdi") { baseline } }
    }
  }

  /// The names of the texts; many are unfolded only where a reader wants them.
  @HTMLBuilder private var textNames: HTML {
    if report.texts.count > 5 {
      HTML("details") {
        HTML("summary") { report.textsName }
        Self.list(report.texts)
      }
    } else {
      HTML("bdi") { report.texts.joined(separator: ", ") }
      ": "
    }
  }

  @HTMLBuilder var obstacles: HTML {
    if !comparison.obstacles.isEmpty {
      HTML("div", ["class": "caution"]) {
        HTML.section("obstacles", "Perplexities do not compare here") {
          HTML("p") {
            report.forcesPerplexity
              ? "They are ranked anyway, as requested. What differs:"
              : "They are about different events, so bits per byte rank the models. What differs:"
          }
          Self.list(comparison.obstacles.map(\.description))
        }
      }
    }
  }

  var warnings: HTML { Self.notes(report.warnings + report.subjects.flatMap(\.notes)) }

  @HTMLBuilder static func notes(_ notes: [String]) -> HTML {
    if !notes.isEmpty {
      HTML("div", ["class": "caution"]) { HTML.section("notes", "Notes") { list(notes) } }
    }
  }

  private static func list(_ items: [String]) -> HTML {
    HTML("ul") {
      for item in items { HTML("li") { item } }
    }
  }

  // MARK: Terms and method

  /// The terms of each model's perplexity.
  var terms: ReportTable {
    var table = ReportTable(
      caption: "What each model's figures count",
      columns: [
        .text("model"), .text("tokens are"), .text("text is changed"), .text("ends predicted"),
        .text("unknown charged"), .number("tokens"), .number("unknown"),
      ]
    )
    for index in comparison.ranking {
      let model = comparison.models[index]
      let measure = model.evaluation.measure
      table.append(
        [HTML("bdi") { report.subjects[index].path }]
          + [
            model.terms.tokenizer, model.terms.normalization, model.terms.ends.rawValue,
            model.terms.unknown.rawValue, NumberFormat.grouped(measure.tokens),
            NumberFormat.grouped(measure.outOfVocabulary),
          ].map { HTML(text: $0) }
      )
    }
    return table
  }

  /// The fingerprints of the files, equal for equal files.
  var fingerprints: ReportTable {
    var table = ReportTable(
      caption: "Fingerprints",
      columns: [.text("model"), .text("its file"), .text("its vocabulary")]
    )
    for index in comparison.ranking {
      let subject = report.subjects[index]
      let hashes = [subject.fingerprint, comparison.models[index].terms.vocabularyFingerprint]
      table.append(
        [HTML("bdi") { subject.path }]
          + hashes.map { hash in HTML("code") { hash.map(\.hexadecimal) ?? "-" } }
      )
    }
    return table
  }

  /// The method of the figures, as `command` found them.
  func method(madeBy command: String) -> HTML {
    let resampling = report.resampling
    let evaluation = comparison.models[comparison.baseline].evaluation
    let entries = [
      ("Intervals", "\(level), \(report.method)"),
      ("p-values", report.test),
      ("Resamples", NumberFormat.grouped(resampling.resamples)),
      ("Seed", "\(resampling.seed)"),
      (
        "Text",
        evaluation.textFingerprint == 0
          ? "no fingerprint" : "fingerprint \(evaluation.textFingerprint.hexadecimal)"
      ),
      ("Made by", "\(perplex.name) \(perplex.version), \(command)"),
    ]
    return HTML("dl") {
      for (name, value) in entries {
        HTML("dt") { name }
        HTML("dd") { value }
      }
    }
  }

  /// A number, or a word for a value that is not finite.
  static func number(_ value: Double, _ decimals: Int) -> String {
    value.isNaN
      ? "undefined" : value.isInfinite ? "infinite" : NumberFormat.fixed(value, decimals: decimals)
  }

  /// A difference with its sign, which is never left to a hyphen.
  static func signed(_ value: Double, decimals: Int = 4) -> String {
    let number = number(value.magnitude, decimals)
    let isZero = number.allSatisfy { $0 == "0" || $0 == "." }
    return (value.isNaN || isZero ? "" : value < 0 ? "\u{2212}" : "+") + number
  }
}
