import Files
public import Tokenization

/// The tokens of a training text, one after the other, each sequence from its `<s>` to its `</s>`.
///
/// Positions are 32-bit numbers, so a text has fewer than 2^32 tokens.
public final class TrainingText: Sendable {
  /// The number of tokens that a text must stay below.
  static let capacity = 1 << 32

  let tokens: Buffer<UInt32>
  let heldOut: Buffer<UInt8>

  /// The number of tokens, `<s>` and `</s>` included.
  public let count: Int

  /// Whether any token is held out.
  public let hasHeldOut: Bool

  /// Takes the tokens of `builder`.
  public init(_ builder: consuming TrainingTextBuilder) {
    count = builder.count
    hasHeldOut = builder.heldOutStart != nil
    heldOut = Buffer(repeating: 0, count: hasHeldOut ? count : 0)
    if let start = builder.heldOutStart { heldOut.fill(start..<count, with: 1) }
    tokens = builder.takeTokens()
  }

  /// The same text with every `period`th sequence held out, the first of them not.
  init(holdingOutEvery period: Int, of text: TrainingText) {
    count = text.count
    tokens = Buffer(count: text.count)
    tokens.copy(0..<text.count, of: text.tokens, to: 0)
    heldOut = Buffer(repeating: 0, count: text.count)
    let sequences = Self.countSequences(text)
    // A text of few sequences is cut inside them: blocks of a hundred tokens take their place.
    let byBlocks = sequences < 10 * period
    var sequence = -1
    var isUsed = false
    for index in 0..<text.count {
      if text.tokens[index] == TokenID.beginSentence.rawValue { sequence += 1 }
      let unit = byBlocks ? index / 100 : sequence
      if unit % period == period - 1 && text.tokens[index] != TokenID.beginSentence.rawValue {
        heldOut[index] = 1
        isUsed = true
      }
    }
    hasHeldOut = isUsed
  }

  private static func countSequences(_ text: TrainingText) -> Int {
    var number = 0
    for index in 0..<text.count where text.tokens[index] == TokenID.beginSentence.rawValue {
      number += 1
    }
    return number
  }

  /// Whether the token at `index` counts: 1, or 0 where it is held out.
  @inline(__always)
  func weight(_ index: Int) -> UInt32 { hasHeldOut ? UInt32(1 - heldOut[index]) : 1 }
}

/// A training text that is being read.
public struct TrainingTextBuilder: TokenSink, ~Copyable {
  private var tokens = Buffer<UInt32>(count: 1 << 16)

  /// The number of tokens so far.
  public private(set) var count = 0

  /// Where the held-out text begins, once it has.
  fileprivate private(set) var heldOutStart: Int?

  /// Nothing yet.
  public init() {}

  /// Appends whole sequences, or a part that continues one.
  public mutating func append(_ encoded: EncodedText) {
    let start = count
    count += encoded.tokens.count
    tokens.grow(to: count)
    for (index, token) in encoded.tokens.enumerated() {
      tokens[start + index] = UInt32(token.index)
    }
  }

  /// Appends tokens.
  mutating func append(_ run: Span<UInt32>) {
    // What is never touched costs nothing, and from 32 MB on the C library moves memory by its page
    // table; below it copies (reading 100 MB took 79,000 page faults, 60,000 of them for copies).
    let needed = count + run.count
    if needed > tokens.count { tokens.grow(to: needed > 1 << 18 ? max(needed, 1 << 24) : needed) }
    tokens.copy(run, to: count)
    count += run.count
  }

  /// From here on, text is held out: it tunes parameters and is not counted.
  public mutating func beginHeldOut() { heldOutStart = count }

  /// Gives every token its new number.
  public mutating func renumber(_ numbers: [UInt32]) {
    for index in 0..<count { tokens[index] = numbers[Int(tokens[index])] }
  }

  /// How often each of `vocabularySize` tokens occurs.
  public func occurrences(vocabularySize: Int) -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: vocabularySize)
    for index in 0..<count { counts[Int(tokens[index])] += 1 }
    return counts
  }

  /// Whether any token is neither a marker nor unknown.
  var hasKnownTokens: Bool {
    (0..<count).contains { tokens[$0] > TokenID.endSentence.rawValue }
  }

  /// The same tokens in memory of their own.
  func copy() -> TrainingTextBuilder {
    var copy = TrainingTextBuilder()
    copy.tokens = Buffer(count: max(1, count))
    copy.tokens.copy(0..<count, of: tokens, to: 0)
    copy.count = count
    return copy
  }

  consuming func takeTokens() -> Buffer<UInt32> { tokens }
}
