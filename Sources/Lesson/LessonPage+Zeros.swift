import LanguageModels
import Perplexity
import Pages
import Terminal

extension LessonPage {
  /// The power of ten that stands in for zero at first.
  static let floorPower = 6

  var zeros: HTML {
    let zeros = figures.zeros
    let count = zeros.unsmoothed.zeroProbabilityTokens
    return paragraph(
      """
      A trigram model without smoothing gives each token its share in training after the two \
      tokens before: maximum likelihood. A token that never followed them has probability zero. \
      (If these two never came together, the shares after the last one count, or those of the \
      whole text.)
      """
    )
      + (count > 0 ? zeroVerdict : paragraph("In these lines there is no such token."))
      + methodTable.html
      + HTML("ul") {
        for row in zeros.rows {
          HTML("li") {
            HTML("strong") { "\(row.method.rawValue): " }
            row.method.remedy
          }
        }
      }
  }

  private var zeroVerdict: HTML {
    let zeros = figures.zeros
    let measure = zeros.unsmoothed.measure
    let count = zeros.unsmoothed.zeroProbabilityTokens
    let first = zeros.unsmoothed.firstZeroProbability
    let floors = zeros.flooredPerplexities
    return HTML("p") {
      """
      That happens to \(count.grouped) of the \(measure.tokens.grouped) tokens of the kept lines, \
      \(NumberFormat.percent(Double(count) / Double(measure.tokens)))
      """
      """
      \(measure.outOfVocabulary > 0 ? " (\(measure.outOfVocabulary.grouped) of them unknown words)" : ""). \
      So the whole text has probability zero, and its perplexity is infinite
      """
      if let first {
        ": the first is "
        HTML("bdi", ["class": "token"]) { first.token }
        " after "
        HTML("bdi", ["class": "token"]) { first.context.joined(separator: " ") }
        ", line \(first.line) of them"
      }
      "."
    }
      + HTML("div", ["class": "caution"]) {
        HTML("p") {
          HTML("strong") { "Dropping zeros is wrong. " }
          """
          A program that leaves those tokens out prints a perplexity of \
          \(Self.perplexity(zeros.droppedPerplexity)), over the \(zeros.possibleCount.grouped) \
          tokens that the model happens to know. The figure improves with every token that the \
          model thinks is impossible. If a program replaces zeros by a small number, that number \
          decides the figure:
          """
        }
        slider(
          "floor",
          "Instead of zero",
          1...LessonZeros.floorCount,
          at: Self.floorPower,
          shows: "1e-\(Self.floorPower)"
        )
        results([
          ("floor-perplexity", "It prints", Self.perplexity(floors[Self.floorPower - 1]))
        ])
        HTML("p", ["class": "quiet"]) {
          """
          From \(Self.perplexity(floors[0])) at 0.1 to \
          \(Self.perplexity(floors[floors.count - 1])) at 1e-\(floors.count): the figure is about \
          the small number and not about the model. The probabilities no longer sum to one.
          """
        }
      }
  }

  private var methodTable: ReportTable {
    let zeros = figures.zeros
    var columns: [ReportTable.Column] = [
      .text("method"), .number("perplexity"), .number("tokens of probability zero"),
    ]
    if let example = zeros.example {
      let context = example.context.joined(separator: " ")
      columns.append(.number("p(\(example.token) | \(context))"))
    }
    var table = ReportTable(
      caption: zeros.example == nil
        ? "Trigram models on the lines kept from training"
        : """
        Trigram models on the lines kept from training, and the probability that each gives to a \
        token that never follows these two in training
        """,
      columns: columns
    )
    for row in zeros.rows.sorted(by: Self.isBetter) {
      table.append(
        [
          row.method.rawValue,
          row.evaluation.map { Self.perplexity($0.perplexity) }
            ?? "not a probability: no perplexity",
          row.evaluation.map { $0.zeroProbabilityTokens.grouped } ?? "",
        ] + (row.exampleProbability.map { [Self.probability($0)] } ?? [])
      )
    }
    return table
  }

  /// Methods by perplexity, those without at the end.
  private static func isBetter(_ left: LessonZeros.Row, _ right: LessonZeros.Row) -> Bool {
    guard let left = left.evaluation?.crossEntropyBits else { return false }
    return left < right.evaluation?.crossEntropyBits ?? .nan || right.evaluation == nil
  }
}
