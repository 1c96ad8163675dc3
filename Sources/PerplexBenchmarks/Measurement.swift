import Records
import Terminal

/// The runs of a stage, and their medians.
struct Measurement {
  /// The runs, in the order in which they were made.
  private(set) var laps: [Lap] = []

  /// The median of the processor time, in units of the reference's.
  ///
  /// Not the fastest run: what depends on the caches has runs of rare luck (the interning of tokens
  /// once took 0.6 of its median).
  private(set) var ratio = 0.0

  var stage: String { laps[0].stage }

  private var seconds: Double { Self.median(laps.map(\.seconds)) }
  private var processorSeconds: Double { Self.median(laps.map(\.processorSeconds)) }

  private var megabytesPerSecond: Double? {
    laps[0].byteCount == 0 ? nil : Double(laps[0].byteCount) / seconds / 1e6
  }

  private var nanosecondsPerToken: Double? {
    laps[0].tokenCount == 0 ? nil : seconds * 1e9 / Double(laps[0].tokenCount)
  }

  private var bytesPerToken: Double? {
    laps[0].resultByteCount.map { Double($0) / Double(max(1, laps[0].tokenCount)) }
  }

  /// Runs every piece of work `repetitions` times, each after a run of the reference.
  ///
  /// In alternation, so that what slows the machine for a while slows both.
  ///
  /// - Returns: The stages of the work, in the order in which they ran first, and the median
  ///   seconds of the reference.
  static func measuring(
    _ work: [() throws -> [Lap]],
    repetitions: Int
  ) throws -> (stages: [Measurement], referenceSeconds: Double) {
    var reference = Reference()
    var times: [Double] = []
    var stages: [Measurement] = []
    for _ in 0..<repetitions {
      for piece in work {
        times.append(Lap.measuring("reference") { _ = reference.run() }.processorSeconds)
        for lap in try piece() {
          let index = stages.firstIndex { $0.stage == lap.stage } ?? stages.count
          if index == stages.count { stages.append(Measurement()) }
          stages[index].laps.append(lap)
        }
      }
    }
    let unit = median(times)
    for index in stages.indices { stages[index].ratio = stages[index].processorSeconds / unit }
    return (stages, unit)
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

extension Measurement {
  /// The stage's figures, with those of `baseline` where it is given.
  func json(_ baseline: Baseline?) -> JSONValue {
    [
      "stage": .string(stage), "seconds": .double(seconds),
      "processor_seconds": .double(processorSeconds),
      "megabytes_per_second": JSONValue(megabytesPerSecond),
      "nanoseconds_per_token": JSONValue(nanosecondsPerToken),
      "bytes_per_token": JSONValue(bytesPerToken),
      "reference_ratio": .double(ratio),
      "baseline_ratio": JSONValue(baseline?.ratios[stage]),
      "change": JSONValue(baseline?.change(self)),
    ]
  }

  /// A line a stage; with a baseline, by how much each is slower than there.
  static func table(_ measurements: [Measurement], _ baseline: Baseline?) -> TextTable {
    var table = TextTable(
      [
        .left("stage"), .decimal("seconds"), .decimal("CPU s"), .decimal("MB/s"),
        .decimal("ns/token"), .decimal("bytes/token"), .decimal("reference"),
      ] + (baseline == nil ? [] : [.decimal("baseline"), .decimal("change")])
    )
    // Predictors of bytes have less than one of both.
    func short(_ value: Double) -> String {
      NumberFormat.fixed(value, decimals: value < 10 ? 3 : 1)
    }
    for measurement in measurements {
      var row = [
        measurement.stage, NumberFormat.significant(measurement.seconds, digits: 4),
        NumberFormat.significant(measurement.processorSeconds, digits: 4),
        measurement.megabytesPerSecond.map(short) ?? "",
        measurement.nanosecondsPerToken.map { NumberFormat.fixed($0, decimals: 1) } ?? "",
        measurement.bytesPerToken.map(short) ?? "",
        NumberFormat.significant(measurement.ratio, digits: 4),
      ]
      if let baseline {
        row.append(
          baseline.ratios[measurement.stage].map { NumberFormat.significant($0, digits: 4) } ?? "-"
        )
        row.append(
          baseline.change(measurement).map { NumberFormat.percent($0, decimals: 1) } ?? "-"
        )
      }
      table.append(row)
    }
    return table
  }
}
