import Files
import Tokenization

/// The histories of a text, in blocks, part by part: what the passes over a text go through.
struct Histories {
  /// The words in groups.
  let groups: WordGroups

  /// The codes that words are sorted by.
  let code: WordCode

  private let parts: TextParts
  private let order: Int
  private let threads: Int
  private let positionLimit: Int
  private var numberings: [HistoryBlocks.Numbering] = [HistoryBlocks.Numbering()]
  private var only: HistoryBlocks?

  /// The histories of `text` for n-grams up to `order`, which is at least 2.
  ///
  /// A text that is in memory has one part.
  ///
  /// - Throws: `FileError` where the scratch files fail.
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
    parts = try TextParts(
      text,
      groups: groups,
      code: code,
      order: order,
      positionLimit: positionLimit
    )
  }

  /// The number of parts.
  var partCount: Int { parts.parts.count }

  /// Shows `body` the blocks of one part after the other.
  mutating func forEachPart(_ body: (HistoryBlocks) throws -> Void) throws {
    for (index, part) in parts.parts.enumerated() {
      let blocks =
        try only
        ?? HistoryBlocks(
          parts.text(of: part),
          groups,
          of: part,
          code: code,
          order: order,
          threads: threads,
          positionLimit: positionLimit,
          // A part that is made anew each time is in the order of the text.
          keepsOrder: partCount == 1,
          after: numberings[index]
        )
      if numberings.count == index + 1 {
        numberings.append(blocks.numbering(after: numberings[index]))
      }
      if partCount == 1 { only = blocks }
      try body(blocks)
    }
  }
}
