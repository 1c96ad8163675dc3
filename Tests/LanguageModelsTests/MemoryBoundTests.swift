import Files
import Synchronization
import TestSupport
import Testing
import Tokenization

@testable import LanguageModels

/// What is told of a text that does not fit in memory before it is spilled.
@Suite struct MemoryBoundTests {
  /// Some 60,000 tokens, long ones so that they are read in three pieces; later lines are longer.
  static let text = (0..<6000).map { line in
    (0..<(7 + line / 2000)).map { word in
      String(repeating: "w", count: 40 + line % 30) + "\(line * word % 1500)"
    }.joined(separator: " ") + "\n"
  }.joined()

  private struct Refusal: Error {}

  /// The data of the text, read by one thread, and what was told while it was read.
  private func read(
    order: Int,
    byteCount: Int = 1 << 18,
    textByteCount: Int? = Self.text.utf8.count
  ) throws -> (data: TrainingData, estimates: [MemoryBound.Estimate]) {
    let told = Mutex<[MemoryBound.Estimate]>([])
    var bound = MemoryBound(
      byteCount,
      folder: ScratchFile.defaultFolder,
      order: order,
      textByteCount: textByteCount
    )
    bound.willSpill = { estimate in told.withLock { $0.append(estimate) } }
    let data = try withTemporaryFile(Self.text) { path in
      var input = TrainingInput([.file(path)], settings: TextSettings(tokenizer: .whitespace))
      input.bound = bound
      // More threads may have read all of it before anything is spilled.
      return try TrainingData(input, threads: 1)
    }
    return (data, told.withLock { $0 })
  }

  /// The bytes of the scratch files that training on `data` writes.
  private func spilledByteCount(_ data: TrainingData, order: Int) throws -> Int {
    let parts = try TextPasses(
      data.text,
      groups: WordGroups(data.text, vocabularySize: data.vocabulary.count, threads: 1),
      code: WordCode(vocabularySize: data.vocabulary.count),
      order: order,
      positionLimit: HistoryBlocks.positionLimit
    )
    let tokens = try #require(data.text.spilled)
    return try tokens.file.byteCount + #require(parts.scratch).byteCount
  }

  @Test(arguments: [2, 5, 16])
  func `what is told once is near what is spilled`(order: Int) throws {
    let (data, estimates) = try read(order: order)
    try #require(estimates.count == 1)
    let estimate = estimates[0]
    #expect(estimate.readShare < 0.5)
    #expect(!estimate.isLowerBound)
    #expect(estimate.folder == ScratchFile.defaultFolder)
    #expect(estimate.freeByteCount > 0)
    let ratio = Double(estimate.diskByteCount) / Double(try spilledByteCount(data, order: order))
    #expect(ratio > 1 / 1.5 && ratio < 1.5, "\(ratio)")
  }

  @Test func `of a text of unknown length the least is told`() throws {
    let (data, estimates) = try read(order: 3, textByteCount: nil)
    try #require(estimates.count == 1)
    #expect(estimates[0].isLowerBound)
    #expect(estimates[0].readShare == 1)
    #expect(try estimates[0].diskByteCount <= spilledByteCount(data, order: 3))
  }

  @Test func `nothing is told of a text that fits`() throws {
    let (data, estimates) = try read(order: 3, byteCount: 64 << 20)
    #expect(estimates.isEmpty)
    #expect(!data.text.isSpilled)
  }

  @Test func `who does not agree ends the work`() throws {
    var bound = MemoryBound(
      1 << 14,
      folder: ScratchFile.defaultFolder,
      order: 3,
      textByteCount: nil
    )
    bound.willSpill = { _ in throw Refusal() }
    #expect(throws: Refusal.self) { try Recipe().data(Self.text, bound: bound) }
  }

  /// A text of 4 PB, as far as the bound knows.
  @Test func `a text for which the folder has no room is refused before anything is spilled`()
    throws
  {
    var bound = MemoryBound(
      1 << 14,
      folder: ScratchFile.defaultFolder,
      order: 3,
      textByteCount: 1 << 52
    )
    bound.willSpill = { _ in Issue.record("there is no room") }
    let error = #expect(throws: EstimationError.self) {
      try Recipe().data(Self.text, bound: bound)
    }
    guard case .noRoom(let estimate) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(estimate.folder == bound.folder)
    #expect(estimate.diskByteCount > estimate.freeByteCount)
  }

  @Test func `no room is one line with what is needed and a remedy`() {
    var estimate = MemoryBound.Estimate(
      diskByteCount: 12_000_001,
      freeByteCount: 5_000_000,
      folder: "/scratch",
      readShare: 0.5,
      isLowerBound: false
    )
    #expect(
      EstimationError.noRoom(estimate).description
        == "/scratch: the text needs about 13 MB here and 5 MB are free; "
        + "allow more with '--memory' or name another folder with '--temporary'"
    )
    estimate.isLowerBound = true
    #expect(
      EstimationError.noRoom(estimate).description.hasPrefix(
        "/scratch: the text needs at least 13 MB here"
      )
    )
  }
}
