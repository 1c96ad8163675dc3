import Files
package import Tokenization

/// Looks for the spans of a text among those of the text that a model was trained on.
package final class OverlapCounter {
  /// The spans looked for and found so far.
  package private(set) var overlap: TrainingOverlap

  private let spans: TrainingSpans
  private let vocabulary: Vocabulary
  private let separatesTokens: Bool
  private var hasher: SpanHasher
  /// The last tokens read, as many as a span that goes on has at most.
  private var tail: [TokenID] = []
  /// The number of tokens since the end of the last example.
  private var tokensSinceExample = Int.max / 2

  /// A counter for a text that `model` scores; nil if the model has no spans.
  package init?(_ model: any LanguageModel) {
    guard let spans = model.trainingSpans else { return nil }
    self.spans = spans
    vocabulary = model.vocabulary
    separatesTokens = model.settings.tokenizer.hasMarkers
    overlap = TrainingOverlap(spanLength: spans.length)
    hasher = SpanHasher(length: spans.length, limit: vocabulary.count)
  }

  /// Reads the tokens of `range`, which follow those read before; `line` is asked for the line of
  /// the token at an index.
  ///
  /// - Complexity: O(tokens), some nanoseconds each.
  package func read(_ tokens: Span<TokenID>, _ range: Range<Int>, line: (Int) -> TextPlace) {
    let spans = spans
    var sampled = 0
    var found = 0
    var lastPlaces: [Int] = []
    let room = TrainingOverlap.exampleLimit - overlap.examples.count
    // Where the next example may end without touching the one before.
    var free = range.lowerBound + spans.length - tokensSinceExample
    hasher.read(range, shift: spans.shift, token: { tokens[$0].rawValue }) { index, hash in
      sampled += 1
      guard spans.contains(hash) else { return }
      found += 1
      if lastPlaces.count < room && index >= free {
        lastPlaces.append(index)
        free = index + spans.length
      }
    }
    tokensSinceExample = range.upperBound + spans.length - free
    overlap.sampled += sampled
    overlap.found += found
    for last in lastPlaces {
      let part = (max(range.lowerBound, last - spans.length + 1)...last).map { tokens[$0] }
      let span = tail.suffix(spans.length - part.count) + part
      overlap.examples.append(TrainingOverlap.Example(line: line(last), text: text(of: span)))
    }
    let newest = max(range.lowerBound, range.upperBound - spans.length)..<range.upperBound
    tail = (tail + newest.map { tokens[$0] }).suffix(spans.length)
  }

  private func text(of tokens: some Sequence<TokenID>) -> String {
    var bytes: [UInt8] = []
    for token in tokens {
      if separatesTokens && !bytes.isEmpty { bytes.append(32) }
      vocabulary.withBytes(of: token) { bytes.append(copying: $0) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
