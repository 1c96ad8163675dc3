/// The sizes of a mixing model's tables, powers of two.
struct MixingSizes: Hashable, Sendable {
  var preset: MixingPreset
  /// Entries of runs.
  var runBits: Int
  /// Buckets of 64 bytes.
  var bucketBits: Int
  /// Bytes of learned text that are kept, and places that are remembered in it.
  var textBits: Int

  /// The sizes for a text of so many bytes, or of unknown length, in a memory of so many bytes.
  init(textByteCount: Int?, memoryByteCount: Int, preset: MixingPreset) {
    self.preset = preset
    let textByteCount = max(1 << 12, min(textByteCount ?? memoryByteCount / 64, 1 << 31))
    let hashedCount = preset.layout.kinds.count
    textBits = min(28, Self.bits(for: textByteCount))
    // Of the contexts of all kinds about half are new at each byte, and most of those stay runs.
    runBits = Self.bits(for: textByteCount * hashedCount / 2)
    bucketBits = Self.bits(for: textByteCount * hashedCount / 4)
    while memory > memoryByteCount && bucketBits > 8 {
      if bucketBits + 4 > runBits { bucketBits -= 1 } else { runBits -= 1 }
      textBits = min(textBits, max(12, bucketBits - 1))
    }
  }

  /// The smallest power of two that is at least `count`, as an exponent.
  private static func bits(for count: Int) -> Int {
    max(8, Int.bitWidth - max(1, count - 1).leadingZeroBitCount)
  }

  /// The sizes that `parameters` say.
  init(parameters: [String: Int]) throws(PredictorError) {
    guard let preset = parameters["preset"].flatMap(MixingPreset.init(rawValue:)) else {
      throw PredictorError("preset")
    }
    self.preset = preset
    runBits = try Self.value("runBits", parameters)
    bucketBits = try Self.value("bucketBits", parameters)
    textBits = try Self.value("textBits", parameters)
  }

  private static func value(
    _ name: String,
    _ parameters: [String: Int]
  ) throws(PredictorError) -> Int {
    guard let value = parameters[name], 8...34 ~= value else { throw PredictorError(name) }
    return value
  }

  var parameters: [String: Int] {
    ["preset": preset.rawValue, "runBits": runBits, "bucketBits": bucketBits, "textBits": textBits]
  }

  var runCount: Int { 1 << runBits }
  var bucketCount: Int { 1 << bucketBits }
  var textByteCount: Int { 1 << textBits }

  /// The bytes that tables of these sizes take.
  var memory: Int {
    let layout = preset.layout
    return runCount * 4 + bucketCount * 64 + textByteCount
      + layout.matchMinimumLengths.count * textByteCount * 4
      + MixingLayout.directSlotCount * 4
      + FollowerTables.pairCount * 4 + FollowerTables.tripleCount * 2
      + 2 * (layout.mapEntryCount * 4 + layout.weightVectorCount * 16)
  }
}
