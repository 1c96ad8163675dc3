import Files
import Tokenization

/// The tokens of a training text, one after the other, each sequence from its `<s>` to its `</s>`.
///
/// They are in memory or, where that is bounded, in a scratch file. Positions are 32-bit numbers,
/// so a text has fewer than 2^32 tokens.
package final class TrainingText: Sendable {
  /// The number of tokens that a text must stay below.
  static let capacity = 1 << 32

  /// The tokens, where they are in memory; else none.
  let tokens: Buffer<UInt32>

  /// The number of tokens, `<s>` and `</s>` included.
  package let count: Int

  /// The distance of the tokens that are counted, each with those before it as its history: 1, or
  /// the order where the text is made of windows.
  let stride: Int

  /// The rule of the tokens that are held out.
  let rule: HeldOutRule

  private let heldOut: Buffer<UInt8>

  /// The file of the tokens that are not in memory, and the bound that sent them there.
  let spilled: (file: ScratchFile, bound: MemoryBound)?

  /// Takes the tokens of `builder`.
  package init(_ builder: consuming TrainingTextBuilder) {
    count = builder.count
    stride = 1
    rule = builder.heldOutStart.map { .from($0) } ?? .none
    spilled = builder.spilled
    let tokens = builder.takeTokens()
    heldOut =
      rule == .none || spilled != nil ? Buffer() : Self.flags(tokens, count: count, heldOutBy: rule)
    self.tokens = tokens
  }

  /// The same text with every `period`th sequence held out, the first of them not.
  init(holdingOutEvery period: Int, of text: TrainingText) throws {
    count = text.count
    stride = 1
    spilled = text.spilled
    var copy = Buffer<UInt32>(count: spilled == nil ? text.count : 0)
    copy.copy(0..<copy.count, of: text.tokens, to: 0)
    var sequences = 0
    try text.forEachRun { tokens, range in
      for index in range where tokens[index] == TokenID.beginSentence.rawValue { sequences += 1 }
    }
    // A text of few sequences is cut inside them, into blocks of a hundred tokens.
    rule = sequences < 10 * period ? .everyBlock(period) : .everySequence(period)
    heldOut = spilled != nil ? Buffer() : Self.flags(copy, count: count, heldOutBy: rule)
    tokens = copy
  }

  /// Windows of `stride` tokens, the last of which are counted; `heldOut` has a flag for each, or
  /// none.
  init(windows: consuming Buffer<UInt32>, count: Int, stride: Int, heldOut: consuming Buffer<UInt8>)
  {
    tokens = windows
    self.count = count
    self.stride = stride
    rule = heldOut.count > 0 ? .windows : .none
    self.heldOut = heldOut
    spilled = nil
  }

  /// True if some tokens are held out.
  package var hasHeldOut: Bool { rule != .none }

  /// True if the tokens are in a scratch file.
  var isSpilled: Bool { spilled != nil }

  /// The count of the token at `index`: 1, or 0 where it is held out.
  @inline(__always)
  func weight(_ index: Int) -> UInt32 {
    hasHeldOut ? UInt32(1 - heldOut[stride == 1 ? index : index / stride]) : 1
  }

  /// Calls `body` with all tokens in their order, run by run: a buffer, and their range in it.
  ///
  /// The buffer has the `overlap` tokens before them too, as far as there are any.
  func forEachRun(
    overlap: Int = 0,
    _ body: (borrowing Buffer<UInt32>, Range<Int>) throws -> Void
  ) throws {
    guard let scratch = spilled?.file else { return try body(tokens, 0..<count) }
    try scratch.forEachRun(tokenCount: count, overlap: overlap) { run, range, _ in
      try body(run, range)
    }
  }

  private static func flags(
    _ tokens: borrowing Buffer<UInt32>,
    count: Int,
    heldOutBy rule: HeldOutRule
  ) -> Buffer<UInt8> {
    var flags = Buffer<UInt8>(repeating: 0, count: max(1, count))
    var cursor = HeldOutCursor(rule)
    for index in 0..<count where cursor.isHeldOut(tokens[index]) { flags[index] = 1 }
    return flags
  }
}

/// A rule of the tokens of a text that are held out.
enum HeldOutRule: Hashable, Sendable {
  case none
  /// The tokens from a position on.
  case from(Int)
  /// The tokens of every n-th sequence.
  case everySequence(Int)
  /// The tokens of every n-th block of a hundred.
  case everyBlock(Int)
  /// The last token of each window that has a flag.
  case windows
}

/// A walk over a text, from its first token on, that finds the tokens that are held out.
struct HeldOutCursor {
  private let rule: HeldOutRule
  private var index = -1
  private var sequence = -1

  init(_ rule: HeldOutRule) { self.rule = rule }

  /// Takes the next token; returns true where it is held out, as a `<s>` within a text never is.
  mutating func isHeldOut(_ token: UInt32) -> Bool {
    index += 1
    let isBegin = token == TokenID.beginSentence.rawValue
    if isBegin { sequence += 1 }
    switch rule {
    case .none, .windows: return false
    case .from(let start): return index >= start
    case .everySequence(let period): return !isBegin && sequence % period == period - 1
    case .everyBlock(let period): return !isBegin && index / 100 % period == period - 1
    }
  }
}
