import Files
import Tokenization

/// Hashes every span of ``length`` consecutive tokens of a text, one after the other.
///
///     H(t₁ … tₙ) = fold(Σ m(tᵢ) · Bⁿ⁻ⁱ),  m and fold mix the bits
///
/// so that a step forward is one multiplication for the token that comes and one for the token that
/// goes (Karp and Rabin 1987). A span does not reach over `<s>`, `</s>` or an unknown word.
struct SpanHasher: ~Copyable {
  /// The number of tokens of a span.
  let length: Int

  /// Numbers from here on are of tokens that no other text is to be compared by.
  private let limit: UInt32
  /// The summands of the last tokens in ``sum``, each at its index modulo ``length``.
  private var mixed: Buffer<UInt64>
  private let leaving: UInt64
  private var sum: UInt64 = 0
  private var next = 0
  private var count = 0

  private static let base: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// A hasher at the start of a text, whose tokens are below `limit`.
  init(length: Int, limit: Int) {
    self.length = length
    self.limit = UInt32(clamping: limit)
    mixed = Buffer(repeating: 0, count: length)
    leaving = (0..<length).reduce(1) { power, _ in power &* Self.base }
  }

  /// Forgets the tokens so far, at the start of another text.
  mutating func beginText() { count = 0 }

  /// Reads the tokens of `range`; `visit` is shown each span's last place and its hash, where that
  /// begins with `shift` zero bits.
  @inline(__always)
  mutating func read(
    _ range: Range<Int>,
    shift: Int,
    token: (Int) -> UInt32,
    visit: (Int, UInt64) -> Void
  ) {
    var (sum, next, count) = (sum, next, count)
    for index in range {
      let token = token(index)
      // Special tokens stand first.
      if token &- UInt32(TokenID.specialSpellings.count)
        >= limit &- UInt32(TokenID.specialSpellings.count)
      {
        count = 0
        continue
      }
      if count == 0 { sum = 0 }
      let value = fold(UInt64(token) ^ 0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db)
      let gone = count == length ? mixed[next] : 0
      mixed[next] = value
      next = next + 1 == length ? 0 : next + 1
      sum = sum &* Self.base &+ value &- gone &* leaving
      if count < length {
        count += 1
        if count < length { continue }
      }
      let hash = fold(sum ^ 0x8ebc_6af0_9c88_c6e3, 0x5899_65cc_7537_4cc3)
      if hash.leadingZeroBitCount >= shift { visit(index, hash) }
    }
    self.sum = sum
    self.next = next
    self.count = count
  }
}
