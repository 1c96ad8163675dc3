/// The sizes of a mixing model's tables.
struct MixingSizes: Hashable, Sendable {
  var preset: MixingPreset
  /// Entries of runs, a multiple of four.
  var runCount: Int
  /// Buckets of 64 bytes, a multiple of four.
  var bucketCount: Int
  /// log₂ of the number of bytes of learned text that are kept, and of positions in it.
  var textBits: Int

  /// The most bytes that the gated model takes.
  var gatedByteCount: Int

  /// The sizes for a text of `textByteCount` bytes, if that is known, in `memoryByteCount` bytes.
  init(textByteCount: Int?, memoryByteCount: Int, preset: MixingPreset) {
    self.preset = preset
    gatedByteCount = 0
    textBits = 12
    runCount = 1 << 10
    bucketCount = 1 << 8
    let textByteCount = max(1 << 12, min(textByteCount ?? memoryByteCount, 1 << 40))
    textBits = min(28, Int.bitWidth - (textByteCount - 1).leadingZeroBitCount)
    let flexible = max(0, memoryByteCount - fixedByteCount)
    while textBits > 12 && (1 << textBits) * (1 + 4 * matchCount) > flexible / 4 { textBits -= 1 }
    if preset.layout.usesGated {
      gatedByteCount = min(flexible / 4, 1 << 22 + min(Int.max >> 8, textByteCount) * 48)
    }
    // A byte brings some 0.2 new contexts of each kind, and 0.1 new buckets.
    let contexts = min(Int.max >> 16, textByteCount) * preset.layout.kinds.count
    let wantedRuns = max(runCount, Int(Double(contexts) * 0.28))
    let wantedBuckets = max(bucketCount, Int(Double(contexts) * 0.14))
    let wanted = wantedRuns * 4 + wantedBuckets * 64
    let available = min(wanted, max(0, memoryByteCount - memory))
    runCount = max(runCount, Int(Double(wantedRuns) * (Double(available) / Double(wanted)))) & ~3
    bucketCount =
      max(bucketCount, Int(Double(wantedBuckets) * (Double(available) / Double(wanted)))) & ~3
  }

  /// The sizes in `parameters`, checked.
  init(parameters: [String: Int]) throws(PredictorError) {
    guard let preset = parameters["preset"].flatMap(MixingPreset.init(rawValue:)) else {
      throw PredictorError("preset")
    }
    self.preset = preset
    runCount = try Self.value("runCount", parameters, 4...1 << 36)
    bucketCount = try Self.value("bucketCount", parameters, 4...1 << 32)
    gatedByteCount = try Self.value("gatedByteCount", parameters, 0...1 << 40)
    textBits = try Self.value("textBits", parameters, 12...28)
  }

  private static func value(
    _ name: String,
    _ parameters: [String: Int],
    _ range: ClosedRange<Int>
  ) throws(PredictorError) -> Int {
    guard let value = parameters[name], range ~= value else { throw PredictorError(name) }
    return value
  }

  var parameters: [String: Int] {
    [
      "preset": preset.rawValue, "runCount": runCount, "bucketCount": bucketCount,
      "gatedByteCount": gatedByteCount, "textBits": textBits,
    ]
  }

  var textByteCount: Int { 1 << textBits }

  private var matchCount: Int { preset.layout.matchMinimumLengths.count }

  /// The bytes that tables of these sizes take.
  var memory: Int {
    runCount * 4 + bucketCount * 64 + gatedByteCount + textByteCount * (1 + 4 * matchCount)
      + fixedByteCount
  }

  /// The bytes of the tables that have the same size in each model of a preset.
  private var fixedByteCount: Int {
    let layout = preset.layout
    return MixingLayout.directSlotCount * 4
      + FollowerTables.pairCount * 4 + FollowerTables.tripleCount * 2
      + 2 * (layout.mapEntryCount * 4 + layout.weightVectorCount * 16)
  }
}
