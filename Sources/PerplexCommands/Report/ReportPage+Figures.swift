import Perplexity
import Pages
import Terminal

extension ReportPage {
  /// The most columns of a course.
  private static let columnLimit = 120

  /// Bits a token along the text.
  func course(of index: Int) -> ColumnPlot {
    let sums = comparison.models[index].evaluation.units.blocks(of: .lines)
    let blocks = sums.blocks
    let size = max(1, (blocks.count + Self.columnLimit - 1) / Self.columnLimit)
    let lines = sums.stretchesInBlock * size
    let name = report.subjects[index].path
    var plot = ColumnPlot(
      id: "course-\(index)",
      title: "Bits a token along the text, \(name)",
      remark: lines == 1
        ? "A column is a line." : "A column is \(NumberFormat.grouped(lines)) lines on end.",
      across: report.texts.count == 1 ? "line" : "line of all texts together",
      up: "bits a token"
    )
    for start in stride(from: 0, to: blocks.count, by: size) {
      var sum = BlockSum()
      for block in blocks[start..<min(blocks.count, start + size)] { sum += block }
      let bits = sum.bits / Double(sum.tokens)
      let first = start * sums.stretchesInBlock + 1
      let last = min(sums.stretchCount, first + lines - 1)
      plot.columns.append(
        .init(
          label: first == last
            ? NumberFormat.grouped(first)
            : "\(NumberFormat.grouped(first))\u{2013}\(NumberFormat.grouped(last))",
          value: bits,
          words: sum.tokens == 0
            ? "nothing"
            : "\(ComparePage.number(bits, 2)), \(NumberFormat.grouped(sum.tokens)) tokens"
        )
      )
    }
    return plot
  }

  // MARK: Breakdown

  /// The tables of each model; of all but the best to be unfolded.
  @HTMLBuilder var breakdowns: HTML {
    HTML("p") {
      "Each table sorts all tokens in its own way, so its rows add up to the whole. Where the share of "
      "bits is above that of tokens, tokens cost more than the mean."
    }
    for (place, index) in comparison.ranking.enumerated() {
      if let breakdown = comparison.models[index].breakdown {
        if place == 0 {
          if comparison.models.count > 1 {
            HTML("h3") { HTML("bdi") { report.subjects[index].path } }
          }
          tables(of: breakdown, index)
        } else {
          HTML("details") {
            HTML("summary") { HTML("bdi") { report.subjects[index].path } }
            tables(of: breakdown, index)
          }
        }
      }
    }
  }

  @HTMLBuilder private func tables(of breakdown: Breakdown, _ index: Int) -> HTML {
    for groups in breakdown.tables {
      if groups.subject == .surprisal {
        distribution(groups, of: breakdown, index).html
      } else {
        table(groups, of: breakdown).html
      }
    }
  }

  /// The distribution of the tokens' costs.
  private func distribution(
    _ groups: Breakdown.Table,
    of breakdown: Breakdown,
    _ index: Int
  ) -> ColumnPlot {
    let name = report.subjects[index].path
    var plot = ColumnPlot(
      id: "surprisal-\(index)",
      title: "How many tokens cost how much, \(name)",
      remark: "The share of tokens whose surprisal is in each range of one bit.",
      across: groups.subject.title,
      up: "% of tokens"
    )
    for group in groups.groups {
      let tokens = Double(group.cost.tokens) / Double(breakdown.total.tokens)
      let bits = group.cost.shareOfBits(in: breakdown.total)
      plot.columns.append(
        .init(
          label: group.key,
          value: 100 * tokens,
          words: "\(NumberFormat.percent(tokens)) of tokens"
            + (bits.isFinite ? ", \(NumberFormat.percent(bits)) of bits" : "")
        )
      )
    }
    return plot
  }

  private func table(_ groups: Breakdown.Table, of breakdown: Breakdown) -> ReportTable {
    var table = ReportTable(
      caption: "By \(groups.subject.title)",
      columns: [
        .text(groups.subject.title), .number("tokens"), .number("share"), .number("bits"),
        .number("of all bits"), .number("bits/token"),
      ]
    )
    for group in groups.groups {
      let tokens = Double(group.cost.tokens) / Double(breakdown.total.tokens)
      let bits = group.cost.shareOfBits(in: breakdown.total)
      table.append([
        HTML(text: groups.subject.name(group.key)),
        HTML(text: NumberFormat.grouped(group.cost.tokens)),
        share(tokens),
        HTML(text: ComparePage.number(group.cost.bits, 1)),
        share(bits),
        HTML(text: ComparePage.number(group.cost.bitsPerToken, 3)),
      ])
    }
    return table
  }

  private func share(_ share: Double) -> HTML {
    HTML(text: share.isFinite ? NumberFormat.percent(share) : "undefined") + HTML.bar(share)
  }

  // MARK: Reliability

  /// The calibration of each model on the tokens that are drawn.
  @HTMLBuilder var reliabilities: HTML {
    if predictions.contains(where: { $0.reliability.placeCount > 0 }) {
      HTML.section("reliability", "How far the probabilities are borne out") {
        HTML("p") {
          "Of all that a model gives a probability of ten in a hundred, ten in a hundred should come. "
          "Here every token of the vocabulary counts in each place that is drawn above, the one that "
          "came and those that did not."
        }
        for index in comparison.ranking {
          let reliability = predictions[index].reliability
          if reliability.placeCount > 0 {
            HTML("p") { Self.summary(of: reliability, report.subjects[index].path) }
            plot(of: reliability, index).html
          }
        }
      }
    }
  }

  /// The expected and the observed cost of a model, and the share of tokens that it had right.
  static func summary(of reliability: Reliability, _ name: String) -> String {
    let count = Double(reliability.placeCount)
    let expected = reliability.expectedBits / count
    let actual = reliability.actualBits / count
    let error = 2 * reliability.varianceBits.squareRoot() / count
    let judgement =
      !actual.isFinite
      ? "it held for impossible what came"
      : actual > expected + error
        ? "it is over-confident"
        : actual < expected - error ? "it is over-cautious" : "which chance explains"
    func share(_ hits: Int) -> String { NumberFormat.percent(Double(hits) / count) }
    return """
      \(name) expected to spend \(ComparePage.number(expected, 3)) bits a token, give or take \
      \(ComparePage.number(error, 3)) by chance, and spent \(ComparePage.number(actual, 3)): \
      \(judgement). In \(NumberFormat.grouped(reliability.placeCount)) places the token that came was \
      the likeliest in \(share(reliability.first)), among the 5 likeliest in \
      \(share(reliability.amongFive)) and among the 10 in \(share(reliability.amongTen)).
      """
  }

  private func plot(of reliability: Reliability, _ index: Int) -> IntervalPlot {
    let name = report.subjects[index].path
    var plot = IntervalPlot(
      id: "reliability-\(index)",
      title: "Times that tokens came for each time expected, \(name)",
      remark: """
        By the probability that they were given; with twice the standard error that chance leaves. \
        Left of the line: given too much. Equal distances are equal ratios.
        """,
      quantity: "came / expected",
      scale: .logarithmic,
      reference: .init(1, label: "1: as expected")
    )
    for group in Self.grouped(reliability.bands) {
      let expected = group.reduce(0) { $0 + $1.expected }
      let actual = group.reduce(0) { $0 + $1.actual }
      let error = 2 * group.reduce(0) { $0 + $1.variance }.squareRoot() / expected
      let ratio = Double(actual) / expected
      plot.rows.append(
        .init(
          label: Self.range(of: group),
          value: ratio,
          interval: (max(0, ratio - error), ratio + error),
          words: "\(ComparePage.number(ratio, 3)): \(NumberFormat.grouped(actual)) came, "
            + "\(ComparePage.number(expected, 1)) expected"
        )
      )
    }
    return plot
  }

  /// The bands from likely to unlikely, each with as many of those below it as it takes for 20 to be
  /// expected.
  private static func grouped(_ bands: [Reliability.Band]) -> [[Reliability.Band]] {
    var groups: [[Reliability.Band]] = []
    var open: [Reliability.Band] = []
    for band in bands {
      open.append(band)
      guard open.reduce(0, { $0 + $1.expected }) >= 20 else { continue }
      groups.append(open)
      open = []
    }
    if !open.isEmpty {
      if groups.isEmpty { groups.append(open) } else { groups[groups.count - 1] += open }
    }
    return groups
  }

  private static func range(of group: [Reliability.Band]) -> String {
    guard let first = group.first, let last = group.last else { return "" }
    func percent(_ octave: Int) -> String {
      let share = octave == 0 ? 1 : Double(sign: .plus, exponent: -octave, significand: 1)
      return NumberFormat.significant(100 * share, digits: share > 0.01 ? 3 : 2)
    }
    return "given \(percent(last.octave + 1)) to \(percent(first.octave)) %"
  }

  // MARK: Costliest

  /// The costliest types, tokens and lines of each model; of all but the best to be unfolded.
  @HTMLBuilder var costliest: HTML {
    for (place, index) in comparison.ranking.enumerated() {
      if let breakdown = comparison.models[index].breakdown {
        if place == 0 {
          costliest(of: breakdown)
        } else {
          HTML("details") {
            HTML("summary") { HTML("bdi") { report.subjects[index].path } }
            costliest(of: breakdown)
          }
        }
      }
    }
  }

  @HTMLBuilder private func costliest(of breakdown: Breakdown) -> HTML {
    lines(of: breakdown).html
    tokens(of: breakdown).html
    types(of: breakdown).html
  }

  private func lines(of breakdown: Breakdown) -> ReportTable {
    var table = ReportTable(
      caption: "The costliest lines",
      columns: [
        .text("line"), .number("tokens"), .number("bits"), .number("bits/token"),
        .text("it begins"),
      ]
    )
    for line in breakdown.costliestLines {
      table.append([
        HTML(text: report.place(line.text, line.line)),
        HTML(text: NumberFormat.grouped(line.cost.tokens)),
        HTML(text: ComparePage.number(line.cost.bits, 1)),
        HTML(text: ComparePage.number(line.cost.bitsPerToken, 2)),
        HTML("bdi", ["class": "excerpt"]) { line.excerpt },
      ])
    }
    return table
  }

  private func tokens(of breakdown: Breakdown) -> ReportTable {
    var table = ReportTable(
      caption: "The costliest tokens",
      columns: [.text("token"), .number("bits"), .text("line"), .text("where")]
    )
    for token in breakdown.costliestTokens {
      table.append([
        HTML("bdi", ["class": "excerpt"]) { token.spelling },
        HTML(text: ComparePage.number(token.bits, 2)),
        HTML(text: report.place(token.text, token.line)),
        HTML("bdi", ["class": "excerpt"]) {
          token.before
          HTML("strong") { token.spelling }
          token.after
        },
      ])
    }
    return table
  }

  private func types(of breakdown: Breakdown) -> ReportTable {
    var table = ReportTable(
      caption: "The types that cost most together",
      columns: [
        .text("type"), .number("tokens"), .number("bits"), .number("of all bits"),
        .number("bits/token"),
      ]
    )
    for type in breakdown.costliestTypes {
      table.append([
        HTML("bdi", ["class": "excerpt"]) { type.spelling },
        HTML(text: NumberFormat.grouped(type.cost.tokens)),
        HTML(text: ComparePage.number(type.cost.bits, 1)),
        share(type.cost.shareOfBits(in: breakdown.total)),
        HTML(text: ComparePage.number(type.cost.bitsPerToken, 3)),
      ])
    }
    return table
  }
}
