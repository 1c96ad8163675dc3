import Files

/// The memory that training may use beside the vocabulary, and the folder that takes the rest.
///
/// A text in memory needs eleven bytes a token. Where that is more than the bound, its numbered
/// tokens go to a scratch file as they are read (4 bytes each), and from there to windows by the
/// last words of their histories (4 bytes times the order for each), which are then worked on in
/// several passes.
package struct MemoryBound: Sendable {
  /// The disk that a spilled text will take, as estimated from the part that is read.
  package struct Estimate: Sendable, Hashable {
    /// The room in the folder, in bytes.
    package var diskByteCount: Int
    /// The free bytes there.
    package var freeByteCount: Int
    /// The folder.
    package var folder: String
    /// The share of the text that was read to make it.
    package var readShare: Double
    /// The text may be any longer than what was read, as one from standard input.
    package var isLowerBound: Bool

    /// The words before its numbers: `about`, or `at least`.
    package var qualifier: String { isLowerBound ? "at least" : "about" }

    /// The seconds that all of the work will take, where reading that share took `seconds`.
    ///
    /// Measured on two cores: four times the reading, and what is spilled at 130 MB a second.
    package func seconds(afterReading seconds: Double) -> Double {
      4 * seconds / readShare + Double(diskByteCount) / 130e6
    }
  }

  /// The bytes of a token while the model is estimated with the text in memory: itself, its index
  /// among the histories, and its share of the n-grams of frequent contexts.
  static let bytesAToken = 11

  /// The bytes that training takes in any case.
  static let fixedByteCount = 24 << 20

  /// The bound in bytes, without the vocabulary.
  package var byteCount: Int

  /// The folder for scratch files.
  package var folder: String

  /// The length of the longest n-gram.
  package var order: Int

  /// The number of bytes of the whole text; nil if that is not known.
  package var textByteCount: Int?

  /// Receives the estimate before anything is spilled; an error that it throws ends the work.
  package var willSpill: @Sendable (Estimate) throws -> Void = { _ in }

  /// The bytes and tokens read so far.
  var readSoFar: @Sendable () -> (byteCount: Int, tokenCount: Int) = { (0, 0) }

  /// A bound.
  package init(_ byteCount: Int, folder: String, order: Int, textByteCount: Int?) {
    self.byteCount = byteCount
    self.folder = folder
    self.order = order
    self.textByteCount = textByteCount
  }

  private var byteCountForTokens: Int { max(byteCount - Self.fixedByteCount, byteCount / 4) }

  /// The longest text that is kept in memory.
  var tokenCountInMemory: Int { byteCountForTokens / Self.bytesAToken }

  /// The largest number of windows in a pass: each takes its tokens, its index, and what it needs
  /// while the pass is cut into blocks.
  var windowCount: Int {
    min(
      max(1 << 10, byteCountForTokens * 4 / 5 / (4 * order + 10)),
      TrainingText.capacity / order - 1
    )
  }

  /// Estimates the disk that the text will take, and asks for consent.
  ///
  /// - Throws: ``EstimationError/noRoom(_:)``.
  func announce() throws {
    let read = readSoFar()
    let scale =
      textByteCount.map { read.byteCount > 0 ? max(1, Double($0) / Double(read.byteCount)) : 1 }
      ?? 1
    let tokenCount = Int(Double(read.tokenCount) * scale)
    let estimate = Estimate(
      diskByteCount: tokenCount * 4 * (1 + order),
      freeByteCount: try ScratchFile.freeByteCount(in: folder),
      folder: folder,
      readShare: 1 / scale,
      isLowerBound: textByteCount == nil
    )
    if estimate.diskByteCount > estimate.freeByteCount { throw EstimationError.noRoom(estimate) }
    try willSpill(estimate)
  }
}
