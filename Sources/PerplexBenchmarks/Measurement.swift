import Foundation
import Terminal

/// How long a stage took, and on how much.
struct Measurement {
  var stage: String
  var seconds: Double
  var byteCount: Int
  var tokenCount: Int
  /// What the stage left behind, in bytes, where that is of interest.
  var resultByteCount: Int?

  /// The median of `repetitions` runs of `body`.
  static func seconds(_ repetitions: Int, _ body: () throws -> Void) rethrows -> Double {
    var times: [Double] = []
    for _ in 0..<repetitions {
      let start = ContinuousClock.now
      try body()
      let elapsed = ContinuousClock.now - start
      times.append(
        Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
      )
    }
    return times.sorted()[times.count / 2]
  }

  var json: JSONValue {
    [
      "stage": .string(stage), "seconds": .double(seconds),
      "megabytes_per_second": .double(Double(byteCount) / seconds / 1e6),
      "nanoseconds_per_token": .double(seconds * 1e9 / Double(max(1, tokenCount))),
      "bytes_per_token": resultByteCount.map {
        .double(Double($0) / Double(max(1, tokenCount)))
      } ?? .null,
    ]
  }

  static func table(_ measurements: [Measurement]) -> TextTable {
    var table = TextTable([
      .left("stage"), .decimal("seconds"), .decimal("MB/s"), .decimal("ns/token"),
      .decimal("bytes/token"),
    ])
    for measurement in measurements {
      let tokens = Double(max(1, measurement.tokenCount))
      table.append([
        measurement.stage, NumberFormat.significant(measurement.seconds, digits: 4),
        measurement.byteCount == 0
          ? ""
          : NumberFormat.fixed(
            Double(measurement.byteCount) / measurement.seconds / 1e6,
            decimals: 1
          ),
        measurement.tokenCount == 0
          ? "" : NumberFormat.fixed(measurement.seconds * 1e9 / tokens, decimals: 1),
        measurement.resultByteCount.map {
          NumberFormat.fixed(Double($0) / tokens, decimals: 1)
        } ?? "",
      ])
    }
    return table
  }
}
