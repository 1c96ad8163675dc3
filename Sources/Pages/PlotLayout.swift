import Glibc

/// The plot's marks at their places, in a drawing of a fixed width that the page scales.
struct PlotLayout {
  static let width = 640
  private static let margin = 20.0
  private static let rowHeight = 44

  let plot: IntervalPlot
  let axis: PlotAxis?

  init(_ plot: IntervalPlot) {
    self.plot = plot
    let ends = plot.rows.flatMap { [$0.value, $0.interval?.low, $0.interval?.high] }
    axis = PlotAxis((ends + [plot.reference?.value]).compactMap(\.self), scale: plot.scale)
  }

  private var top: Int { plot.reference == nil ? 4 : 24 }
  private var bottom: Int { top + plot.rows.count * Self.rowHeight + 4 }
  var height: Int { bottom + 44 }

  /// The axis's marks, their numbers and what they count.
  var axisMarks: HTML {
    HTML("g") {
      for tick in axis?.ticks ?? [] {
        line("grid", x(tick.value), bottom - 4, x(tick.value), bottom + 2)
        text("quiet", x(tick.value), bottom + 16, anchor: "middle", tick.label)
      }
      text("quiet", Double(Self.width) / 2, bottom + 36, anchor: "middle", plot.quantity)
    }
  }

  @HTMLBuilder var referenceMark: HTML {
    if let reference = plot.reference, PlotAxis.hasPlace(reference.value, scale: plot.scale) {
      let place = x(reference.value)
      text(
        "quiet",
        place,
        top - 8,
        anchor: place < 160 ? "start" : place > Double(Self.width) - 160 ? "end" : "middle",
        Self.shortened(reference.label, to: 80)
      )
    }
  }

  func marks(of row: IntervalPlot.Row, _ index: Int) -> HTML {
    let y = top + index * Self.rowHeight
    return HTML("g") {
      HTML("title") { row.label }
      text(nil, 0, y + 14, anchor: "start", Self.shortened(row.label, to: 36))
      text(nil, Double(Self.width), y + 14, anchor: "end", plot.words(of: row))
      guides(from: y + 18, to: y + 42)
      if PlotAxis.hasPlace(row.value, scale: plot.scale) {
        if let interval = row.interval { mark(interval, y + 30) }
        HTML(
          "circle",
          [
            "class": isClear(row) ? "clear" : "unclear",
            "cx": Self.decimal(x(row.value)), "cy": "\(y + 30)", "r": "5.5",
          ]
        )
      }
    }
  }

  /// The marked numbers and the reference behind a row's interval; they leave out its text.
  @HTMLBuilder private func guides(from y1: Int, to y2: Int) -> HTML {
    for tick in axis?.ticks ?? [] { line("grid", x(tick.value), y1, x(tick.value), y2) }
    if let reference = plot.reference, PlotAxis.hasPlace(reference.value, scale: plot.scale) {
      line("reference", x(reference.value), y1, x(reference.value), y2)
    }
  }

  /// The line of an interval; an end without a place on the axis is an arrow at the plot's edge.
  @HTMLBuilder private func mark(_ interval: (low: Double, high: Double), _ y: Int) -> HTML {
    let isOpenBelow = !PlotAxis.hasPlace(interval.low, scale: plot.scale)
    let isOpenAbove = !PlotAxis.hasPlace(interval.high, scale: plot.scale)
    let (left, right) = (6.0, Double(Self.width) - 6)
    let low = isOpenBelow ? left : x(interval.low)
    let high = isOpenAbove ? right : x(interval.high)
    line("interval", low, y, high, y)
    if isOpenBelow {
      HTML("path", ["class": "open", "d": "M0 \(y)l10 -6v12z"])
    } else {
      line("interval", low, y - 6, low, y + 6)
    }
    if isOpenAbove {
      HTML("path", ["class": "open", "d": "M\(Self.width) \(y)l-10 -6v12z"])
    } else {
      line("interval", high, y - 6, high, y + 6)
    }
  }

  /// Whether the interval leaves the reference out.
  private func isClear(_ row: IntervalPlot.Row) -> Bool {
    guard let reference = plot.reference?.value else { return row.interval != nil }
    guard let (low, high) = row.interval else { return false }
    return reference < low || high < reference
  }

  private func x(_ value: Double) -> Double {
    Self.margin + (axis?.place(value) ?? 0) * (Double(Self.width) - 2 * Self.margin)
  }

  private func line(
    _ kind: String,
    _ x1: Double,
    _ y1: Int,
    _ x2: Double,
    _ y2: Int
  ) -> HTML {
    HTML(
      "line",
      [
        "class": kind, "x1": Self.decimal(x1), "y1": "\(y1)", "x2": Self.decimal(x2),
        "y2": "\(y2)",
      ]
    )
  }

  private func text(
    _ kind: String?,
    _ x: Double,
    _ y: Int,
    anchor: String,
    _ content: String
  ) -> HTML {
    HTML("text", ["class": kind, "x": Self.decimal(x), "y": "\(y)", "text-anchor": anchor]) {
      content
    }
  }

  /// The end of a name that is too long, as it is their ends in which names differ.
  static func shortened(_ name: String, to limit: Int) -> String {
    name.count <= limit ? name : "…" + name.suffix(limit - 1)
  }

  /// A coordinate with two decimals.
  static func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    return "\(hundredths < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
