import Records
package import Tokenization

/// A source of token scores for a text: a model, or a file with another program's scores.
package protocol TextScorer: Sendable {
  /// Evaluates `source`; `progress` gets the number of bytes done so far.
  ///
  /// - Throws: An error of the file or of its content, also for a text without tokens.
  func evaluate(_ source: TextSource, progress: (Int) -> Void) throws -> Evaluation

  /// Evaluates `source` and calls `visit` with each part of it, in order.
  ///
  /// Parts have whole lines and the ranges of tokens. If a text fails, `visit` has seen its
  /// beginning.
  ///
  /// - Throws: The errors of ``evaluate(_:progress:)`` and of `visit`.
  func evaluate(
    _ source: TextSource,
    visit: (ScoredText) throws -> Void,
    progress: (Int) -> Void
  ) throws -> Evaluation
}

extension Evaluator: TextScorer {}

extension Evaluation {
  /// Adds the next part of a text that was scored elsewhere.
  ///
  /// The part has whole lines with their extents. The bytes of tokens without a score count as
  /// ``TextMeasure/unscoredBytes``.
  package mutating func add(_ part: ScoredText) {
    let encoded = part.encoded
    add(
      encoded.tokens.span,
      0..<encoded.tokens.count,
      scores: part.scores.span,
      joinsBytes: part.joinsBytes
    )
    measure = measure + encoded.measure
    let lines = part.lines
    for line in lines { measure.unscoredBytes += line.sum.unscoredBytes }
    guard let tally = encoded.tally else {
      for line in lines { units.append(line) }
      return
    }
    encoded.forEachRecord { units.append(record: lines[$0]) }
    records = (records ?? RecordTally()) + tally
  }

  /// Ends a text that was added in parts.
  package mutating func endText() { units.endDocument() }
}
