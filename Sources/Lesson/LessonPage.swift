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

  /// A chapter of the page.
  private struct Chapter {
    var id: String
    var title: String
    var content: HTML
  }

  private var chapters: [Chapter] {
    [
      Chapter(id: "coin", title: "A coin: entropy", content: coin),
      Chapter(id: "belief", title: "Truth and belief: cross-entropy", content: belief),
      Chapter(id: "orders", title: "Models of this text", content: orders),
      Chapter(id: "zeros", title: "A probability of zero", content: zeros),
      Chapter(id: "bytes", title: "Bits are bytes", content: bytes),
      Chapter(id: "losses", title: "Right, and how sure", content: losses),
      Chapter(id: "overfitting", title: "Learning by heart", content: overfitting),
      Chapter(id: "vocabularies", title: "Perplexities that do not compare", content: vocabularies),
      Chapter(id: "exercises", title: "Eight exercises", content: exercises),
    ]
  }

  /// The file's text.
  package var markup: String {
    let chapters = chapters
    return Page(
      title: "Perplexity, on \(figures.text.name)",
      script: PageScript(program: lessonScript, data: data.description),
      style: lessonStyle
    ) {
      HTML("header") {
        HTML("h1") { "Perplexity: a lesson" }
        HTML("p", ["class": "lead"]) {
          """
          How well does a model predict a text? This page shows what is measured and why, on the \
          text named below: models learn from \(figures.text.trainingLineCount.grouped) lines and \
          are measured on \(figures.text.heldOutLineCount.grouped).
          """
        }
        textFacts
        HTML("noscript") {
          HTML("p", ["class": "caution"]) {
            """
            Sliders, bars and the check of exercises need a script, which this browser does not \
            run. Tables have the figures for several settings.
            """
          }
        }
        HTML("nav", ["aria-label": "Chapters"]) {
          HTML("ol") {
            for chapter in chapters {
              HTML("li") { HTML("a", ["href": "#\(chapter.id)"]) { chapter.title } }
            }
          }
        }
      }
      HTML("main") {
        for (index, chapter) in chapters.enumerated() {
          HTML("section", ["aria-labelledby": chapter.id]) {
            HTML("h2", ["id": chapter.id]) { "\(index + 1). \(chapter.title)" }
            chapter.content
          }
        }
      }
      HTML("footer") {
        HTML("p", ["class": "quiet"]) {
          """
          \(program) computed every figure when it made this page, seed \
          \(figures.resampling.seed); the script only looks figures up and adds them. The same \
          text and seed make the same page.
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
          ? ", the first \(NumberFormat.bytes(text.training.count + text.heldOut.count)) of its lines"
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

  // MARK: Pieces of chapters

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
