/// The positions of a curve plot's marks, in a drawing of a fixed width that the page scales.
struct CurveLayout {
  static let width = PlotLayout.width
  private static let left = 64.0
  private static let right = 224.0
  private static let plotTop = 18.0
  private static let lineHeight = 16.0
  private static let leastPlotHeight = 280.0

  private let plot: CurvePlot
  private let horizontal: PlotAxis?
  private let vertical: PlotAxis?

  init(_ plot: CurvePlot) {
    self.plot = plot
    let points = plot.curves.flatMap(\.points)
    horizontal = PlotAxis(points.map(\.x), scale: plot.horizontal.scale)
    let ends = points.flatMap { [$0.y, $0.interval?.low, $0.interval?.high] }
    vertical = PlotAxis(
      (ends + [plot.reference?.value]).compactMap(\.self),
      scale: plot.vertical.scale
    )
  }

  /// The height that the names of all curves need.
  private var plotHeight: Double {
    max(Self.leastPlotHeight, Double(plot.curves.count + 1) * Self.lineHeight)
  }

  private var bottom: Double { Self.plotTop + plotHeight }
  private var rightEdge: Double { Double(Self.width) - Self.right }

  /// The height of the drawing.
  var height: Int { Int(bottom) + 48 }

  /// The marks of both axes, their numbers and their titles.
  var axisMarks: HTML {
    HTML("g") {
      for tick in vertical?.ticks ?? [] {
        SVG.line("grid", Self.left, y(tick.value), rightEdge, y(tick.value))
        SVG.text("quiet", Self.left - 6, y(tick.value) + 4, anchor: "end", tick.label)
      }
      for tick in horizontalTicks {
        SVG.line("grid", x(tick.value), bottom, x(tick.value), bottom + 5)
      }
      for tick in namedTicks {
        SVG.text("quiet", tick.x, bottom + 19, anchor: "middle", tick.label)
      }
      SVG.line("grid", Self.left, bottom, rightEdge, bottom)
      SVG.text("quiet", 0, 11, anchor: "start", plot.vertical.name)
      SVG.text(
        "quiet",
        (Self.left + rightEdge) / 2,
        bottom + 39,
        anchor: "middle",
        plot.horizontal.name
      )
    }
  }

  /// The marked numbers of the horizontal axis; whole ones if the quantity is whole.
  private var horizontalTicks: [(value: Double, label: String)] {
    let ticks = (horizontal?.ticks ?? []).map { (value: $0.value, label: $0.label) }
    guard plot.horizontal.decimals == 0 else { return ticks }
    return ticks.filter { $0.value == $0.value.rounded() }
      .map { ($0.value, plot.format($0.value, 0)) }
  }

  /// The marked numbers of the horizontal axis that have room for their digits.
  private var namedTicks: [(x: Double, label: String)] {
    var named: [(x: Double, label: String)] = []
    // Digits are about so wide.
    let digit = 7.0
    var end = -Double.infinity
    for tick in horizontalTicks {
      let width = digit * Double(tick.label.count)
      let x = x(tick.value)
      guard x - width / 2 > end + digit else { continue }
      named.append((x, tick.label))
      end = x + width / 2
    }
    return named
  }

  /// The horizontal line of the reference.
  @HTMLBuilder var referenceMark: HTML {
    if let reference = plot.reference, hasPlace(reference.value) {
      let y = y(reference.value)
      SVG.line("reference", Self.left, y, rightEdge, y)
    }
  }

  /// A curve: its line, broken at figures that the axis cannot show, then intervals and marks.
  func marks(of curve: CurvePlot.Curve) -> HTML {
    HTML("g", ["class": "curve k\(curve.style % 6)"]) {
      HTML("title") { curve.label }
      HTML("path", ["class": curve.isBroken ? "broken" : "whole", "d": path(of: curve.points)])
      for point in curve.points {
        if hasPlace(point.y) {
          if let interval = point.interval { whisker(interval, at: x(point.x)) }
          CurveMark(style: curve.style).html(x: x(point.x), y: y(point.y))
        } else if point.y == .infinity {
          edgeMark(at: x(point.x))
        }
      }
    }
  }

  private func path(of points: [CurvePlot.Point]) -> String {
    var path = ""
    var isDrawing = false
    for point in points {
      guard hasPlace(point.y) else {
        isDrawing = false
        continue
      }
      path += "\(isDrawing ? "L" : "M")\(coordinates(of: point))"
      isDrawing = true
    }
    // A path of nothing would be an error of markup.
    return path.isEmpty ? "M0 0" : path
  }

  private func coordinates(of point: CurvePlot.Point) -> String {
    "\(SVG.decimal(x(point.x))) \(SVG.decimal(y(point.y)))"
  }

  @HTMLBuilder private func whisker(_ interval: (low: Double, high: Double), at x: Double) -> HTML {
    let low = hasPlace(interval.low) ? y(interval.low) : bottom
    let high = hasPlace(interval.high) ? y(interval.high) : Self.plotTop
    SVG.line("whisker", x, low, x, high)
    if hasPlace(interval.low) { SVG.line("whisker", x - 4, low, x + 4, low) }
    if hasPlace(interval.high) { SVG.line("whisker", x - 4, high, x + 4, high) }
  }

  /// The mark of an infinite figure: an arrow out of the plot.
  private func edgeMark(at x: Double) -> HTML {
    SVG.path("edge", from: x, Self.plotTop - 4, "l5 9h-10z")
  }

  /// The curves' names beside their ends, each joined to it, and the reference's.
  ///
  /// They are set in the order of the ends from top to bottom and moved apart until none touch.
  var labels: HTML {
    var entries: [(label: String, style: Int?, x: Double, y: Double)] = []
    for curve in plot.curves {
      guard let last = curve.points.last(where: { hasPlace($0.y) }) else {
        entries.append((curve.label + ": infinite", curve.style, rightEdge, Self.plotTop))
        continue
      }
      entries.append((curve.label, curve.style, x(last.x), y(last.y)))
    }
    if let reference = plot.reference, hasPlace(reference.value) {
      entries.append((reference.label, nil, rightEdge, y(reference.value)))
    }
    let order = entries.indices.sorted { (entries[$0].y, $0) < (entries[$1].y, $1) }
    let heights = Self.spread(order.map { entries[$0].y }, in: Self.plotTop...bottom)
    return HTML("g") {
      for (index, y) in zip(order, heights) {
        let entry = entries[index]
        HTML("g", ["class": entry.style.map { "curve k\($0 % 6)" } ?? "curve"]) {
          SVG.line("leader", entry.x + 6, entry.y, rightEdge + 14, y)
          SVG.text(
            nil,
            rightEdge + 18,
            y + 4,
            anchor: "start",
            PlotLayout.shortened(entry.label, to: 30)
          )
        }
      }
    }
  }

  /// Ascending heights at least a line apart, as near to `heights` as going down and then up makes
  /// them.
  static func spread(_ heights: [Double], in range: ClosedRange<Double>) -> [Double] {
    var spread = heights
    for index in spread.indices.dropFirst() {
      spread[index] = max(spread[index], spread[index - 1] + lineHeight)
    }
    var limit = range.upperBound
    for index in spread.indices.reversed() {
      spread[index] = min(spread[index], limit)
      limit = spread[index] - lineHeight
    }
    return spread
  }

  private func hasPlace(_ value: Double) -> Bool {
    PlotAxis.hasPlace(value, scale: plot.vertical.scale)
  }

  private func x(_ value: Double) -> Double {
    Self.left + (horizontal?.position(value) ?? 0.5) * (rightEdge - Self.left)
  }

  private func y(_ value: Double) -> Double {
    bottom - (vertical?.position(value) ?? 0.5) * plotHeight
  }
}

/// The form of a curve's marks, which distinguishes it from the others.
struct CurveMark {
  /// The number of the curve, or of the pair of curves.
  let style: Int

  /// The outlines, around the figure's position.
  private static let outlines = [
    "m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",  // circle
    "m-4 -4h8v8h-8z",  // square
    "m0 -5.5l5.2 9h-10.4z",  // triangle
    "m0 -5.8l5.8 5.8l-5.8 5.8l-5.8 -5.8z",  // diamond
    "m0 5.5l5.2 -9h-10.4z",  // triangle, point down
    "m-1.6 -5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z",  // cross
    "m0 -5.5l5.2 4l-2 6h-6.4l-2 -6z",  // pentagon
  ]

  /// The mark at a position of the drawing.
  func html(x: Double, y: Double) -> HTML {
    SVG.path("mark", from: x, y, Self.outlines[style % Self.outlines.count])
  }
}
