/// Curves over two fixed axes, small enough for a phone; a script may move a marker along each.
///
/// A ``CurvePlot`` chooses its axes from its figures; here the caller gives range and marked
/// numbers, because a script works on the same axes.
package struct FunctionPlot {
  /// A curve.
  package struct Curve {
    /// The name, for the legend.
    package var name: String
    /// The points from left to right; infinite heights are arrows at the upper edge.
    package var points: [(x: Double, y: Double)]
    /// Draws a mark at each point.
    package var marksPoints: Bool

    /// A curve.
    package init(name: String, points: [(x: Double, y: Double)], marksPoints: Bool = false) {
      self.name = name
      self.points = points
      self.marksPoints = marksPoints
    }
  }

  /// A marked number of an axis.
  package struct Tick {
    var value: Double
    var label: String

    /// A number and its digits.
    package init(_ value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  /// An axis: its name, its ends, its marked numbers.
  package struct Axis {
    var name: String
    var range: ClosedRange<Double>
    var ticks: [Tick]

    /// An axis.
    package init(_ name: String, _ range: ClosedRange<Double>, ticks: [Tick]) {
      self.name = name
      self.range = range
      self.ticks = ticks
    }

    /// The position of `value`, from 0 at the lower end to 1 at the upper.
    func position(_ value: Double) -> Double {
      (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
  }

  private static let width = 400.0
  private static let height = 260.0
  private static let left = 52.0
  private static let top = 14.0
  private static let rightEdge = width - 18
  private static let bottom = height - 44

  private let id: String
  private let title: String
  private let description: String
  private let horizontal: Axis
  private let vertical: Axis
  private let curves: [Curve]
  private let references: [Tick]
  private let markers: [(x: Double, y: Double)]

  /// A plot.
  ///
  /// - Parameters:
  ///   - id: The plot's name within the page, of letters and hyphens.
  ///   - title: The title.
  ///   - description: The whole plot in words, for those who do not see it.
  ///   - horizontal: The horizontal axis.
  ///   - vertical: The vertical axis.
  ///   - curves: The curves.
  ///   - references: Numbers of the horizontal axis that are marked from top to bottom.
  ///   - markers: The first place of the point on each curve that a script moves.
  package init(
    id: String,
    title: String,
    description: String,
    horizontal: Axis,
    vertical: Axis,
    curves: [Curve],
    references: [Tick] = [],
    markers: [(x: Double, y: Double)] = []
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.horizontal = horizontal
    self.vertical = vertical
    self.curves = curves
    self.references = references
    self.markers = markers
  }

  /// The distance of a number from the left edge.
  package func x(_ value: Double) -> Double {
    Self.left + horizontal.position(value) * (Self.rightEdge - Self.left)
  }

  /// The distance of a number from the upper edge; numbers beyond the axis stand at its end.
  package func y(_ value: Double) -> Double {
    let value = min(max(value, vertical.range.lowerBound), vertical.range.upperBound)
    return Self.bottom - vertical.position(value) * (Self.bottom - Self.top)
  }

  /// The plot as part of a page.
  package var html: HTML {
    HTML("figure", ["class": "plot"]) {
      HTML("figcaption") { title }
      SVG.drawing(
        id: id,
        title: title,
        description: description,
        width: Int(Self.width),
        height: Int(Self.height)
      ) {
        axes
        for tick in references {
          SVG.line("reference", x(tick.value), Self.top, x(tick.value), Self.bottom)
          SVG.text("quiet", x(tick.value), Self.top - 3, anchor: "middle", tick.label)
        }
        for (index, curve) in curves.enumerated() { marks(of: curve, index) }
        for (index, marker) in markers.enumerated() {
          SVG.circle(
            "marker curve-\(index)",
            x(marker.x),
            y(marker.y),
            radius: "6",
            id: "\(id)-marker-\(index)"
          )
        }
      }
      if curves.count > 1 { legend }
    }
  }

  private var axes: HTML {
    HTML("g") {
      for tick in horizontal.ticks {
        SVG.line("grid", x(tick.value), Self.top, x(tick.value), Self.bottom)
        SVG.text("quiet", x(tick.value), Self.bottom + 16, anchor: "middle", tick.label)
      }
      for tick in vertical.ticks {
        SVG.line("grid", Self.left, y(tick.value), Self.rightEdge, y(tick.value))
        SVG.text("quiet", Self.left - 6, y(tick.value) + 4, anchor: "end", tick.label)
      }
      SVG.text(
        "quiet",
        (Self.left + Self.rightEdge) / 2,
        Self.height - 8,
        anchor: "middle",
        horizontal.name
      )
      HTML(
        "text",
        [
          "class": "quiet", "text-anchor": "middle",
          "transform": "translate(11 \(Int((Self.top + Self.bottom) / 2))) rotate(-90)",
        ]
      ) { vertical.name }
    }
  }

  /// The line of each curve beside its name.
  private var legend: HTML {
    HTML("ul", ["class": "legend"]) {
      for (index, curve) in curves.enumerated() {
        HTML("li") {
          HTML("svg", ["viewBox": "0 0 36 10", "aria-hidden": "true"]) {
            if curve.points.allSatisfy({ !$0.y.isFinite }) {
              HTML("path", ["class": "arrow curve-\(index)", "d": "M18 0l-6 10h12z"])
            } else {
              HTML("path", ["class": "curve curve-\(index)", "d": "M0 5H36"])
            }
          }
          curve.name
        }
      }
    }
  }

  private func marks(of curve: Curve, _ index: Int) -> HTML {
    let finite = curve.points.filter { $0.y.isFinite }
    let line = SVG.polyline(finite.map { (x($0.x), y($0.y)) })
    return HTML("g") {
      if !finite.isEmpty { HTML("path", ["class": "curve curve-\(index)", "d": line]) }
      if curve.marksPoints {
        for point in finite {
          SVG.circle("point curve-\(index)", x(point.x), y(point.y), radius: "3")
        }
      }
      for point in curve.points where !point.y.isFinite {
        SVG.path("arrow curve-\(index)", from: x(point.x), Self.top, "l-6 11h12z")
      }
    }
  }
}
