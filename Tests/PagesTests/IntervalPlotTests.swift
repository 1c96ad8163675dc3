import Foundation
import Testing

@testable import Pages

@Suite struct IntervalPlotTests {
  private func plot(
    _ rows: [IntervalPlot.Row],
    scale: IntervalPlot.Scale = .linear,
    reference: Double? = nil
  ) -> IntervalPlot {
    var plot = IntervalPlot(
      id: "plot",
      title: "Differences",
      remark: "lower is better",
      quantity: "bits a token",
      scale: scale,
      reference: reference.map { .init($0, label: "0: as the baseline") }
    )
    plot.rows = rows
    return plot
  }

  private func row(
    _ value: Double,
    _ interval: (low: Double, high: Double)?,
    label: String = "model"
  ) -> IntervalPlot.Row {
    .init(label: label, value: value, interval: interval, words: "its figures")
  }

  /// A function from the numbers of an axis to places in the drawing, read off its tick marks.
  private func places(
    _ elements: Elements,
    _ transform: @escaping (Double) -> Double = { $0 }
  ) throws -> (Double) -> Double {
    let grid = elements.named("line").filter { $0.attributes["class"] == "grid" }
    let places = grid.compactMap { $0.attributes["x1"].flatMap(Double.init) }
    let numbers = elements.named("text").filter { $0.attributes["text-anchor"] == "middle" }
      .compactMap { tick in
        Double(tick.text.replacing("\u{2212}", with: "-").replacing(",", with: ""))
      }
    // The axis comes first, then the same behind each row.
    try #require(numbers.count >= 2 && places.count >= numbers.count)
    let (first, last) = (transform(numbers[0]), transform(numbers[numbers.count - 1]))
    return { value in
      places[0] + (transform(value) - first) / (last - first)
        * (places[numbers.count - 1] - places[0])
    }
  }

  private func intervalEnds(_ elements: Elements) -> [[Double]] {
    elements.named("line").filter {
      $0.attributes["class"] == "interval" && $0.attributes["y1"] == $0.attributes["y2"]
    }.map { line in
      ["x1", "x2"].compactMap { line.attributes[$0].flatMap(Double.init) }
    }
  }

  @Test func `figures and ends of intervals stand where the axis says`() throws {
    let rows = [row(-0.25, (-0.3, -0.19)), row(0.123, (-0.04, 0.3))]
    let elements = try #require(Elements(plot(rows, reference: 0).html.markup))
    let place = try places(elements)
    let ends = intervalEnds(elements)
    let marks = elements.named("circle").compactMap { $0.attributes["cx"].flatMap(Double.init) }
    for (index, row) in rows.enumerated() {
      let interval = try #require(row.interval)
      #expect(abs(ends[index][0] - place(interval.low)) < 0.05)
      #expect(abs(ends[index][1] - place(interval.high)) < 0.05)
      #expect(abs(marks[index] - place(row.value)) < 0.05)
    }
    let zero = elements.named("line").first { $0.attributes["class"] == "reference" }
    let zeroPlace = try #require(zero?.attributes["x1"].flatMap(Double.init))
    #expect(abs(zeroPlace - place(0)) < 0.05)
  }

  @Test func `on a logarithmic axis equal ratios are equal distances`() throws {
    let rows = [row(100, (50, 200)), row(4000, (1000, 9000))]
    let elements = try #require(Elements(plot(rows, scale: .logarithmic).html.markup))
    let ends = intervalEnds(elements)
    let place = try places(elements, log2)
    #expect(abs(ends[0][0] - place(50)) < 0.05)
    #expect(abs(ends[1][1] - place(9000)) < 0.05)
    let middle = elements.named("circle").first?.attributes["cx"].flatMap(Double.init)
    #expect(abs((try #require(middle)) - (ends[0][0] + ends[0][1]) / 2) < 0.02)
  }

  @Test func `a mark is full where the interval leaves the reference out`() throws {
    let rows = [row(-1, (-2, -0.5)), row(1, (-1, 3)), row(2, nil), row(0, (0, 0))]
    let elements = try #require(Elements(plot(rows, reference: 0).html.markup))
    #expect(
      elements.named("circle").map { $0.attributes["class"] }
        == ["clear", "unclear", "unclear", "unclear"]
    )
  }

  @Test(
    arguments: [
      (Double.infinity, nil, "its figures, no place on the axis"),
      (.nan, nil, "its figures, no place on the axis"),
      (1e300, nil, "its figures, no place on the axis"),
      (1, nil, "its figures, no interval"),
      (1, (0.5, .infinity), "its figures, open above"),
      (1, (-.infinity, 2), "its figures, open below"),
      (1, (.nan, .nan), "its figures, open below, open above"),
      (1, (0.5, 2), "its figures"),
    ] as [(Double, (low: Double, high: Double)?, String)]
  )
  func `what has no place is said in words`(
    value: Double,
    interval: (low: Double, high: Double)?,
    words: String
  ) throws {
    let plot = plot([row(0, (-1, 1)), row(value, interval)], reference: 0)
    #expect(plot.words(of: plot.rows[1]) == words)
    let elements = try #require(Elements(plot.html.markup))
    #expect(elements.named("text").last?.text == words)
    #expect(elements.named("desc").first?.text.hasSuffix("model: \(words).") == true)
    #expect(!plot.html.markup.contains("nan") && !plot.html.markup.contains("inf"))
  }

  @Test func `a plot without any number is a plot in words`() throws {
    for scale in [IntervalPlot.Scale.linear, .logarithmic] {
      let plot = plot([row(.infinity, nil)], scale: scale)
      let elements = try #require(Elements(plot.html.markup))
      #expect(elements.named("circle").isEmpty)
      #expect(elements.named("svg").first?.attributes["role"] == "img")
    }
  }

  @Test func `names of any kind and length leave the drawing well-formed`() throws {
    let name = "</svg>&\"\u{0}" + String(repeating: "long/", count: 40) + "model"
    let elements = try #require(Elements(plot([row(1, (0, 2), label: name)]).html.markup))
    let shown = elements.named("text").filter { $0.attributes["text-anchor"] == "start" }
    #expect(shown.map(\.text.count) == [36])
    #expect(shown.first?.text.hasSuffix("model") == true)
  }
}

@Suite struct PlotAxisTests {
  @Test(arguments: [
    ([0.0, 10], ["0", "2", "4", "6", "8", "10"]),
    ([-0.31, 0.02], ["\u{2212}0.3", "\u{2212}0.2", "\u{2212}0.1", "0"]),
    ([12_000, 58_000], ["10,000", "20,000", "30,000", "40,000", "50,000", "60,000"]),
    ([2e12, 3e12], ["2e12", "2.2e12", "2.4e12", "2.6e12", "2.8e12", "3e12"]),
    ([1.00012, 1.00018], ["1.00012", "1.00014", "1.00016", "1.00018"]),
  ])
  func `round numbers are marked`(values: [Double], labels: [String]) throws {
    let axis = try #require(PlotAxis(values, scale: .linear))
    #expect(axis.ticks.map(\.label) == labels)
  }

  @Test(arguments: [
    ([50.0, 9000], ["50", "100", "200", "500", "1,000", "2,000", "5,000", "10,000"]),
    ([120, 180], ["120", "140", "160", "180"]),
  ])
  func `a logarithmic axis marks ones, twos and fives, or even steps`(
    values: [Double],
    labels: [String]
  ) throws {
    let axis = try #require(PlotAxis(values, scale: .logarithmic))
    #expect(axis.ticks.map(\.label) == labels)
  }

  @Test(arguments: [
    [0.0], [5], [-3], [1e99], [1e-99], [1e99, 1e-99], [-1e99, 1e99], [1, 1.0000000000000002],
    [1e15, 1e15 + 0.125], [0, .leastNonzeroMagnitude], [7, .infinity, .nan],
  ])
  func `every axis has its numbers on it, and marks from the least to the greatest`(
    values: [Double]
  ) throws {
    for scale in [IntervalPlot.Scale.linear, .logarithmic] {
      guard let axis = PlotAxis(values, scale: scale) else { continue }
      for value in values where PlotAxis.hasPlace(value, scale: scale) {
        #expect((0...1).contains(axis.position(value)))
      }
      let ticks = axis.ticks
      #expect(ticks.count <= 12)
      #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value })
      #expect(ticks.allSatisfy { (-0.001...1.001).contains(axis.position($0.value)) })
    }
    #expect(PlotAxis([.infinity], scale: .linear) == nil)
    #expect(PlotAxis([0, -1], scale: .logarithmic) == nil)
  }
}
