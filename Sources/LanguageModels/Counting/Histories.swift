import Files
import Tokenization

/// The histories of a text in blocks, pass by pass.
struct Histories {
  /// The words in groups.
  let groups: WordGroups

  /// The codes that words are sorted by.
  let code: WordCode

  private let passes: TextPasses
  private let order: Int
  private let threads: Int
  private let positionLimit: Int
  private var numberings: [HistoryBlocks.Numbering] = [HistoryBlocks.Numbering()]
  private var only: HistoryBlocks?

  /// The histories of `text` for n-grams up to `order`, which is at least 2.
  ///
  /// A text that is in memory takes one pass.
  ///
  /// - Throws: `FileError` if the scratch files fail.
  init(
    _ text: TrainingText,
    vocabularySize: Int,
    order: Int,
    threads: Int = 1,
    positionLimit: Int = HistoryBlocks.positionLimit,
    groupLimit: Int = WordGroups.positionLimit
  ) throws {
    self.order = order
    self.threads = threads
    self.positionLimit = positionLimit
    code = WordCode(vocabularySize: vocabularySize)
    groups = try WordGroups(
      text,
      vocabularySize: vocabularySize,
      threads: threads,
      positionLimit: groupLimit
    )
    passes = try TextPasses(
      text,
      groups: groups,
      code: code,
      order: order,
      positionLimit: positionLimit
    )
  }

  /// The number of passes.
  var passCount: Int { passes.passes.count }

  /// Calls `body` with the blocks of one pass after the other.
  mutating func forEachPass(_ body: (HistoryBlocks) throws -> Void) throws {
    for (index, pass) in passes.passes.enumerated() {
      let blocks =
        try only
        ?? HistoryBlocks(
          passes.text(of: pass),
          groups,
          of: pass,
          code: code,
          order: order,
          threads: threads,
          positionLimit: positionLimit,
          // A pass that is made anew each time is in the order of the text.
          keepsOrder: passCount == 1,
          after: numberings[index]
        )
      if numberings.count == index + 1 {
        numberings.append(blocks.numbering(after: numberings[index]))
      }
      if passCount == 1 { only = blocks }
      try body(blocks)
    }
  }
}
