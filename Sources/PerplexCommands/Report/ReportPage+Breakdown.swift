import Pages
import Perplexity
import Terminal

extension ReportPage {
  /// The tables of each model; of all but the best to be unfolded.
  @HTMLBuilder var breakdowns: HTML {
    HTML("p") {
      "Each table sorts all tokens in its own way, so its rows add up to the whole. Where the share of "
      "bits is above that of tokens, tokens cost more than the mean."
    }
    for (rank, index) in comparison.ranking.enumerated() {
      if let breakdown = comparison.models[index].breakdown {
        if rank == 0 {
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

  func share(_ share: Double) -> HTML {
    HTML(text: share.isFinite ? NumberFormat.percent(share) : "undefined") + HTML.bar(share)
  }
}
