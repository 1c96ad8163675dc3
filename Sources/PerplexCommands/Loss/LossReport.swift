import InformationTheory
import Records
import Terminal

/// The figures of `loss`, for people and for programs.
struct LossReport {
  let result: PredictionReader.Result
  let path: String
  let command: LossCommand

  var summary: LossSummary { result.summary }

  // MARK: JSON

  var json: JSONValue {
    [
      "predictions": .string(path),
      "rows": .integer(summary.rows),
      "classes": .array(result.classes.indices.map(classJSON)),
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
      "distillation": result.distillation.map(json) ?? .null,
      "costliest": .array(summary.costliest.map(json)),
    ]
  }

  private func classJSON(_ index: Int) -> JSONValue {
    let figures = summary.classes[index]
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
    [
      "line": .integer(row.row),
      "label": .string(result.classes[row.label]),
      "probability": .double(row.probability),
      "loss_nats": .double(row.lossNats),
    ]
  }
}
