/// The reason why a run of the benchmarks fails.
enum BenchmarkError: Error, Equatable, CustomStringConvertible {
  /// The baseline is of other work, or no baseline.
  case unfitBaseline(workload: String)
  /// Stages are too much slower than their baseline.
  case slower([Stage])
  /// A text came back from its code as another.
  case wrongDecoding(predictor: String)

  /// A stage, and its slowdown as a share.
  struct Stage: Equatable {
    var name: String
    var change: Double
  }

  var description: String {
    switch self {
    case .unfitBaseline(let workload):
      "\(Baseline.path): this is no baseline of \(workload); leave the options at their defaults, or "
        + "record it anew with --record"
    case .slower(let stages):
      "slower than the baseline: "
        + stages.map { "\($0.name) by \(Int(($0.change * 100).rounded())) %" }.joined(
          separator: ", "
        )
        + "; run it again on a quiet machine, and if it stays so, find out why"
    case .wrongDecoding(let predictor):
      "\(predictor): the text decoded is not the one encoded; the figures would say nothing"
    }
  }
}
