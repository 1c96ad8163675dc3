/// A quantity along a text or a scale, as columns side by side.
///
/// Each column has its words, shown under the pointer and in a table for readers who do not see it.
package struct ColumnPlot: Sendable {
  /// A column.
  package struct Column: Sendable {
    /// The meaning.
    package var label: String
    /// Its height; an infinite column is hollow and reaches to the top, an undefined one is absent.
    package var value: Double
    /// The height in words.
    package var words: String

    /// A column.
    package init(label: String, value: Double, words: String) {
      self.label = label
      self.value = value
      self.words = words
    }
  }

  private static let width = 640.0
  private static let height = 200.0
  private static let left = 48.0
  private static let top = 8.0

  /// The plot's name within the page, of letters, digits and hyphens.
  package var id: String
  /// The title.
  package var title: String
  /// A remark on how to read the plot.
  package var remark: String
  /// The quantities along the columns and up them, each with its unit.
  package var across: String, up: String
  /// The columns from left to right.
  package var columns: [Column] = []

  /// A plot without columns.
  package init(id: String, title: String, remark: String, across: String, up: String) {
    self.id = id
    self.title = title
    self.remark = remark
    self.across = across
    self.up = up
  }

  /// The plot as part of a page, with its table to be unfolded.
  package var html: HTML {
    HTML.figure(title, remark: remark, drawing: svg, numbers: table)
  }

  private var table: ReportTable {
    var table = ReportTable(caption: title, columns: [.text(across), .number(up)])
    for column in columns { table.append([column.label, column.words]) }
    return table
  }

  private var svg: HTML {
    let axis = PlotAxis([0] + columns.map(\.value), scale: .linear)
    let right = Self.width - 4
    let bottom = Self.top + Self.height
    func y(_ value: Double) -> Double { bottom - (axis?.position(value) ?? 0) * Self.height }
    let step = (right - Self.left) / Double(max(1, columns.count))
    return SVG.drawing(
      id: id,
      title: "\(title): \(across) against \(up)",
      width: Int(Self.width),
      height: Int(bottom) + 40
    ) {
      for tick in (axis?.ticks ?? []).filter({ $0.value >= 0 }) {
        SVG.line("grid", Self.left, y(tick.value), right, y(tick.value))
        SVG.text("quiet", Self.left - 6, y(tick.value) + 4, anchor: "end", tick.label)
      }
      for (index, column) in columns.enumerated() where !column.value.isNaN {
        let top = column.value.isFinite ? y(column.value) : Self.top
        HTML(
          "rect",
          [
            "class": column.value.isFinite ? "column" : "column open",
            "x": SVG.decimal(Self.left + Double(index) * step),
            "y": SVG.decimal(min(top, y(0))),
            "width": SVG.decimal(max(0.5, step - (step > 4 ? 1 : 0.25))),
            "height": SVG.decimal(abs(y(0) - top)),
          ]
        ) { HTML("title") { "\(column.label): \(column.words)" } }
      }
      for (index, anchor) in [(0, "start"), (columns.count - 1, "end")] where columns.count > 1 {
        let x = Self.left + (Double(index) + (anchor == "end" ? 1 : 0)) * step
        SVG.text("quiet", x, bottom + 16, anchor: anchor, columns[index].label)
      }
      SVG.text("quiet", (Self.left + right) / 2, bottom + 34, anchor: "middle", across)
    }
  }
}
