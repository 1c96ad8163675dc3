import BytePrediction
import Files
import Tokenization

/// A reading of tokens by a predictor of bytes.
final class ByteReading: ModelReading, @unchecked Sendable {
  // Used by one thread at a time, as the protocol says.
  private let predictor: any BytePredictor
  private var bytes: [UInt8] = []
  private var scores: [ByteScore] = []

  /// A reading by `predictor`, which is at the start of a text.
  init(_ predictor: any BytePredictor) { self.predictor = predictor }

  var readsInOrder: Bool { true }

  func read(_ tokens: Span<TokenID>) {
    var scores = [TokenScore](repeating: .certain, count: tokens.count)
    var span = scores.mutableSpan
    score(tokens, into: &span)
  }

  func batch(
    _ tokens: [TokenID],
    _ ranges: [Range<Int>],
    threads: Int
  ) -> any TokenBatch {
    ByteRanges(self, tokens, ranges)
  }

  /// Scores each of `tokens` after all that was read before it, and reads it; the score of
  /// `tokens[i]` goes to `output[i]`.
  func score(_ tokens: Span<TokenID>, into output: inout MutableSpan<TokenScore>) {
    var start = 0
    while start < tokens.count {
      guard let first = ByteVocabulary.byte(tokens[start]) else {
        // `<s>` begins a text; no other token but bytes is in one.
        if tokens[start] == .beginSentence { predictor.beginText() }
        output[start] = .certain
        start += 1
        continue
      }
      bytes.removeAll(keepingCapacity: true)
      bytes.append(first)
      while start + bytes.count < tokens.count,
        let byte = ByteVocabulary.byte(tokens[start + bytes.count])
      {
        bytes.append(byte)
      }
      let none = ByteScore(surprisalBits: 0, matchedLength: 0)
      if scores.count < bytes.count { scores = .init(repeating: none, count: bytes.count) }
      var span = scores.mutableSpan
      predictor.score(bytes.span, into: &span)
      for index in bytes.indices {
        output[start + index] = TokenScore(
          logProbability: LogProbability(bits: 0 - scores[index].surprisalBits),
          matchedLength: scores[index].matchedLength
        )
      }
      start += bytes.count
    }
  }

  func distribution() -> [Double] {
    var ofBytes = [Double](repeating: 0, count: 256)
    var span = ofBytes.mutableSpan
    predictor.distribution(into: &span)
    return [Double](repeating: 0, count: Int(ByteVocabulary.firstNumber)) + ofBytes
  }
}

/// Ranges of tokens that one thread reads one after the other.
private final class ByteRanges: TokenBatch {
  private let reading: ByteReading
  private let tokens: [TokenID]
  private let ranges: [Range<Int>]
  /// The batch as a whole, which the first thread takes.
  private let dispenser = IndexDispenser(1)

  init(_ reading: ByteReading, _ tokens: [TokenID], _ ranges: [Range<Int>]) {
    self.reading = reading
    self.tokens = tokens
    self.ranges = ranges
  }

  func score(_ visit: Visit) {
    guard dispenser.take() != nil else { return }
    let tokens = tokens
    for (index, range) in ranges.enumerated() {
      var scores = [TokenScore](repeating: .certain, count: range.count)
      var span = scores.mutableSpan
      reading.score(tokens.span.extracting(range), into: &span)
      visit(index, scores.span)
    }
  }

  func finish(threads: Int, _ visit: Visit) {}
}
