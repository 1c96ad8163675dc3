import Pages
import Terminal

/// Curves over a common axis, small enough for a phone.
struct LessonPlot {
  /// A curve.
  struct Curve {
    /// What it shows.
    var name: String
    /// Its points from left to right; infinite heights are arrows at the upper edge.
    var points: [(x: Double, y: Double)]
    /// Whether each point has a mark, where there are few.
    var marksPoints = false
  }

  /// A number of an axis that is marked.
  struct Tick {
    var value: Double
    var label: String

    /// Numbers with so many decimals.
    static func numbers(_ values: [Double], decimals: Int = 0) -> [Tick] {
      values.map { Tick(value: $0, label: NumberFormat.fixed($0, decimals: decimals)) }
    }
  }

  static let width = 400.0
  static let height = 260.0
  private static let left = 52.0
  private static let right = 18.0
  private static let top = 14.0
  private static let bottom = 44.0

  /// The plot's name within the page, of letters and hyphens.
  var id: String
  var title: String
  /// The whole plot in words, for those who do not see it.
  var description: String
  var xName: String
  var yName: String
  var xRange: ClosedRange<Double>
  var yRange: ClosedRange<Double>
  var xTicks: [Tick]
  var yTicks: [Tick]
  var curves: [Curve]
  /// Places along the axis that are marked from top to bottom.
  var references: [Tick] = []
  /// The point on each curve that a script moves, at first.
  var markers: [(x: Double, y: Double)] = []

  /// How far a number is from the left edge.
  func x(_ value: Double) -> Double {
    Self.left + (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
      * (Self.width - Self.left - Self.right)
  }

  /// How far a number is from the upper edge; what is beyond the axis is at its end.
  func y(_ value: Double) -> Double {
    let value = min(max(value, yRange.lowerBound), yRange.upperBound)
    return Self.height - Self.bottom - (value - yRange.lowerBound)
      / (yRange.upperBound - yRange.lowerBound) * (Self.height - Self.top - Self.bottom)
  }

  /// A coordinate as the drawing has it.
  static func coordinate(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 1) }

  /// The plot as part of a page.
  var html: HTML {
    HTML("figure", ["class": "plot"]) {
      HTML("figcaption") { title }
      HTML(
        "svg",
        [
          "role": "img", "aria-labelledby": "\(id)-title \(id)-desc",
          "viewBox": "0 0 \(Int(Self.width)) \(Int(Self.height))",
        ]
      ) {
        HTML("title", ["id": "\(id)-title"]) { title }
        HTML("desc", ["id": "\(id)-desc"]) { description }
        axes
        for tick in references {
          line("reference", x(tick.value), Self.top, x(tick.value), Self.height - Self.bottom)
          text(x(tick.value), Self.top - 3, "middle", tick.label)
        }
        for (index, curve) in curves.enumerated() { marks(of: curve, index) }
        for (index, marker) in markers.enumerated() {
          HTML(
            "circle",
            [
              "id": "\(id)-marker-\(index)", "class": "marker curve-\(index)", "r": "6",
              "cx": Self.coordinate(x(marker.x)), "cy": Self.coordinate(y(marker.y)),
            ]
          )
        }
      }
      if curves.count > 1 { legend }
    }
  }

  private var axes: HTML {
    HTML("g") {
      for tick in xTicks {
        line("grid", x(tick.value), Self.top, x(tick.value), Self.height - Self.bottom)
        text(x(tick.value), Self.height - Self.bottom + 16, "middle", tick.label)
      }
      for tick in yTicks {
        line("grid", Self.left, y(tick.value), Self.width - Self.right, y(tick.value))
        text(Self.left - 6, y(tick.value) + 4, "end", tick.label)
      }
      text((Self.left + Self.width - Self.right) / 2, Self.height - 8, "middle", xName)
      HTML(
        "text",
        [
          "class": "quiet", "text-anchor": "middle",
          "transform":
            "translate(11 \(Int((Self.top + Self.height - Self.bottom) / 2))) rotate(-90)",
        ]
      ) { yName }
    }
  }

  /// Which curve is which: the line of each beside its name.
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
    let path = finite.enumerated().map { place, point in
      "\(place == 0 ? "M" : "L")\(Self.coordinate(x(point.x))) \(Self.coordinate(y(point.y)))"
    }.joined()
    return HTML("g") {
      if !finite.isEmpty { HTML("path", ["class": "curve curve-\(index)", "d": path]) }
      if curve.marksPoints {
        for point in finite {
          HTML(
            "circle",
            [
              "class": "point curve-\(index)", "r": "3",
              "cx": Self.coordinate(x(point.x)), "cy": Self.coordinate(y(point.y)),
            ]
          )
        }
      }
      for point in curve.points where !point.y.isFinite {
        HTML(
          "path",
          [
            "class": "arrow curve-\(index)",
            "d": "M\(Self.coordinate(x(point.x))) \(Self.coordinate(Self.top))l-6 11h12z",
          ]
        )
      }
    }
  }

  private func line(
    _ kind: String,
    _ x1: Double,
    _ y1: Double,
    _ x2: Double,
    _ y2: Double
  ) -> HTML {
    HTML(
      "line",
      [
        "class": kind, "x1": Self.coordinate(x1), "y1": Self.coordinate(y1),
        "x2": Self.coordinate(x2), "y2": Self.coordinate(y2),
      ]
    )
  }

  private func text(_ x: Double, _ y: Double, _ anchor: String, _ content: String) -> HTML {
    HTML(
      "text",
      [
        "class": "quiet", "x": Self.coordinate(x), "y": Self.coordinate(y), "text-anchor": anchor,
      ]
    ) { content }
  }
}
