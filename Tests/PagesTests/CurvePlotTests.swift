import Foundation
import Testing

@testable import Pages

@Suite struct CurvePlotTests {
  private func plot(
    _ curves: [CurvePlot.Curve],
    horizontal: IntervalPlot.Scale = .linear,
    reference: Double? = nil
  ) -> CurvePlot {
    var plot = CurvePlot(
      id: "plot",
      title: "Curves",
      remark: "lower is better",
      horizontal: .init("order", scale: horizontal, decimals: 0),
      vertical: .init("bits a token", decimals: 3),
      reference: reference.map { .init($0, label: "the floor") },
      format: { String(format: "%.\($1)f", $0) }
    )
    plot.curves = curves
    return plot
  }

  private func curve(
    _ label: String,
    _ points: [(Double, Double)],
    style: Int = 0
  ) -> CurvePlot.Curve {
    .init(label: label, points: points.map { .init(x: $0.0, y: $0.1) }, style: style)
  }

  /// The places of marks, which are paths that begin where a figure stands.
  private func marks(_ elements: Elements) -> [(x: Double, y: Double)] {
    elements.named("path").filter { $0.attributes["class"] == "mark" }.compactMap { mark in
      let numbers = (mark.attributes["d"] ?? "").dropFirst()
        .split { !($0.isNumber || $0 == ".") }.prefix(2).compactMap { Double($0) }
      return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }
  }

  /// A function from the numbers of the vertical axis to places, read off its marks.
  private func heights(_ elements: Elements) throws -> (Double) -> Double {
    let numbers = elements.named("text").filter { $0.attributes["text-anchor"] == "end" }
      .compactMap { tick in
        Double(tick.text).flatMap { value in
          tick.attributes["y"].flatMap(Double.init).map { (value, $0 - 4) }
        }
      }
    let first = try #require(numbers.first)
    let last = try #require(numbers.last)
    return { first.1 + ($0 - first.0) / (last.0 - first.0) * (last.1 - first.1) }
  }

  @Test func `figures, intervals and the reference stand where the axis says`() throws {
    var upper = curve("upper", [(1, 9), (2, 7.5), (3, 7.25)])
    upper.points[1].interval = (7.1, 7.8)
    let plot = plot([upper, curve("lower", [(1, 5), (2, 4), (3, 4.5)], style: 1)], reference: 3.5)
    let elements = try #require(Elements(plot.html.markup))
    let height = try heights(elements)
    let marks = marks(elements)
    let values = [9, 7.5, 7.25, 5, 4, 4.5]
    #expect(marks.count == values.count)
    for (mark, value) in zip(marks, values) { #expect(abs(mark.y - height(value)) < 0.05) }
    // Orders are at equal distances.
    #expect(abs((marks[1].x - marks[0].x) - (marks[2].x - marks[1].x)) < 0.02)
    let whisker = try #require(
      elements.named("line").first { $0.attributes["class"] == "whisker" }
    )
    let ends = ["y1", "y2"].compactMap { whisker.attributes[$0].flatMap(Double.init) }
    #expect(abs(ends[0] - height(7.1)) < 0.05)
    #expect(abs(ends[1] - height(7.8)) < 0.05)
    let floor = elements.named("line").first { $0.attributes["class"] == "reference" }
    let place = try #require(floor?.attributes["y1"].flatMap(Double.init))
    #expect(abs(place - height(3.5)) < 0.05)
  }

  @Test func `on a logarithmic axis equal ratios are equal distances`() throws {
    let plot = plot(
      [curve("learning", [(100, 3), (1000, 2), (10_000, 1)])],
      horizontal: .logarithmic
    )
    let marks = marks(try #require(Elements(plot.html.markup)))
    #expect(abs((marks[1].x - marks[0].x) - (marks[2].x - marks[1].x)) < 0.02)
  }

  @Test func `orders are marked as whole numbers`() throws {
    let elements = try #require(
      Elements(plot([curve("short", [(1, 3), (2, 2), (3, 1)])]).html.markup)
    )
    let ticks = elements.named("text").filter { $0.attributes["text-anchor"] == "middle" }
    #expect(ticks.map(\.text) == ["1", "2", "3", "order"])
  }

  @Test func `an infinite figure breaks the line, is marked at the edge and named`() throws {
    let plot = plot([curve("zero", [(1, 4), (2, .infinity), (3, 5), (4, .nan)])])
    let elements = try #require(Elements(plot.html.markup))
    let line = elements.named("path").first { $0.attributes["class"] == "whole" }
    #expect(line?.attributes["d"]?.count { $0 == "M" } == 2)
    #expect(elements.named("path").count { $0.attributes["class"] == "edge" } == 1)
    #expect(marks(elements).count == 2)
    #expect(elements.named("td").contains { $0.text == "infinite" })
    #expect(elements.named("td").contains { $0.text == "undefined" })
    #expect(!plot.html.markup.contains("nan") && !plot.html.markup.contains(">inf<"))
    let never = try #require(Elements(self.plot([curve("never", [(1, .infinity)])]).html.markup))
    #expect(never.named("text").contains { $0.text == "never: infinite" })
  }

  @Test func `curves differ in the form of their marks, and names do not touch`() throws {
    let curves = (0..<7).map {
      curve("curve \($0)", [(1, 1 + Double($0) / 1e3), (2, 1)], style: $0)
    }
    let elements = try #require(Elements(plot(curves, reference: 1).html.markup))
    let forms = elements.named("path").filter { $0.attributes["class"] == "mark" }
      .compactMap { $0.attributes["d"].map { $0.drop { $0 != "m" } } }
    #expect(Set(forms).count == 7)
    let names = elements.named("text").filter {
      $0.text.hasPrefix("curve ") || $0.text == "the floor"
    }
    #expect(names.count == 8)
    let places = names.compactMap { $0.attributes["y"].flatMap(Double.init) }
    for (place, next) in zip(places, places.dropFirst()) { #expect(next - place > 15.9) }
  }

  @Test func `every number is in the table, whatever the names`() throws {
    let plot = plot([curve("</svg>&\"", [(1, 4.125), (2, 3.5)])])
    let elements = try #require(Elements(plot.html.markup))
    #expect(elements.named("tr").count == 3)
    #expect(elements.named("td").map(\.text).contains("4.125"))
    #expect(elements.named("th").contains { $0.text == "</svg>&\"" })
    #expect(elements.named("svg").first?.attributes["role"] == "img")
  }

  @Test(arguments: [[5.0, 5, 5], [0, 100, 100], [96, 98, 99], []])
  func `names are spread without leaving the plot`(places: [Double]) {
    let spread = CurveLayout.spread(places, in: 0...100)
    #expect(spread.count == places.count)
    #expect(spread.allSatisfy { $0 <= 100 })
    for (place, next) in zip(spread, spread.dropFirst()) { #expect(next - place >= 16) }
  }
}
