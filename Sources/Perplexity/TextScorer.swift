public import Tokenization

/// Gives the tokens of a text their scores: a model, or a file of those that another program gave.
public protocol TextScorer: Sendable {
  /// Evaluates `source`; `progress` gets the number of bytes done so far.
  ///
  /// - Throws: an error of the file or of what is in it, among them for a text without tokens.
  func evaluate(_ source: TextSource, progress: (Int) -> Void) throws -> Evaluation

  /// Evaluates `source` and shows `visit` every part of it in order, in whole lines, with ranges.
  ///
  /// Where a text fails, `visit` has seen its start.
  ///
  /// - Throws: as ``evaluate(_:progress:)``, and what `visit` does.
  func evaluate(
    _ source: TextSource,
    visit: (ScoredText) throws -> Void,
    progress: (Int) -> Void
  ) throws -> Evaluation
}

extension Evaluator: TextScorer {}

extension Evaluation {
  /// Adds a part of a text that was scored elsewhere, after the parts before it.
  ///
  /// The part has whole lines, with their extents; bytes of tokens without a score are counted as
  /// ``TextMeasure/unscoredBytes``.
  public mutating func add(_ part: ScoredText) {
    let encoded = part.encoded
    add(
      encoded.tokens.span,
      0..<encoded.tokens.count,
      scores: part.scores.span,
      joinsBytes: part.joinsBytes
    )
    measure = measure + encoded.measure
    for line in part.lines {
      units.append(line)
      measure.unscoredBytes += line.sum.unscoredBytes
    }
  }

  /// Ends a text that was added part by part.
  public mutating func endText() { units.endDocument() }
}
