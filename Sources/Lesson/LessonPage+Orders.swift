import LanguageModels
import Perplexity
import Pages
import Statistics
import Terminal

extension LessonPage {
  /// The number of samples of a model that are shown together.
  static let shownSamples = 3

  // MARK: Models of the text

  var orders: HTML {
    let rows = figures.orders.rows.prefix(LessonOrders.longestSampled)
    return paragraph(
      """
      An n-gram model predicts each token from the n − 1 before it. A unigram model knows only how \
      often each token comes; a bigram model, which tokens follow each other; a 5-gram model, \
      whole phrases. Below are samples of models of this text, drawn token by token from their \
      probabilities (seed \(figures.resampling.seed)), and their scores on the lines that were \
      kept from training. All models are smoothed by modified Kneser-Ney.
      """
    )
      + HTML("div", ["class": "cards"]) {
        for row in rows { card(row) }
      }
      + live {
        HTML("button", ["type": "button", "id": "more-samples"]) { "Other samples" }
      }
      + orderPlot.html
      + paragraph(
        """
        A perplexity is a figure of these lines; other lines of the same kind would give another. \
        The interval shows how much it may vary. \
        \(figures.orders.rows[0].interval.map { "It is a \($0.method)." }
        ?? "These lines are too few for an interval.")
        """
      )
  }

  private func card(_ row: LessonOrders.Row) -> HTML {
    HTML("div", ["class": "card"]) {
      HTML("h3") { Self.name(ofOrder: row.order) }
      HTML("p") {
        "Perplexity "
        HTML("strong") { Self.perplexity(row.smoothed.perplexity) }
        if let interval = row.interval {
          HTML("br")
          HTML("span", ["class": "quiet"]) {
            """
            \(Self.perplexity(interval.perplexity.low)) to \
            \(Self.perplexity(interval.perplexity.high))
            """
          }
        }
      }
      HTML("ul", ["class": "samples"]) {
        for (index, sample) in row.samples.prefix(Self.shownSamples).enumerated() {
          HTML("li") {
            HTML("bdi", ["id": "sample-\(row.order)-\(index)"]) {
              sample.isEmpty ? "(nothing)" : sample
            }
          }
        }
      }
    }
  }

  /// The name of a model of n-grams.
  static func name(ofOrder order: Int) -> String {
    ["unigram", "bigram", "trigram"].indices.contains(order - 1)
      ? ["Unigram", "Bigram", "Trigram"][order - 1] : "\(order)-gram"
  }

  private var orderPlot: IntervalPlot {
    let hasIntervals = figures.orders.rows[0].interval != nil
    var plot = IntervalPlot(
      id: "order-plot",
      title: "Perplexity of the lines kept from training"
        + (hasIntervals ? ", with 95 % intervals" : ""),
      remark: """
        Equal distances are equal ratios. A difference can be real though intervals overlap: hard \
        lines are hard for all models. The compare command allows for that.
        """,
      quantity: "perplexity a token",
      scale: .logarithmic
    )
    for row in figures.orders.rows.prefix(LessonOrders.longestSampled) {
      let interval = row.interval?.perplexity
      plot.rows.append(
        .init(
          label: Self.name(ofOrder: row.order),
          value: row.smoothed.perplexity,
          interval: interval.map { ($0.low, $0.high) },
          words: Self.perplexity(row.smoothed.perplexity)
            + (interval.map {
              " (\(Self.perplexity($0.low)) to \(Self.perplexity($0.high)))"
            } ?? "")
        )
      )
    }
    return plot
  }

  // MARK: Overfitting

  var overfitting: HTML {
    let orders = figures.orders
    let longest = orders.rows[orders.rows.count - 1]
    var table = ReportTable(
      caption: "Cross-entropy in bits a token, by order",
      columns: [
        .number("order"), .number("unsmoothed, on its own lines"),
        .number("unsmoothed, on the others"), .number("Kneser-Ney, on its own lines"),
        .number("Kneser-Ney, on the others"), .number("add-one, on the others"),
      ]
    )
    for row in orders.rows {
      table.append(
        ["\(row.order)"]
          + [
            row.unsmoothedOnTraining, row.unsmoothed, row.smoothedOnTraining, row.smoothed,
            row.additive,
          ].map { Self.fixed($0.crossEntropyBits, 3) }
      )
    }
    return paragraph(
      """
      Each model was measured twice: on the lines it was trained on, and on the lines kept from it. \
      Longer n-grams know the training lines better: without smoothing the figure goes from \
      \(Self.fixed(orders.rows[0].unsmoothedOnTraining.crossEntropyBits, 3)) bits a token to \
      \(Self.fixed(longest.unsmoothedOnTraining.crossEntropyBits, 3)). That is learning by heart: on \
      other lines it is \(Self.describe(longest.unsmoothed)). A figure on training text says nothing \
      about a model.
      """
    )
      + overfittingPlot.html
      + paragraph(
        """
        Smoothing decides what longer contexts are worth. Modified Kneser-Ney predicts the other \
        lines best at order \(orders.best.order), \
        \(Self.fixed(orders.best.smoothed.crossEntropyBits, 3)) bits a token. With add-one \
        smoothing, which gives most of a rare context's probability to words never seen after it, \
        the best order is \(orders.bestAdditive.order), and order \(longest.order) costs \
        \(Self.fixed(longest.additive.crossEntropyBits - orders.bestAdditive.additive.crossEntropyBits, 3)) \
        bits more. The distance between the two Kneser-Ney curves is the advantage of having seen \
        the lines.
        """
      )
      + (orders.notes.isEmpty
        ? HTML()
        : HTML("p", ["class": "quiet"]) {
          """
          If the text is too small to estimate a discount, a fixed one is used, and a curve may \
          bend: \(orders.notes.joined(separator: "; ")).
          """
        })
      + table.html
  }

  private static func describe(_ evaluation: Evaluation) -> String {
    evaluation.zeroProbabilityTokens > 0
      ? "infinite: it gives probability zero to \(evaluation.zeroProbabilityTokens.grouped) of their tokens"
      : "at \(fixed(evaluation.crossEntropyBits, 3)) bits"
  }

  /// The beginning and the end of a curve, in words.
  private static func course(_ curve: FunctionPlot.Curve) -> String {
    func words(_ bits: Double) -> String {
      bits.isFinite ? "\(fixed(bits, 3)) bits" : "infinite"
    }
    guard let first = curve.points.first, let last = curve.points.last else { return "" }
    return "\(curve.name): \(words(first.y)) at order 1, \(words(last.y)) at order \(Int(last.x))."
  }

  private var overfittingPlot: FunctionPlot {
    let rows = figures.orders.rows
    func curve(_ name: String, _ evaluation: KeyPath<LessonOrders.Row, Evaluation>)
      -> FunctionPlot.Curve
    {
      .init(
        name: name,
        points: rows.map { (Double($0.order), $0[keyPath: evaluation].crossEntropyBits) },
        marksPoints: true
      )
    }
    let curves = [
      curve("Kneser-Ney, on the others", \.smoothed),
      curve("Kneser-Ney, on its own lines", \.smoothedOnTraining),
      curve("add-one, on the others", \.additive),
      curve("unsmoothed, on its own lines", \.unsmoothedOnTraining),
      curve("unsmoothed, on the others", \.unsmoothed),
    ]
    let highest = curves.flatMap(\.points).map(\.y).filter { $0.isFinite }.max() ?? 1
    let step = highest > 10 ? 4.0 : highest > 5 ? 2.0 : 1.0
    let top = (highest / step).rounded(.up) * step
    // Above the highest number there is room for the arrows of infinite ones.
    let room = curves.flatMap(\.points).allSatisfy { $0.y.isFinite } ? 0 : step / 2
    return FunctionPlot(
      id: "overfitting-plot",
      title: "Cross-entropy by order",
      description: """
        \(curves.map(Self.course).joined(separator: " "))\
        \(room > 0 ? " Arrows at the upper edge are infinite figures." : "") The table below has \
        all figures.
        """,
      horizontal: .init(
        "order: length of the longest n-gram",
        0.7...(Double(rows.count) + 0.3),
        ticks: Self.ticks(rows.map { Double($0.order) })
      ),
      vertical: .init(
        "bits a token",
        0...(top + room),
        ticks: Self.ticks(Array(stride(from: 0, through: top, by: step)))
          + (room > 0 ? [.init(top + room, label: "∞")] : [])
      ),
      curves: curves
    )
  }
}
