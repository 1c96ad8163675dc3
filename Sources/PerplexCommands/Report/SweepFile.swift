import Files
import Records
import Pages
import Terminal

/// The figures that `sweep --json` printed, read again to be drawn.
enum SweepFile {
  /// The curves in the file at `path`.
  ///
  /// - Throws: `FileError`, `RecordError` for a file of something else.
  static func curves(_ path: String) throws -> SweepCurves {
    let bytes = try Bytes.whole(path)
    let text = bytes.withBytes(0..<bytes.count) { Array($0) }
    let root = try JSONItem(whole: text, path: path)
    let models = root["cells"]?.elements.compactMap { model($0) } ?? []
    guard let level = root["level"]?.number, !models.isEmpty else {
      throw RecordError(path: path, "no models of a sweep in it; give what 'sweep --json' printed")
    }
    return SweepCurves(
      models: models,
      baseline: root["baseline"]?.text ?? "",
      level: IntervalOptions.levelText(level),
      entropyBits: root["source_entropy_bits"]?.number,
      format: { NumberFormat.grouped($0, decimals: $1) }
    )
  }

  /// A model with figures; nil for one that could not be estimated.
  private static func model(_ cell: JSONItem) -> SweepCurves.Model? {
    guard let smoothing = cell["smoothing"]?.text, let order = cell["order"]?.integer,
      let tokens = cell["training_tokens"]?.integer,
      let bits = number(cell["cross_entropy_bits"])
    else { return nil }
    var model = SweepCurves.Model(
      smoothing: smoothing,
      order: order,
      trainingTokens: tokens,
      crossEntropyBits: bits
    )
    model.interval = ends(cell["cross_entropy_interval"])
    model.trainingCrossEntropyBits = number(cell["training_cross_entropy_bits"])
    // The baseline is where the others are held against: at zero.
    model.differenceBits = number(cell["difference_bits"]) ?? (bits.isFinite ? 0 : nil)
    model.differenceInterval = ends(cell["difference_interval"])
    return model
  }

  private static func number(_ item: JSONItem?) -> Double? {
    item?.number ?? (item?.text == "inf" ? .infinity : nil)
  }

  private static func ends(_ item: JSONItem?) -> (low: Double, high: Double)? {
    let ends = item?.elements.compactMap(\.number) ?? []
    return ends.count == 2 ? (ends[0], ends[1]) : nil
  }
}
