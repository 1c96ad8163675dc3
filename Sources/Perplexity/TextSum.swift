import LanguageModels
import Records
import Tokenization

/// The sum of a text's blocks, in order.
///
/// Each block is summed from zero, token by token, and then the blocks are added. So the result has
/// the same bits whether a block arrives at once or in pieces.
struct TextSum {
  /// The sum of the last block so far.
  private(set) var open = Evaluation()

  private let work: TextWork
  private var closed = Evaluation()
  private var units = TextUnits()
  private var firstZero: ZeroProbability?
  private var records: RecordTally?

  private let overlap: OverlapCounter?

  init(_ work: TextWork) {
    self.work = work
    overlap = OverlapCounter(work.model)
  }

  /// Adds the blocks of a scored batch.
  mutating func add(
    _ batch: ScoringBatch,
    visit: (ScoredText) throws -> Void,
    progress: (Int) -> Void
  ) throws {
    for (index, scored) in batch.scoredBlocks.enumerated() {
      let block = batch.blocks[index]
      if !block.block.continuesBlock { closed = closed + open }
      open = scored.evaluation
      add(scored, block.text)
      if let overlap { batch.read(block: index, by: overlap) }
      if let zero = scored.firstZero, firstZero == nil {
        firstZero = zeroProbability(at: zero, ofBlock: index, of: batch)
      }
      if work.keepsScores {
        try visit(
          ScoredText(
            encoded: block.text,
            scores: scored.scores,
            joinsBytes: work.model.settings.joinsBytes
          )
        )
      }
      progress(closed.measure.bytes + open.measure.bytes)
    }
  }

  /// Adds the lines of a block to the units, and the ends of its records.
  private mutating func add(_ scored: ScoredBlock, _ text: EncodedText) {
    if text.tally == nil {
      for line in scored.lines { units.append(line) }
      if scored.lines.isEmpty { units.extendLast(scored.rest) }
      return
    }
    text.forEachRecord { units.append(record: scored.lines[$0]) }
    records = (records ?? RecordTally()) + (text.tally ?? RecordTally())
  }

  /// The sum of all blocks.
  ///
  /// - Throws: `TextError` for a text without tokens.
  func finished(textFingerprint: UInt64) throws(TextError) -> Evaluation {
    var evaluation = closed + open
    evaluation.textFingerprint = textFingerprint
    evaluation.units = units
    evaluation.records = records
    evaluation.units.endDocument()
    evaluation.firstZeroProbability = firstZero
    evaluation.trainingOverlap = overlap?.overlap
    let measure = evaluation.measure
    guard measure.tokens > work.model.settings.endCount(ofSequences: measure.sequences) else {
      throw .empty(paths: [work.source.name], leftOut: records?.leftOutAll)
    }
    return evaluation
  }

  private func zeroProbability(
    at index: Int,
    ofBlock block: Int,
    of batch: ScoringBatch
  ) -> ZeroProbability {
    let vocabulary = work.model.vocabulary
    let token = batch.token(index, ofBlock: block)
    let context = batch.tokens(before: index, ofBlock: block).suffix(work.model.historyLength ?? 8)
    return ZeroProbability(
      token: token.isOutOfVocabulary
        ? "<unk> (a token that the vocabulary lacks)" : vocabulary[token],
      context: context.map { $0.isOutOfVocabulary ? "<unk>" : vocabulary[$0] },
      line: batch.line(ofToken: index, ofBlock: block)
    )
  }
}
