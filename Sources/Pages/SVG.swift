/// The elements of drawings, as all plots write them.
enum SVG {
  /// A drawing that the page scales, with its title and its description for those who do not see
  /// it.
  static func drawing(
    id: String,
    title: String,
    description: String? = nil,
    width: Int,
    height: Int,
    @HTMLBuilder content: () -> HTML
  ) -> HTML {
    HTML(
      "svg",
      [
        "role": "img",
        "aria-labelledby": description == nil ? "\(id)-title" : "\(id)-title \(id)-desc",
        "viewBox": "0 0 \(width) \(height)",
      ]
    ) {
      HTML("title", ["id": "\(id)-title"]) { title }
      if let description { HTML("desc", ["id": "\(id)-desc"]) { description } }
      content()
    }
  }

  /// A straight line of the class `kind`.
  static func line(_ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> HTML {
    HTML(
      "line",
      [
        "class": kind, "x1": decimal(x1), "y1": decimal(y1), "x2": decimal(x2), "y2": decimal(y2),
      ]
    )
  }

  /// A text; `anchor` is the part of it that stands at `x`: `start`, `middle` or `end`.
  static func text(
    _ kind: String?,
    _ x: Double,
    _ y: Double,
    anchor: String,
    _ content: String
  ) -> HTML {
    HTML("text", ["class": kind, "x": decimal(x), "y": decimal(y), "text-anchor": anchor]) {
      content
    }
  }

  /// A circle; a script finds it by `id`.
  static func circle(
    _ kind: String,
    _ x: Double,
    _ y: Double,
    radius: String,
    id: String? = nil
  ) -> HTML {
    HTML(
      "circle",
      ["id": id, "class": kind, "cx": decimal(x), "cy": decimal(y), "r": radius]
    )
  }

  /// A path that begins at a point; `outline` goes on from there.
  static func path(_ kind: String, from x: Double, _ y: Double, _ outline: String) -> HTML {
    HTML("path", ["class": kind, "d": "M\(decimal(x)) \(decimal(y))\(outline)"])
  }

  /// The path of a line through points.
  static func polyline(_ points: [(x: Double, y: Double)]) -> String {
    points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(decimal(point.x)) \(decimal(point.y))"
    }.joined()
  }

  /// A coordinate with two decimals, and none where it is whole.
  static func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
