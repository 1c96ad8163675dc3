import InformationTheory
import LanguageModels
import Perplexity
import Pages
import Statistics
import Terminal

/// The result of `sweep` as a page: the curves, and every figure in a table.
///
/// Times are left out, so that the same texts give the same page, byte for byte.
struct SweepPage {
  let report: SweepReport

  /// The file's text.
  var markup: String {
    let title = "\(report.cells.count) models of \(report.textsName)"
    return Page(title: title) {
      HTML("header") {
        HTML("h1") { title }
        HTML("p", ["class": "lead"]) { verdict }
        HTML("p") { report.terms }
      }
      HTML("main") {
        ComparePage.notes(report.warnings)
        if !curves.plots.isEmpty {
          HTML.section("curves", "Curves") {
            for plot in curves.plots { plot.html }
          }
        }
        HTML.section("models", "All models") {
          table.html
          HTML("p", ["class": "quiet"]) { report.key }
        }
        if let source = report.source {
          HTML.section("source", "Against the source") {
            HTML("p") { report.sourceRemark(source) }
            sourceTable.html
          }
        }
      }
      HTML("footer") {
        HTML("p", ["class": "quiet"]) {
          "Texts: \(report.texts.joined(separator: ", ")). Held out: "
          "\(report.heldOut.joined(separator: ", ")). Made by \(perplex.name) \(perplex.version), sweep."
        }
      }
    }.markup
  }

  /// The first model, in a sentence.
  private var verdict: String {
    guard let best = report.ranking.first, let heldOut = best.heldOut else {
      return "No model has figures."
    }
    let interval =
      heldOut.interval.map {
        " (\(report.level) interval \(ComparePage.number($0.perplexity.low, 2)) to "
          + "\(ComparePage.number($0.perplexity.high, 2)))"
      } ?? ""
    return """
      On all of the text \(best.model.name) comes first, with a perplexity of \
      \(ComparePage.number(heldOut.perplexity, 2))\(interval), \
      \(ComparePage.number(heldOut.crossEntropyBits, 4)) bits a token.
      """
  }

  /// The models' figures as curves.
  var curves: SweepCurves {
    SweepCurves(
      models: report.cells.compactMap { cell in
        guard let heldOut = cell.heldOut else { return nil }
        var model = SweepCurves.Model(
          smoothing: cell.model.method.rawValue,
          order: cell.model.order,
          trainingTokens: report.grid.sizes[cell.model.size].prefix.tokenCount,
          crossEntropyBits: heldOut.crossEntropyBits
        )
        model.interval = heldOut.interval.map {
          ($0.crossEntropyBits.low, $0.crossEntropyBits.high)
        }
        model.trainingCrossEntropyBits = cell.trainingCrossEntropyBits
        // The baseline is where the others are held against: at zero.
        model.differenceBits =
          cell.difference?.difference ?? (heldOut.crossEntropyBits.isFinite ? 0 : nil)
        model.differenceInterval = cell.difference?.interval.map { ($0.low, $0.high) }
        return model
      },
      baseline: report.baselineName,
      level: report.level,
      entropyBits: report.source?.entropyBitsPerToken,
      format: { NumberFormat.grouped($0, decimals: $1) }
    )
  }

  private var table: ReportTable {
    var table = ReportTable(
      caption: "The models; \(report.level) intervals",
      columns: [
        .text("model"), .number("training tokens"), .number("perplexity"), .number("its interval"),
        .number("bits/token"), .number("seen in training"), .number("bits/byte"),
        .number("less the baseline"), .number("its interval"), .number("n-grams"),
      ]
    )
    for cell in report.cells {
      let tokens = NumberFormat.grouped(report.grid.sizes[cell.model.size].prefix.tokenCount)
      guard let heldOut = cell.heldOut else {
        table.append(
          [cell.model.name, tokens, cell.failure ?? ""] + [String](repeating: "", count: 7)
        )
        continue
      }
      table.append([
        cell.model.name, tokens, ComparePage.number(heldOut.perplexity, 2),
        heldOut.interval.map {
          "\(ComparePage.number($0.perplexity.low, 2)) to \(ComparePage.number($0.perplexity.high, 2))"
        } ?? "none",
        ComparePage.number(heldOut.crossEntropyBits, 4),
        ComparePage.number(cell.trainingCrossEntropyBits ?? .nan, 4),
        ComparePage.number(heldOut.bitsPerByte, 4),
        cell.difference.map { ComparePage.signed($0.difference) } ?? "baseline",
        cell.difference.map { difference in
          difference.interval.map {
            "\(ComparePage.signed($0.low)) to \(ComparePage.signed($0.high))"
          } ?? "none"
        } ?? "",
        NumberFormat.grouped(cell.ngramCounts.reduce(0, +)),
      ])
    }
    return table
  }

  private var sourceTable: ReportTable {
    var table = ReportTable(
      caption: "Computed exactly over everything the source can produce, bits a token",
      columns: [
        .text("model"), .number("training tokens"), .number("cross-entropy"),
        .number("divergence"), .number("histories"),
      ]
    )
    for cell in report.cells {
      table.append([
        cell.model.name,
        NumberFormat.grouped(report.grid.sizes[cell.model.size].prefix.tokenCount),
        cell.source.map { ComparePage.number($0.crossEntropyBits, 6) } ?? "not summed",
        cell.source.map { ComparePage.number($0.divergenceBits, 6) } ?? "",
        cell.source.map { NumberFormat.grouped($0.historyCount) } ?? "",
      ])
    }
    return table
  }
}
