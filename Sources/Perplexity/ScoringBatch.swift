import Files
import LanguageModels
import Synchronization
import Tokenization

/// A block of a text with its sums and scores.
struct ScoredBlock: Sendable {
  /// The sums over its tokens, added to those of the block that it continues.
  var evaluation: Evaluation
  /// The index of the first of its tokens with probability zero.
  var firstZero: Int?
  /// The sums over the tokens of each line.
  var lines: [TextUnits.Line]
  /// The sum over the tokens after the last line, if the block contains no line.
  var rest = BlockSum()
  /// The score of each token, if scores are kept.
  var scores: [TokenScore] = []
}

/// Some consecutive blocks of a text, scored by any number of threads.
final class ScoringBatch: Sendable {
  /// The blocks.
  let blocks: [EncodedBlock]

  /// The tokens of all blocks, after the history that the model uses.
  let tokens: [TokenID]

  private let work: TextWork
  private let reading: any ModelReading
  private let start: Evaluation
  private let ranges: [Range<Int>]
  private let batch: any TokenBatch
  private let scored: Mutex<[ScoredBlock?]>

  /// A batch of `blocks` after `history`, prepared by `threads` threads.
  ///
  /// The sums of the first block continue from `start`. The previous batch must be complete.
  init(
    _ work: TextWork,
    _ reading: any ModelReading,
    _ blocks: [EncodedBlock],
    after history: [TokenID],
    onto start: Evaluation = Evaluation(),
    threads: Int = 1
  ) {
    self.work = work
    self.reading = reading
    self.start = start
    var blocks = blocks
    var tokens: [TokenID] = []
    var ranges: [Range<Int>] = []
    tokens.reserveCapacity(blocks.reduce(history.count) { $0 + $1.text.tokens.count })
    tokens += history
    for index in blocks.indices {
      let first = tokens.count
      tokens += blocks[index].text.tokens
      ranges.append(first..<tokens.count)
      if !work.keepsScores { blocks[index].text.tokens = [] }
    }
    self.blocks = blocks
    self.tokens = tokens
    self.ranges = ranges
    batch = reading.batch(tokens, ranges, threads: threads)
    scored = Mutex([ScoredBlock?](repeating: nil, count: blocks.count))
  }

  /// The number of blocks.
  var blockCount: Int { blocks.count }

  /// The last tokens of the batch that the model needs as history of the next batch.
  var history: [TokenID] {
    guard work.model.settings.sequence != .line, !reading.readsInOrder else { return [] }
    return Array(tokens.suffix(work.model.historyLength ?? .max))
  }

  /// Scores tokens until the batch has no more.
  func score() { batch.score { sum($0, $1) } }

  /// Sums the blocks that were not complete when the last token was scored.
  func sum(threads: Int) { batch.finish(threads: threads) { sum($0, $1) } }

  private func sum(_ index: Int, _ scores: Span<TokenScore>) {
    guard let spelled = blocks[index].spelled(tokens[ranges[index]], scores) else {
      return sumSpelled(index, scores)
    }
    sumSpelled(index, spelled.span)
  }

  private func sumSpelled(_ index: Int, _ scores: Span<TokenScore>) {
    let tokens = tokens
    let range = tokens.span.extracting(ranges[index])
    let joinsBytes = work.model.settings.joinsBytes
    let lines = blocks[index].text.lines
    var block = ScoredBlock(
      evaluation: index == 0 ? start : Evaluation(),
      lines: TextUnits.Line.all(of: lines, range, scores: scores, joinsBytes: joinsBytes)
    )
    if lines.isEmpty {
      block.rest = BlockSum(0..<range.count, range, scores: scores, joinsBytes: joinsBytes)
    }
    block.firstZero = block.evaluation.add(
      tokens.span,
      ranges[index],
      scores: scores,
      joinsBytes: joinsBytes
    )
    block.evaluation.measure = block.evaluation.measure + blocks[index].text.measure
    if work.keepsScores {
      block.scores.reserveCapacity(scores.count)
      for token in scores.indices { block.scores.append(scores[token]) }
    }
    scored.withLock { $0[index] = block }
  }

  /// The scored blocks, after all are complete.
  var scoredBlocks: [ScoredBlock] {
    scored.withLock { blocks in
      blocks.map { block in
        guard let block else { preconditionFailure("every block taken is scored") }
        return block
      }
    }
  }

  /// The tokens before the token `index` of a block, back to its own `<s>` at most.
  func tokens(before index: Int, ofBlock block: Int) -> ArraySlice<TokenID> {
    let before = tokens[..<(ranges[block].lowerBound + index)]
    return before[(before.lastIndex(of: .beginSentence) ?? before.startIndex)...]
  }

  /// Passes the tokens of a block to `overlap`.
  func read(block: Int, by overlap: OverlapCounter) {
    let tokens = tokens
    let range = ranges[block]
    overlap.read(tokens.span, range) { index in
      line(ofToken: index - range.lowerBound, ofBlock: block)
    }
  }

  /// The line of the token `index` of a block.
  func line(ofToken index: Int, ofBlock block: Int) -> TextPlace {
    let text = blocks[block].text
    return text.place(ofLine: max(0, text.lines.prefix { $0.firstToken <= index }.count - 1))
  }

  /// The token `index` of a block.
  func token(_ index: Int, ofBlock block: Int) -> TokenID {
    tokens[ranges[block].lowerBound + index]
  }
}

extension EncodedText {
  /// The size of the text, except for its number of tokens.
  var measure: TextMeasure {
    var measure = TextMeasure()
    measure.sequences = sequenceCount
    measure.characters = characterCount
    measure.graphemes = graphemeCount
    measure.bytes = byteCount
    measure.blankLines = blankLineCount
    return measure
  }
}
