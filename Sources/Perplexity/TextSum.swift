import LanguageModels
import Tokenization

/// The sum of a text's parts, in their order.
///
/// A block is summed from nothing, token by token, and the blocks one after the other: so the result
/// has the same bits whether a block came as one part or as many.
struct TextSum {
  /// The sum of the last block, as far as it has come.
  private(set) var open = Evaluation()

  private let work: TextWork
  private var closed = Evaluation()
  private var units = TextUnits()
  private var firstZero: ZeroProbability?

  private let overlap: OverlapCounter?

  init(_ work: TextWork) {
    self.work = work
    overlap = OverlapCounter(work.model)
  }

  /// Adds the parts of a scored batch.
  mutating func add(
    _ batch: ScoringBatch,
    visit: (ScoredText) throws -> Void,
    progress: (Int) -> Void
  ) throws {
    for (index, part) in batch.parts.enumerated() {
      let block = batch.blocks[index]
      if !block.block.continuesBlock { closed = closed + open }
      open = part.evaluation
      for line in part.lines { units.append(line) }
      if part.lines.isEmpty { units.extendLast(part.rest) }
      if let overlap { batch.read(part: index, by: overlap) }
      if let zero = part.firstZero, firstZero == nil {
        firstZero = try zeroProbability(at: zero, ofPart: index, of: batch)
      }
      if work.keepsScores {
        try visit(
          ScoredText(
            encoded: block.text,
            scores: part.scores,
            joinsBytes: work.model.settings.joinsBytes
          )
        )
      }
      progress(closed.measure.bytes + open.measure.bytes)
    }
  }

  /// The sum of all parts.
  ///
  /// - Throws: `TextError` for a text without tokens.
  func finished(textFingerprint: UInt64) throws(TextError) -> Evaluation {
    var evaluation = closed + open
    evaluation.textFingerprint = textFingerprint
    evaluation.units = units
    evaluation.units.endDocument()
    evaluation.firstZeroProbability = firstZero
    evaluation.trainingOverlap = overlap?.overlap
    let measure = evaluation.measure
    guard measure.tokens > work.model.settings.endCount(ofSequences: measure.sequences) else {
      throw .empty(paths: [work.source.name])
    }
    return evaluation
  }

  private func zeroProbability(
    at index: Int,
    ofPart part: Int,
    of batch: ScoringBatch
  ) throws(TextError) -> ZeroProbability {
    let vocabulary = work.model.vocabulary
    let token = batch.token(index, ofPart: part)
    let context = batch.tokens(before: index, ofPart: part).suffix(work.model.historyLength ?? 8)
    let block = batch.blocks[part].block
    let line = try work.lines(of: block).prefix { $0.firstToken <= index }.count
    return ZeroProbability(
      token: token.isOutOfVocabulary
        ? "<unk> (a token that the vocabulary lacks)" : vocabulary[token],
      context: context.map { $0.isOutOfVocabulary ? "<unk>" : vocabulary[$0] },
      line: block.firstLine + max(0, line - 1)
    )
  }
}
