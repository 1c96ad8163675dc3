import Files
import Foundation

/// The ratios of an earlier run, kept beside the code that they are of.
///
/// The file has the workload in its first line, then a header, then a stage and its ratio a line.
struct Baseline: Equatable {
  /// The slowdown against its baseline that a stage may have.
  static let tolerance = 0.25

  /// The workload in words.
  var workload: String

  /// The time of each stage in units of the reference.
  var ratios: [String: Double]

  private var stages: [String]

  /// The ratios of `measurements` of `workload`, without those of the system.
  init(_ measurements: [Measurement], workload: String) {
    let compared = measurements.filter { !$0.laps[0].isOfTheSystem }
    self.init(compared.map { ($0.stage, $0.ratio) }, workload: workload)
  }

  /// The stages in order with their ratios.
  init(_ ratios: [(String, Double)], workload: String) {
    self.workload = workload
    stages = ratios.map(\.0)
    self.ratios = Dictionary(ratios) { _, last in last }
  }

  /// The path of the project's baseline file.
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("baseline.tsv").path

  /// The slowdown of a stage against the baseline, as a share; negative where it is faster, nil where it
  /// is new.
  func change(_ measurement: Measurement) -> Double? {
    change(measurement.stage, measurement.ratio)
  }

  /// By how much `ratio` is above that of `stage`, as a share.
  func change(_ stage: String, _ ratio: Double) -> Double? { ratios[stage].map { ratio / $0 - 1 } }

  /// - Throws: ``BenchmarkError/slower(_:)`` where a stage is slower than it may be.
  func check(_ measurements: [(stage: String, ratio: Double)]) throws(BenchmarkError) {
    let slower = measurements.compactMap { measurement in
      change(measurement.stage, measurement.ratio).flatMap {
        $0 > Self.tolerance ? BenchmarkError.Stage(name: measurement.stage, change: $0) : nil
      }
    }
    if !slower.isEmpty { throw .slower(slower) }
  }

  /// The file's text.
  var text: String {
    (["# \(workload)", "stage\treference_ratio"]
      + stages.map { stage in
        "\(stage)\t" + String(format: "%.4g", locale: nil, ratios[stage] ?? .nan)
      }).map { $0 + "\n" }.joined()
  }

  /// Reads the file's text; nil where it is none.
  init?(text: String) {
    let lines = text.split(separator: "\n")
    guard lines.count > 2, lines[0].hasPrefix("# ") else { return nil }
    let rows = lines.dropFirst(2).map { $0.split(separator: "\t") }
    let ratios = rows.compactMap { row in
      row.count == 2 ? Double(row[1]).map { (String(row[0]), $0) } : nil
    }
    guard ratios.count == rows.count else { return nil }
    self.init(ratios, workload: String(lines[0].dropFirst(2)))
  }

  /// Reads the file of the project.
  ///
  /// - Throws: `FileError`, ``BenchmarkError/unfitBaseline(workload:)`` where it is of another workload.
  static func read(for workload: String) throws -> Baseline {
    let bytes = try Bytes(mapping: path)
    let text = bytes.withBytes(0..<bytes.count) { String(decoding: $0, as: UTF8.self) }
    guard let baseline = Baseline(text: text), baseline.workload == workload else {
      throw BenchmarkError.unfitBaseline(workload: workload)
    }
    return baseline
  }

  /// Writes the file of the project.
  func write() throws {
    var output = try OutputText(Self.path)
    try output.write(text)
    try output.commit()
  }
}
