/// Figures against a quantity, as lines with marks and intervals.
///
/// Each curve has its name at its end and a mark of its form, so colour alone carries no
/// information; a table has all numbers. Figures off the axis, such as infinite ones, are marked at
/// the edge and named, never silently left out.
///
/// It takes plain numbers, so it can also plot figures read from a file.
package struct CurvePlot: Sendable {
  /// A figure of a curve.
  package struct Point: Sendable {
    /// The position along the axis.
    package var x: Double
    /// The figure; the axis cannot show an infinite or undefined one.
    package var y: Double
    /// The ends of its interval; nil if it has none.
    package var interval: (low: Double, high: Double)?

    /// A figure.
    package init(x: Double, y: Double, interval: (low: Double, high: Double)? = nil) {
      self.x = x
      self.y = y
      self.interval = interval
    }
  }

  /// Figures that a line joins.
  package struct Curve: Sendable {
    /// The subject of the figures.
    package var label: String
    /// The figures, in the order of their positions.
    package var points: [Point]
    /// The number of the colour and the mark; curves that belong together may share it.
    package var style: Int
    /// The line is broken: for the lesser of two curves that share a style.
    package var isBroken: Bool

    /// A curve.
    package init(label: String, points: [Point], style: Int, isBroken: Bool = false) {
      self.label = label
      self.points = points
      self.style = style
      self.isBroken = isBroken
    }
  }

  /// A quantity, with its unit, and how its numbers are set along an axis.
  package struct Quantity: Sendable {
    /// The name.
    package var name: String
    /// The relation of distance and number.
    package var scale: IntervalPlot.Scale
    /// The decimals of its numbers in the table.
    package var decimals: Int

    /// A quantity.
    package init(_ name: String, scale: IntervalPlot.Scale = .linear, decimals: Int) {
      self.name = name
      self.scale = scale
      self.decimals = decimals
    }
  }

  /// The plot's name within the page, of letters and hyphens.
  package var id: String
  /// The title.
  package var title: String
  /// A remark on how to read the plot.
  package var remark: String
  /// The quantity of the horizontal axis.
  package var horizontal: Quantity
  /// The quantity of the vertical axis.
  package var vertical: Quantity
  /// The number that figures are compared with, a line across the plot; nil without one.
  package var reference: IntervalPlot.Reference?
  /// The curves.
  package var curves: [Curve] = []

  /// Writes a number of the table: a value and its decimals.
  package var format: @Sendable (Double, Int) -> String

  /// A plot without curves.
  package init(
    id: String,
    title: String,
    remark: String,
    horizontal: Quantity,
    vertical: Quantity,
    reference: IntervalPlot.Reference? = nil,
    format: @escaping @Sendable (Double, Int) -> String
  ) {
    self.id = id
    self.title = title
    self.remark = remark
    self.horizontal = horizontal
    self.vertical = vertical
    self.reference = reference
    self.format = format
  }

  /// The plot as part of a page, its numbers in a table that unfolds.
  package var html: HTML {
    HTML.figure(title, remark: remark, drawing: svg, numbers: table)
  }

  private var svg: HTML {
    let layout = CurveLayout(self)
    return SVG.drawing(
      id: id,
      title: title,
      description: description,
      width: PlotLayout.width,
      height: layout.height
    ) {
      layout.axisMarks
      layout.referenceMark
      for curve in curves { layout.marks(of: curve) }
      layout.labels
    }
  }

  /// The plot in words: how each curve begins and ends.
  private var description: String {
    var sentences = ["\(vertical.name) against \(horizontal.name)."]
    if let reference { sentences.append("The line across: \(reference.label).") }
    for curve in curves {
      guard let first = curve.points.first, let last = curve.points.last else { continue }
      let end = curve.points.count > 1 ? ", \(words(last.y)) at \(words(ofPlace: last.x))" : ""
      sentences.append("\(curve.label): \(words(first.y)) at \(words(ofPlace: first.x))\(end).")
    }
    sentences.append("All numbers are in the table below.")
    return sentences.joined(separator: " ")
  }

  private var table: ReportTable {
    var table = ReportTable(
      caption: title,
      columns: [
        .text("curve"), .number(horizontal.name), .number(vertical.name), .number("its interval"),
      ]
    )
    for curve in curves {
      for point in curve.points {
        table.append([
          curve.label, words(ofPlace: point.x), words(point.y),
          point.interval.map { "\(words($0.low)) to \(words($0.high))" } ?? "none",
        ])
      }
    }
    return table
  }

  /// A figure in words, also one that the axis cannot show.
  func words(_ value: Double) -> String {
    if value.isNaN { return "undefined" }
    return value.isInfinite
      ? (value > 0 ? "infinite" : "minus infinite") : format(value, vertical.decimals)
  }

  private func words(ofPlace value: Double) -> String { format(value, horizontal.decimals) }
}
