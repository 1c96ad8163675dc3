import Files
import LanguageModels
import Synchronization

/// The stages from a numbered text to a model file, each by the estimator's own name.
///
/// The model goes to a file without a name, so that no disk is waited for.
func estimating(
  _ data: TrainingData,
  order: Int,
  threads: Int
) -> () throws -> [Lap] {
  {
    let marks = Mutex<[(name: String, start: Moment)]>([])
    var options = EstimationOptions()
    options.order = order
    options.threads = threads
    options.stage = { name in marks.withLock { $0.append((name, Moment())) } }
    let file = try OutputFile(temporaryFor: "a benchmark")
    _ = try NGramEstimator(data, options: options).write(to: file)
    let end = Moment()
    let stages = marks.withLock { $0 }
    let byteCount = try file.contents().count
    return stages.indices.map { index in
      let isLast = index + 1 == stages.count
      var lap = Lap(
        stages[index].name,
        from: stages[index].start,
        to: isLast ? end : stages[index + 1].start
      )
      lap.byteCount = data.byteCount
      lap.tokenCount = data.text.count
      lap.resultByteCount = isLast ? byteCount : nil
      return lap
    }
  }
}

/// Putting a model in its place on the disk.
func writing(_ model: Bytes, to path: String) -> () throws -> [Lap] {
  {
    var lap = try Lap.measuring("write") {
      let file = try OutputFile(path)
      try model.withBytes(0..<model.count) { try file.write($0, at: 0) }
      try file.commit()
    }
    lap.byteCount = model.count
    lap.isOfTheSystem = true
    return [lap]
  }
}
