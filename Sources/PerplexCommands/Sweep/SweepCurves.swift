import Pages

/// The curves of models that differ in order, method and amount of training text.
///
/// It takes plain numbers, as the JSON of `sweep` has them.
struct SweepCurves: Sendable {
  /// A model's figures, all in bits a token.
  struct Model: Sendable {
    /// The name of its smoothing method.
    var smoothing: String
    /// Its order.
    var order: Int
    /// The number of tokens that it was trained on.
    var trainingTokens: Int
    /// Its cross-entropy on the held-out text; infinite where that has a token it excludes.
    var crossEntropyBits: Double
    /// The ends of that figure's interval.
    var interval: (low: Double, high: Double)?
    /// Its cross-entropy on what it was trained on.
    var trainingCrossEntropyBits: Double?
    /// Its cross-entropy less that of its baseline.
    var differenceBits: Double?
    /// The ends of that figure's interval.
    var differenceInterval: (low: Double, high: Double)?
  }

  /// The models.
  var models: [Model]
  /// The baseline in words.
  var baseline: String
  /// The level of the intervals, in words: `95 %`.
  var level: String
  /// The entropy of the source, below which no model can stay; nil if it is not known.
  var entropyBits: Double?
  /// Writes a number: a value and its decimals.
  var format: @Sendable (Double, Int) -> String

  /// The plots that these models make: those with a curve of two figures or more.
  var plots: [CurvePlot] {
    [byOrder, overfitting, learning, relative].filter { plot in
      plot.curves.contains { $0.points.count > 1 }
    }
  }

  /// The methods, in the order of their first models.
  private var methods: [String] {
    var methods: [String] = []
    for model in models where !methods.contains(model.smoothing) {
      methods.append(model.smoothing)
    }
    return methods
  }

  private var largestSize: Int { models.map(\.trainingTokens).max() ?? 0 }

  /// The models of one method on all of the text, by order.
  private func ordered(_ method: String) -> [Model] {
    models.filter { $0.smoothing == method && $0.trainingTokens == largestSize }
      .sorted { $0.order < $1.order }
  }

  /// The order at which a method is best on all of the text.
  private func bestOrder(_ method: String) -> Int? {
    ordered(method).min { $0.crossEntropyBits < $1.crossEntropyBits }?.order
  }

  /// The models of one method and order, by the size of the text.
  private func grown(_ method: String, order: Int?) -> [Model] {
    models.filter { $0.smoothing == method && $0.order == order }
      .sorted { $0.trainingTokens < $1.trainingTokens }
  }

  private var orderQuantity: CurvePlot.Quantity { .init("order", decimals: 0) }
  private var sizeQuantity: CurvePlot.Quantity {
    .init("training tokens", scale: .logarithmic, decimals: 0)
  }
  private var bitsQuantity: CurvePlot.Quantity { .init("bits a token", decimals: 4) }
  private var floor: IntervalPlot.Reference? {
    entropyBits.map { .init($0, label: "entropy of the source") }
  }

  /// Cross-entropy against order, of each method.
  private var byOrder: CurvePlot {
    var plot = CurvePlot(
      id: "by-order",
      title: "Cross-entropy of the held-out text against order, with \(level) intervals",
      remark: """
        Models of \(format(Double(largestSize), 0)) training tokens. A bit less is half the \
        perplexity. Methods find the same lines hard, so intervals that overlap do not make their \
        difference noise.
        """,
      horizontal: orderQuantity,
      vertical: bitsQuantity,
      reference: floor,
      format: format
    )
    plot.curves = methods.enumerated().map { index, method in
      CurvePlot.Curve(
        label: method,
        points: ordered(method).map(Self.heldOut(\.order)),
        style: index
      )
    }
    return plot
  }

  /// Training against held-out text, of each method.
  private var overfitting: CurvePlot {
    var plot = CurvePlot(
      id: "overfitting",
      title: "Held-out text, and text seen in training, against order",
      remark: """
        Whole lines: held out; broken lines: seen in training. A gain on seen text alone is \
        learned by heart.
        """,
      horizontal: orderQuantity,
      vertical: bitsQuantity,
      format: format
    )
    for (index, method) in methods.enumerated() {
      let models = ordered(method)
      plot.curves.append(
        CurvePlot.Curve(
          label: method,
          points: models.map { .init(x: Double($0.order), y: $0.crossEntropyBits) },
          style: index
        )
      )
      plot.curves.append(
        CurvePlot.Curve(
          label: "\(method), seen",
          points: models.compactMap { model in
            model.trainingCrossEntropyBits.map { .init(x: Double(model.order), y: $0) }
          },
          style: index,
          isBroken: true
        )
      )
    }
    return plot
  }

  /// Cross-entropy against the amount of text, of each method at its best order.
  private var learning: CurvePlot {
    var plot = CurvePlot(
      id: "learning",
      title: "Cross-entropy of the held-out text against training text, with \(level) intervals",
      remark: """
        Each method at the order that is its best on all of the text. Equal distances along are \
        equal ratios of text.
        """,
      horizontal: sizeQuantity,
      vertical: bitsQuantity,
      reference: floor,
      format: format
    )
    plot.curves = methods.enumerated().map { index, method in
      let order = bestOrder(method)
      return CurvePlot.Curve(
        label: label(method, order),
        points: grown(method, order: order).map(Self.heldOut(\.trainingTokens)),
        style: index
      )
    }
    return plot
  }

  /// Differences to the baseline, against the amount of text where that varies, else against order.
  private var relative: CurvePlot {
    let growsText = Set(models.map(\.trainingTokens)).count > 1
    var plot = CurvePlot(
      id: "relative",
      title: "Cross-entropy less the baseline's, with \(level) intervals",
      remark: """
        Below the line is better than the baseline, \(baseline), of the same training text. The \
        lines are paired, so the difference is far more certain than either figure (Chen and \
        Goodman 1998, section 5.1).
        """,
      horizontal: growsText ? sizeQuantity : orderQuantity,
      vertical: .init("bits a token less the baseline's", decimals: 4),
      reference: .init(0, label: "0: as the baseline"),
      format: format
    )
    plot.curves = methods.enumerated().map { index, method in
      let order = bestOrder(method)
      let models = growsText ? grown(method, order: order) : ordered(method)
      return CurvePlot.Curve(
        label: growsText ? label(method, order) : method,
        points: models.compactMap { model in
          model.differenceBits.map {
            CurvePlot.Point(
              x: Double(growsText ? model.trainingTokens : model.order),
              y: $0,
              interval: model.differenceInterval
            )
          }
        },
        style: index
      )
    }
    return plot
  }

  private func label(_ method: String, _ order: Int?) -> String {
    method + (order.map { ":\($0)" } ?? "")
  }

  /// A model's point; `path` is the quantity along the horizontal axis.
  private static func heldOut(
    _ path: any KeyPath<Model, Int> & Sendable
  ) -> (Model) -> CurvePlot.Point {
    { model in
      CurvePlot.Point(
        x: Double(model[keyPath: path]),
        y: model.crossEntropyBits,
        interval: model.interval
      )
    }
  }
}
