/// Figures with their intervals, one below the other on a common axis; a forest plot.
///
/// Each row has its name and figures as text above the interval, so position and colour alone carry
/// no information. A figure whose interval is on one side of the reference has a full mark, any
/// other a hollow one.
package struct IntervalPlot: Sendable {
  /// The relation of distance and number.
  package enum Scale: Sendable {
    /// Equal distances are equal differences.
    case linear
    /// Equal distances are equal ratios; for numbers above zero.
    case logarithmic
  }

  /// A figure.
  package struct Row: Sendable {
    /// The subject of the figure.
    package var label: String
    /// The figure; the axis cannot show infinite and undefined ones, and the row says so.
    package var value: Double
    /// The ends of its interval; nil if it has none.
    package var interval: (low: Double, high: Double)?
    /// Both in words.
    package var words: String

    /// A figure.
    package init(
      label: String,
      value: Double,
      interval: (low: Double, high: Double)?,
      words: String
    ) {
      self.label = label
      self.value = value
      self.interval = interval
      self.words = words
    }
  }

  /// A number that the figures are compared with.
  package struct Reference: Sendable, Equatable {
    /// The number.
    package var value: Double
    /// The meaning.
    package var label: String

    /// A number and its meaning.
    package init(_ value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  /// The plot's name within the page, of letters and hyphens.
  package var id: String
  /// The title.
  package var title: String
  /// A remark on how to read the plot.
  package var remark: String
  /// The quantity along the axis, with its unit.
  package var quantity: String
  /// The scale of the axis.
  package var scale: Scale
  /// The number that figures are compared with, if there is one.
  package var reference: Reference?
  /// The figures from top to bottom.
  package var rows: [Row] = []

  /// A plot without rows.
  package init(
    id: String,
    title: String,
    remark: String,
    quantity: String,
    scale: Scale = .linear,
    reference: Reference? = nil
  ) {
    self.id = id
    self.title = title
    self.remark = remark
    self.quantity = quantity
    self.scale = scale
    self.reference = reference
  }

  /// The plot as part of a page.
  package var html: HTML { HTML.figure(title, remark: remark, drawing: svg) }

  private var svg: HTML {
    let layout = PlotLayout(self)
    return SVG.drawing(
      id: id,
      title: title,
      description: description,
      width: PlotLayout.width,
      height: layout.height
    ) {
      layout.axisMarks
      layout.referenceMark
      for (index, row) in rows.enumerated() { layout.marks(of: row, index) }
    }
  }

  /// The whole plot in words.
  private var description: String {
    ([reference.map { "The line: \($0.label)." }].compactMap(\.self)
      + rows.map { "\($0.label): \(words(of: $0))." }).joined(separator: " ")
  }

  /// A row's words, with the figures that the axis cannot show.
  func words(of row: Row) -> String {
    var words = [row.words]
    if !PlotAxis.hasPlace(row.value, scale: scale) {
      words.append("no place on the axis")
    } else if let interval = row.interval {
      if !PlotAxis.hasPlace(interval.low, scale: scale) { words.append("open below") }
      if !PlotAxis.hasPlace(interval.high, scale: scale) { words.append("open above") }
    } else {
      words.append("no interval")
    }
    return words.joined(separator: ", ")
  }
}
