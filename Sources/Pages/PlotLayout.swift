/// The positions of the plot's marks, in a drawing of a fixed width that the page scales.
struct PlotLayout {
  static let width = 640
  private static let margin = 20.0
  private static let rowHeight = 44.0

  let plot: IntervalPlot
  let axis: PlotAxis?

  init(_ plot: IntervalPlot) {
    self.plot = plot
    let ends = plot.rows.flatMap { [$0.value, $0.interval?.low, $0.interval?.high] }
    axis = PlotAxis((ends + [plot.reference?.value]).compactMap(\.self), scale: plot.scale)
  }

  private var top: Double { plot.reference == nil ? 4 : 24 }
  private var bottom: Double { top + Double(plot.rows.count) * Self.rowHeight + 4 }
  var height: Int { Int(bottom) + 44 }

  /// The marks of the axis, their numbers and its title.
  var axisMarks: HTML {
    HTML("g") {
      for tick in axis?.ticks ?? [] {
        SVG.line("grid", x(tick.value), bottom - 4, x(tick.value), bottom + 2)
        SVG.text("quiet", x(tick.value), bottom + 16, anchor: "middle", tick.label)
      }
      SVG.text("quiet", Double(Self.width) / 2, bottom + 36, anchor: "middle", plot.quantity)
    }
  }

  @HTMLBuilder var referenceMark: HTML {
    if let reference = plot.reference, PlotAxis.hasPlace(reference.value, scale: plot.scale) {
      let position = x(reference.value)
      SVG.text(
        "quiet",
        position,
        top - 8,
        anchor: position < 160 ? "start" : position > Double(Self.width) - 160 ? "end" : "middle",
        Self.shortened(reference.label, to: 80)
      )
    }
  }

  func marks(of row: IntervalPlot.Row, _ index: Int) -> HTML {
    let y = top + Double(index) * Self.rowHeight
    return HTML("g") {
      HTML("title") { row.label }
      SVG.text(nil, 0, y + 14, anchor: "start", Self.shortened(row.label, to: 36))
      SVG.text(nil, Double(Self.width), y + 14, anchor: "end", plot.words(of: row))
      guides(from: y + 18, to: y + 42)
      if PlotAxis.hasPlace(row.value, scale: plot.scale) {
        if let interval = row.interval { mark(interval, y + 30) }
        SVG.circle(isClear(row) ? "clear" : "unclear", x(row.value), y + 30, radius: "5.5")
      }
    }
  }

  /// The marked numbers and the reference behind a row's interval; they leave out its text.
  @HTMLBuilder private func guides(from y1: Double, to y2: Double) -> HTML {
    for tick in axis?.ticks ?? [] { SVG.line("grid", x(tick.value), y1, x(tick.value), y2) }
    if let reference = plot.reference, PlotAxis.hasPlace(reference.value, scale: plot.scale) {
      SVG.line("reference", x(reference.value), y1, x(reference.value), y2)
    }
  }

  /// The line of an interval; an end that the axis cannot show is an arrow at the plot's edge.
  @HTMLBuilder private func mark(_ interval: (low: Double, high: Double), _ y: Double) -> HTML {
    let isOpenBelow = !PlotAxis.hasPlace(interval.low, scale: plot.scale)
    let isOpenAbove = !PlotAxis.hasPlace(interval.high, scale: plot.scale)
    let (left, right) = (6.0, Double(Self.width) - 6)
    let low = isOpenBelow ? left : x(interval.low)
    let high = isOpenAbove ? right : x(interval.high)
    SVG.line("interval", low, y, high, y)
    if isOpenBelow {
      SVG.path("open", from: 0, y, "l10 -6v12z")
    } else {
      SVG.line("interval", low, y - 6, low, y + 6)
    }
    if isOpenAbove {
      SVG.path("open", from: Double(Self.width), y, "l-10 -6v12z")
    } else {
      SVG.line("interval", high, y - 6, high, y + 6)
    }
  }

  /// The interval leaves the reference out.
  private func isClear(_ row: IntervalPlot.Row) -> Bool {
    guard let reference = plot.reference?.value else { return row.interval != nil }
    guard let (low, high) = row.interval else { return false }
    return reference < low || high < reference
  }

  private func x(_ value: Double) -> Double {
    Self.margin + (axis?.position(value) ?? 0) * (Double(Self.width) - 2 * Self.margin)
  }

  /// A name, cut at its beginning where it is too long: names differ at their ends.
  static func shortened(_ name: String, to limit: Int) -> String {
    name.count <= limit ? name : "…" + name.suffix(limit - 1)
  }
}
