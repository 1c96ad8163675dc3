import InformationTheory
import Records
import Terminal

/// The figures of `loss`, for people and for programs.
struct LossReport {
  let result: PredictionReader.Result
  let path: String
  let command: LossCommand

  var summary: LossSummary { result.summary }

  /// The figures of each class; of classes that may be true together, those of its own label 1.
  var classFigures: [LossSummary.ClassFigures] {
    guard let multiLabel = result.multiLabel else { return summary.classes }
    return multiLabel.classes.map { losses in
      var figures = losses.classes[1]
      figures.crossEntropyNats = losses.crossEntropyNats
      figures.brier = losses.brier
      return figures
    }
  }

  /// The sum of the rows' weights.
  var weightSum: Double { summary.weight / Double(result.multiLabel?.classes.count ?? 1) }

  /// The line of a row, and the name of its label, or of the class that was predicted there.
  func place(of row: LossSummary.CostlyRow) -> (line: Int, label: String) {
    guard let count = result.multiLabel?.classes.count else {
      return (row.row, result.classes[row.label])
    }
    let name = result.classes[row.row % count]
    return (row.row / count, row.label == 1 ? name : "not \(name)")
  }

  /// The first row that gives what is true the probability 0.
  var firstZeroProbabilityRow: Int? {
    summary.firstZeroProbabilityRow.map { $0 / (result.multiLabel?.classes.count ?? 1) }
  }

  // MARK: JSON

  var json: JSONValue {
    [
      "predictions": .string(path),
      "rows": .integer(summary.rows),
      "classes": .array(result.classes.indices.map(classJSON)),
      "from_logits": .bool(result.isLogits),
      "soft_targets": .bool(result.hasSoftTargets),
      "multi_label": .bool(result.multiLabel != nil),
      "normalized_rows": .integer(result.normalizedRows),
      "ignored_rows": .integer(result.ignoredRows),
      "unused_labels": .integer(result.unusedLabels),
      "weight_column": JSONValue(result.weightColumn),
      "weight_sum": JSONValue(result.weightColumn.map { _ in weightSum }),
      "class_weights": result.classWeights.isEmpty
        ? .null : .array(result.classWeights.map { .double($0) }),
      "unread_columns": .array(result.unreadColumns.map { .string($0) }),
      "doubtful_classes": .array(doubtfulClasses.map { .string($0) }),
      "softmax_twice": JSONValue(result.repeatedSoftmax?.rawValue),
      "cross_entropy_nats": .double(summary.crossEntropyNats),
      "cross_entropy_bits": .double(summary.crossEntropyBits),
      "cross_entropy_sum_nats": JSONValue(
        result.multiLabel.map { summary.crossEntropyNats * Double($0.classes.count) }
      ),
      "exact_match": JSONValue(result.multiLabel?.exactMatch),
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
      "first_zero_probability_row": JSONValue(firstZeroProbabilityRow),
      "floor": summary.floorEffect.map(json) ?? .null,
      "distillation": result.distillation.map(json) ?? .null,
      "costliest": .array(summary.costliest.map(json)),
    ]
  }

  private func classJSON(_ index: Int) -> JSONValue {
    let figures = classFigures[index]
    return [
      "class": .string(result.classes[index]),
      "rows": .integer(figures.rows),
      "cross_entropy_nats": .double(figures.crossEntropyNats),
      "recall": .double(figures.recall),
      "precision": .double(figures.precision),
      "brier": .double(figures.brier),
      "mean_probability": .double(figures.meanProbability),
      "distillation_nats": JSONValue(result.distillation?.classLossNats[index]),
    ]
  }

  private func json(_ distillation: DistillationSummary) -> JSONValue {
    [
      "temperature": .double(distillation.temperature),
      "loss_nats": .double(distillation.lossNats),
      "loss_bits": .double(distillation.lossBits),
      "divergence_nats": .double(distillation.divergenceNats),
      "divergence_bits": .double(distillation.divergenceBits),
      "teacher_entropy_nats": .double(distillation.teacherEntropyNats),
      "teacher_entropy_bits": .double(distillation.teacherEntropyBits),
      "gradient_norm": .double(distillation.gradientNorm),
      "agreement": .double(distillation.agreement),
      "infinite_rows": .integer(distillation.infiniteRows),
      "first_infinite_row": JSONValue(distillation.firstInfiniteRow),
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
    let (line, label) = place(of: row)
    return [
      "line": .integer(line),
      "label": .string(label),
      "probability": .double(row.probability),
      "loss_nats": .double(row.lossNats),
    ]
  }
}
