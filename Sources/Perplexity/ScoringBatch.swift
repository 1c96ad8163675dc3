import Files
import LanguageModels
import Synchronization
import Tokenization

/// Some consecutive parts of a text on their way from tokens to scores; any number of threads may
/// work on it.
final class ScoringBatch: Sendable {
  /// What became of a part.
  struct Part: Sendable {
    /// What its tokens add up to, and those of the block before it where it goes on.
    var evaluation: Evaluation
    /// Where the first token of probability zero is among its tokens.
    var firstZero: Int?
    /// What the tokens of each line add up to.
    var lines: [TextUnits.Line]
    /// What stands after the last line, where there is no line.
    var rest = BlockSum()
    /// The score of each token, where they are kept.
    var scores: [TokenScore] = []
  }

  /// The parts.
  let blocks: [EncodedBlock]

  /// The tokens of all parts, after those that the model looks back to.
  let tokens: [TokenID]

  private let work: TextWork
  private let start: Evaluation
  private let ranges: [Range<Int>]
  private let sorted: SortedBatch?
  private let dispenser: IndexDispenser
  private let scored: Mutex<[Part?]>

  /// A batch of `parts`, prepared on so many `threads`; `history` stands before it.
  ///
  /// The sums of the first part go on from `start`. The memory of `previous`, which is done, is used
  /// again.
  init(
    _ work: TextWork,
    _ parts: [EncodedBlock],
    after history: [TokenID],
    onto start: Evaluation = Evaluation(),
    threads: Int = 1,
    reusing previous: ScoringBatch? = nil
  ) {
    self.work = work
    self.start = start
    var blocks = parts
    var tokens: [TokenID] = []
    var ranges: [Range<Int>] = []
    tokens.reserveCapacity(parts.reduce(history.count) { $0 + $1.text.tokens.count })
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
    sorted = work.model.sortedBatch(tokens, ranges, threads: threads, reusing: previous?.sorted)
    dispenser = IndexDispenser(parts.count)
    scored = Mutex([Part?](repeating: nil, count: parts.count))
  }

  /// The number of parts.
  var partCount: Int { blocks.count }

  /// The tokens that stand before the next batch, as far as the model looks back.
  var history: [TokenID] {
    guard work.model.settings.sequence != .line, work.reading == nil else { return [] }
    return Array(tokens.suffix(work.model.historyLength ?? .max))
  }

  /// Scores tokens until all are taken.
  func score() {
    if let sorted { return sorted.score() }
    if let reading = work.reading { return scoreInOrder(reading) }
    let tokens = tokens
    var scores: [TokenScore] = []
    while let index = dispenser.take() {
      let range = ranges[index]
      if scores.count < range.count {
        scores = [TokenScore](repeating: .certain, count: range.count)
      }
      var span = scores.mutableSpan
      work.model.score(tokens.span, range, into: &span)
      sum(index, scores.span.extracting(first: range.count))
    }
  }

  /// Scores all parts one after the other, on the first thread that comes.
  private func scoreInOrder(_ reading: any ModelReading) {
    guard dispenser.take() == 0 else { return }
    let tokens = tokens
    for (index, range) in ranges.enumerated() {
      var scores = [TokenScore](repeating: .certain, count: range.count)
      var span = scores.mutableSpan
      reading.score(tokens.span.extracting(range), into: &span)
      sum(index, scores.span)
    }
  }

  /// Sums parts until all are taken, once all tokens are scored.
  func sum(threads: Int) {
    guard let sorted else { return }
    Parallel.forEach(partCount, threads: threads) { index in
      sorted.withScores(ranges[index]) { scores in sum(index, scores) }
    }
  }

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
    let extents = blocks[index].text.lineExtents
    var part = Part(
      evaluation: index == 0 ? start : Evaluation(),
      lines: TextUnits.Line.all(of: extents, range, scores: scores, joinsBytes: joinsBytes)
    )
    if extents.isEmpty {
      part.rest = BlockSum(0..<range.count, range, scores: scores, joinsBytes: joinsBytes)
    }
    part.firstZero = part.evaluation.add(
      tokens.span,
      ranges[index],
      scores: scores,
      joinsBytes: joinsBytes
    )
    part.evaluation.measure = part.evaluation.measure + blocks[index].text.measure
    if work.keepsScores {
      part.scores.reserveCapacity(scores.count)
      for place in scores.indices { part.scores.append(scores[place]) }
    }
    scored.withLock { $0[index] = part }
  }

  /// The parts, once all are scored.
  var parts: [Part] {
    scored.withLock { parts in
      parts.map { part in
        guard let part else { preconditionFailure("every part taken is scored") }
        return part
      }
    }
  }

  /// The tokens before the token `index` of the part `part`, as far back as its own `<s>` at most.
  func tokens(before index: Int, ofPart part: Int) -> ArraySlice<TokenID> {
    let before = tokens[..<(ranges[part].lowerBound + index)]
    return before[(before.lastIndex(of: .beginSentence) ?? before.startIndex)...]
  }

  /// Lets `overlap` read the tokens of the part `part`.
  func read(part: Int, by overlap: OverlapCounter) {
    let tokens = tokens
    let range = ranges[part]
    let text = blocks[part].text
    overlap.read(tokens.span, range) { index in
      let line = text.lineExtents.prefix { $0.firstToken <= index - range.lowerBound }.count
      return text.firstLine + max(0, line - 1)
    }
  }

  /// The token `index` of the part `part`.
  func token(_ index: Int, ofPart part: Int) -> TokenID { tokens[ranges[part].lowerBound + index] }
}

extension EncodedText {
  /// What it is of a text, but for its tokens.
  fileprivate var measure: TextMeasure {
    var measure = TextMeasure()
    measure.sequences = sequenceCount
    measure.characters = characterCount
    measure.graphemes = graphemeCount
    measure.bytes = byteCount
    measure.blankLines = blankLineCount
    return measure
  }
}
