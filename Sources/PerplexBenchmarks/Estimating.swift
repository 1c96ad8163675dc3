import Files
import LanguageModels
import Synchronization
import Tokenization

/// Grouping, counting, estimating and writing: what becomes of a numbered text until its model is a
/// file.
func estimating(
  _ data: TrainingData,
  order: Int,
  threads: Int,
  byteCount: Int,
  to path: String,
  _ repetitions: Int
) throws -> [Measurement] {
  var runs: [[(String, Double)]] = []
  var modelByteCount = 0
  for _ in 0..<repetitions {
    let marks = Mutex<[(String, ContinuousClock.Instant)]>([])
    var options = EstimationOptions()
    options.order = order
    options.threads = threads
    options.stage = { name in marks.withLock { $0.append((name, .now)) } }
    _ = try NGramEstimator(data, options: options).write(to: OutputFile(path))
    let end = ContinuousClock.now
    let marked = marks.withLock { $0 }
    runs.append(
      marked.indices.map { index in
        let next = index + 1 < marked.count ? marked[index + 1].1 : end
        let elapsed = (next - marked[index].1).components
        return (marked[index].0, Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
      }
    )
    modelByteCount = try Bytes(mapping: path).count
  }
  return runs[0].indices.map { index in
    let times = runs.map { $0[index].1 }.sorted()
    let name = runs[0][index].0
    return Measurement(
      stage: name == "estimate" ? "estimate and write" : name,
      seconds: times[times.count / 2],
      byteCount: byteCount,
      tokenCount: data.text.count,
      resultByteCount: name == "estimate" ? modelByteCount : nil
    )
  }
}
