import Files

/// The bits of each token of a text in one model, kept to compare with another model's tokens.
///
/// - Complexity: 8 bytes per token and 8 per line.
struct TokenTrack: Sendable {
  /// The number of bytes of each token, including the bytes before it that belong to no token.
  private(set) var lengths: [UInt32] = []
  /// The surprisal of each token in bits.
  private(set) var bits: [Float] = []
  /// The bits of each line.
  private(set) var lineBits: [Double] = []
  /// A hash of the offsets at which tokens end.
  private(set) var endsHash = TokenEndsHash()

  private var base = 0
  private var end = 0
  private var endInFile = 0

  /// Appends a part of the text.
  mutating func append(_ part: ScoredText) {
    part.forEachExtent { token in
      lengths.append(UInt32(clamping: base + token.end - end))
      end = max(end, base + token.end)
      bits.append(Float(token.bits))
      endsHash.append(end)
    }
    endInFile = max(endInFile, part.endInFile)
    for line in part.lines { lineBits.append(line.sum.chargedBits) }
  }

  /// Ends a text of `byteCount` bytes; the next one begins.
  mutating func endText(byteCount: Int) {
    // Offsets include a byte-order mark, but only byte models count it among the text's bytes.
    base += max(byteCount, endInFile)
    endInFile = 0
  }
}

/// A hash of the offsets at which the tokens of a text end; equal for equal tokens.
struct TokenEndsHash: Sendable, Equatable {
  private(set) var value: UInt64 = 0
  private(set) var count = 0

  mutating func append(_ end: Int) {
    value = fold(value ^ 0x9e37_79b9_7f4a_7c15, UInt64(end) ^ 0xe703_7ed1_a0b4_28db)
    count += 1
  }
}
