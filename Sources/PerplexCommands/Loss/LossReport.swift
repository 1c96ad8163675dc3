import InformationTheory
import Terminal

/// The figures of `loss`, for people and for programs.
struct LossReport {
  private let result: PredictionReader.Result
  private let path: String
  private let command: LossCommand

  private var summary: LossSummary { result.summary }

  init(_ result: PredictionReader.Result, path: String, command: LossCommand) {
    self.result = result
    self.path = path
    self.command = command
  }

  // MARK: JSON

  var json: JSONValue {
    [
      "predictions": .string(path),
      "rows": .integer(summary.rows),
      "classes": .array(zip(result.classes, summary.classes).map(json)),
      "from_logits": .bool(result.isLogits),
      "soft_targets": .bool(result.hasSoftTargets),
      "normalized_rows": .integer(result.normalizedRows),
      "cross_entropy_nats": .double(summary.crossEntropyNats),
      "cross_entropy_bits": .double(summary.crossEntropyBits),
      "perplexity": .double(summary.perplexity),
      "smoothed_cross_entropy_nats": JSONValue(summary.smoothedCrossEntropyNats),
      "focal_nats": .double(summary.focalNats),
      "accuracy": .double(summary.accuracy),
      "brier": .double(summary.brier),
      "mean_squared_error": .double(summary.meanSquaredError),
      "gradient_norm": .double(summary.gradientNorm),
      "squared_error_gradient_norm": .double(summary.squaredErrorGradientNorm),
      "expected_calibration_error": .double(summary.calibration.expectedError),
      "calibration": .array(summary.calibration.bins.map(json)),
      "zero_probability_rows": .integer(summary.zeroProbabilityRows),
      "first_zero_probability_row": JSONValue(summary.firstZeroProbabilityRow),
      "floor": summary.floorEffect.map(json) ?? .null,
      "costliest": .array(summary.costliest.map(json)),
    ]
  }

  private func json(_ name: String, _ figures: LossSummary.ClassFigures) -> JSONValue {
    [
      "class": .string(name),
      "rows": .integer(figures.rows),
      "cross_entropy_nats": .double(figures.crossEntropyNats),
      "recall": .double(figures.recall),
      "precision": .double(figures.precision),
      "brier": .double(figures.brier),
      "mean_probability": .double(figures.meanProbability),
    ]
  }

  private func json(_ bin: Calibration.Bin) -> JSONValue {
    [
      "low": .double(bin.range.lowerBound),
      "high": .double(bin.range.upperBound),
      "rows": .integer(bin.count),
      "mean_confidence": .double(bin.meanConfidence),
      "accuracy": .double(bin.accuracy),
    ]
  }

  private func json(_ effect: LossSummary.FloorEffect) -> JSONValue {
    [
      "probability": JSONValue(command.floor),
      "rows": .integer(effect.rows),
      "cross_entropy_nats_without": .double(effect.crossEntropyNats),
    ]
  }

  private func json(_ row: LossSummary.CostlyRow) -> JSONValue {
    [
      "line": .integer(row.row),
      "label": .string(result.classes[row.label]),
      "probability": .double(row.probability),
      "loss_nats": .double(row.lossNats),
    ]
  }

  // MARK: Text

  func print(in console: inout Console) throws {
    let width = max(console.width, 80)
    try console.print(
      """
      \(path): \(NumberFormat.grouped(summary.rows)) rows, \(result.classes.count) classes, \
      \(result.isLogits ? "logits" : "probabilities")\
      \(result.hasSoftTargets ? ", soft targets" : "")
      """
    )
    try console.print()
    try console.write(figures.rendered(width: width, style: console.style))
    try printNotes(in: &console)
    try console.print()
    try console.write(classes.rendered(width: width, style: console.style))
    try console.print()
    try console.write(calibration.rendered(width: width, style: console.style))
    if !summary.costliest.isEmpty {
      try console.print()
      try console.write(costliest.rendered(width: width, style: console.style))
    }
  }

  private func printNotes(in console: inout Console) throws {
    var notes: [String] = []
    if let first = summary.firstZeroProbabilityRow {
      notes.append(
        """
        \(NumberFormat.grouped(summary.zeroProbabilityRows)) \
        \(summary.zeroProbabilityRows == 1 ? "row gives" : "rows give") probability 0 to what is true, \
        the first of them on line \(first): the loss is infinite.
        """
      )
    }
    if let effect = summary.floorEffect, let floor = command.floor {
      notes.append(
        """
        The floor of \(floor) raised the probability of what is true in \
        \(NumberFormat.grouped(effect.rows)) \(effect.rows == 1 ? "row" : "rows"); without it, \
        cross-entropy is \(number(effect.crossEntropyNats)) nats. Such a figure is that of no distribution.
        """
      )
    }
    if result.normalizedRows > 0 {
      notes.append(
        "The probabilities of \(NumberFormat.grouped(result.normalizedRows)) rows were divided by their sum."
      )
    }
    for note in notes {
      try console.print()
      try console.print(TextLayout.wrapped(note, width: console.width).joined(separator: "\n"))
    }
  }

  private var figures: TextTable {
    var table = TextTable([.left("figure"), .decimal("value"), .left("what it is")])
    func add(_ name: String, _ value: Double, _ meaning: String) {
      table.append([name, number(value), meaning])
    }
    add(
      "cross-entropy",
      summary.crossEntropyNats,
      "nats a row, -log p of what is true; \(number(summary.crossEntropyBits)) bits"
    )
    if let smoothed = summary.smoothedCrossEntropyNats {
      add("  smoothed", smoothed, "nats; \(command.labelSmoothing) of each target spread evenly")
    }
    add("perplexity", summary.perplexity, "as many equally likely classes are as hard")
    add("accuracy", summary.accuracy, "share of rows whose likeliest class is true")
    add("Brier score", summary.brier, "squared distance to the truth, 0 to 2")
    add("focal loss", summary.focalNats, "nats; gamma \(command.focalGamma)")
    add(
      "calibration error",
      summary.calibration.expectedError,
      "|accuracy - confidence|, mean over rows, \(command.bins) bins"
    )
    add("squared error", summary.meanSquaredError, "mean over rows and classes")
    add("gradient", summary.gradientNorm, "of cross-entropy by the logits: |p - t|, mean")
    add(
      "  of squared error",
      summary.squaredErrorGradientNorm,
      "vanishes where p is sure, even if wrong"
    )
    return table
  }

  private var classes: TextTable {
    var table = TextTable([
      .left("class"), .right("rows"), .decimal("nats"), .decimal("mean p"), .decimal("recall"),
      .decimal("precision"), .decimal("Brier"), .left("nats as a bar"),
    ])
    let costs = summary.classes.map(\.crossEntropyNats).filter(\.isFinite)
    for (name, figures) in zip(result.classes, summary.classes) {
      table.append([
        name, NumberFormat.grouped(figures.rows), number(figures.crossEntropyNats),
        number(figures.meanProbability), number(figures.recall), number(figures.precision),
        number(figures.brier), Bar.text(figures.crossEntropyNats, of: costs.max() ?? 0),
      ])
    }
    return table
  }

  private var calibration: TextTable {
    var table = TextTable([
      .left("confidence"), .right("rows"), .decimal("mean"), .decimal("accuracy"),
      .left("accuracy as a bar"),
    ])
    for bin in summary.calibration.bins where bin.count > 0 {
      table.append([
        "\(NumberFormat.fixed(bin.range.lowerBound, decimals: 3)) to \(NumberFormat.fixed(bin.range.upperBound, decimals: 3))",
        NumberFormat.grouped(bin.count), number(bin.meanConfidence), number(bin.accuracy),
        Bar.text(bin.accuracy, of: 1),
      ])
    }
    return table
  }

  private var costliest: TextTable {
    var table = TextTable([
      .right("line"), .left("label"), .decimal("its p"), .decimal("nats"), .decimal("bits"),
    ])
    for row in summary.costliest {
      table.append([
        "\(row.row)", result.classes[row.label],
        NumberFormat.significant(row.probability, digits: 6), number(row.lossNats),
        number(row.lossNats * bitsPerNat),
      ])
    }
    return table
  }

  private func number(_ value: Double) -> String {
    value.isNaN
      ? "-" : value.isInfinite ? "infinite" : NumberFormat.fixed(value, decimals: 6)
  }
}
