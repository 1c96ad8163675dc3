import InformationTheory
import Terminal

/// The figures of `loss` as people read them.
extension LossReport {
  func print(in console: inout Console) throws {
    let width = max(console.width, 80)
    try console.print(
      """
      \(path): \(NumberFormat.grouped(summary.rows)) rows, \(result.classes.count) classes, \
      \(result.isLogits ? "logits" : "probabilities")\
      \(result.hasSoftTargets ? ", soft targets" : "")\
      \(result.multiLabel != nil ? ", each by itself" : "")\
      \(result.distillation != nil ? ", a teacher" : "")
      """
    )
    try console.print()
    try console.printTable(figures)
    try printNotes(in: &console)
    try console.print()
    try console.printTable(classes(fitting: width))
    try console.print()
    try console.printTable(calibration)
    if !summary.costliest.isEmpty {
      try console.print()
      try console.printTable(costliest)
    }
  }

  /// The figures and what they are; all numbers have as many decimals, so that their ends line up.
  private var figures: TextTable {
    var table = TextTable([.left("figure"), .right("value"), .prose("what it is")])
    func add(_ name: String, _ value: Double, _ meaning: String) {
      table.append([name, number(value), meaning])
    }
    if let multiLabel = result.multiLabel {
      let sum = summary.crossEntropyNats * Double(multiLabel.classes.count)
      add("cross-entropy", summary.crossEntropyNats, "nats a row and class, of each yes or no")
      add("  in bits", summary.crossEntropyBits, "")
      add("  of all classes", sum, "nats a row")
      add("exact match", multiLabel.exactMatch, "share of rows with every class right")
    } else {
      add("cross-entropy", summary.crossEntropyNats, "nats a row, -log p of the true class")
      add("  in bits", summary.crossEntropyBits, "")
    }
    if let smoothed = summary.smoothedCrossEntropyNats {
      add("  smoothed", smoothed, "nats; \(command.labelSmoothing) of each target spread evenly")
    }
    add("perplexity", summary.perplexity, "as hard as this many equally likely classes")
    add(
      "accuracy",
      summary.accuracy,
      result.multiLabel == nil
        ? "share of rows whose likeliest class is true" : "share of rows and classes that are right"
    )
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
    if let distillation = result.distillation {
      add(
        "distillation loss",
        distillation.lossNats,
        "nats, T^2 KL(teacher || student), T = \(distillation.temperature)"
      )
      add("  in bits", distillation.lossBits, "the same")
      add("  without T^2", distillation.divergenceNats, "nats, the KL itself")
      add("  gradient", distillation.gradientNorm, "by the logits: T |student - teacher|, mean")
      add(
        "teacher's entropy",
        distillation.teacherEntropyNats,
        "nats at T; with the KL, the cross-entropy"
      )
      add("agreement", distillation.agreement, "share of rows with the teacher's likeliest class")
    }
    return table
  }

  private func classes(fitting width: Int) -> TextTable {
    let costs = classFigures.map(\.crossEntropyNats).filter(\.isFinite)
    return .withBars(fitting: width) { bar in
      var columns: [TextTable.Column] = [.left("class"), .right("rows"), .right("nats")]
      if result.distillation != nil { columns.append(.right("distilled")) }
      columns += [.right("mean p"), .right("recall"), .right("precision"), .right("Brier")]
      if bar > 0 { columns.append(.left(bar >= 12 ? "nats as a bar" : "nats")) }
      var table = TextTable(columns)
      for (index, figures) in classFigures.enumerated() {
        var cells = [
          result.classes[index], NumberFormat.grouped(figures.rows),
          number(figures.crossEntropyNats),
        ]
        if let distillation = result.distillation {
          cells.append(number(distillation.classLossNats[index]))
        }
        cells += [figures.meanProbability, figures.recall, figures.precision, figures.brier].map {
          number($0)
        }
        if bar > 0 {
          cells.append(TextBar.text(figures.crossEntropyNats, of: costs.max() ?? 0, width: bar))
        }
        table.append(cells)
      }
      return table
    }
  }

  private var calibration: TextTable {
    var table = TextTable([
      .left("confidence"), .right("rows"), .right("mean"), .right("accuracy"),
      .left("accuracy as a bar"),
    ])
    for bin in summary.calibration.bins where bin.count > 0 {
      table.append([
        "\(NumberFormat.fixed(bin.range.lowerBound, decimals: 3)) to \(NumberFormat.fixed(bin.range.upperBound, decimals: 3))",
        NumberFormat.grouped(bin.count), number(bin.meanConfidence), number(bin.accuracy),
        TextBar.text(bin.accuracy, of: 1),
      ])
    }
    return table
  }

  private var costliest: TextTable {
    var table = TextTable([
      .right("line"), .left("label"), .decimal("its p"), .right("nats"), .right("bits"),
    ])
    for row in summary.costliest {
      let (line, label) = place(of: row)
      table.append([
        "\(line)", label,
        NumberFormat.significant(row.probability, digits: 6), number(row.lossNats),
        number(row.lossNats * bitsPerNat),
      ])
    }
    return table
  }

  func number(_ value: Double) -> String { NumberFormat.figure(value) }
}
