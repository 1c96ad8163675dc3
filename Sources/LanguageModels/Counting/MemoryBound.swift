import Files

/// How much memory training may use beside the vocabulary, and where the rest goes.
///
/// A text in memory needs eleven bytes a token. Where that is more than the bound, its numbered
/// tokens are written to a scratch file as they are read (4 bytes each), and from there in one pass to
/// parts by the last words of their histories (4 bytes times the order for each), which are then
/// worked on one at a time.
public struct MemoryBound: Sendable {
  /// What a spilled text will take; the part that is read tells it.
  public struct Estimate: Sendable, Hashable {
    /// The room in the folder, in bytes.
    public var diskByteCount: Int
    /// What is free there.
    public var freeByteCount: Int
    /// The folder.
    public var folder: String
    /// The share of the text that was read to make it.
    public var readShare: Double
    /// Whether the text may be any longer than what was read, as one from standard input.
    public var isLowerBound: Bool

    /// An estimate.
    public init(
      diskByteCount: Int,
      freeByteCount: Int,
      folder: String,
      readShare: Double,
      isLowerBound: Bool
    ) {
      self.diskByteCount = diskByteCount
      self.freeByteCount = freeByteCount
      self.folder = folder
      self.readShare = readShare
      self.isLowerBound = isLowerBound
    }

    /// What stands before its numbers: `about`, or `at least`.
    public var qualifier: String { isLowerBound ? "at least" : "about" }

    /// How long all of the work will take, where reading that share took `seconds`.
    ///
    /// Measured on two cores: four times the reading, and what is spilled at 130 MB a second.
    public func seconds(afterReading seconds: Double) -> Double {
      4 * seconds / readShare + Double(diskByteCount) / 130e6
    }
  }

  /// What a token takes while the model is estimated with the text in memory: itself, its place among
  /// the histories, and its share of the n-grams of frequent contexts.
  static let bytesAToken = 11

  /// What training takes in any case.
  static let fixedByteCount = 24 << 20

  /// The bound in bytes, what the vocabulary takes not counted.
  public var byteCount: Int

  /// The folder for scratch files.
  public var folder: String

  /// The length of the longest n-gram.
  public var order: Int

  /// The number of bytes of the whole text; nil where that is not known.
  public var textByteCount: Int?

  /// Told of it before anything is spilled; what it throws ends the work.
  public var willSpill: @Sendable (Estimate) throws -> Void = { _ in }

  /// How much was read when it is asked.
  var readSoFar: @Sendable () -> (byteCount: Int, tokenCount: Int) = { (0, 0) }

  /// A bound.
  public init(_ byteCount: Int, folder: String, order: Int, textByteCount: Int?) {
    self.byteCount = byteCount
    self.folder = folder
    self.order = order
    self.textByteCount = textByteCount
  }

  private var byteCountForTokens: Int { max(byteCount - Self.fixedByteCount, byteCount / 4) }

  /// The longest text that is kept in memory.
  var tokenCountInMemory: Int { byteCountForTokens / Self.bytesAToken }

  /// The largest number of windows in a part: each takes its tokens, its place, and what it needs
  /// while the part is cut into blocks.
  var windowCount: Int {
    min(
      max(1 << 10, byteCountForTokens * 4 / 5 / (4 * order + 10)),
      TrainingText.capacity / order - 1
    )
  }

  /// Estimates what the text will take, and asks for consent.
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
