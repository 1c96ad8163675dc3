import Files
import LanguageModels
import Terminal

/// The options of training memory and the folder of scratch files.
struct MemoryOptions: Equatable, Sendable {
  /// The least that a bound can be.
  static let minimumByteCount = 32 << 20

  var memory: ByteSize?
  var folder: String?

  static let arguments: [Argument<Self>] = [
    .option(
      "--memory",
      value: \.memory,
      statedDefault: "half of the machine's",
      help:
        "The bound of memory, without the vocabulary. A text that does not fit is worked on in parts, "
        + "from scratch files. The model is the same."
    ),
    .option(
      "--temporary",
      value: \.folder,
      placeholder: "FOLDER",
      statedDefault: "$TMPDIR, else /tmp",
      help: "The folder for scratch files."
    ),
  ]

  func validate() throws(UsageError) {
    if let memory, memory.byteCount < Self.minimumByteCount {
      throw .outOfRange(
        option: "--memory",
        bounds: "at least 32M",
        found: "\(memory.byteCount) bytes"
      )
    }
  }

  /// Checks, before any work, that there is a folder for what may have to be spilled.
  ///
  /// - Throws: `FileError` naming it.
  func checkFolder() throws {
    if let folder { _ = try ScratchFile(in: folder) }
  }

  /// The bytes that may be used: by default half of the machine's memory.
  var byteCount: Int {
    memory?.byteCount ?? max(Self.minimumByteCount, Platform.memoryByteCount / 2)
  }

  /// The bound for n-grams up to `order` of texts with `textByteCount` bytes.
  ///
  /// Before anything is spilled, `bar` shows a remark.
  func bound(order: Int, textByteCount: Int?, telling bar: ProgressBar) -> MemoryBound {
    let byteCount = byteCount
    var bound = MemoryBound(
      byteCount,
      folder: folder ?? ScratchFile.defaultFolder,
      order: order,
      textByteCount: textByteCount
    )
    let stopwatch = Stopwatch()
    bound.willSpill = { estimate in
      let seconds = estimate.seconds(afterReading: stopwatch.seconds)
      bar.remark(Self.remark(on: estimate, memory: byteCount, seconds: seconds))
    }
    return bound
  }

  /// The remark on a text that does not fit in `memory` bytes; all of the work takes `seconds`.
  static func remark(on estimate: MemoryBound.Estimate, memory: Int, seconds: Double) -> String {
    "the text does not fit in \(NumberFormat.bytes(memory)): \(estimate.qualifier) "
      + "\(NumberFormat.bytes(estimate.diskByteCount)) will be spilled to \(estimate.folder), where "
      + "\(NumberFormat.bytes(estimate.freeByteCount)) are free; in all \(estimate.qualifier) "
      + NumberFormat.duration(seconds: seconds)
  }
}
