import Pages
import Perplexity
import Terminal

extension ReportPage {
  /// The costliest types, tokens and lines of each model; of all but the best to be unfolded.
  @HTMLBuilder var costliest: HTML {
    for (rank, index) in comparison.ranking.enumerated() {
      if let breakdown = comparison.models[index].breakdown {
        if rank == 0 {
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
        HTML(text: report.location(line.text, line.line)),
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
        HTML(text: report.location(token.text, token.line)),
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
