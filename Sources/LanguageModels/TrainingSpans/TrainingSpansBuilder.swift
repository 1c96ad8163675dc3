import Files
import Tokenization

/// Samples the spans of a training text as it is read.
///
/// It begins with all of them and halves the share whenever there are too many: more than one for
/// each `tokensASpan` tokens, but never fewer than thousands. The spans that it keeps do not depend
/// on how the text was cut.
struct TrainingSpansBuilder: ~Copyable {
  /// More spans are never kept: 32 MB.
  private static let highestLimit = 1 << 22
  /// The number of spans up to which all are kept.
  private static let lowestLimit = 1 << 12

  private var hasher: SpanHasher
  private let tokensASpan: Int
  private var shift = 0
  private var tokenCount = 0
  private var hashes: [UInt64] = []

  /// A builder for texts with these settings, whose tokens are below `limit`.
  init(_ settings: TextSettings, limit: Int) {
    hasher = SpanHasher(length: settings.unit.copiedSpanLength, limit: limit)
    // Of characters there are more, and neighbouring spans tell the same.
    tokensASpan = settings.unit.copiedSpanLength > 8 ? 400 : 32
  }

  /// Forgets the tokens so far, at the start of another text.
  mutating func beginText() { hasher.beginText() }

  /// Reads tokens that follow those read before.
  mutating func read(_ tokens: borrowing Buffer<UInt32>, _ range: Range<Int>) {
    var start = range.lowerBound
    while start < range.upperBound {
      let piece = start..<min(start + pieceRest, range.upperBound)
      start = piece.upperBound
      var hashes = takeHashes()
      hasher.read(piece, shift: shift, token: { tokens[$0] }) { hashes.append($1) }
      keep(hashes, tokenCount: piece.count)
    }
  }

  /// Reads bytes that follow those read before.
  mutating func read(_ bytes: Span<UInt8>) {
    var start = 0
    while start < bytes.count {
      let piece = start..<min(start + pieceRest, bytes.count)
      start = piece.upperBound
      var hashes = takeHashes()
      hasher.read(piece, shift: shift, token: { ByteVocabulary.token(bytes[$0]).rawValue }) {
        hashes.append($1)
      }
      keep(hashes, tokenCount: piece.count)
    }
  }

  /// The section's values.
  consuming func values() -> [UInt64] {
    compact()
    return [UInt64(hasher.length), UInt64(shift)] + hashes
  }

  /// The number of tokens that are read before their hashes are checked.
  private static let pieceCount = 1 << 14

  /// The number of tokens until they are looked at next.
  private var pieceRest: Int { Self.pieceCount - tokenCount % Self.pieceCount }

  private var limit: Int {
    min(Self.highestLimit, max(Self.lowestLimit, tokenCount / tokensASpan))
  }

  private mutating func takeHashes() -> [UInt64] {
    var taken: [UInt64] = []
    swap(&taken, &hashes)
    return taken
  }

  private mutating func keep(_ hashes: consuming [UInt64], tokenCount: Int) {
    self.hashes = hashes
    self.tokenCount += tokenCount
    let isPiece = self.tokenCount % Self.pieceCount == 0
    if isPiece && self.hashes.count > 2 * limit { compact() }
  }

  /// Sorts the hashes, each once, and lowers the share until they are few enough.
  private mutating func compact() {
    hashes.sort()
    var count = 0
    for index in hashes.indices where index == 0 || hashes[index] != hashes[count - 1] {
      hashes[count] = hashes[index]
      count += 1
    }
    hashes.removeSubrange(count...)
    while hashes.count > limit {
      shift += 1
      // The smallest stay.
      let first = hashes.firstIndex { $0.leadingZeroBitCount < shift } ?? hashes.count
      hashes.removeSubrange(first...)
    }
  }
}

extension TrainingText {
  /// The values of a section with a sample of the text's spans; tokens from `limit` on are left
  /// out.
  ///
  /// - Complexity: O(tokens), some nanoseconds each, on one thread.
  func spans(_ settings: TextSettings, limit: Int) throws -> [UInt64] {
    var builder = TrainingSpansBuilder(settings, limit: limit)
    try forEachRun { tokens, range in builder.read(tokens, range) }
    return builder.values()
  }
}
