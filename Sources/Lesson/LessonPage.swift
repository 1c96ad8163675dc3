import Statistics
import LanguageModels
import Pages
import Records
import Terminal
import Tokenization

/// A lesson as a page: what there is to learn, with figures that move where there is a script.
///
/// Without one the page reads well too: every figure stands there for one setting of its sliders,
/// and tables have it for several.
package struct LessonPage {
  let figures: LessonFigures
  private let program: String

  /// A page of `figures`, made by `program`: its name and its version.
  package init(_ figures: LessonFigures, program: String) {
    self.figures = figures
    self.program = program
  }

  /// A part of the page.
  private struct Part {
    var id: String
    var title: String
    var content: HTML
  }

  private var parts: [Part] {
    [
      Part(id: "coin", title: "A coin: what entropy is", content: coin),
      Part(id: "belief", title: "What is, and what is believed", content: belief),
      Part(id: "orders", title: "Models of this text", content: orders),
      Part(id: "zeros", title: "A probability of zero", content: zeros),
      Part(id: "bytes", title: "Bits are bytes", content: bytes),
      Part(id: "losses", title: "Right, and how sure", content: losses),
      Part(id: "overfitting", title: "Learning by heart", content: overfitting),
      Part(id: "vocabularies", title: "Perplexities that do not compare", content: vocabularies),
      Part(id: "exercises", title: "Eight exercises", content: exercises),
    ]
  }

  /// The file's text.
  package var markup: String {
    let parts = parts
    return Page(
      title: "Perplexity, on \(figures.text.name)",
      script: PageScript(program: lessonScript, data: data.description),
      style: lessonStyle
    ) {
      HTML("header") {
        HTML("h1") { "Perplexity: a lesson" }
        HTML("p", ["class": "lead"]) {
          """
          How well does a model predict a text? This page shows what is measured and why, on the text \
          named below: \(figures.text.trainingLineCount.grouped) lines to learn from, \
          \(figures.text.heldOutLineCount.grouped) to be measured on.
          """
        }
        textFacts
        HTML("noscript") {
          HTML("p", ["class": "caution"]) {
            """
            Sliders, bars and the check of exercises need a script, which this browser does not run. \
            All else is here: tables have the figures for several settings.
            """
          }
        }
        HTML("nav", ["aria-label": "Parts"]) {
          HTML("ol") {
            for part in parts {
              HTML("li") { HTML("a", ["href": "#\(part.id)"]) { part.title } }
            }
          }
        }
      }
      HTML("main") {
        for (index, part) in parts.enumerated() {
          HTML("section", ["aria-labelledby": part.id]) {
            HTML("h2", ["id": part.id]) { "\(index + 1). \(part.title)" }
            part.content
          }
        }
      }
      HTML("footer") {
        HTML("p", ["class": "quiet"]) {
          """
          Every figure was computed by \(program) as this page was made, seed \
          \(figures.resampling.seed); the script looks figures up and adds them, and computes none of \
          its own. The same text and seed make the same page.
          """
        }
      }
    }.markup
  }

  private var textFacts: HTML {
    let text = figures.text
    return HTML("dl") {
      HTML("dt") { "Text" }
      HTML("dd") {
        HTML("bdi") { text.name }
        text.isCut
          ? ", of whose lines the first \(NumberFormat.bytes(text.training.count + text.heldOut.count)) are used"
          : ""
      }
      HTML("dt") { "Measured on" }
      HTML("dd") { "\(text.heldOutLineCount.grouped) lines, \(text.split)" }
      HTML("dt") { "Tokens" }
      HTML("dd") {
        """
        \(figures.tokenizer.rawValue): \(figures.trainingTokenCount.grouped) to learn from, with one \
        </s> a line; \(figures.vocabularySize.grouped) different ones, with <unk>, <s> and </s>
        """
      }
    }
  }

  // MARK: Parts of parts

  /// A paragraph.
  func paragraph(_ text: String) -> HTML { HTML("p") { text } }

  /// Content that works with a script only.
  func live(@HTMLBuilder content: () -> HTML) -> HTML {
    HTML("div", ["class": "live-only"]) { content() }
  }

  /// A slider with its name and its value.
  func slider(
    _ id: String,
    _ name: String,
    _ range: ClosedRange<Int>,
    at value: Int,
    shows words: String
  ) -> HTML {
    HTML("div", ["class": "control live-only"]) {
      HTML("label", ["for": id]) { name }
      HTML(
        "input",
        [
          "type": "range", "id": id, "min": "\(range.lowerBound)", "max": "\(range.upperBound)",
          "step": "1", "value": "\(value)", "autocomplete": "off",
        ]
      )
      HTML("output", ["id": "\(id)-value", "for": id]) { words }
    }
  }

  /// Figures with their names, which a script may change.
  func results(_ entries: [(id: String, name: String, value: String)]) -> HTML {
    HTML("dl", ["class": "results", "aria-live": "polite"]) {
      for entry in entries {
        HTML("dt") { entry.name }
        HTML("dd", ["id": entry.id]) { entry.value }
      }
    }
  }

  /// A number with `decimals` digits after the point, or `infinite`, as the script writes it.
  static func fixed(_ value: Double, _ decimals: Int = 4) -> String {
    guard value.isFinite else { return value.isNaN ? "undefined" : "infinite" }
    let digits = NumberFormat.fixed(value, decimals: decimals)
    return digits.hasPrefix("-") ? "\u{2212}" + digits.dropFirst() : digits
  }

  /// A perplexity.
  static func perplexity(_ value: Double) -> String {
    value.isNaN
      ? "undefined" : value.isInfinite ? "infinite" : NumberFormat.grouped(value, decimals: 2)
  }

  /// A probability with three digits that count.
  static func probability(_ value: Double) -> String {
    value == 0 ? "0" : NumberFormat.significant(value, digits: 3)
  }
}

extension Int {
  /// The number with a comma between each three digits.
  var grouped: String { NumberFormat.grouped(self) }
}
