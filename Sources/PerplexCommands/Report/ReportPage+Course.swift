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
        ? "Each column covers one line."
        : "Each column covers \(NumberFormat.grouped(lines)) consecutive lines.",
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
}
